import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/main/engine/clock.ts';
import type { NewEvent } from '../../../src/main/engine/events/event.ts';
import { createPublisher, type Publisher } from '../../../src/main/engine/events/publisher.ts';
import type { Metrics } from '../../../src/main/engine/health/metrics.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import { testPool } from '../../support/redis-pool.ts';
import { startTestRedis, until, type TestRedis } from '../../support/redis-server.ts';

const STREAM = 'stream:trade-events';
const COUNTER = 'seq:{stream:trade-events}';
const id = (number: number): string => `0b9f4d0e-6c1a-4b57-9d2e-${String(number).padStart(12, '0')}`;
const trade = (number: number, change: Partial<NewEvent> = {}): NewEvent => ({
  channel: 'trade-events',
  type: 'trade_executed',
  source: 'test',
  eventId: id(number),
  data: { number },
  ...change,
});
const trades = (count: number): NewEvent[] => Array.from({ length: count }, (_, index) => trade(index + 1));

let server: TestRedis;
let pool: RedisPool;
let metrics: Metrics;
let publisher: Publisher;

beforeAll(async () => {
  server = await startTestRedis();
});
afterAll(() => server.stop());
beforeEach(async () => {
  ({ pool, metrics } = testPool({ path: server.socketPath }));
  await pool.ready(5_000);
  await pool.shared().flushall();
  publisher = createPublisher({ pool, clock: systemClock, metrics });
});
afterEach(() => pool.close());

/** The stream's events as `<sequence> <number>`, oldest first. */
async function stored(stream = STREAM): Promise<string[]> {
  const entries = await pool.shared().xrange(stream, '-', '+');
  return entries.map(([, fields]) => {
    const { number } = JSON.parse(fields[11] ?? '') as { number: number };
    return `${fields[9] ?? ''} ${number}`;
  });
}

async function scriptCalls(): Promise<number> {
  const stats = await pool.shared().info('commandstats');
  return [...stats.matchAll(/cmdstat_eval(?:sha)?:calls=(\d+)/g)].reduce(
    (sum, [, calls]) => sum + Number(calls),
    0,
  );
}

