import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import { systemClock } from '../../../src/main/engine/clock.ts';
import { createPublisher, type Publisher } from '../../../src/main/engine/events/publisher.ts';
import { testPool } from '../../support/redis-pool.ts';
import { startTestRedis, until, type TestRedis } from '../../support/redis-server.ts';
import { pendingOf, plainClient, startDesk, type Desk } from './desk.ts';

let server: TestRedis;
let client: Redis;
let pool: RedisPool;
let publisher: Publisher;
const desks: Desk[] = [];
const desk = (more: Parameters<typeof startDesk>[1] = {}): Desk => {
  const started = startDesk({ path: server.socketPath }, more);
  desks.push(started);
  return started;
};
const add = (fields: Record<string, string>, channel = 'trade-events'): Promise<string | null> =>
  client.xadd(`stream:${channel}`, '*', ...Object.entries(fields).flat());
const numbered = async (from: number, to: number, channel = 'trade-events'): Promise<string[]> => {
  const ids: string[] = [];
  for (let number = from; number <= to; number += 1) {
    ids.push(`n-${number}`);
    await add({ event_id: `n-${number}`, sequence_number: String(number), data: '{}' }, channel);
  }
  return ids;
};
const event = (channel = 'trade-events') => ({
  channel,
  type: 'trade_executed',
  source: 'test',
  data: { id: 1 },
});

beforeAll(async () => {
  server = await startTestRedis();
});
afterAll(() => server.stop());
beforeEach(async () => {
  client = plainClient(server.socketPath);
  await client.flushall();
  const made = testPool({ path: server.socketPath });
  pool = made.pool;
  await pool.ready(5_000);
  publisher = createPublisher({ pool, clock: systemClock, metrics: made.metrics });
});
afterEach(async () => {
  await Promise.all(desks.splice(0).map(started => started.stop()));
  await pool.close();
  client.disconnect();
});

