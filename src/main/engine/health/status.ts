import type { StatusView } from '../../../shared/contract.ts';
import type { Clock } from '../clock.ts';

/** The rooms a status is read from; each answers from what it measured in use, never from a probe made for the screen. */
export interface StatusParts {
  clock: Clock;
  mode(): StatusView['mode'];
  tokens(): StatusView['tokens'];
  redis(): StatusView['redis'];
  ledger(): StatusView['ledger'];
  sources(): StatusView['sources'];
  poolSource(): StatusView['poolSource'];
  updater(): StatusView['updater'];
  subscription(): StatusView['subscription'];
  unbooked(): StatusView['unbooked'];
  feed(): StatusView['feed'];
}

/** Reads every part once, stamped with the time it was read. */
export function readStatus(parts: StatusParts): StatusView {
  const unbooked = parts.unbooked();
  return {
    at: parts.clock.now(),
    mode: parts.mode(),
    tokens: [...parts.tokens()],
    redis: parts.redis(),
    ledger: parts.ledger(),
    sources: parts.sources(),
    poolSource: parts.poolSource(),
    updater: parts.updater(),
    subscription: parts.subscription(),
    ...(unbooked === undefined ? {} : { unbooked }),
    feed: parts.feed(),
  };
}
