import type { Bar, EpochMs } from '../../../shared/contract.ts';
import { messageOf, TenhertzError } from '../errors.ts';
import type { LimitedLog } from '../logger.ts';
import type { CandleRows } from './candle-rows.ts';
import type { BarPlace, Series, StoredBar } from './candle-series.ts';

/** Bars in Redis and in the ledger, as one. */
export interface CandleStore {
  /** Takes closed bars; a newer version of a bar that waits replaces it. They are written by {@link flush}. */
  put(bars: readonly StoredBar[]): void;
  /** Writes what waits, as far as both can be reached; what cannot be written waits on. Never rejects. */
  flush(): Promise<void>;
  /** Bars from `from` up to before `to`, oldest first: Redis', and the ledger's where Redis has none. */
  read(series: Series, from: EpochMs, to: EpochMs): Promise<Bar[]>;
  /** The same in bars of `lengthMs` and from the ledger alone; none without one. */
  folded(series: Series, from: EpochMs, to: EpochMs, lengthMs: number): Promise<Bar[]>;
  oldest(series: Series): Promise<EpochMs | undefined>;
  newestBefore(series: Series, before: EpochMs): Promise<EpochMs | undefined>;
  /** Bars that wait for Redis and for the ledger, and bars that were given up because too many waited. */
  waiting(): { redis: number; ledger: number; lost: number };
}

/** Bars that may wait for each place, some 40 MB: five tokens for more than ten hours. */
const MOST_WAITING = 200_000;
/** Bars written at once. */
const TOGETHER = 2_000;

class Waiting {
  readonly bars = new Map<string, StoredBar>();
  lost = 0;
  #busy = false;

  put(one: StoredBar): void {
    const { market, token, interval, bar } = one;
    const key = `${market} ${interval} ${bar.time} ${token}`;
    this.bars.delete(key);
    this.bars.set(key, one);
    const [oldest] = this.bars.keys();
    if (this.bars.size <= MOST_WAITING || oldest === undefined) return;
    this.bars.delete(oldest);
    this.lost += 1;
  }

  /** Writes all that waits; throws what `write` throws, and what was not written waits on. */
  async flush(write: (bars: StoredBar[]) => Promise<void>): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (this.bars.size > 0) {
        const some = [...this.bars].slice(0, TOGETHER);
        await write(some.map(([, one]) => one));
        // One that changed while it was written waits on.
        for (const [key, one] of some) if (this.bars.get(key) === one) this.bars.delete(key);
      }
    } finally {
      this.#busy = false;
    }
  }
}

/** Makes the store described at {@link CandleStore}; `rows` is left out while there is no ledger by choice. */
export function createCandleStore(deps: {
  cache: BarPlace;
  rows?: CandleRows | undefined;
  log: LimitedLog;
}): CandleStore {
  const { cache, rows, log } = deps;
  const forRedis = new Waiting();
  const forLedger = new Waiting();

  /** A place that is away has nothing; that the other is asked is what there are two for. */
  const orNone = async <T>(what: Promise<T> | undefined, none: T): Promise<T> => {
    try {
      return what === undefined ? none : await what;
    } catch (error) {
      told(error, 'Bars cannot be read');
      return none;
    }
  };
  const told = (error: unknown, message: string): void => {
    if (error instanceof TenhertzError && (error.code === 'REDIS_DOWN' || error.code === 'LEDGER_DOWN'))
      return;
    log.warn('candles', { reason: messageOf(error) }, message);
  };
  const flush = async (waiting: Waiting, place: BarPlace | undefined): Promise<void> => {
    if (place === undefined) return;
    try {
      await waiting.flush(bars => place.write(bars));
    } catch (error) {
      told(error, 'Bars cannot be stored now; they wait');
    }
  };
  const both = async (
    ask: (place: BarPlace) => Promise<EpochMs | undefined>,
  ): Promise<(EpochMs | undefined)[]> =>
    Promise.all([
      orNone(ask(cache), undefined),
      orNone(rows === undefined ? undefined : ask(rows), undefined),
    ]);

  return {
    put(bars) {
      for (const one of bars) {
        forRedis.put(one);
        if (rows !== undefined) forLedger.put(one);
      }
    },
    async flush() {
      await Promise.all([flush(forRedis, cache), flush(forLedger, rows)]);
    },
    async read(series, from, to) {
      const [near, far] = await Promise.all([
        orNone(cache.read(series, from, to), []),
        orNone(rows?.read(series, from, to), []),
      ]);
      return far.length === 0 ? near : mergeBars(far, near);
    },
    folded: (series, from, to, lengthMs) => orNone(rows?.folded(series, from, to, lengthMs), []),
    async oldest(series) {
      const found = (await both(place => place.oldest(series))).filter(time => time !== undefined);
      return found.length === 0 ? undefined : Math.min(...found);
    },
    async newestBefore(series, before) {
      const found = (await both(place => place.newestBefore(series, before))).filter(
        time => time !== undefined,
      );
      return found.length === 0 ? undefined : Math.max(...found);
    },
    waiting: () => ({
      redis: forRedis.bars.size,
      ledger: forLedger.bars.size,
      lost: forRedis.lost + forLedger.lost,
    }),
  };
}

/** Bars of several places as one list, oldest first; of the same start that of the last list counts. */
export function mergeBars(...lists: readonly (readonly Bar[])[]): Bar[] {
  const bars = new Map<EpochMs, Bar>();
  for (const list of lists) for (const bar of list) bars.set(bar.time, bar);
  return [...bars.values()].sort((a, b) => a.time - b.time);
}
