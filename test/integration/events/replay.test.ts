import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ReplayLine, ReplayQuery } from '../../../src/shared/replay.ts';
import { systemClock } from '../../../src/main/engine/clock.ts';
import type { StreamEvent } from '../../../src/main/engine/events/event.ts';
import { createReplay, replayText, type Replay } from '../../../src/main/engine/events/replay.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { testPool } from '../../support/redis-pool.ts';
import { startTestRedis, until, type TestRedis } from '../../support/redis-server.ts';

let server: TestRedis;
let pool: RedisPool;
beforeAll(async () => {
  server = await startTestRedis(['--appendonly', 'yes', '--appendfsync', 'always']);
  ({ pool } = testPool({ path: server.socketPath }));
  await pool.ready(5_000);
});
afterAll(async () => {
  await pool.close();
  await server.stop();
});
beforeEach(() => pool.shared().flushall());

const query = (more: Partial<ReplayQuery> = {}): ReplayQuery => ({
  channel: 'trade-events',
  since: 0,
  until: null,
  speed: null,
  ...more,
});
/** The pool is made later than this is read. */
const replay: Replay = (...args) => createReplay({ pool, clock: systemClock })(...args);

async function add(id: string, ...fields: string[]): Promise<void> {
  await pool.shared().xadd('stream:trade-events', id, ...fields);
}

async function all(events: AsyncIterable<StreamEvent>): Promise<StreamEvent[]> {
  const found: StreamEvent[] = [];
  for await (const event of events) found.push(event);
  return found;
}

describe('a replay', () => {
  it('gives the entries of every dialect as the same lines', async () => {
    const id = '0b9f4d0e-6c1a-4b57-9d2e-3f8a5c7e1b20';
    await add(
      '1000-0',
      'event_id',
      id,
      'event_type',
      'trade_executed',
      'source',
      'bot',
      'timestamp',
      '2026-11-21T12:00:00Z',
      'sequence_number',
      '1',
      'data',
      '{"id":"t1"}',
    );
    await add('1001-0', 'data', '{"type":"TradeExecuted","id":"t2"}');
    await add('1002-0', 'id', 't3', 'price', '1.5');
    let text = '';
    for await (const piece of replayText(replay, query())) text += piece;
    const lines = text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as ReplayLine);
    expect(lines).toEqual([
      {
        event_id: id,
        event_type: 'trade_executed',
        channel: 'trade-events',
        source: 'bot',
        timestamp: '2026-11-21T12:00:00.000Z',
        sequence_number: 1,
        id: '1000-0',
        data: { id: 't1' },
      },
      {
        event_id: 'stream:trade-events/1001-0',
        event_type: 'trade_executed',
        channel: 'trade-events',
        source: 'unknown',
        timestamp: '1970-01-01T00:00:01.001Z',
        sequence_number: null,
        id: '1001-0',
        data: { type: 'TradeExecuted', id: 't2' },
      },
      {
        event_id: 'stream:trade-events/1002-0',
        event_type: 'trade_executed',
        channel: 'trade-events',
        source: 'unknown',
        timestamp: '1970-01-01T00:00:01.002Z',
        sequence_number: null,
        id: '1002-0',
        data: { id: 't3', price: '1.5' },
      },
    ]);
  });

  it('takes both ends of its time, to the last entry of the millisecond', async () => {
    for (const id of ['999-5', '1000-0', '1000-7', '1500-0', '2000-0', '2000-3', '2001-0'])
      await add(id, 'data', '{}');
    const ids = async (since: number, to: number | null) =>
      (await all(replay(query({ since, until: to })))).map(({ entryId }) => entryId);
    expect(await ids(1_000, 2_000)).toEqual(['1000-0', '1000-7', '1500-0', '2000-0', '2000-3']);
    expect(await ids(1_501, 1_999)).toEqual([]);
    expect(await ids(2_000, null)).toEqual(['2000-0', '2000-3', '2001-0']);
    expect(await ids(5_000, null)).toEqual([]);
    expect(await ids(1_500, 1_500)).toEqual(['1500-0']);
  });

  it('reads page after page, large entries in small pages, and ends where it stood at the start', async () => {
    const pipeline = pool.shared().pipeline();
    for (let n = 1; n <= 2_345; n += 1)
      pipeline.xadd(
        'stream:trade-events',
        `${n}-0`,
        'data',
        n % 400 === 0 ? `"${'x'.repeat(200_000)}"` : `${n}`,
      );
    await pipeline.exec();
    let count = 0;
    for await (const event of replay(query())) {
      count += 1;
      expect(event.entryId).toBe(`${count}-0`);
      if (count % 500 === 0) await add('*', 'data', '"newer"');
    }
    expect(count).toBe(2_345);
  });

  it('of a channel nobody wrote to is empty; of a key that is no stream it is refused', async () => {
    expect(await all(replay(query()))).toEqual([]);
    await pool.shared().set('stream:trade-events', 'text');
    await expect(all(replay(query()))).rejects.toMatchObject({ code: 'NOT_A_STREAM' });
  });

  it('leaves out what cannot be read, and tells it', async () => {
    await add('1-0', 'data', '{');
    await add('2-0', 'data', '{}');
    await add('3-0', 'sequence_number', 'x');
    const refused: string[] = [];
    const found = await all(replay(query(), { onRefused: (id, reason) => refused.push(`${id} ${reason}`) }));
    expect(found.map(({ entryId }) => entryId)).toEqual(['2-0']);
    expect(refused).toEqual(['1-0 data is not JSON', '3-0 sequence_number is not a whole number']);
  });

  it('moves no group', async () => {
    for (let n = 1; n <= 300; n += 1) await add(`${n}-0`, 'data', '{}');
    await pool.shared().xgroup('CREATE', 'stream:trade-events', 'desk', '0');
    await pool.shared().xreadgroup('GROUP', 'desk', 'a', 'COUNT', 7, 'STREAMS', 'stream:trade-events', '>');
    const before = await pool.shared().xinfo('STREAM', 'stream:trade-events', 'FULL');
    expect(await all(replay(query()))).toHaveLength(300);
    expect(await pool.shared().xinfo('STREAM', 'stream:trade-events', 'FULL')).toEqual(before);
  });

  it('goes on where it was when the connection is lost', async () => {
    for (let n = 1; n <= 250; n += 1) await add(`${n}-0`, 'data', '{}');
    const seen: string[] = [];
    for await (const { entryId } of replay(query())) {
      seen.push(entryId);
      if (seen.length === 50) {
        await server.restart();
        await until(() => pool.status().state === 'up', 5_000, 'the pool did not come back');
      }
    }
    expect(seen).toEqual(Array.from({ length: 250 }, (_, n) => `${n + 1}-0`));
  });
});

