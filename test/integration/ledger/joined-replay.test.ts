import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/main/engine/clock.ts';
import type { StreamEvent } from '../../../src/main/engine/events/event.ts';
import { replayText, type Replay } from '../../../src/main/engine/events/replay.ts';
import { createJoinedReplay } from '../../../src/main/engine/ledger/joined-replay.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import type { ReplayQuery } from '../../../src/shared/replay.ts';
import { openTestLedger, type TestLedger } from '../../support/ledger.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { postgresKinds, startTestPostgres, type TestPostgres } from '../../support/postgres-server.ts';
import { testPool } from '../../support/redis-pool.ts';
import { startTestRedis, until, type TestRedis } from '../../support/redis-server.ts';
import { toLedger, toStream, type Written } from './rows.ts';

const STREAM = 'stream:trade-events';

describe.each(postgresKinds)('a replay from stream and ledger (%s)', kind => {
  let redis: TestRedis;
  let postgres: TestPostgres;
  let pool: RedisPool;
  let database: TestLedger;
  beforeAll(async () => {
    [redis, postgres] = await Promise.all([startTestRedis(), startTestPostgres(kind, { fast: true })]);
    ({ pool } = testPool({ path: redis.socketPath }));
    database = await openTestLedger(postgres);
    await pool.ready(30_000);
  }, 120_000);
  afterAll(async () => {
    await Promise.all([pool.close(), database.close()]);
    await Promise.all([redis.stop(), postgres.stop()]);
  });
  beforeEach(async () => {
    await pool.shared().flushall();
    await database.query({ text: 'TRUNCATE event_log' });
  });

  const joined: Replay = (...args) => createJoinedReplay({ database, pool, clock: systemClock })(...args);
  const query = (more: Partial<ReplayQuery> = {}): ReplayQuery => ({
    channel: 'trade-events',
    since: 0,
    until: null,
    speed: null,
    ...more,
  });
  const all = async (events: AsyncIterable<StreamEvent>): Promise<StreamEvent[]> => {
    const found: StreamEvent[] = [];
    for await (const event of events) found.push(event);
    return found;
  };
  const ids = async (more: Partial<ReplayQuery> = {}): Promise<string> =>
    (await all(joined(query(more)))).map(({ eventId }) => eventId).join(' ');
  /** Numbered events, ten a millisecond. */
  const written = (count: number): Written[] =>
    Array.from({ length: count }, (_, index) => ({
      channel: 'trade-events',
      id: `e${index + 1}`,
      at: 1_000 + Math.floor(index / 10),
      seq: index % 10,
      sequence: index + 1,
    }));
  const expected = (from: number, to: number): string =>
    Array.from({ length: to - from + 1 }, (_, index) => `e${from + index}`).join(' ');

  it('gives what the stream has trimmed from the ledger and the rest from the stream, each once and in order', async () => {
    const list = written(2_500);
    await toLedger(database, list);
    await toStream(pool.shared(), list.slice(1_237));
    expect(await ids()).toBe(expected(1, 2_500));
    expect(await ids({ since: 1_050, until: 1_199 })).toBe(expected(501, 2_000));
    expect(await ids({ since: 1_000, until: 1_000 })).toBe(expected(1, 10));
    expect(await ids({ since: 1_200 })).toBe(expected(2_001, 2_500));
    expect(await ids({ since: 9_999 })).toBe('');
    expect(await ids({ channel: 'nobody' })).toBe('');
  });

  it('needs no stream at all, and is the same line from either side', async () => {
    const list = written(3).map(one => ({
      ...one,
      data: { amount: '0.10000000000000000000001', price: 68_000.5 },
    }));
    await toStream(pool.shared(), list);
    const lines = async (): Promise<unknown[]> => {
      let text = '';
      for await (const piece of replayText(joined, query())) text += piece;
      return text
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line) as unknown);
    };
    const fromStream = await lines();
    expect(fromStream).toHaveLength(3);
    await toLedger(database, list);
    await pool.shared().flushall();
    expect(await lines()).toEqual(fromStream);
  });

  it('has no hole and no double when the stream is trimmed while it is read', async () => {
    const list = written(6_000);
    await toLedger(database, list);
    await toStream(pool.shared(), list);
    const found: string[] = [];
    for await (const { eventId } of joined(query())) {
      found.push(eventId);
      if (found.length === 50) await pool.shared().xtrim(STREAM, 'MAXLEN', 3_000);
      if (found.length === 2_900) await pool.shared().xtrim(STREAM, 'MAXLEN', 1_500);
      if (found.length === 5_000) await pool.shared().xtrim(STREAM, 'MAXLEN', 0);
    }
    expect(found.join(' ')).toBe(expected(1, 6_000));
  });

  it('ends where it stood at the start, whatever is written meanwhile', async () => {
    const list = written(300);
    await toLedger(database, list);
    await toStream(pool.shared(), list.slice(100, 200));
    const found: string[] = [];
    for await (const { eventId } of joined(query())) {
      found.push(eventId);
      if (found.length === 10) await toStream(pool.shared(), list.slice(200));
      if (found.length === 20) await pool.shared().xtrim(STREAM, 'MAXLEN', 10);
    }
    expect(found.join(' ')).toBe(expected(1, 200));
  });

  it('gives rows that were broadcast and are not marked yet, and leaves out those that were not', async () => {
    const list = written(60);
    // Committed under the ledger's own clock, which is a little ahead: their place lies behind what the stream begins with.
    const unmarked = list.slice(20, 40).map(one => ({ ...one, at: one.at + 3, unmarked: true }));
    await toLedger(database, [...list.slice(0, 20), ...unmarked]);
    await toStream(pool.shared(), list.slice(30, 50));
    const outbox = { channel: 'trade-events', id: 'waits', at: 1_001, sequence: 99, unmarked: true };
    await toLedger(database, [outbox]);
    expect(await ids()).toBe(expected(1, 50));
    await pool.shared().del(STREAM);
    expect(await ids()).toBe(expected(1, 40));
  });

  it('gives events of other programs, without a number and under their own id', async () => {
    const foreign = (at: number): Written => ({
      channel: 'trade-events',
      id: `${STREAM}/${at}-0`,
      at,
      sequence: null,
      source: 'unknown',
    });
    await toLedger(database, [foreign(10), foreign(11), foreign(12)]);
    await pool.shared().xadd(STREAM, '12-0', 'data', '{}');
    await pool.shared().xadd(STREAM, '13-0', 'data', '{}');
    expect(await ids()).toBe(['10', '11', '12', '13'].map(at => `${STREAM}/${at}-0`).join(' '));
    expect((await all(joined(query())))[0]).toMatchObject({ entryId: '10-0', sequence: null });
  });

  it('keeps the pace of the events across both', async () => {
    const list = written(30);
    await toLedger(database, list);
    await toStream(pool.shared(), list.slice(15));
    const clock = new ManualClock();
    const found: string[] = [];
    const done = (async () => {
      for await (const { eventId } of createJoinedReplay({ database, pool, clock })(query({ speed: 0.001 })))
        found.push(eventId);
    })();
    await until(() => found.length === 10, 30_000, 'the first millisecond did not come');
    await clock.advance(999);
    expect(found).toHaveLength(10);
    await clock.advance(1);
    await until(() => found.length === 20, 30_000, 'the second millisecond did not come');
    await clock.advance(1_000);
    await done;
    expect(found.join(' ')).toBe(expected(1, 30));
  });

  it('stops when it is told to, in either part', async () => {
    const list = written(300);
    await toLedger(database, list);
    await toStream(pool.shared(), list.slice(150));
    for (const at of [5, 155]) {
      const abort = new AbortController();
      let seen = 0;
      for await (const event of joined(query(), { signal: abort.signal })) {
        seen += event.eventId === '' ? 0 : 1;
        if (seen === at) abort.abort();
      }
      expect(seen).toBe(at);
    }
  });

  it('refuses when the ledger is away and needed, says from when on it works, and works from then on', async () => {
    const own = await startTestPostgres(kind, { fast: true });
    const away = await openTestLedger(own);
    try {
      const list = written(100);
      await toLedger(away, list);
      await toStream(pool.shared(), list);
      await own.halt();
      await until(() => away.status().state !== 'up', 30_000, 'the ledger is still up');
      const replay = createJoinedReplay({ database: away, pool, clock: systemClock });
      // Nothing was ever trimmed, so the stream alone is the whole.
      expect(await all(replay(query()))).toHaveLength(100);
      await pool.shared().xtrim(STREAM, 'MAXLEN', 45);
      await expect(all(replay(query()))).rejects.toMatchObject({
        code: 'LEDGER_DOWN',
        exitCode: 4,
        facts: { streamFrom: 1_006 },
        message: expect.stringContaining('reaches back to 1970-01-01T00:00:01.006Z only') as string,
      });
      expect(await all(replay(query({ since: 1_006 })))).toHaveLength(40);
      await expect(all(replay(query({ channel: 'gone' })))).rejects.toThrow(/The stream of gone is empty/);
    } finally {
      await away.close();
      await own.stop();
    }
  }, 120_000);

  it('goes on by itself when the ledger was away for a moment', async () => {
    const own = await startTestPostgres(kind, { fast: true });
    const restarted = await openTestLedger(own);
    try {
      await toLedger(restarted, written(3_000));
      const found: string[] = [];
      for await (const { eventId } of createJoinedReplay({ database: restarted, pool, clock: systemClock })(
        query(),
      )) {
        found.push(eventId);
        if (found.length === 100) await own.restart();
      }
      expect(found.join(' ')).toBe(expected(1, 3_000));
    } finally {
      await restarted.close();
      await own.stop();
    }
  }, 120_000);

  it('says what cannot be read, and which key is no stream', async () => {
    await pool.shared().xadd(STREAM, '5-0', 'data', 'no json');
    const refused: string[] = [];
    await all(joined(query(), { onRefused: (id, reason) => refused.push(`${id} ${reason}`) }));
    expect(refused).toEqual(['5-0 data is not JSON']);
    await expect(
      (async () => {
        await pool.shared().set('stream:text', 'x');
        await all(joined(query({ channel: 'text' })));
      })(),
    ).rejects.toMatchObject({ code: 'NOT_A_STREAM' });
  });
});
