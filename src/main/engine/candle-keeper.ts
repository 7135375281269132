import { foldBars, INTERVAL_MS } from '../../shared/bars.ts';
import type { MarketMode, Token, TokenBar } from '../../shared/contract.ts';
import type { Cancel, Clock } from './clock.ts';
import type { Candles } from './feed/candles.ts';
import type { StoredInterval } from './ledger/candle-series.ts';
import type { CandleStore } from './ledger/candle-store.ts';

/** Stores the bars of the charts once they are closed, and brings back what was stored. */
export interface CandleKeeper {
  start(): void;
  /** Stores what is there, open bars too, as far as it can be reached. */
  stop(): Promise<void>;
  /** Lays what is stored of these tokens under their charts; answers whether there was anything. Never rejects. */
  seed(tokens: readonly Token[]): Promise<boolean>;
  /** Takes what has changed so far; for the moment before bars are forgotten. */
  collect(): void;
}

const EVERY_MS = 1_000;
/** A bar is closed a moment after its end, when the last price of it has come. */
const GRACE_MS = 500;
const DAY_MS = 86_400_000;
/** How far back the rings of seconds reach: an hour of them, four hours in bars of five. */
const SECONDS_MS = 4 * 3_600_000;
/** Bars read for the charts of all tokens together. */
const MOST_SEEDED = 200_000;
const STORED: readonly StoredInterval[] = ['1s', '1m'];

export function createCandleKeeper(deps: {
  candles: Candles;
  store: CandleStore;
  clock: Clock;
  /** Which market a token's bars are of now; `undefined` while it has no price. */
  marketOf: (token: Token) => MarketMode | undefined;
  /** The market whose bars are brought back. */
  market: () => MarketMode;
}): CandleKeeper {
  const { candles, store, clock } = deps;
  const told: Record<StoredInterval, number> = { '1s': 0, '1m': 0 };
  /** Bars that changed and are not closed, by token and start. */
  const open = new Map<string, { market: MarketMode; interval: StoredInterval; bar: TokenBar }>();
  let cancel: Cancel | undefined;

  const look = (): void => {
    for (const interval of STORED) {
      for (const { value } of candles.changedSince(told[interval], interval)) {
        const market = deps.marketOf(value.token);
        if (market === undefined) continue;
        open.set(`${market} ${interval} ${value.time} ${value.token}`, { market, interval, bar: value });
      }
      told[interval] = candles.version;
    }
  };
  const close = (before: number): void => {
    for (const [key, { market, interval, bar: changed }] of open) {
      if (changed.time + INTERVAL_MS[interval] > before) continue;
      const { token, ...bar } = changed;
      store.put([{ market, token, interval, bar }]);
      open.delete(key);
    }
  };

  const seedOne = async (token: Token, share: number): Promise<boolean> => {
    const now = clock.now();
    const market = deps.market();
    const to = now + DAY_MS;
    const secondsFrom = now - Math.min(SECONDS_MS, share * INTERVAL_MS['1s']);
    const minutesFrom = now - Math.min(DAY_MS, share * INTERVAL_MS['1m']);
    const [seconds, minutes] = await Promise.all([
      store.read({ market, token, interval: '1s' }, secondsFrom, to),
      store.read({ market, token, interval: '1m' }, minutesFrom, to),
    ]);
    if (deps.market() !== market || (deps.marketOf(token) ?? market) !== market) return false;
    // The minute in which the program ended was not closed, but its seconds were.
    const last = minutes.at(-1)?.time ?? -Infinity;
    const rest = foldBars(seconds, '1m').filter((bar, index) => bar.time > last && (index > 0 || last < 0));
    candles.seedBars(token, '1s', seconds);
    candles.seedBars(token, '5s', foldBars(seconds, '5s'));
    candles.seedBars(token, '1m', [...minutes, ...rest]);
    return seconds.length + minutes.length > 0;
  };

  return {
    start() {
      cancel = clock.every(EVERY_MS, () => {
        look();
        close(clock.now() - GRACE_MS);
        void store.flush();
      });
    },
    async stop() {
      cancel?.();
      look();
      close(Infinity);
      await store.flush();
    },
    async seed(tokens) {
      const share = Math.max(60, Math.floor(MOST_SEEDED / Math.max(1, tokens.length)));
      const found: boolean[] = [];
      for (const token of tokens) found.push(await seedOne(token, share));
      return found.includes(true);
    },
    collect: look,
  };
}
