import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/main/engine/clock.ts';
import { createPriceCache, type PriceCache } from '../../../src/main/engine/cache/price-cache.ts';
import type { Metrics } from '../../../src/main/engine/health/metrics.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { testPool } from '../../support/redis-pool.ts';
import { startTestRedis, until, type TestRedis } from '../../support/redis-server.ts';

let server: TestRedis;
let pool: RedisPool;
let metrics: Metrics;
let clock: ManualClock;
let cache: PriceCache;

beforeAll(async () => {
  server = await startTestRedis();
});
afterAll(() => server.stop());
beforeEach(async () => {
  ({ pool, metrics } = testPool({ path: server.socketPath }));
  clock = new ManualClock();
  cache = createPriceCache({ pool, clock, metrics });
  await pool.ready(2_000);
  await pool.shared().flushall();
});
afterEach(() => pool.close());

const price = (token: string, amount = '1.5') => ({
  token,
  price: amount,
  timestamp: clock.now(),
  source: 'kraken',
});
const count = async (name: string) =>
  (await metrics.registry.getSingleMetricAsString(`tenhertz_${name}`)).split('\n');

describe('reading a price', () => {
  it('finds it fresh, with its age', async () => {
    await cache.set(price('SOL', '150.25'));
    await clock.advance(700);
    expect(await cache.get('SOL')).toEqual({
      state: 'fresh',
      value: { token: 'SOL', price: '150.25', timestamp: clock.now() - 700, source: 'kraken' },
      ageMs: 700,
    });
  });

  it('finds it expired when nobody wrote it again within the TTL, by the server’s own clock', async () => {
    expect(await cache.get('SOL')).toEqual({ state: 'expired' });
    const brief = createPriceCache({ pool, clock, metrics, ttlMs: 1_000 });
    await brief.set(price('SOL'));
    expect(await pool.shared().pttl('price:SOL')).toBeGreaterThan(900);
    await cache.set(price('RAY'));
    expect(await pool.shared().pttl('price:RAY')).toBeGreaterThan(1_900);
    expect(await pool.shared().pttl('price:RAY')).toBeLessThanOrEqual(2_000);
    await until(async () => (await brief.get('SOL')).state === 'expired', 2_000, 'it never expired');
  });

  it('says what is wrong with a value that is no price, with its key', async () => {
    await pool.shared().set('price:SOL', '{"token":"SOL","price":');
    expect(await cache.get('SOL')).toEqual({
      state: 'malformed',
      key: 'price:SOL',
      reason: 'it is not JSON',
    });
    await pool.shared().del('price:SOL');
    await pool.shared().lpush('price:SOL', 'x');
    expect(await cache.get('SOL')).toMatchObject({ state: 'malformed', key: 'price:SOL' });
  });

  it('reads what other programs write', async () => {
    await pool
      .shared()
      .set('price:SOL', '{"source":"bot","price":"2.50","token":"SOL","timestamp":1000,"more":1}');
    expect(await cache.get('SOL')).toMatchObject({
      state: 'fresh',
      value: { price: '2.50', timestamp: 1_000 },
    });
  });

  it('sees at once what another program wrote over it', async () => {
    await cache.set(price('SOL', '1'));
    expect(await cache.get('SOL')).toMatchObject({ value: { price: '1' } });
    const other = createPriceCache({ pool, clock, metrics });
    await other.set(price('SOL', '2'));
    expect(await cache.get('SOL')).toMatchObject({ value: { price: '2' } });
    expect((await cache.getMany(['SOL'])).get('SOL')).toMatchObject({ value: { price: '2' } });
    await other.invalidate('SOL');
    expect(await cache.get('SOL')).toEqual({ state: 'expired' });
  });

  it('gives the last known price, marked, while Redis is away, and remembers a bounded number of them', async () => {
    const small = createPriceCache({ pool, clock, metrics, remember: 2 });
    await cache.setMany([price('SOL', '1'), price('RAY', '2')]);
    expect((await small.get('SOL')).state).toBe('fresh');
    await small.setMany([price('RAY', '2'), price('BONK', '3')]);
    const at = clock.now();
    await server.kill();
    await until(() => pool.status().state !== 'up', 2_000, 'away');
    await clock.advance(5_000);
    expect(await small.get('RAY')).toEqual({
      state: 'unavailable',
      last: { token: 'RAY', price: '2', timestamp: at, source: 'kraken' },
      ageMs: 5_000,
    });
    const many = await small.getMany(['BONK', 'SOL']);
    expect(many.get('BONK')).toMatchObject({ state: 'unavailable', last: { price: '3' } });
    expect(many.get('SOL')).toEqual({ state: 'unavailable', last: undefined, ageMs: null });
    await expect(small.set(price('SOL'))).rejects.toMatchObject({ code: 'REDIS_DOWN' });
    await expect(small.invalidate('SOL')).rejects.toMatchObject({ code: 'REDIS_DOWN' });
    await server.restart();
    await until(() => pool.status().state === 'up', 5_000, 'back');
    expect(await small.get('RAY')).toEqual({ state: 'expired' });
  });
});