describe('a replay with a speed', () => {
  it('keeps the original pace, so many times faster', async () => {
    for (const id of ['10000-0', '11000-0', '11000-1', '21000-0']) await add(id, 'data', '{}');
    const clock = new ManualClock();
    const seen: string[] = [];
    const done = (async () => {
      for await (const event of createReplay({ pool, clock })(query({ speed: 10 }))) seen.push(event.entryId);
    })();
    await until(() => clock.pending === 1, 2_000, 'it does not wait');
    expect(seen).toEqual(['10000-0']);
    await clock.advance(99);
    expect(seen).toHaveLength(1);
    await clock.advance(1);
    await until(() => seen.length === 3 && clock.pending === 1, 2_000, 'it does not go on');
    await clock.advance(999);
    expect(seen).toHaveLength(3);
    await clock.advance(1);
    await done;
    expect(seen).toHaveLength(4);
    expect(clock.pending).toBe(0);
  });

  it('waits longer than one timer can, and ends at once when it is told to', async () => {
    await add('1-0', 'data', '{}');
    await add('9000000000-0', 'data', '{}');
    const clock = new ManualClock();
    const stop = new AbortController();
    const seen: string[] = [];
    const done = (async () => {
      for await (const { entryId } of createReplay({ pool, clock })(query({ speed: 1 }), {
        signal: stop.signal,
      }))
        seen.push(entryId);
    })();
    await until(() => clock.pending === 1, 2_000, 'it does not wait');
    await clock.advance(3_600_000);
    expect(clock.pending).toBe(1);
    stop.abort();
    await done;
    expect(seen).toEqual(['1-0']);
    expect(clock.pending).toBe(0);
  });

  it('ends between two entries when it is told to', async () => {
    for (let n = 1; n <= 10; n += 1) await add(`${n}-0`, 'data', '{}');
    const stop = new AbortController();
    let count = 0;
    for await (const { entryId } of replay(query(), { signal: stop.signal })) {
      expect(entryId).toBe(`${(count += 1)}-0`);
      if (count === 3) stop.abort();
    }
    expect(count).toBe(3);
  });
});
