import type { ChainableCommander } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { ageMs } from '../../../shared/freshness.ts';
import type { EpochMs } from '../../../shared/contract.ts';
import type { Clock } from '../clock.ts';
import { TenhertzError, messageOf } from '../errors.ts';
import type { Metrics } from '../health/metrics.ts';
import type { RedisPool } from '../redis/pool.ts';

/** What a read found (R2.4). Only `fresh` is a value somebody stands behind. */
export type CacheRead<Value> =
  | { state: 'fresh'; value: Value; ageMs: number }
  /** Redis answered, and has nothing: nobody vouches any more, or nobody ever did. */
  | { state: 'expired' }
  /** Redis could not be asked. `last` is the last value seen by this process, to be shown as stale. */
  | { state: 'unavailable'; last: Value | undefined; ageMs: number | null }
  /** What lies in the key is no such value. */
  | { state: 'malformed'; key: string; reason: string };

/** A cache that lies in Redis, shared with every program there. Reading never throws; every read and write is measured. */
export interface SharedCache<Value> {
  get(id: string): Promise<CacheRead<Value>>;
  /** All of them in one round trip (MGET), in the order asked. */
  getMany(ids: readonly string[]): Promise<Map<string, CacheRead<Value>>>;
  /** Rejects with what its encoder throws, `REDIS_DOWN` or `CACHE_WRITE_FAILED`. */
  set(value: Value): Promise<void>;
  /** One pipeline. All values are checked before the first is sent. Rejects as {@link set} does. */
  setMany(values: readonly Value[]): Promise<void>;
  /**
   * Adds the SETs to a pipeline of the caller's, one command each in order; the caller runs it, looks at its result and
   * measures it. Throws what the encoder throws before adding any.
   */
  appendSets(pipeline: ChainableCommander, values: readonly Value[]): void;
  /** Removes the value, here and in Redis. */
  invalidate(id: string): Promise<void>;
}

/** What kind of values a cache holds. */
export interface CacheKind<Value> {
  /** Label of its instruments, and the word for one value in messages. */
  readonly name: 'price' | 'pool';
  /** The word for several. */
  readonly plural: string;
  readonly key: (id: string) => string;
  readonly idOf: (value: Value) => string;
  /** @throws TenhertzError for a value that must not be stored. */
  readonly encode: (value: Value) => string;
  /** Answers the reason in words for a text that is no value of this id. */
  readonly decode: (id: string, text: string) => Value | string;
}

export interface CacheDeps {
  pool: Pick<RedisPool, 'shared'>;
  clock: Clock;
  metrics: Pick<Metrics, 'cacheReads' | 'cacheSlowReads' | 'cacheReadSeconds' | 'cacheWriteSeconds'>;
  /** How long nobody needs to vouch before a value is gone; at least 1000. Default 2000 (R2.1, R9.1). */
  ttlMs?: number | (() => number);
  /** Of how many keys the last known value is remembered. Default 1000. */
  remember?: number;
}

/** A read above this is counted as slow (R2.5). */
const SLOW_READ_MS = 1;