describe('a subscription', () => {
  it('applies what was there as a snapshot, then what comes as live, and acknowledges all of it', async () => {
    const before = await publisher.publishMany([event(), event()]);
    const { following, has, ids, phases, subscription } = desk();
    await following();
    const after = await publisher.publishMany([event(), event()]);
    await has(4);
    const expected = [...before, ...after].map(({ eventId }) => eventId);
    expect(ids()).toEqual(expected);
    expect(expected.map(id => phases.get(id))).toEqual(['snapshot', 'snapshot', 'live', 'live']);
    await until(async () => (await pendingOf(client)) === 0, 2_000, 'not acknowledged');
    expect(subscription.status()).toMatchObject({
      state: 'following',
      applied: 4,
      duplicates: 0,
      gaps: 0,
      refused: 0,
    });
  });

  it('loses and doubles nothing between its first snapshot and its first read, while publishers race it', async () => {
    for (let round = 0; round < 5; round += 1) {
      await client.flushall();
      const producers = { publishing: true };
      const sent: string[] = [];
      const publish = async (): Promise<void> => {
        while (producers.publishing) {
          sent.push(
            ...(await publisher.publishMany(Array.from({ length: 20 }, () => event()))).map(
              one => one.eventId,
            ),
          );
        }
      };
      const work = [publish(), publish(), publish()];
      await until(() => sent.length > 300 * round, 5_000, 'the publishers are too slow');
      const { applied, has, subscription, stop } = startDesk({ path: server.socketPath });
      await until(
        () => subscription.status().state === 'following' && applied.length > 500,
        8_000,
        'it does not follow',
      );
      producers.publishing = false;
      await Promise.all(work);
      await has(sent.length);
      const status = subscription.status();
      await stop();
      expect(applied.map(({ sequence }) => sequence)).toEqual(sent.map((_, index) => index + 1));
      expect(new Set(applied.map(({ eventId }) => eventId))).toEqual(new Set(sent));
      expect(status).toMatchObject({ duplicates: 0, gaps: 0, refused: 0, applied: sent.length });
    }
  });

  it('follows several channels through one read, each in order, and their snapshots as one', async () => {
    await client.xadd('stream:trade-events', '1-0', 'event_id', 'a', 'data', '1');
    await client.xadd('stream:ui-events', '2-0', 'event_id', 'b', 'data', '1');
    await client.xadd('stream:trade-events', '3-0', 'event_id', 'c', 'data', '1');
    const { following, has, ids } = desk({ channels: ['ui-events', 'trade-events', 'system:events'] });
    await following();
    expect(ids()).toEqual(['a', 'b', 'c']);
    await add({ event_id: 'd', data: '1' }, 'system:events');
    await has(4);
    expect(await client.exists('stream:system:events')).toBe(1);
  });

  it('takes only the tail of a long stream', async () => {
    const pipeline = client.pipeline();
    for (let number = 1; number <= 3_500; number += 1) {
      pipeline.xadd('stream:trade-events', '*', 'event_id', `n-${number}`, 'data', '1');
    }
    await pipeline.exec();
    const { following, ids } = desk({ tailCount: 2_200 });
    await following();
    expect(ids()).toHaveLength(2_200);
    expect(ids()[0]).toBe('n-1301');
    expect(ids().at(-1)).toBe('n-3500');
  });

  it('re-reads after a restart what it was given and never acknowledged, and what came meanwhile, once each', async () => {
    const first = await numbered(1, 5);
    const { following, has, stop } = startDesk({ path: server.socketPath });
    await following();
    first.push(...(await numbered(6, 8)));
    await has(8);
    await stop();
    // As a crash between delivery and acknowledgement leaves it: given to this consumer, applied by nobody.
    const crashed = await numbered(9, 12);
    await client.xreadgroup('GROUP', 'desk:test', 'main', 'COUNT', 4, 'STREAMS', 'stream:trade-events', '>');
    expect(await pendingOf(client)).toBe(4);
    const away = await numbered(13, 20);
    const again = desk();
    await again.following();
    await again.has(20);
    await until(
      async () => (await pendingOf(client)) === 0,
      2_000,
      'the pending entries were not acknowledged',
    );
    expect(again.ids()).toEqual([...first, ...crashed, ...away]);
    await add({ event_id: 'after', data: '1' });
    await again.has(21);
    expect(again.subscription.status()).toMatchObject({ duplicates: 0, gaps: 0, applied: 21 });
  });

  it('reaches back to the oldest entry it has not acknowledged, further than the tail it was asked for', async () => {
    await client.xgroup('CREATE', 'stream:trade-events', 'desk:test', '$', 'MKSTREAM');
    const all = await numbered(1, 50);
    await client.xreadgroup('GROUP', 'desk:test', 'main', 'COUNT', 5, 'STREAMS', 'stream:trade-events', '>');
    const { following, has, ids } = desk({ tailCount: 20 });
    await following();
    await has(all.length);
    expect(ids()).toEqual(all);
  });

  it('measures its lag from the entry to its application', async () => {
    const { following, has, metrics, subscription } = desk();
    await following();
    expect(subscription.status().lagMs).toBeNull();
    await add({ data: '1' });
    await has(1);
    const { lagMs, lastAppliedAt } = subscription.status();
    expect(lagMs).toBeGreaterThanOrEqual(0);
    expect(lagMs).toBeLessThan(1_000);
    expect(lastAppliedAt).toBeGreaterThan(Date.now() - 5_000);
    expect((await metrics.streamLagSeconds.get()).values).toMatchObject([
      { labels: { channel: 'trade-events', group: 'desk:test' } },
    ]);
  });

  it('follows the other channels when one key is no stream', async () => {
    await client.set('stream:ui-events', 'text');
    const { following, has, subscription } = desk({ channels: ['ui-events', 'trade-events'] });
    await following();
    await add({ data: '1' });
    await has(1);
    expect(subscription.status().channels.map(({ channel }) => channel)).toEqual(['trade-events']);
  });

  it('waits, and tries again, while it can follow nothing', async () => {
    await client.set('stream:trade-events', 'text');
    const { following, subscription } = desk();
    await until(() => subscription.status().state === 'waiting', 3_000, 'it does not wait');
    await client.del('stream:trade-events');
    await following();
  });
});
