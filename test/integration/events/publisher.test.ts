import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NewEvent } from '../../../src/main/engine/events/event.ts';
import { createPublisher, type Publisher } from '../../../src/main/engine/events/publisher.ts';
import { systemClock } from '../../../src/main/engine/clock.ts';
import type { Metrics } from '../../../src/main/engine/health/metrics.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import { testPool } from '../../support/redis-pool.ts';
import { startTestRedis, until, type TestRedis } from '../../support/redis-server.ts';

const UUID = '0b9f4d0e-6c1a-4b57-9d2e-3f8a5c7e1b20';
const trade = (change: Partial<NewEvent> = {}): NewEvent => ({
  channel: 'trade-events',
  type: 'trade_executed',
  source: 'bot «α» /1',
  data: { id: 't-1', price: '0.00001234' },
  ...change,
});

let server: TestRedis;
let pool: RedisPool;
let metrics: Metrics;
let publisher: Publisher;

beforeAll(async () => {
  server = await startTestRedis(['--appendonly', 'yes', '--appendfsync', 'always']);
});
afterAll(() => server.stop());

beforeEach(async () => {
  ({ pool, metrics } = testPool({ path: server.socketPath }));
  await pool.ready(5_000);
  await pool.shared().flushall();
  publisher = createPublisher({ pool, clock: systemClock, metrics });
});
afterEach(() => pool.close());

const published = async (): Promise<number> => (await metrics.eventsPublished.get()).values[0]?.value ?? 0;

