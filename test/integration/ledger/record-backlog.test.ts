import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RecordBacklog } from '../../../src/main/engine/ledger/record-backlog.ts';
import type { RecordRow } from '../../../src/main/engine/ledger/record-row.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import { testPool } from '../../support/redis-pool.ts';
import { startTestRedis, type TestRedis } from '../../support/redis-server.ts';

const CHANNEL = 'trade-events';
const at = (number: number): string => `${number}-0`;
const event = (number: number, channel = CHANNEL) => ({ channel, entryId: at(number) });

describe('what was forgotten of a stream, to be read from it later,', () => {
  let redis: TestRedis;
  let pool: RedisPool;
  let backlog: RecordBacklog;
  let lost: number[];
  /** Entry ids as they were recorded. */
  let recorded: string[];

  beforeAll(async () => {
    redis = await startTestRedis();
    ({ pool } = testPool({ path: redis.socketPath }));
    await pool.ready(30_000);
  });
  afterAll(async () => {
    await pool.close();
    await redis.stop();
  });
  beforeEach(async () => {
    await pool.shared().flushall();
    lost = [];
    recorded = [];
    backlog = new RecordBacklog(pool, count => lost.push(count));
  });

  async function write(...numbers: number[]): Promise<void> {
    const client = pool.shared();
    for (const number of numbers) {
      const fields = ['event_id', `event-${number}`, 'sequence_number', String(number), 'data', '{}'];
      await client.xadd(`stream:${CHANNEL}`, at(number), ...fields);
    }
  }
  const keep = (rows: RecordRow[]): Promise<void> => {
    recorded.push(...rows.map(({ entryId }) => entryId));
    return Promise.resolve();
  };
  const step = (count: number, record = keep): Promise<void> => backlog.step(count, () => false, record);

  it('is nothing at first, and a step does nothing', async () => {
    await step(10);
    expect([backlog.size, backlog.isEmpty, backlog.covers(event(1))]).toEqual([0, true, false]);
    expect(recorded).toEqual([]);
  });

  it('is read in its order, by so many a step, and what came after it too', async () => {
    await write(1, 2, 3, 4, 5);
    for (const number of [2, 3, 4]) backlog.forget(event(number));
    expect(backlog.size).toBe(3);
    await step(2);
    expect([recorded, backlog.size, backlog.isEmpty]).toEqual([['2-0', '3-0'], 1, false]);
    await step(2);
    await step(2);
    expect([recorded, backlog.size, backlog.isEmpty]).toEqual([['2-0', '3-0', '4-0', '5-0'], 0, true]);
    expect(lost).toEqual([]);
  });

  it('covers what will be found on the way, and nothing before it, already read, or of another channel', async () => {
    await write(2, 3, 4);
    backlog.forget(event(2));
    expect([1, 2, 9].map(number => backlog.covers(event(number)))).toEqual([false, true, true]);
    expect(backlog.covers(event(2, 'price-updates'))).toBe(false);
    await step(2);
    expect([2, 3, 4].map(number => backlog.covers(event(number)))).toEqual([false, false, true]);
  });

  it('counts what is gone from the stream by the time it is read', async () => {
    await write(3);
    for (const number of [1, 2, 3]) backlog.forget(event(number));
    await step(10);
    expect([recorded, lost, backlog.isEmpty]).toEqual([['3-0'], [2], true]);
  });

  it('is let go of when all of it is gone, also its last', async () => {
    for (const number of [1, 2]) backlog.forget(event(number));
    await step(10);
    expect([recorded, lost, backlog.isEmpty]).toEqual([[], [2], true]);
  });

  it('leaves out an entry that cannot be read: it was never an event', async () => {
    await write(1);
    await pool
      .shared()
      .xadd(`stream:${CHANNEL}`, at(2), 'event_id', 'x', 'sequence_number', 'many', 'data', '{}');
    await write(3);
    for (const number of [1, 3]) backlog.forget(event(number));
    await step(10);
    expect([recorded, lost, backlog.isEmpty]).toEqual([['1-0', '3-0'], [], true]);
  });

  it('is read again when it could not be recorded', async () => {
    await write(1, 2);
    for (const number of [1, 2]) backlog.forget(event(number));
    await expect(step(10, () => Promise.reject(new Error('the ledger is away')))).rejects.toThrow('away');
    expect([backlog.size, backlog.isEmpty]).toEqual([2, false]);
    await step(10);
    expect([recorded, backlog.isEmpty]).toEqual([['1-0', '2-0'], true]);
  });

  it('goes back for what is older than what it has read', async () => {
    await write(1, 2, 3);
    for (const number of [2, 3]) backlog.forget(event(number));
    await step(1);
    backlog.forget(event(1));
    expect(backlog.size).toBe(3);
    await step(10);
    expect([recorded, lost, backlog.isEmpty]).toEqual([['2-0', '1-0', '2-0', '3-0'], [], true]);
  });

  it('goes back for what is older and was forgotten while it was recording', async () => {
    await write(1, 2, 3);
    for (const number of [2, 3]) backlog.forget(event(number));
    await step(10, rows => {
      backlog.forget(event(1));
      return keep(rows);
    });
    expect([backlog.isEmpty, backlog.covers(event(1))]).toEqual([false, true]);
    await step(10);
    expect([recorded, lost, backlog.isEmpty]).toEqual([['2-0', '3-0', '1-0', '2-0', '3-0'], [], true]);
  });

  it('goes on for what was forgotten when the answer was on its way', async () => {
    await write(1, 2);
    for (const number of [1, 2]) backlog.forget(event(number));
    await step(10, async rows => {
      await write(3);
      backlog.forget(event(3));
      await keep(rows);
    });
    expect([recorded, backlog.isEmpty, backlog.size]).toEqual([['1-0', '2-0'], false, 1]);
    await step(10);
    expect([recorded, lost, backlog.isEmpty]).toEqual([['1-0', '2-0', '3-0'], [], true]);
  });
});
