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
  const lastKnown = new LRUCache<Token, CachedPrice>({ max: remember });
  // Instruments with their labels bound once: looking labels up costs more than the decoding.
  const hit = metrics.cacheReads.labels('price', 'hit');
  const miss = metrics.cacheReads.labels('price', 'miss');
  const broken = metrics.cacheReads.labels('price', 'malformed');
  const away = metrics.cacheReads.labels('price', 'unavailable');
  const slow = metrics.cacheSlowReads.labels('price');
  const readSeconds = metrics.cacheReadSeconds.labels('price', 'redis');
  const writeSeconds = metrics.cacheWriteSeconds.labels('price');

  const measureRead = (began: number): void => {
    const ms = clock.monotonic() - began;
    readSeconds.observe(ms / 1_000);
    if (ms > SLOW_READ_MS) slow.inc();
  };
  const malformed = (token: Token, reason: string): PriceRead => {
    broken.inc();
    return { state: 'malformed', key: keys.price(token), reason };
  };
  const found = (token: Token, text: string | null | undefined, now: EpochMs): PriceRead => {
    if (text === null || text === undefined) {
      miss.inc();
      return { state: 'expired' };
    }
    const value = decodePrice(token, text);
    if (typeof value === 'string') return malformed(token, value);
    hit.inc();
    lastKnown.set(token, value);
    return { state: 'fresh', value, ageMs: ageMs(value.timestamp, now) };
  };
  const unavailable = (token: Token, now: EpochMs): PriceRead => {
    away.inc();
    const last = lastKnown.get(token);
    return { state: 'unavailable', last, ageMs: last === undefined ? null : ageMs(last.timestamp, now) };
  };

  const setMany = async (prices: readonly CachedPrice[]): Promise<void> => {
    if (prices.length === 0) return;
    const pipeline = pool.shared().pipeline();
    appendSets(pipeline, prices);
    const began = clock.monotonic();
    const results = (await pipeline.exec()) ?? [];
    const errors = results.flatMap(([error]) => (error === null ? [] : [error]));
    if (errors[0] !== undefined) throw writeFailed(errors[0], errors.length, prices.length);
    writeSeconds.observe((clock.monotonic() - began) / 1_000);
  };
  const appendSets = (pipeline: ChainableCommander, prices: readonly CachedPrice[]): void => {
    const texts = prices.map(price => encodePrice(price));
    prices.forEach((price, index) => {
      pipeline.set(keys.price(price.token), texts[index] ?? '', 'PX', ttlMs);
      lastKnown.set(price.token, price);
    });
  };

  return {
    async get(token) {
      const began = clock.monotonic();
      let text: string | null;
      try {
        text = await pool.shared().get(keys.price(token));
      } catch (error) {
        if (messageOf(error).startsWith('WRONGTYPE')) return malformed(token, 'the key holds no string');
        return unavailable(token, clock.now());
      }
      measureRead(began);
      return found(token, text, clock.now());
    },
    async getMany(tokens) {
      if (tokens.length === 0) return new Map();
      const began = clock.monotonic();
      let texts: (string | null)[] | undefined;
      try {
        texts = await pool.shared().mget(tokens.map(keys.price));
        measureRead(began);
      } catch {
        texts = undefined;
      }
      const now = clock.now();
      const reads = new Map<Token, PriceRead>();
      tokens.forEach((token, index) => {
        if (!reads.has(token)) {
          reads.set(token, texts === undefined ? unavailable(token, now) : found(token, texts[index], now));
        }
      });
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

function writeFailed(error: unknown, failed: number, of: number): TenhertzError {
  if (error instanceof TenhertzError) return error;
  const reason = messageOf(error);
  return new TenhertzError(
    'CACHE_WRITE_FAILED',
    `${failed} of ${of} prices could not be written to Redis: ${reason}`,
    { facts: { failed, of, reason } },
  );
}
