import type { ChainableCommander } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { ageMs } from '../../../shared/freshness.ts';
import type { EpochMs, Token } from '../../../shared/contract.ts';
import type { Clock } from '../clock.ts';
import { TenhertzError, messageOf } from '../errors.ts';
import type { Metrics } from '../health/metrics.ts';
import { keys } from '../redis/keys.ts';
import type { RedisPool } from '../redis/pool.ts';
import { decodePrice, encodePrice, type CachedPrice } from './cached-price.ts';

/** What a read found (R2.4). Only `fresh` is a price somebody stands behind. */
export type PriceRead =
  | { state: 'fresh'; value: CachedPrice; ageMs: number }
  /** Redis answered, and has no price: nobody vouches any more, or nobody ever did. */
  | { state: 'expired' }
  /** Redis could not be asked. `last` is the last price seen by this process, to be shown as stale. */
  | { state: 'unavailable'; last: CachedPrice | undefined; ageMs: number | null }
  /** What lies in the key is no price. */
  | { state: 'malformed'; key: string; reason: string };

/** The shared price cache, `price:{token}` (R2.1). Reading never throws; every read and write is measured. */
export interface PriceCache {
  get(token: Token): Promise<PriceRead>;
  /** All of them in one round trip (MGET), in the order asked. */
  getMany(tokens: readonly Token[]): Promise<Map<Token, PriceRead>>;
  /** Rejects with `BAD_PRICE`, `REDIS_DOWN` or `CACHE_WRITE_FAILED`. */
  set(price: CachedPrice): Promise<void>;
  /** One pipeline. All prices are checked before the first is sent. Rejects as {@link set} does. */
  setMany(prices: readonly CachedPrice[]): Promise<void>;
  /**
   * Adds the SETs to a pipeline of the caller's, one command each in order; the caller runs it, looks at its result and
   * measures it. Throws `BAD_PRICE` before adding any.
   */
  appendSets(pipeline: ChainableCommander, prices: readonly CachedPrice[]): void;
  /** Removes the price, here and in Redis. */
  invalidate(token: Token): Promise<void>;
}

export interface PriceCacheDeps {
  pool: Pick<RedisPool, 'shared'>;
  clock: Clock;
  metrics: Pick<Metrics, 'cacheReads' | 'cacheSlowReads' | 'cacheReadSeconds' | 'cacheWriteSeconds'>;
  /** How long nobody needs to vouch before the price is gone; at least 1000. Default 2000 (R2.1). */
  ttlMs?: number;
  /** For how many tokens the last known price is remembered. Default 1000. */
  remember?: number;
}

/** A read above this is counted as slow (R2.5). */
const SLOW_READ_MS = 1;

