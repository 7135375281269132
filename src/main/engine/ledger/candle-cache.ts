import { z } from 'zod';
import type { Bar, EpochMs } from '../../../shared/contract.ts';
import type { Clock } from '../clock.ts';
import { keys } from '../redis/keys.ts';
import type { RedisPool } from '../redis/pool.ts';
import type { BarPlace, Series, StoredInterval } from './candle-series.ts';

const DAY_MS = 86_400_000;
const LENGTH_MS: Readonly<Record<StoredInterval, number>> = { '1s': 1_000, '1m': 60_000 };
/**
 * Bars of each interval over all tokens: some 25 MB. Five tokens have their minutes for a day and their seconds for eight
 * hours; with more tokens each gets less.
 */
const MOST_BARS = 150_000;
const FEWEST_MS = 600_000;
/** How often what is too old is removed from a series. */
const TRIM_EVERY_MS = 60_000;
/** A series nobody writes to any more is gone a while after its last bar. */
const KEEP_S = 25 * 3_600;

const member = z.tuple([z.number(), z.string(), z.string(), z.string(), z.string(), z.string().nullable()]);

/**
 * Makes the newest bars in Redis, for a day at most: a chart is full the moment it opens, also without a ledger. Everything
 * rejects with `REDIS_DOWN` while Redis is away.
 *
 * @param tokens how many tokens share the room now
 */
export function createCandleCache(deps: { pool: RedisPool; clock: Clock; tokens: () => number }): BarPlace {
  const { pool, clock } = deps;
  const trimmedAt = new Map<string, EpochMs>();

  const keepMs = (interval: StoredInterval): number => {
    const each = (MOST_BARS / Math.max(1, deps.tokens())) * LENGTH_MS[interval];
    return Math.min(DAY_MS, Math.max(FEWEST_MS, each));
  };

  const edge = (reply: string[]): EpochMs | undefined => readMembers(reply)[0]?.time;

  return {
    async write(bars) {
      const pipeline = pool.shared().pipeline();
      const now = clock.now();
      for (const { market, token, interval, bar } of bars) {
        const oldest = now - keepMs(interval);
        if (bar.time < oldest) continue;
        const key = keys.candles(token, market, interval);
        pipeline.zremrangebyscore(key, bar.time, bar.time);
        pipeline.zadd(key, bar.time, writeMember(bar));
        if (now - (trimmedAt.get(key) ?? 0) < TRIM_EVERY_MS) continue;
        trimmedAt.set(key, now);
        pipeline.zremrangebyscore(key, '-inf', `(${oldest}`);
        pipeline.expire(key, KEEP_S);
      }
      for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
    },
    async read(series, from, to) {
      return readMembers(await pool.shared().zrangebyscore(keyOf(series), from, `(${to}`));
    },
    oldest: async series => edge(await pool.shared().zrange(keyOf(series), 0, '0')),
    newestBefore: async (series, before) =>
      edge(await pool.shared().zrevrangebyscore(keyOf(series), `(${before}`, '-inf', 'LIMIT', 0, 1)),
  };
}

function keyOf({ token, market, interval }: Series): string {
  return keys.candles(token, market, interval);
}

function writeMember({ time, open, high, low, close, volume }: Bar): string {
  return JSON.stringify([time, open, high, low, close, volume]);
}

/** Oldest first, one bar for each start: two desktops may have written it at the same moment. What is no bar is left out. */
function readMembers(members: readonly string[]): Bar[] {
  const bars = new Map<EpochMs, Bar>();
  for (const text of members) {
    const parsed = member.safeParse(parse(text));
    if (!parsed.success) continue;
    const [time, open, high, low, close, volume] = parsed.data;
    bars.set(time, { time, open, high, low, close, volume });
  }
  return [...bars.values()];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