describe('the publisher', () => {
  it('writes the entry, its sequence number and the broadcast as one', async () => {
    const listener = new Redis(server.socketPath);
    const heard: string[] = [];
    listener.on('message', (_channel, text: string) => heard.push(text));
    await listener.subscribe('trade-events');
    const at = Date.UTC(2026, 10, 21, 12, 0, 0, 5);
    const first = await publisher.publish(trade({ eventId: UUID, timestamp: at }));
    expect(first).toEqual({ eventId: UUID, sequence: 1, entryId: first.entryId, duplicate: false });
    expect(await pool.shared().xrange('stream:trade-events', '-', '+')).toEqual([
      [
        first.entryId,
        [
          ...['event_id', UUID, 'event_type', 'trade_executed', 'source', 'bot «α» /1'],
          ...['timestamp', '2026-11-21T12:00:00.005Z', 'sequence_number', '1'],
          ...['data', '{"id":"t-1","price":"0.00001234"}'],
        ],
      ],
    ]);
    await until(() => heard.length === 1, 2_000, 'nothing was broadcast');
    await listener.quit();
    expect(JSON.parse(heard[0] ?? '')).toEqual({
      id: first.entryId,
      event_id: UUID,
      event_type: 'trade_executed',
      source: 'bot «α» /1',
      timestamp: '2026-11-21T12:00:00.005Z',
      sequence_number: 1,
      data: { id: 't-1', price: '0.00001234' },
    });
    expect(await published()).toBe(1);
  });

  it('gives numbers without gaps or repeats to publishers that work at the same time', async () => {
    const other = testPool({ path: server.socketPath });
    await other.pool.ready(5_000);
    const second = createPublisher({ pool: other.pool, clock: systemClock, metrics: other.metrics });
    const results = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        index % 2 === 0
          ? publisher.publishMany(Array.from({ length: 20 }, () => trade()))
          : Promise.all(Array.from({ length: 20 }, () => second.publish(trade()))),
      ),
    );
    await other.pool.close();
    const numbers = results.flat().map(({ sequence }) => sequence);
    expect([...numbers].sort((a, b) => a - b)).toEqual(Array.from({ length: 800 }, (_, index) => index + 1));
    const entries = await pool.shared().xrange('stream:trade-events', '-', '+');
    expect(entries.map(([, fields]) => Number(fields[9]))).toEqual(
      Array.from({ length: 800 }, (_, index) => index + 1),
    );
  });

  it('adds nothing for an event id published within the window, and answers with the first result', async () => {
    const first = await publisher.publish(trade({ eventId: UUID }));
    await publisher.publish(trade());
    const again = await publisher.publishMany([trade({ eventId: UUID }), trade()]);
    expect(again[0]).toEqual({ ...first, duplicate: true });
    expect(again[1]?.sequence).toBe(3);
    expect(await pool.shared().xlen('stream:trade-events')).toBe(3);
    expect(await pool.shared().pttl(`published:{stream:trade-events}:${UUID}`)).toBeGreaterThan(590_000);
    expect(await published()).toBe(3);
    const generated = await publisher.publish(trade());
    expect((await publisher.publish(trade({ eventId: generated.eventId }))).duplicate).toBe(true);
  });

  it('goes into the pipeline of another, without a window unless it is asked for', async () => {
    const pipeline = pool.shared().pipeline();
    pipeline.set('price:SOL', '{}');
    const one = publisher.append(pipeline, trade({ channel: 'price-updates', eventId: UUID }));
    const two = publisher.append(pipeline, trade({ channel: 'price-updates' }), { idempotencyMs: 1_000 });
    const replies = (await pipeline.exec()) ?? [];
    expect(one.read(replies[1] ?? [new Error('none'), null])).toMatchObject({ eventId: UUID, sequence: 1 });
    expect(two.read(replies[2] ?? [new Error('none'), null])).toMatchObject({
      eventId: two.eventId,
      sequence: 2,
    });
    expect(await pool.shared().keys('published:*')).toEqual([
      `published:{stream:price-updates}:${two.eventId}`,
    ]);
    expect(() => one.read([new Error('Connection is closed.'), null])).toThrow(
      expect.objectContaining({ code: 'PUBLISH_FAILED' }),
    );
  });

  it('survives SCRIPT FLUSH, alone and in the middle of a pipeline', async () => {
    await publisher.publish(trade());
    await pool.shared().script('FLUSH');
    expect((await publisher.publish(trade())).sequence).toBe(2);
    await pool.shared().script('FLUSH');
    const many = await publisher.publishMany([trade(), trade(), trade()]);
    expect(many.map(({ sequence }) => sequence)).toEqual([3, 4, 5]);
  });

  it('survives a server that is killed and started again, and goes on counting', async () => {
    await publisher.publishMany([trade(), trade()]);
    const before = pool.shared();
    await server.restart();
    await until(() => isUp() && pool.shared() !== before, 5_000, 'the pool did not come back');
    expect((await publisher.publishMany([trade()]))[0]?.sequence).toBe(3);
    expect((await publisher.publish(trade())).sequence).toBe(4);
  });

  it('keeps about the newest 10,000 entries, and the numbers go on', async () => {
    const few = createPublisher({ pool, clock: systemClock, metrics, maxLen: 500, idempotencyMs: 0 });
    for (let round = 0; round < 30; round += 1)
      await few.publishMany(Array.from({ length: 100 }, () => trade()));
    const length = await pool.shared().xlen('stream:trade-events');
    expect(length).toBeGreaterThanOrEqual(500);
    expect(length).toBeLessThanOrEqual(600);
    expect(await pool.shared().get('seq:{stream:trade-events}')).toBe('3000');
  });

  it('takes back the number when the entry or the broadcast is refused', async () => {
    await pool.shared().set('stream:trade-events', 'not a stream');
    await expect(publisher.publish(trade())).rejects.toMatchObject({ code: 'PUBLISH_FAILED' });
    expect(await pool.shared().get('seq:{stream:trade-events}')).toBe('0');
    await expect(publisher.publishMany([trade(), trade({ channel: 'ui-events' })])).rejects.toMatchObject({
      code: 'PUBLISH_FAILED',
      facts: { published: [{ sequence: 1 }], failed: [expect.stringContaining('WRONGTYPE')] },
    });
    await pool.shared().del('stream:trade-events');

    await pool.shared().call('ACL', ['SETUSER', 'mute', 'on', '>secret', '~*', '+@all', 'resetchannels']);
    const mute = testPool({ path: server.socketPath, username: 'mute', password: 'secret' });
    await mute.pool.ready(5_000);
    const muted = createPublisher({ pool: mute.pool, clock: systemClock, metrics: mute.metrics });
    await expect(muted.publish(trade())).rejects.toMatchObject({ code: 'PUBLISH_FAILED' });
    await mute.pool.close();
    expect(await pool.shared().xlen('stream:trade-events')).toBe(0);
    expect(await pool.shared().get('seq:{stream:trade-events}')).toBe('0');
  });

  it('checks all events before it sends the first', async () => {
    await expect(
      publisher.publishMany([trade(), trade({ data: { price: Number.NaN } })]),
    ).rejects.toMatchObject({
      code: 'BAD_EVENT',
    });
    expect(await pool.shared().exists('stream:trade-events')).toBe(0);
    expect(await publisher.publishMany([])).toEqual([]);
  });

  it('says at once that Redis is down', async () => {
    await server.kill();
    await until(() => pool.status().state !== 'up', 5_000, 'the pool did not notice');
    await expect(publisher.publish(trade())).rejects.toMatchObject({ code: 'REDIS_DOWN' });
    await server.restart();
  });
});

function isUp(): boolean {
  try {
    pool.shared();
    return true;
  } catch {
    return false;
  }
}