/** @throws TenhertzError `BAD_CACHE_SETTINGS` (exit code 3) for a `ttlMs` below one second. */
export function createSharedCache<Value extends { readonly timestamp: EpochMs }>(
  kind: CacheKind<Value>,
  { pool, clock, metrics, ttlMs = 2_000, remember = 1_000 }: CacheDeps,
): SharedCache<Value> {
  const ttl = typeof ttlMs === 'function' ? ttlMs : (): number => ttlMs;
  if (!Number.isInteger(ttl()) || ttl() < 1_000) {
    throw new TenhertzError(
      'BAD_CACHE_SETTINGS',
      `The ${kind.name} TTL must be a whole number of ms from 1000 up, not ${ttl()}.`,
      { exitCode: 3, facts: { ttlMs: ttl() } },
    );
  }
  // With the text each was decoded from: the same text is the same value, so a repeated read costs no decoding.
  const lastKnown = new LRUCache<string, { text: string; value: Value }>({ max: remember });
  // Instruments with their labels bound once: looking labels up costs more than the decoding.
  const results = {
    fresh: metrics.cacheReads.labels(kind.name, 'hit'),
    expired: metrics.cacheReads.labels(kind.name, 'miss'),
    malformed: metrics.cacheReads.labels(kind.name, 'malformed'),
    unavailable: metrics.cacheReads.labels(kind.name, 'unavailable'),
  };
  const slow = metrics.cacheSlowReads.labels(kind.name);
  const readSeconds = metrics.cacheReadSeconds.labels(kind.name, 'redis');
  const writeSeconds = metrics.cacheWriteSeconds.labels(kind.name);

  const measureRead = (began: number): void => {
    const ms = clock.monotonic() - began;
    readSeconds.observe(ms / 1_000);
    if (ms > SLOW_READ_MS) slow.inc();
  };
  const found = (id: string, text: string | null | undefined, now: EpochMs): CacheRead<Value> => {
    if (text === null || text === undefined) return { state: 'expired' };
    const known = lastKnown.get(id);
    if (known?.text === text) return fresh(known.value, now);
    const value = kind.decode(id, text);
    if (typeof value === 'string') return { state: 'malformed', key: kind.key(id), reason: value };
    lastKnown.set(id, { text, value });
    return fresh(value, now);
  };
  const unavailable = (id: string, now: EpochMs): CacheRead<Value> => {
    const last = lastKnown.get(id)?.value;
    return { state: 'unavailable', last, ageMs: last === undefined ? null : ageMs(last.timestamp, now) };
  };

  const setMany = async (values: readonly Value[]): Promise<void> => {
    if (values.length === 0) return;
    const pipeline = pool.shared().pipeline();
    appendSets(pipeline, values);
    const began = clock.monotonic();
    const replies = (await pipeline.exec()) ?? [];
    const errors = replies.flatMap(([error]) => (error === null ? [] : [error]));
    if (errors[0] !== undefined) throw writeFailed(errors[0], kind.plural, errors.length, values.length);
    writeSeconds.observe((clock.monotonic() - began) / 1_000);
  };
  const appendSets = (pipeline: ChainableCommander, values: readonly Value[]): void => {
    const texts = values.map(one => kind.encode(one));
    values.forEach((one, index) => {
      const text = texts[index] ?? '';
      pipeline.set(kind.key(kind.idOf(one)), text, 'PX', ttl());
      lastKnown.set(kind.idOf(one), { text, value: { ...one } });
    });
  };

  return {
    async get(id) {
      const began = clock.monotonic();
      let read: CacheRead<Value>;
      try {
        const text = await pool.shared().get(kind.key(id));
        measureRead(began);
        read = found(id, text, clock.now());
      } catch (error) {
        read = messageOf(error).startsWith('WRONGTYPE')
          ? { state: 'malformed', key: kind.key(id), reason: 'the key holds no string' }
          : unavailable(id, clock.now());
      }
      results[read.state].inc();
      return read;
    },
    async getMany(ids) {
      const reads = new Map<string, CacheRead<Value>>();
      if (ids.length === 0) return reads;
      const began = clock.monotonic();
      let texts: (string | null)[] | undefined;
      try {
        texts = await pool.shared().mget(ids.map(kind.key));
        measureRead(began);
      } catch {
        texts = undefined;
      }
      const now = clock.now();
      const counts = { fresh: 0, expired: 0, malformed: 0, unavailable: 0 };
      ids.forEach((id, index) => {
        if (reads.has(id)) return;
        const read = texts === undefined ? unavailable(id, now) : found(id, texts[index], now);
        reads.set(id, read);
        counts[read.state] += 1;
      });
      // Once for each kind: every call to an instrument looks its labels up again.
      for (const state of ['fresh', 'expired', 'malformed', 'unavailable'] as const) {
        if (counts[state] > 0) results[state].inc(counts[state]);
      }
      return reads;
    },
    set: one => setMany([one]),
    setMany,
    appendSets,
    async invalidate(id) {
      lastKnown.delete(id);
      try {
        await pool.shared().del(kind.key(id));
      } catch (error) {
        throw writeFailed(error, kind.plural, 1, 1);
      }
    },
  };
}

function fresh<Value extends { readonly timestamp: EpochMs }>(value: Value, now: EpochMs): CacheRead<Value> {
  return { state: 'fresh', value, ageMs: ageMs(value.timestamp, now) };
}

function writeFailed(error: unknown, what: string, failed: number, of: number): TenhertzError {
  if (error instanceof TenhertzError) return error;
  const reason = messageOf(error);
  return new TenhertzError(
    'CACHE_WRITE_FAILED',
    `${failed} of ${of} ${what} could not be written to Redis: ${reason}`,
    { facts: { failed, of, reason } },
  );
}
