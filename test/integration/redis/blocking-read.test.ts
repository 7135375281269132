import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/main/engine/clock.ts';
import { raceBlockingRead } from '../../../src/main/engine/redis/blocking-read.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import { testPool } from '../../support/redis-pool.ts';
import { startRedisProxy, type RedisProxy } from '../../support/redis-proxy.ts';
import { startTestRedis, type TestRedis } from '../../support/redis-server.ts';

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

describe('a blocking read', () => {
  const read = (lease: Awaited<ReturnType<RedisPool['lease']>>, deadlineMs: number, blockMs = 100) =>
    raceBlockingRead(lease, systemClock, deadlineMs, client =>
      client.xread('BLOCK', blockMs, 'STREAMS', 's', '$'),
    );

  it('that returns in time leaves the lease as it was', async () => {
    pool = testPool(throughProxy()).pool;
    const lease = await pool.lease('reader');
    expect(await read(lease, 1_000)).toBeNull();
    expect(lease.client.status).toBe('ready');
    lease.release();
  });

  it('that outlives its deadline is given up, its connection replaced', async () => {
    const made = testPool(throughProxy(), { shared: 1, cap: 2 });
    pool = made.pool;
    const lease = await pool.lease('reader');
    proxy.swallow(1);
    await expect(read(lease, 300)).rejects.toMatchObject({
      code: 'BLOCKED_READ_LOST',
      facts: { lease: 'reader', reason: 'no reply within 300 ms' },
    });
    const next = await pool.lease('reader');
    expect(await read(next, 1_000)).toBeNull();
    expect(await made.metrics.registry.getSingleMetricAsString('tenhertz_pool_replaced_total')).toContain(
      '_total 1',
    );
    next.release();
  });

  it('whose server dies is lost at once', async () => {
    const made = testPool({ path: server.socketPath });
    pool = made.pool;
    const lease = await pool.lease('reader');
    const lost = expect(read(lease, 10_000, 9_000)).rejects.toMatchObject({
      code: 'BLOCKED_READ_LOST',
      facts: { reason: 'the connection ended' },
    });
    await server.kill();
    await lost;
    // A connection that ended by itself did not have to be replaced for lack of progress.
    expect(await made.metrics.registry.getSingleMetricAsString('tenhertz_pool_replaced_total')).toContain(
      '_total 0',
    );
    await expect(raceBlockingRead(lease, systemClock, 1_000, client => client.ping())).rejects.toMatchObject({
      code: 'BLOCKED_READ_LOST',
    });
  });

  it('that the server refuses, or whose caller fails, passes its error on and keeps the lease', async () => {
    pool = testPool(throughProxy()).pool;
    const lease = await pool.lease('reader');
    const group = raceBlockingRead(lease, systemClock, 1_000, client =>
      client.xreadgroup('GROUP', 'g', 'c', 'STREAMS', 's', '>'),
    );
    await expect(group).rejects.toThrow('NOGROUP');
    const own = raceBlockingRead(lease, systemClock, 1_000, () => Promise.reject(new TypeError('mine')));
    await expect(own).rejects.toThrow('mine');
    expect(await lease.client.ping()).toBe('PONG');
    lease.release();
  });
});
