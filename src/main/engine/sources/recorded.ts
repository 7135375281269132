import type { Cancel, Clock } from '../clock.ts';
import type { Metrics } from '../health/metrics.ts';
import type { Logger } from '../logger.ts';
import { QuoteBook, SUBSCRIPTION_VALID_MS } from './quote-book.ts';
import type { Recording } from './recording.ts';
import type { Source } from './source.ts';
import type { ResolvedToken } from './tokens.ts';
import type { Said } from './venue.ts';
import { tokensByProduct } from './ws-source.ts';

export interface RecordedSourceOptions {
  recording: Recording;
  tokens: readonly ResolvedToken[];
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  /** Starts again at the end; false by default. */
  loop?: boolean | undefined;
}

/** How often the recording vouches for what it last said while it plays, as a venue's heartbeat does. */
const HEARTBEAT_MS = 1_000;

/**
 * Plays a recording at its own pace through the decoder of its venue. It stands behind its prices while it plays; at the end
 * its state is `ended`, or it starts again. The venue's times are kept, moved on by the recording's length with each round,
 * so that time never goes back. The name is `recorded:<venue>`, which is how screens know that it is not the live market.
 */
export function createRecordedSource(options: RecordedSourceOptions): Source {
  const { recording, clock } = options;
  const { venue, frames } = recording;
  const name = `recorded:${venue.name}`;
  let tokensOf = tokensByProduct(options.tokens, venue.name);
  let asked = [...tokensOf.values()].flat();
  const book = new QuoteBook({
    source: name,
    asked,
    clock,
    log: options.log,
    metrics: options.metrics,
    validForMs: SUBSCRIPTION_VALID_MS,
  });
  const firstAt = frames[0]?.at ?? 0;
  const lengthMs = (frames.at(-1)?.at ?? firstAt) - firstAt + HEARTBEAT_MS;
  let phase: 'off' | 'playing' | 'ended' = 'off';
  let session = venue.openSession();
  let round = 0;
  let next = 0;
  let roundStartedAt = 0;
  let cancels: Cancel[] = [];

  const take = (said: Said): void => {
    if (said.kind === 'price') {
      const sourceTime = said.sourceTime === null ? null : said.sourceTime + round * lengthMs;
      for (const token of tokensOf.get(said.product) ?? []) book.offer(token, said.price, sourceTime);
    } else if (said.kind === 'refused') {
      book.refuse(said.reason, said.detail);
    }
  };
  const stopTimers = (): void => {
    for (const cancel of cancels) cancel();
    cancels = [];
  };
  const play = (): void => {
    const position = clock.monotonic() - roundStartedAt + firstAt;
    for (let frame = frames[next]; frame !== undefined && frame.at <= position; frame = frames[next]) {
      next += 1;
      book.heard();
      for (const said of session.read(frame.text)) take(said);
    }
    const upcoming = frames[next];
    if (upcoming !== undefined) wait(upcoming.at - position);
    else if (options.loop === true) wait(firstAt + lengthMs - position, again);
    else {
      phase = 'ended';
      stopTimers();
    }
  };
  const again = (): void => {
    round += 1;
    next = 0;
    roundStartedAt += lengthMs;
    session = venue.openSession();
    play();
  };
  const wait = (ms: number, then: () => void = play): void => {
    cancels[1] = clock.after(Math.max(1, Math.ceil(ms)), then);
  };

  return {
    name,
    start() {
      if (phase !== 'off') return;
      phase = 'playing';
      roundStartedAt = clock.monotonic();
      for (let line = 0; line < recording.unreadable; line += 1) book.refuse('malformed', recording.file);
      cancels[0] = clock.every(HEARTBEAT_MS, () => {
        for (const token of asked) book.confirm(token);
      });
      play();
    },
    stop() {
      phase = 'off';
      stopTimers();
      return Promise.resolve();
    },
    ask(tokens) {
      tokensOf = tokensByProduct(tokens, venue.name);
      asked = [...tokensOf.values()].flat();
      book.ask(asked);
    },
    observation: token => book.observation(token),
    status() {
      const message = `A recording of ${venue.title}, not the live market.`;
      if (phase === 'playing')
        return book.status({ state: book.vouching() > 0 ? 'live' : 'connecting', message });
      if (phase === 'off') return book.status({ state: 'off', message: null });
      return book.status({ state: 'ended', message: `The recording of ${venue.title} is over.` });
    },
  };
}
