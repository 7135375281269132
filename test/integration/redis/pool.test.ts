import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import type { RedisPoolDeps } from '../../../src/main/engine/redis/create-pool.ts';
import type { RedisConnectionOptions } from '../../../src/main/engine/redis/settings.ts';
import { testPool } from '../../support/redis-pool.ts';
import { startTestRedis, until, type TestRedis } from '../../support/redis-server.ts';

let server: TestRedis;
let watcher: Redis;
const pools: RedisPool[] = [];

/** A pool that is up. */
async function up(
  more: Partial<RedisPoolDeps> = {},
  options: RedisConnectionOptions = { path: server.socketPath },
) {
  const made = testPool(options, more);
  pools.push(made.pool);
  await made.pool.ready(5_000);
  return made;
}

/** How many sockets of ours the server has. */
async function sockets(): Promise<number> {
  return String(await watcher.client('LIST')).match(/name=tenhertz:/g)?.length ?? 0;
}

beforeAll(async () => {
  server = await startTestRedis();
  watcher = new Redis({ path: server.socketPath, protocol: 2 });
});
afterEach(async () => {
  await Promise.all(pools.splice(0).map(pool => pool.close()));
  await until(async () => (await sockets()) === 0, 2_000, 'sockets were left behind');
});
afterAll(async () => {
  watcher.disconnect();
  await server.stop();
});

describe('shared connections', () => {
  it('carry everybody’s commands over two sockets', async () => {
    const { pool } = await up();
    await until(async () => (await sockets()) === 2, 2_000, 'two shared connections');
    const answers = await Promise.all(
      Array.from({ length: 500 }, async (_, index) => {
        await pool.shared().set(`k${index}`, index);
        return pool.shared().get(`k${index}`);
      }),
    );
    expect(answers).toEqual(answers.map((_, index) => String(index)));
    expect(await sockets()).toBe(2);
  });

  it('are chosen by the fewest commands waiting', async () => {
    const { pool } = await up();
    await until(async () => (await sockets()) === 2, 2_000, 'two shared connections');
    const first = pool.shared();
    expect(pool.shared()).toBe(first);
    const busy = first.get('x');
    expect(pool.shared()).not.toBe(first);
    await busy;
    expect(pool.shared()).toBe(first);
  });

  it('answer with flat RESP2 replies, and fail a command instead of queueing it while not connected', async () => {
    const { pool } = await up();
    await pool.shared().hset('h', { a: '1', b: '2' });
    expect(await pool.shared().call('HGETALL', 'h')).toEqual(['a', '1', 'b', '2']);
    const client = pool.shared();
    await pool.close();
    await expect(client.get('x')).rejects.toThrow('Connection is closed');
  });

  it('report the state, and the latency of the program’s own commands only', async () => {
    const { pool, metrics } = await up();
    expect(pool.status()).toMatchObject({ state: 'up', kind: 'external', latencyMs: null, message: null });
    await pool.shared().get('x');
    const { latencyMs } = pool.status();
    expect(latencyMs).toBeGreaterThan(0);
    expect(latencyMs).toBeLessThan(1_000);
    await until(async () => (await sockets()) === 2, 2_000, 'two shared connections');
    const text = await metrics.registry.getSingleMetricAsString('tenhertz_pool_connections');
    expect(text).toContain('{state="shared"} 2');
  });

  it('leave failed commands out of the latency', async () => {
    const { pool } = await up();
    await pool.shared().set('text', 'x');
    await expect(pool.shared().lpush('text', 'y')).rejects.toThrow('WRONGTYPE');
    expect(pool.status().state).toBe('up');
  });

  it('refuse a cap without room for a lease', () => {
    expect(() => testPool({ path: server.socketPath }, { cap: 2 })).toThrow(RangeError);
    expect(() => testPool({ path: server.socketPath }, { shared: 0 })).toThrow(RangeError);
  });
});

describe('leases', () => {
  it('are connections of their own, and a returned one is lent again', async () => {
    const { pool } = await up();
    const a = await pool.lease('a');
    const b = await pool.lease('b');
    expect(a.client).not.toBe(b.client);
    expect(a.client).not.toBe(pool.shared());
    const { client } = a;
    a.release();
    a.release();
    const c = await pool.lease('c');
    expect(c.client).toBe(client);
    expect(c.name).toBe('c');
    b.release();
    c.release();
  });

  it('never take more sockets than the cap, and the error says who holds them', async () => {
    const { pool } = await up({ cap: 5, acquireTimeoutMs: 300 });
    const held = await Promise.all(['one', 'two', 'three'].map(name => pool.lease(name)));
    const began = Date.now();
    const refused = pool.lease('four');
    await expect(refused).rejects.toMatchObject({
      code: 'POOL_EXHAUSTED',
      facts: { cap: 5, holders: ['one', 'two', 'three'] },
    });
    await expect(refused).rejects.toThrow('Leased to: one, two, three');
    expect(Date.now() - began).toBeGreaterThanOrEqual(295);
    expect(await sockets()).toBe(5);
    held.forEach(lease => lease.release());
  });

  it('go to whoever waited longest', async () => {
    const { pool } = await up({ cap: 3 });
    const first = await pool.lease('first');
    const order: string[] = [];
    const waiting = ['a', 'b', 'c'].map(async name => {
      const lease = await pool.lease(name);
      order.push(name);
      lease.release();
    });
    first.release();
    await Promise.all(waiting);
    expect(order).toEqual(['a', 'b', 'c']);
  });

  it('keep within 20 sockets under churn, discards included', async () => {
    const { pool, metrics } = await up();
    let most = 0;
    const done = new AbortController();
    const watching = (async () => {
      while (!done.signal.aborted) most = Math.max(most, await sockets());
    })();
    let lent = 0;
    const worker = async (id: number): Promise<void> => {
      for (let round = 0; round < 20; round += 1) {
        const lease = await pool.lease(`w${id}`);
        lent += 1;
        await lease.client.ping();
        if ((id + round) % 10 === 0) lease.discard('a test');
        else lease.release();
      }
    };
    await Promise.all(Array.from({ length: 40 }, (_, id) => worker(id)));
    done.abort();
    await watching;
    expect(lent).toBe(800);
    expect(most).toBeGreaterThan(2);
    expect(most).toBeLessThanOrEqual(20);
    expect(await metrics.registry.getSingleMetricAsString('tenhertz_pool_replaced_total')).toContain(
      '_total 80',
    );
  });

  it('are replaced when they are given back with a read under way', async () => {
    const { pool } = await up({ cap: 3 });
    const lease = await pool.lease('reader');
    const read = lease.client.blpop('nothing', 0);
    lease.release();
    await expect(read).rejects.toThrow('Connection is closed');
    const next = await pool.lease('next');
    expect(next.client).not.toBe(lease.client);
    expect(await next.client.ping()).toBe('PONG');
    next.release();
  });

  it('are refused once the pool is closed, and so is everything else', async () => {
    const { pool } = await up({ cap: 3 });
    await pool.lease('held');
    const waiting = pool.lease('waiting');
    const refused = expect(waiting).rejects.toMatchObject({ code: 'POOL_CLOSED' });
    await pool.close();
    await refused;
    await expect(pool.lease('late')).rejects.toMatchObject({ code: 'POOL_CLOSED' });
    expect(() => pool.shared()).toThrow(expect.objectContaining({ code: 'POOL_CLOSED' }));
    expect(pool.status()).toMatchObject({ state: 'down', message: 'The connections to Redis were closed.' });
  });
});
