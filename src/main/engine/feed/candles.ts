import type { Decimal } from 'decimal.js';
import type { Bar, DecimalString, EpochMs, Interval, Token, TokenBar } from '../../../shared/contract.ts';
import { foldBars, INTERVAL_MS } from '../../../shared/bars.ts';
import { CandleRing } from './candle-ring.ts';

/** Something and the version it changed at. */
export interface Changed<T> {
  version: number;
  value: T;
}

/** Bars of every token and interval, built from the prices that were applied. */
export interface Candles {
  /** Rises by one with every price added and every bar whose volume changed. */
  readonly version: number;
  /** Folds a price into its bars. A late price goes to the bar of its own time and never closes it. */
  add(token: Token, at: EpochMs, price: DecimalString): void;
  /** Adds a traded amount to the bars of its time. A token without any bar has none to add it to. */
  trade(token: Token, at: EpochMs, amount: DecimalString): void;
  /**
   * The newest bars, oldest first, at most `limit`; an unknown token has none. A longer bar of which only the end is known here
   * is left out.
   */
  bars(token: Token, interval: Interval, limit: number): Bar[];
  /**
   * Puts history (oldest first) under what is there; bars that exist stay as they are. History is no change: a window finds
   * it when it asks for bars.
   */
  seed(token: Token, points: readonly { at: EpochMs; price: Decimal | DecimalString }[]): void;
  /** Bars (of 1 s unless told otherwise) that changed after `version`, in the order they changed; each as it is now. */
  changedSince(version: number, interval?: Kept): Changed<TokenBar>[];
  /**
   * Lays stored bars (oldest first) under what is there. A bar that is there too keeps its close and the larger of both volumes,
   * and gets the stored open and the extremes of both, because what was stored was seen to its end. No change either.
   */
  seedBars(token: Token, interval: Kept, bars: readonly Bar[]): void;
  /** Start of the oldest bar kept; `undefined` without any. */
  oldest(token: Token, interval: Kept): EpochMs | undefined;
  /** The newest 1 s bar of every token. */
  newest(): TokenBar[];
  /** Forgets a token's bars (every token's without one), because what comes now is another market. */
  clear(token?: Token): void;
}

/** Intervals whose bars are built from prices; the others are folded from these when they are asked for. */
export type Kept = '1s' | '5s' | '1m';

/** How many bars of each interval are kept per token: an hour, four hours, a day. */
const KEEP: Readonly<Record<Kept, number>> = { '1s': 3_600, '5s': 2_880, '1m': 1_440 };

/** What each interval is folded from. */
const FROM: Readonly<Record<Interval, Kept>> = {
  '1s': '1s',
  '5s': '5s',
  '15s': '5s',
  '1m': '1m',
  '5m': '1m',
  '15m': '1m',
  '1h': '1m',
  '4h': '1m',
  '1d': '1m',
};

/** Makes empty candles. `keep` is the number of bars kept per token and interval. */
export function createCandles(options: { keep?: Partial<Record<Kept, number>> } = {}): Candles {
  const keep = { ...KEEP, ...options.keep };
  const tokens = new Map<Token, Record<Kept, CandleRing>>();
  let version = 0;

  const ringsOf = (token: Token): Record<Kept, CandleRing> => {
    let rings = tokens.get(token);
    if (rings === undefined) {
      rings = {
        '1s': new CandleRing('1s', keep['1s']),
        '5s': new CandleRing('5s', keep['5s']),
        '1m': new CandleRing('1m', keep['1m']),
      };
      tokens.set(token, rings);
    }
    return rings;
  };

  return {
    get version() {
      return version;
    },
    add(token, at, price) {
      version += 1;
      for (const ring of Object.values(ringsOf(token))) ring.add(at, price, version);
    },
    trade(token, at, amount) {
      const rings = tokens.get(token);
      if (rings === undefined) return;
      const changed = Object.values(rings).map(ring => ring.trade(at, amount, version + 1));
      if (changed.includes(true)) version += 1;
    },
    bars(token, interval, limit) {
      const from = FROM[interval];
      const rings = tokens.get(token);
      if (rings === undefined) return [];
      if (from === interval) return rings[from].bars(limit);
      const parts = INTERVAL_MS[interval] / INTERVAL_MS[from];
      const bars = rings[from].bars(limit * parts);
      const folded = foldBars(bars, interval);
      // A first bar without its beginning would be told as if it were all of it; history has it whole.
      const isPart = rings[from].isCut && folded.length > 1 && folded[0]?.time !== bars[0]?.time;
      return folded.slice(isPart ? Math.max(1, folded.length - limit) : -limit);
    },
    seed(token, points) {
      const texts = points.map(({ at, price }) => ({
        at,
        price: typeof price === 'string' ? price : price.toFixed(),
      }));
      for (const ring of Object.values(ringsOf(token))) ring.seed(texts);
    },
    seedBars(token, interval, bars) {
      ringsOf(token)[interval].seedBars(bars);
    },
    oldest: (token, interval) => tokens.get(token)?.[interval].bars(Infinity)[0]?.time,
    changedSince(since, interval = '1s') {
      if (since >= version) return [];
      const changed: Changed<TokenBar>[] = [];
      for (const [token, rings] of tokens) {
        for (const slot of rings[interval].changedSince(since)) {
          changed.push({ version: slot.version, value: { token, ...slot.bar } });
        }
      }
      return changed.sort((a, b) => a.version - b.version);
    },
    newest: () =>
      [...tokens].flatMap(([token, rings]) => rings['1s'].bars(1).map(bar => ({ token, ...bar }))),
    clear(token) {
      if (token === undefined) tokens.clear();
      else tokens.delete(token);
    },
  };
}