/** @throws TenhertzError `BAD_CACHE_SETTINGS` (exit code 3) for a `ttlMs` below one second. */
export function createPriceCache({
  pool,
  clock,
  metrics,
  ttlMs = 2_000,
  remember = 1_000,
}: PriceCacheDeps): PriceCache {
  if (!Number.isInteger(ttlMs) || ttlMs < 1_000) {
    throw new TenhertzError(
      'BAD_CACHE_SETTINGS',
      `The price TTL must be a whole number of ms from 1000 up, not ${ttlMs}.`,
      { exitCode: 3, facts: { ttlMs } },
    );
  }
  // With the text each was decoded from: the same text is the same price, so a repeated read costs no decoding.
  const lastKnown = new LRUCache<Token, { text: string; value: CachedPrice }>({ max: remember });
  // Instruments with their labels bound once: looking labels up costs more than the decoding.
  const results = {
    fresh: metrics.cacheReads.labels('price', 'hit'),
    expired: metrics.cacheReads.labels('price', 'miss'),
    malformed: metrics.cacheReads.labels('price', 'malformed'),
    unavailable: metrics.cacheReads.labels('price', 'unavailable'),
  };
  const slow = metrics.cacheSlowReads.labels('price');
  const readSeconds = metrics.cacheReadSeconds.labels('price', 'redis');
  const writeSeconds = metrics.cacheWriteSeconds.labels('price');

  const measureRead = (began: number): void => {
    const ms = clock.monotonic() - began;
    readSeconds.observe(ms / 1_000);
    if (ms > SLOW_READ_MS) slow.inc();
  };
  const found = (token: Token, text: string | null | undefined, now: EpochMs): PriceRead => {
    if (text === null || text === undefined) return { state: 'expired' };
    const known = lastKnown.get(token);
    if (known?.text === text) return fresh(known.value, now);
    const value = decodePrice(token, text);
    if (typeof value === 'string') return { state: 'malformed', key: keys.price(token), reason: value };
    lastKnown.set(token, { text, value });
    return fresh(value, now);
  };
  const unavailable = (token: Token, now: EpochMs): PriceRead => {
    const last = lastKnown.get(token)?.value;
    return { state: 'unavailable', last, ageMs: last === undefined ? null : ageMs(last.timestamp, now) };
  };

  const setMany = async (prices: readonly CachedPrice[]): Promise<void> => {
    if (prices.length === 0) return;
    const pipeline = pool.shared().pipeline();
    appendSets(pipeline, prices);
    const began = clock.monotonic();
    const replies = (await pipeline.exec()) ?? [];
    const errors = replies.flatMap(([error]) => (error === null ? [] : [error]));
    if (errors[0] !== undefined) throw writeFailed(errors[0], errors.length, prices.length);
    writeSeconds.observe((clock.monotonic() - began) / 1_000);
  };
  const appendSets = (pipeline: ChainableCommander, prices: readonly CachedPrice[]): void => {
    const texts = prices.map(price => encodePrice(price));
    prices.forEach((price, index) => {
      const text = texts[index] ?? '';
      pipeline.set(keys.price(price.token), text, 'PX', ttlMs);
      lastKnown.set(price.token, { text, value: { ...price } });
    });
  };

  return {
    async get(token) {
      const began = clock.monotonic();
      let read: PriceRead;
      try {
        const text = await pool.shared().get(keys.price(token));
        measureRead(began);
        read = found(token, text, clock.now());
      } catch (error) {
        read = messageOf(error).startsWith('WRONGTYPE')
          ? { state: 'malformed', key: keys.price(token), reason: 'the key holds no string' }
          : unavailable(token, clock.now());
      }
      results[read.state].inc();
      return read;
    },
    async getMany(tokens) {
      const reads = new Map<Token, PriceRead>();
      if (tokens.length === 0) return reads;
      const began = clock.monotonic();
      let texts: (string | null)[] | undefined;
      try {
        texts = await pool.shared().mget(tokens.map(keys.price));
        measureRead(began);
      } catch {
        texts = undefined;
      }
      const now = clock.now();
      const counts = { fresh: 0, expired: 0, malformed: 0, unavailable: 0 };
      tokens.forEach((token, index) => {
        if (reads.has(token)) return;
        const read = texts === undefined ? unavailable(token, now) : found(token, texts[index], now);
        reads.set(token, read);
        counts[read.state] += 1;
      });
      // Once for each kind: every call to an instrument looks its labels up again.
      for (const state of ['fresh', 'expired', 'malformed', 'unavailable'] as const) {
        if (counts[state] > 0) results[state].inc(counts[state]);
      }
      return reads;
    },
    set: price => setMany([price]),
    setMany,
    appendSets,
    async invalidate(token) {
      lastKnown.delete(token);
      try {
        await pool.shared().del(keys.price(token));
      } catch (error) {
        throw writeFailed(error, 1, 1);
      }
    },
  };
}

function fresh(value: CachedPrice, now: EpochMs): PriceRead {
  return { state: 'fresh', value, ageMs: ageMs(value.timestamp, now) };
}

function writeFailed(error: unknown, failed: number, of: number): TenhertzError {
  if (error instanceof TenhertzError) return error;
  const reason = messageOf(error);
  return new TenhertzError(
    'CACHE_WRITE_FAILED',
    `${failed} of ${of} prices could not be written to Redis: ${reason}`,
    { facts: { failed, of, reason } },
  );
}
