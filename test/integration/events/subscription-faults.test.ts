import type { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startRedisProxy, type RedisProxy } from '../../support/redis-proxy.ts';
import { startTestRedis, until, type TestRedis } from '../../support/redis-server.ts';
import { pendingOf, plainClient, startDesk, type Desk } from './desk.ts';

let server: TestRedis;
let client: Redis;
let proxy: RedisProxy | undefined;
let running: Desk | undefined;

beforeEach(async () => {
  server = await startTestRedis(['--appendonly', 'yes', '--appendfsync', 'always']);
  client = plainClient(server.socketPath);
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  await proxy?.stop();
  proxy = undefined;
  client.disconnect();
  await server.stop();
});

const start = (...args: Parameters<typeof startDesk>): Desk => (running = startDesk(...args));
const hasGroup = async (): Promise<boolean> =>
  ((await client.xinfo('GROUPS', 'stream:trade-events')) as unknown[]).length === 1;
let number = 0;
const add = async (count = 1): Promise<string[]> => {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    number += 1;
    ids.push(`n-${number}`);
    await client.xadd('stream:trade-events', '*', 'event_id', `n-${number}`, 'data', '1');
  }
  return ids;
};

describe('a subscription goes on by itself', () => {
  it('when Redis is killed with -9 and started again while events flow', async () => {
    const desk = start({ path: server.socketPath });
    await desk.following();
    const acknowledged = await add(50);
    const producer = { flowing: true };
    const flow = (async () => {
      while (producer.flowing) acknowledged.push(...(await add()));
    })();
    for (let round = 0; round < 3; round += 1) {
      const before = desk.applied.length;
      await until(() => desk.applied.length > before + 20, 5_000, 'nothing flows');
      await server.restart();
      await desk.has(before + 40);
    }
    producer.flowing = false;
    await flow;
    await desk.has(acknowledged.length);
    const missing = acknowledged.filter(id => !desk.ids().includes(id));
    expect(missing).toEqual([]);
    expect(new Set(desk.ids()).size).toBe(desk.applied.length);
    await desk.following();
    expect(desk.subscription.status().gaps).toBe(0);
    await until(async () => (await pendingOf(client)) === 0, 3_000, 'entries stay pending');
  });

  it('when the server comes back without its newest entries, or without any', async () => {
    const desk = start({ path: server.socketPath });
    await desk.following();
    await client.xadd('stream:trade-events', '*', 'event_id', 'kept', 'sequence_number', '1', 'data', '1');
    await client.xadd('stream:trade-events', '*', 'event_id', 'lost', 'sequence_number', '2', 'data', '1');
    await desk.has(2);
    const [kept] = await client.xrange('stream:trade-events', '-', '+', 'COUNT', 1);
    await client.flushall();
    await client.xadd('stream:trade-events', kept?.[0] ?? '*', ...(kept?.[1] ?? []));
    await client.xadd('stream:trade-events', '*', 'event_id', 'new', 'sequence_number', '2', 'data', '1');
    await desk.has(3);
    expect(desk.ids()).toEqual(['kept', 'lost', 'new']);
    await client.flushall();
    await add(3);
    await desk.has(6);
    expect(desk.subscription.status()).toMatchObject({ duplicates: 0, gaps: 0 });
  });

  it('when the stream ends before what was applied: entries that are still there are not applied again', async () => {
    const desk = start({ path: server.socketPath });
    await desk.following();
    const sent = await add(4);
    await desk.has(4);
    const entries = await client.xrange('stream:trade-events', '-', '+', 'COUNT', 2);
    const restore = client.multi().del('stream:trade-events');
    for (const [id, fields] of entries) restore.xadd('stream:trade-events', id, ...fields);
    await restore.exec();
    const reads = async (): Promise<boolean> =>
      (await client.exists('stream:trade-events')) === 1 && (await hasGroup());
    await until(reads, 5_000, 'the group was not created again');
    sent.push(...(await add(2)));
    await desk.has(6);
    expect(desk.ids()).toEqual(sent);
    expect(desk.subscription.status()).toMatchObject({ duplicates: 0, gaps: 0 });
  });

  it('when the stream is deleted, or its group destroyed, without losing what comes next', async () => {
    const desk = start({ path: server.socketPath });
    await desk.following();
    const sent = await add(3);
    await desk.has(3);
    await client.del('stream:trade-events');
    sent.push(...(await add(3)));
    await desk.has(6);
    await client.xgroup('DESTROY', 'stream:trade-events', 'desk:test');
    sent.push(...(await add(3)));
    await desk.has(9);
    expect(desk.ids()).toEqual(sent);
  });

  it('when its group stands behind the end of the stream, where nothing would reach it', async () => {
    await add(2);
    await client.xgroup('CREATE', 'stream:trade-events', 'desk:test', '99999999999999-0');
    const desk = start({ path: server.socketPath });
    await desk.following();
    await add(1);
    await desk.has(3);
  });

  it.each([
    ['a proxy swallows its reply', (between: RedisProxy) => between.swallow()],
    ['its socket is half open', (between: RedisProxy) => between.halfOpen()],
  ])('when a blocking read never returns because %s: it is replaced within two seconds', async (_, wedge) => {
    proxy = await startRedisProxy(server.socketPath);
    const desk = start({ host: '127.0.0.1', port: proxy.port }, { channels: ['trade-events', 'trades:*'] });
    await desk.following();
    const sent = await add(5);
    await desk.has(5);
    const sockets = proxy.total;
    let ticks = 0;
    const heart = setInterval(() => (ticks += 1), 20);
    wedge(proxy);
    const at = performance.now();
    sent.push(...(await add(5)));
    await desk.has(10);
    const tookMs = performance.now() - at;
    clearInterval(heart);
    expect(tookMs).toBeLessThan(2_000);
    // The process itself never stood still meanwhile.
    expect(ticks).toBeGreaterThan(tookMs / 20 / 2);
    expect(desk.ids()).toEqual(sent);
    expect(proxy.total).toBeGreaterThan(sockets);
    expect(desk.subscription.status().duplicates).toBe(0);
    sent.push(...(await add(2)));
    await desk.has(12);
    await until(async () => (await pendingOf(client)) === 0, 3_000, 'entries stay pending');
    expect((await desk.metrics.poolReplaced.get()).values[0]?.value).toBeGreaterThan(0);
  });

  it('when Redis is away at the start, and it can be stopped while it waits', async () => {
    await server.kill();
    const desk = start({ path: server.socketPath });
    await until(() => desk.subscription.status().state === 'waiting', 5_000, 'it does not wait');
    await server.restart();
    await desk.following();
    await add(1);
    await desk.has(1);
    await server.kill();
    await until(() => desk.subscription.status().state === 'waiting', 5_000, 'it did not notice');
    const at = Date.now();
    await desk.subscription.stop();
    expect(Date.now() - at).toBeLessThan(3_000);
    desk.subscription.start();
    await server.restart();
  });
});