describe('many at once', () => {
  it('are read in one round trip, each with its own result, in the order asked', async () => {
    await cache.setMany([price('SOL'), price('RAY', '2')]);
    await pool.shared().set('price:USDC', 'nonsense');
    const before = await calls();
    const reads = await cache.getMany(['RAY', 'SOL', 'USDC', 'BONK', 'SOL']);
    const after = await calls();
    expect([...reads.keys()]).toEqual(['RAY', 'SOL', 'USDC', 'BONK']);
    expect([...reads.values()].map(read => read.state)).toEqual(['fresh', 'fresh', 'malformed', 'expired']);
    expect(after.mget - before.mget).toBe(1);
    expect(after.get).toBe(before.get);
  });

  it('ask nothing of the server when there is nothing to ask', async () => {
    const before = await calls();
    expect(await cache.getMany([])).toEqual(new Map());
    await cache.setMany([]);
    expect(await calls()).toEqual(before);
  });

  it('are written in one pipeline, or none when one of them is no price', async () => {
    const bad = cache.setMany([price('SOL'), price('RAY', '-1')]);
    await expect(bad).rejects.toMatchObject({ code: 'BAD_PRICE', facts: { token: 'RAY' } });
    expect(await cache.get('SOL')).toEqual({ state: 'expired' });
  });

  it('can join a pipeline of the caller’s', async () => {
    const pipeline = pool.shared().pipeline();
    cache.appendSets(pipeline, [price('SOL'), price('RAY')]);
    pipeline.publish('price-updates', 'x');
    expect(await pipeline.exec()).toEqual([
      [null, 'OK'],
      [null, 'OK'],
      [null, 0],
    ]);
    expect((await cache.get('RAY')).state).toBe('fresh');
  });

  it('tell how many the server refused', async () => {
    await pool.shared().config('SET', 'maxmemory', '1');
    try {
      const refused = cache.setMany([price('SOL'), price('RAY')]);
      await expect(refused).rejects.toMatchObject({
        code: 'CACHE_WRITE_FAILED',
        facts: { failed: 2, of: 2 },
      });
    } finally {
      await pool.shared().config('SET', 'maxmemory', '0');
    }
  });
});

describe('the cache', () => {
  it('forgets a price by hand, everywhere', async () => {
    await cache.set(price('SOL'));
    await cache.invalidate('SOL');
    expect(await cache.get('SOL')).toEqual({ state: 'expired' });
    expect(await pool.shared().exists('price:SOL')).toBe(0);
  });

  it('counts what reads found, and measures every read and write', async () => {
    const real = createPriceCache({ pool, clock: systemClock, metrics });
    await real.setMany([price('SOL'), price('RAY')]);
    await pool.shared().set('price:USDC', 'x');
    await real.getMany(['SOL', 'RAY', 'BONK', 'USDC']);
    await real.get('SOL');
    const reads = await count('cache_reads_total');
    expect(reads).toContain('tenhertz_cache_reads_total{cache="price",result="hit"} 3');
    expect(reads).toContain('tenhertz_cache_reads_total{cache="price",result="miss"} 1');
    expect(reads).toContain('tenhertz_cache_reads_total{cache="price",result="malformed"} 1');
    expect(await count('cache_read_seconds')).toContain(
      'tenhertz_cache_read_seconds_count{cache="price",layer="redis"} 2',
    );
    expect(await count('cache_write_seconds')).toContain(
      'tenhertz_cache_write_seconds_count{cache="price"} 1',
    );
  });

  it('counts a read that took longer than a millisecond as slow', async () => {
    let [now, step] = [0, 1.5];
    const steps = Object.assign(new ManualClock(), { monotonic: () => (now += step) });
    const timed = createPriceCache({ pool, clock: steps, metrics });
    await timed.get('SOL');
    expect(await count('cache_slow_reads_total')).toContain(
      'tenhertz_cache_slow_reads_total{cache="price"} 1',
    );
    step = 1;
    await timed.get('SOL');
    expect(await count('cache_slow_reads_total')).toContain(
      'tenhertz_cache_slow_reads_total{cache="price"} 1',
    );
  });

  it('refuses a TTL below one second', () => {
    for (const ttlMs of [0, 999, 1_500.5, NaN]) {
      expect(() => createPriceCache({ pool, clock, metrics, ttlMs })).toThrow(
        expect.objectContaining({ code: 'BAD_CACHE_SETTINGS', exitCode: 3 }),
      );
    }
  });
});

/** How often the server was asked, by command. */
async function calls(): Promise<{ get: number; mget: number; set: number }> {
  const stats = await pool.shared().info('commandstats');
  const of = (name: string): number =>
    Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
  return { get: of('get'), mget: of('mget'), set: of('set') };
}
