import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RedisStatus } from '../../../src/shared/contract.ts';
import { connect } from '../../../src/main/engine/redis/connection.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { testPool } from '../../support/redis-pool.ts';
import { startRedisProxy, type RedisProxy } from '../../support/redis-proxy.ts';
import { startTestRedis, until, type TestRedis } from '../../support/redis-server.ts';

let server: TestRedis;
let proxy: RedisProxy;
let pool: RedisPool;

beforeEach(async () => {
  server = await startTestRedis();
  proxy = await startRedisProxy(server.socketPath);
});
afterEach(async () => {
  await pool.close();
  await proxy.stop();
  await server.stop();
});
const throughProxy = () => ({ host: '127.0.0.1', port: proxy.port });

describe('a wedged connection', () => {
  it('that gives no reply while commands wait is replaced, while the other goes on', async () => {
    const made = testPool(throughProxy());
    pool = made.pool;
    await pool.ready(2_000);
    await until(() => proxy.open === 2, 2_000, 'two shared connections');
    await until(() => healthy(pool) === 2, 2_000, 'both healthy');
    const wedged = pool.shared();
    // The proxy numbers connections by age; find the one under the client we hold by its port.
    proxy.swallow(0);
    const other = await otherThan(wedged);
    const [mute, alive] = (await answersWithin(wedged, 200)) ? [other, wedged] : [wedged, other];
    const lost = mute.get('x').then(
      () => 'answered',
      (error: unknown) => String(error),
    );
    let served = 0;
    const began = Date.now();
    while (mute.status === 'ready') {
      expect(await alive.get('x')).toBeNull();
      served += 1;
      await new Promise(resolve => setTimeout(resolve, 20));
      if (Date.now() - began > 4_000) throw new Error('the wedged connection was not replaced');
    }
    expect(Date.now() - began).toBeGreaterThan(900);
    expect(await lost).toContain('Connection is closed');
    expect(served).toBeGreaterThan(10);
    expect(alive.status).toBe('ready');
    await until(() => healthy(pool) === 2, 2_000, 'a new one in its place');
    expect(proxy.open).toBe(2);
    expect(await made.metrics.registry.getSingleMetricAsString('tenhertz_pool_replaced_total')).toContain(
      '_total 1',
    );
  });

  it('is not one that is merely quiet, nor one whose long answer arrives in pieces', async () => {
    const made = testPool(throughProxy());
    pool = made.pool;
    await pool.ready(2_000);
    const client = pool.shared();
    await new Promise(resolve => setTimeout(resolve, 2_200));
    expect(client.status).toBe('ready');
    const began = Date.now();
    while (Date.now() - began < 2_200) {
      // There is always a command waiting, and always progress.
      await Promise.all([client.get('a'), client.get('b')]);
    }
    expect(client.status).toBe('ready');
  });

  it('resting in the pool is found out before it is lent', async () => {
    pool = testPool(throughProxy(), { shared: 1, cap: 2 }).pool;
    const lease = await pool.lease('a');
    lease.release();
    proxy.swallow(1);
    const next = await pool.lease('b');
    expect(next.client).not.toBe(lease.client);
    expect(await next.client.ping()).toBe('PONG');
    next.release();
  });

  it('that never comes to answer does not hold up a caller longer than the acquire timeout', async () => {
    pool = testPool(throughProxy(), { acquireTimeoutMs: 400, connectTimeoutMs: 200 }).pool;
    await pool.ready(2_000);
    proxy.swallowNew(true);
    await expect(pool.lease('a')).rejects.toMatchObject({
      code: 'REDIS_DOWN',
      facts: { reason: 'it did not answer within 200 ms' },
    });
    proxy.swallowNew(false);
    const lease = await pool.lease('b');
    lease.release();
  });
});

