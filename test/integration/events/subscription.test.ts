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
const desk = (...args: Parameters<typeof startDesk>[1][]): Desk => {
  const started = startDesk({ path: server.socketPath }, args[0] ?? {});
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
      let publishing = true;
      const sent: string[] = [];
      const publish = async (): Promise<void> => {
        while (publishing) {
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
      publishing = false;
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
    const { following, ids } = desk({ tailCount: 20 });
    await following();
    expect(ids()).toEqual(all);
  });

  it('acknowledges pending entries that were trimmed meanwhile', async () => {
    await client.xgroup('CREATE', 'stream:trade-events', 'desk:test', '$', 'MKSTREAM');
    await numbered(1, 5);
    await client.xreadgroup('GROUP', 'desk:test', 'main', 'STREAMS', 'stream:trade-events', '>');
    await client.xtrim('stream:trade-events', 'MAXLEN', 2);
    const { following, ids } = desk();
    await following();
    expect(ids()).toEqual(['n-4', 'n-5']);
    expect(await pendingOf(client)).toBe(0);
  });

  it('drops events it has seen, and counts them', async () => {
    await add({ event_id: 'a', data: '1', sequence_number: '1' });
    await add({ event_id: 'a', data: '1', sequence_number: '1' });
    const { following, has, ids, metrics, subscription } = desk();
    await following();
    await add({ event_id: 'a', data: '1', sequence_number: '2' });
    await add({ event_id: 'b', data: '1', sequence_number: '3' });
    await has(2);
    expect(ids()).toEqual(['a', 'b']);
    expect(subscription.status()).toMatchObject({ duplicates: 2, gaps: 0 });
    expect((await metrics.duplicatesDropped.get()).values).toMatchObject([
      { labels: { channel: 'trade-events', layer: 'engine' }, value: 2 },
    ]);
  });

  it('counts a gap in the numbers, and goes on when they start anew', async () => {
    const { following, has, metrics, subscription } = desk();
    await following();
    for (const number of [1, 2, 5, 6, 1, 2]) await add({ data: '1', sequence_number: String(number) });
    await has(6);
    expect(subscription.status()).toMatchObject({ gaps: 1, applied: 6 });
    expect((await metrics.sequenceGaps.get()).values[0]?.value).toBe(1);
  });

  it('moves what it cannot read to the dead letters with the reason and the fields, once, and goes on', async () => {
    await add({ data: '{"price":' });
    await add({ data: '1', event_id: 'good-1' });
    const { following, has, metrics, stop, subscription } = startDesk(
      { path: server.socketPath },
      { channels: ['trade-events', 'price-updates'] },
    );
    await following();
    await add({ data: 'not json', sequence_number: '1' });
    await add({ data: '{"token":"SOL","price":"-3"}' }, 'price-updates');
    await add({ data: '1', event_id: 'good-2', sequence_number: '2' });
    await has(2);
    const dead = (channel: string) => client.xrange(`dead:{stream:${channel}}`, '-', '+');
    await until(async () => (await dead('price-updates')).length === 1, 2_000, 'no dead letter of the price');
    expect(subscription.status()).toMatchObject({ refused: 3, gaps: 0, applied: 2 });
    expect((await metrics.deadLetters.get()).values.map(({ value }) => value)).toEqual([2, 1]);
    const letters = (await dead('trade-events')).map(([, fields]) => fields);
    expect(letters).toHaveLength(2);
    expect(letters[1]).toEqual([
      ...['reason', 'data is not JSON', 'stream', 'stream:trade-events', 'entry_id', expect.any(String)],
      ...['group', 'desk:test', 'refused_at', expect.stringMatching(/Z$/)],
      ...['fields', '["data","not json","sequence_number","1"]'],
    ]);
    expect((await dead('price-updates'))[0]?.[1]).toContain('price is not a decimal above zero');
    await until(async () => (await pendingOf(client)) === 0, 2_000, 'a dead letter stays pending');
    await stop();
    const again = desk({ channels: ['trade-events', 'price-updates'] });
    await again.following();
    expect(await dead('trade-events')).toHaveLength(2);
  });

  it('puts away a poison entry that it was given before a crash', async () => {
    await client.xgroup('CREATE', 'stream:trade-events', 'desk:test', '$', 'MKSTREAM');
    await add({ data: '{' });
    await client.xreadgroup('GROUP', 'desk:test', 'main', 'STREAMS', 'stream:trade-events', '>');
    const { following } = desk();
    await following();
    expect(await client.xlen('dead:{stream:trade-events}')).toBe(1);
    expect(await pendingOf(client)).toBe(0);
  });

  it('puts away events that could not be applied, and the stream goes on', async () => {
    const seen: string[] = [];
    const { following, subscription } = desk({
      apply(events) {
        if (events.some(({ eventId }) => eventId === 'bad')) throw new Error('a fault of ours');
        seen.push(...events.map(({ eventId }) => eventId));
      },
    });
    await following();
    await add({ event_id: 'bad', data: '1' });
    await until(async () => (await client.xlen('dead:{stream:trade-events}')) === 1, 2_000, 'no dead letter');
    await add({ event_id: 'good', data: '1' });
    await until(() => seen.includes('good'), 2_000, 'the stream stopped');
    expect(subscription.status()).toMatchObject({ refused: 1, applied: 1 });
    expect((await client.xrange('dead:{stream:trade-events}', '-', '+'))[0]?.[1]).toContain(
      '["event_id","bad","data","1"]',
    );
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
    expect(subscription.status().channels).toEqual(['trade-events']);
  });

  it('waits, and tries again, while it can follow nothing', async () => {
    await client.set('stream:trade-events', 'text');
    const { following, subscription } = desk();
    await until(() => subscription.status().state === 'waiting', 3_000, 'it does not wait');
    await client.del('stream:trade-events');
    await following();
  });
});