describe('publishing many', () => {
  it('takes one call for up to a hundred consecutive events of a channel, in order', async () => {
    await publisher.publish(trade(0, { channel: 'warm-up' }));
    await pool.shared().config('RESETSTAT');
    const events = [...trades(250), trade(251, { channel: 'ui-events' }), trade(252)];
    const published = await publisher.publishMany(events);
    expect(await scriptCalls()).toBe(5);
    expect(published.map(({ eventId }) => eventId)).toEqual(events.map(({ eventId }) => eventId));
    expect(published.map(({ sequence }) => sequence)).toEqual([
      ...Array.from({ length: 250 }, (_, index) => index + 1),
      1,
      251,
    ]);
    expect(await stored()).toEqual([
      ...Array.from({ length: 250 }, (_, index) => `${index + 1} ${index + 1}`),
      '251 252',
    ]);
    const counts = (await metrics.eventsPublished.get()).values.map(({ labels, value }) => [
      labels.channel,
      value,
    ]);
    expect(counts).toEqual([
      ['warm-up', 1],
      ['trade-events', 251],
      ['ui-events', 1],
    ]);
  });

  it('broadcasts each event of a call with its own number', async () => {
    const listener = new Redis(server.socketPath);
    const heard: { sequence_number: number; data: unknown; id: string }[] = [];
    listener.on('message', (_channel, text: string) => heard.push(JSON.parse(text) as never));
    await listener.subscribe('trade-events');
    const published = await publisher.publishMany(trades(3));
    await until(() => heard.length === 3, 2_000, 'not all were broadcast');
    await listener.quit();
    expect(heard.map(one => [one.sequence_number, one.data, one.id])).toEqual(
      published.map(({ entryId }, index) => [index + 1, { number: index + 1 }, entryId]),
    );
  });

  it('answers duplicates with their first result, wherever in a call they stand, and leaves no number out', async () => {
    const first = await publisher.publish(trade(2));
    const again = await publisher.publishMany([trade(1), trade(2), trade(3), trade(1), trade(4)]);
    expect(again.map(({ sequence, duplicate }) => [sequence, duplicate])).toEqual([
      [2, false],
      [1, true],
      [3, false],
      [2, true],
      [4, false],
    ]);
    expect(again[1]).toEqual({ ...first, duplicate: true });
    expect(again[3]?.entryId).toBe(again[0]?.entryId);
    const all = await publisher.publishMany([trade(1), trade(2)]);
    expect(all.every(({ duplicate }) => duplicate)).toBe(true);
    expect((await publisher.publish(trade(5))).sequence).toBe(5);
    expect(await stored()).toEqual(['1 2', '2 1', '3 3', '4 4', '5 5']);
    expect((await metrics.eventsPublished.get()).values[0]?.value).toBe(5);
  });

  it('publishes what comes before and after an event that is refused, and says which that was', async () => {
    const spoilt = `published:{${STREAM}}:${id(2)}`;
    await pool.shared().rpush(spoilt, 'of another type');
    await expect(publisher.publishMany(trades(3))).rejects.toMatchObject({
      code: 'PUBLISH_FAILED',
      message: expect.stringContaining('1 of 3') as string,
      facts: {
        published: [
          { eventId: id(1), sequence: 1 },
          { eventId: id(3), sequence: 2 },
        ],
        failed: [expect.stringContaining('WRONGTYPE')],
        failedAt: [1],
      },
    });
    expect(await stored()).toEqual(['1 1', '2 3']);
    expect(await pool.shared().get(COUNTER)).toBe('2');
    await pool.shared().del(spoilt);
    expect((await publisher.publish(trade(2))).sequence).toBe(3);
  });

  it('keeps what fitted below the last possible entry id, refuses the rest, and gives its numbers back', async () => {
    const client = pool.shared();
    await client.xadd(STREAM, '18446744073709551615-18446744073709551613', 'data', '{"number":0}');
    await expect(publisher.publishMany(trades(3))).rejects.toMatchObject({
      facts: {
        published: [{ sequence: 1 }, { sequence: 2 }],
        failed: [expect.stringContaining('exhausted')],
        failedAt: [2],
      },
    });
    expect(await client.get(COUNTER)).toBe('2');
    expect(await client.xlen(STREAM)).toBe(3);
    expect(await client.exists(`published:{${STREAM}}:${id(3)}`)).toBe(0);
  });

  it('writes nothing of a call when the server has no memory left, and goes on counting after it', async () => {
    await publisher.publishMany(trades(2));
    await pool.shared().config('SET', 'maxmemory', '1');
    await expect(publisher.publishMany([trade(2), trade(3), trade(4)])).rejects.toMatchObject({
      facts: {
        published: [{ sequence: 2, duplicate: true }],
        failed: [expect.stringContaining('OOM'), expect.stringContaining('OOM')],
        failedAt: [1, 2],
      },
    });
    await pool.shared().config('SET', 'maxmemory', '0');
    expect((await publisher.publish(trade(3))).sequence).toBe(3);
    expect(await stored()).toEqual(['1 1', '2 2', '3 3']);
  });

  it('takes everything back when the broadcast is refused, and the remembered id with it', async () => {
    const client = pool.shared();
    await client.call('ACL', ['SETUSER', 'mute', 'on', '>secret', '~*', '+@all', 'resetchannels']);
    const mute = testPool({ path: server.socketPath, username: 'mute', password: 'secret' });
    await mute.pool.ready(5_000);
    const muted = createPublisher({ pool: mute.pool, clock: systemClock, metrics: mute.metrics });
    await expect(muted.publishMany(trades(3))).rejects.toMatchObject({ facts: { failedAt: [0, 1, 2] } });
    await mute.pool.close();
    expect(await client.xlen(STREAM)).toBe(0);
    expect(await client.get(COUNTER)).toBe('0');
    expect(await client.keys('published:*')).toEqual([]);
  });

  it('keeps the number of an entry it may not remove, so that no other event gets it', async () => {
    const client = pool.shared();
    await client.call('ACL', ['SETUSER', 'stuck', 'on', '>secret', '~*', '+@all', '-xdel', 'resetchannels']);
    const stuck = testPool({ path: server.socketPath, username: 'stuck', password: 'secret' });
    await stuck.pool.ready(5_000);
    const publishes = createPublisher({ pool: stuck.pool, clock: systemClock, metrics: stuck.metrics });
    await expect(publishes.publish(trade(1))).rejects.toMatchObject({ code: 'PUBLISH_FAILED' });
    await stuck.pool.close();
    expect(await stored()).toEqual(['1 1']);
    expect((await publisher.publish(trade(2))).sequence).toBe(2);
  });

  it('refuses nothing half: one bad event and none is sent', async () => {
    const bad = trade(2, { timestamp: Number.NaN });
    await expect(publisher.publishMany([trade(1), bad])).rejects.toMatchObject({ code: 'BAD_EVENT' });
    expect(await pool.shared().dbsize()).toBe(0);
  });

  it('goes into the pipeline of another as one command, and reads its part of the answer', async () => {
    const pipeline = pool.shared().pipeline();
    pipeline.set('price:SOL', '{}');
    const appended = publisher.appendMany(pipeline, [trade(1), trade(2), trade(3, { channel: 'ui-events' })]);
    expect(pipeline.length).toBe(3);
    const replies = (await pipeline.exec()) ?? [];
    expect(appended.eventIds).toEqual([id(1), id(2), id(3)]);
    expect(appended.read(replies)).toMatchObject([{ sequence: 1 }, { sequence: 2 }, { sequence: 1 }]);
    expect(await pool.shared().keys('published:*')).toEqual([]);
    // An answer that is cut off, or no answer of the script's.
    const refused = { code: 'PUBLISH_FAILED' };
    expect(appended.read(replies.slice(0, 2))).toMatchObject([
      { sequence: 1 },
      { sequence: 2 },
      { ...refused, message: expect.stringContaining('no answer') as string, facts: { eventId: id(3) } },
    ]);
    expect(
      appended.read([
        [null, 'OK'],
        [null, '1 1-1'],
        [new Error('gone'), null],
      ]),
    ).toMatchObject([
      { sequence: 1 },
      { ...refused, message: expect.stringContaining('answer 1 1-1') as string },
      { ...refused, message: expect.stringContaining('gone') as string },
    ]);
  });

  it('is given the script again after SCRIPT FLUSH, inside a pipeline of another too', async () => {
    const append = async (number: number): Promise<number | undefined> => {
      const pipeline = pool.shared().pipeline();
      const appended = publisher.appendMany(pipeline, [trade(number), trade(number + 1)]);
      const [, second] = appended.read((await pipeline.exec()) ?? []);
      return second !== undefined && 'sequence' in second ? second.sequence : undefined;
    };
    expect(await append(1)).toBe(2);
    await pool.shared().script('FLUSH');
    expect(await append(3)).toBe(4);
  });
});