describe('a Redis that goes away', () => {
  it('is told in plain words, and everything resumes by itself when it returns', async () => {
    pool = testPool({ path: server.socketPath }).pool;
    await pool.ready(2_000);
    const states: RedisStatus[] = [];
    const stop = pool.onChange(status => states.push(status));
    await server.kill();
    await until(() => pool.status().state === 'down', 2_000, 'down');
    expect(() => pool.shared()).toThrow(expect.objectContaining({ code: 'REDIS_DOWN', exitCode: 4 }));
    expect(pool.status().message).toMatch(
      /cannot be used: nothing listens there \(connection refused\); trying again/,
    );
    const waiting = pool.lease('reader');
    await server.restart();
    const lease = await waiting;
    expect(await lease.client.ping()).toBe('PONG');
    expect(await pool.shared().ping()).toBe('PONG');
    expect(states.map(({ state }) => state)).toEqual(['connecting', 'down', 'up']);
    expect(states[0]?.message).toMatch(/was lost/);
    lease.release();
    stop();
    stop();
  });

  it('fails what waits for it after its time', async () => {
    await server.kill();
    pool = testPool({ path: server.socketPath }, { acquireTimeoutMs: 200 }).pool;
    expect(pool.status().state).toBe('connecting');
    expect(pool.status().message).toMatch(/^Connecting to Redis at/);
    await expect(pool.ready(200)).rejects.toMatchObject({ code: 'REDIS_DOWN' });
    await expect(pool.lease('a')).rejects.toThrow(/Start it, or name another with --redis/);
    await server.restart();
  });

  it('is tried again at growing intervals with jitter, up to a cap', async () => {
    await server.kill();
    const clock = new ManualClock();
    const backOff = { baseMs: 1_000, capMs: 8_000, random: () => 0.5 };
    pool = testPool(throughProxy(), { clock, backOff, shared: 1 }).pool;
    // With random at a half, three quarters of 1, 2, 4, 8 and again 8 seconds.
    for (const [attempt, wait] of [750, 1_500, 3_000, 6_000, 6_000].entries()) {
      const shown = `it closed the connection; trying again in ${(wait / 1_000).toFixed(1)} s`;
      await until(
        () => pool.status().message?.includes(shown) === true,
        2_000,
        () => `not: ${shown}`,
      );
      await clock.advance(wait - 1);
      expect(proxy.total).toBe(attempt + 1);
      await clock.advance(1);
      await until(() => proxy.total === attempt + 2, 2_000, 'the next attempt');
    }
    await server.restart();
    const resumed = async (): Promise<boolean> => {
      await clock.advance(1_000);
      return pool.status().state === 'up';
    };
    await until(resumed, 2_000, 'up');
    await pool.close();
    expect(clock.pending).toBe(0);
  });

  it('is said to be loading while it loads', async () => {
    const slow = await startTestRedis([
      ...['--enable-debug-command', 'yes', '--key-load-delay', '10000', '--rdbcompression', 'no'],
      ...['--loading-process-events-interval-bytes', '1024'],
    ]);
    const raw = connect({ path: slow.socketPath });
    await raw.call('DEBUG', 'POPULATE', '200', 'key', '2000');
    const reload = raw.call('DEBUG', 'RELOAD');
    pool = testPool({ path: slow.socketPath }, { connectTimeoutMs: 300 }).pool;
    try {
      await until(() => pool.status().state === 'down', 3_000, 'refused for now');
      expect(pool.status().message).toContain('it is still loading its data');
      await until(() => pool.status().state === 'up', 15_000, 'loaded');
    } finally {
      await reload;
      raw.disconnect();
      await slow.stop();
    }
  });
});

function healthy(of: RedisPool): number {
  const first = of.shared();
  const busy = first.get('probe');
  busy.catch(() => undefined);
  return of.shared() === first ? 1 : 2;
}

/** The other shared connection: the one chosen while `client` has more to do. */
async function otherThan(client: ReturnType<RedisPool['shared']>) {
  const busy = client.get('probe');
  busy.catch(() => undefined);
  const other = pool.shared();
  await Promise.race([busy, new Promise(resolve => setTimeout(resolve, 100))]);
  return other;
}

async function answersWithin(client: ReturnType<RedisPool['shared']>, ms: number): Promise<boolean> {
  const reply = client.get('probe').then(
    () => true,
    () => false,
  );
  return Promise.race([reply, new Promise<boolean>(resolve => setTimeout(() => resolve(false), ms))]);
}
