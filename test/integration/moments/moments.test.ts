import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Bar } from '../../../src/shared/contract.ts';
import { systemClock } from '../../../src/main/engine/clock.ts';
import type { LedgerDatabase } from '../../../src/main/engine/ledger/database.ts';
import { createLedgerPast } from '../../../src/main/engine/moments/ledger-past.ts';
import { createMoments, type Moments } from '../../../src/main/engine/moments/moments.ts';
import { createStreamPast } from '../../../src/main/engine/moments/stream-past.ts';
import { keys } from '../../../src/main/engine/redis/keys.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import { openTestLedger } from '../../support/ledger.ts';
import { postgresKinds, startTestPostgres, type TestPostgres } from '../../support/postgres-server.ts';
import { CHANNELS, position, price, status, T, toLedger, toStream, trade } from './written.ts';
import { testPool } from '../../support/redis-pool.ts';
import { startTestRedis, type TestRedis } from '../../support/redis-server.ts';

let redis: TestRedis;
let pool: RedisPool;

beforeAll(async () => {
  redis = await startTestRedis();
  pool = testPool({ path: redis.socketPath }).pool;
  await pool.ready(5_000);
});
afterAll(async () => {
  await pool.close();
  await redis.stop();
});
beforeEach(async () => {
  await pool.shared().flushall();
});

function momentsOf(database: LedgerDatabase | undefined, bars: Record<string, Bar> = {}): Moments {
  return createMoments({
    streams: createStreamPast({ pool, channels: () => CHANNELS }),
    ledger: database === undefined ? undefined : createLedgerPast(database),
    barBefore: token => Promise.resolve(bars[token]),
    tokens: () => ['SOL', 'BONK'],
    belongs: event => event.source !== 'simulated',
    clock: systemClock,
  });
}

const tradeIds = (events: readonly { data: unknown }[]): unknown[] =>
  events.map(({ data }) => (data as { id?: string }).id).filter(id => id !== undefined);

describe('from the streams alone', () => {
  test('a moment shows the newest of everything at or before it, and nothing after it', async () => {
    for (const event of [
      price('SOL', T - 2_000, '149'),
      price('SOL', T, '150'),
      price('SOL', T + 1, '151'),
      trade('before', T - 10),
      trade('after', T + 10),
      position('SOL', T - 500, '3'),
      position('SOL', T + 500, '4'),
      status('redis', T - 60_000, 'up'),
      status('redis', T + 1_000, 'down'),
    ])
      await toStream(pool, event);
    const moment = await momentsOf(undefined).read(T);
    expect(moment.prices).toMatchObject([{ token: 'SOL', price: '150' }]);
    expect(tradeIds(moment.events)).toEqual(['before']);
    expect(moment.positions).toMatchObject([{ data: { token: 'SOL', amount: '3' } }]);
    expect(moment.statuses).toMatchObject([{ data: { component: 'redis', status: 'up' } }]);
    expect(moment.note).toBeNull();
  });

  test('a token without a tick shows the close of its last bar, as history', async () => {
    const bar = { time: T - 7_200_000, open: '1', high: '1', low: '1', close: '0.00001234', volume: null };
    const moment = await momentsOf(undefined, { BONK: bar }).read(T);
    expect(moment.prices).toMatchObject([
      { token: 'BONK', price: '0.00001234', source: 'history', validUntil: bar.time },
    ]);
  });

  test('prices of another market are left out', async () => {
    await toStream(pool, { ...price('SOL', T, '1'), source: 'simulated' });
    expect((await momentsOf(undefined).read(T)).prices).toEqual([]);
  });

  test('a moment that has not come yet is refused', async () => {
    await expect(momentsOf(undefined).read(Date.now() + 60_000)).rejects.toMatchObject({
      code: 'BAD_MOMENT',
    });
  });

  test('a piece holds what happened after its beginning up to its end, prices one per token and step', async () => {
    for (const event of [
      price('SOL', T, '149'),
      price('SOL', T + 10, '150'),
      price('SOL', T + 90, '151'),
      price('SOL', T + 110, '152'),
      trade('at the beginning', T),
      trade('inside', T + 50),
      trade('at the end', T + 200),
      trade('later', T + 201),
    ])
      await toStream(pool, event);
    const piece = await momentsOf(undefined).play(T, T + 200, 100);
    expect(piece.until).toBe(T + 200);
    expect(piece.prices.map(view => view.price)).toEqual(['151', '152']);
    expect(tradeIds(piece.events)).toEqual(['inside', 'at the end']);
    const bars = piece.bars.filter(bar => bar.token === 'SOL');
    expect(bars[0]?.open).toBe('150');
    expect(bars.at(-1)?.close).toBe('152');
  });

  test('pieces put end to end hold every event once, however much there is', async () => {
    const pipeline = pool.shared().pipeline();
    for (let n = 0; n < 12_000; n += 1)
      pipeline.xadd(
        keys.stream('trades:user_0001'),
        `${T + Math.floor(n / 20)}-${n + 1}`,
        ...['event_id', randomUUID(), 'event_type', 'trade_executed', 'source', 'bot'],
        ...[
          'data',
          JSON.stringify({ id: String(n), action: 'buy', token_pair: 'SOL/USDC', amount: '1', price: '1' }),
        ],
      );
    await pipeline.exec();
    const moments = momentsOf(undefined);
    const ids: unknown[] = [];
    let pieces = 0;
    for (let since = T - 1; since < T + 1_000; pieces += 1) {
      const piece = await moments.play(since, T + 1_000, 100);
      ids.push(...tradeIds(piece.events));
      since = piece.until;
    }
    expect(pieces).toBeGreaterThan(1);
    expect(ids).toEqual(Array.from({ length: 12_000 }, (_, n) => String(n)));
  });

  test('the range begins at the oldest entry, and an empty past has none', async () => {
    const moments = momentsOf(undefined);
    expect(await moments.range()).toMatchObject({ from: null, ledger: false });
    await toStream(pool, trade('first', T - 5_000));
    expect(await moments.range()).toMatchObject({ from: T - 5_000 });
  });

  test('density counts events but not prices', async () => {
    for (const event of [trade('a', T), trade('b', T + 1), trade('c', T + 95), price('SOL', T + 50, '1')])
      await toStream(pool, event);
    expect(await momentsOf(undefined).density(T, T + 100, 2)).toEqual([2, 1]);
  });
});

describe.each(postgresKinds)('joined with the ledger (%s)', kind => {
  let postgres: TestPostgres;
  let database: LedgerDatabase;

  beforeAll(async () => {
    postgres = await startTestPostgres(kind, { fast: true });
  }, 60_000);
  afterAll(async () => postgres.stop());
  beforeEach(async () => {
    database = await openTestLedger(postgres);
    return () => database.close();
  });

  test('what the stream has trimmed comes from the ledger, and what both hold is there once', async () => {
    const both = { ...trade('both', T - 100), eventId: randomUUID() };
    await toLedger(database, trade('trimmed', T - 200));
    await toLedger(database, both);
    await toStream(pool, both);
    await toStream(pool, trade('only in the stream yet', T - 50));
    await toLedger(database, price('SOL', T - 1_000, '148'));
    await toLedger(database, position('SOL', T - 1_000, '7'));
    await toLedger(database, status('ledger', T - 30_000, 'up'));
    const moment = await momentsOf(database).read(T);
    expect(tradeIds(moment.events)).toEqual(['trimmed', 'both', 'only in the stream yet']);
    expect(moment.prices).toMatchObject([{ token: 'SOL', price: '148' }]);
    expect(moment.positions).toMatchObject([{ data: { amount: '7' } }]);
    expect(moment.statuses).toMatchObject([{ data: { component: 'ledger' } }]);
    const piece = await momentsOf(database).play(T - 201, T, 1_000);
    expect(tradeIds(piece.events)).toEqual(['trimmed', 'both', 'only in the stream yet']);
    expect(await momentsOf(database).range()).toMatchObject({ ledger: true });
  });

  test('an event that is committed and not broadcast yet is no part of the past', async () => {
    await toLedger(database, trade('in the outbox', T - 10));
    await database.query({ text: 'UPDATE event_log SET published_at = NULL' });
    expect((await momentsOf(database).read(T)).events).toEqual([]);
  });

  test('the position of a moment is the newest before it, however often it changed since', async () => {
    for (let n = 0; n < 20; n += 1) await toLedger(database, position('SOL', T - 100 + n * 10, String(n)));
    expect((await momentsOf(database).read(T)).positions).toMatchObject([{ data: { amount: '10' } }]);
  });

  test('positions are reckoned from all trades before the moment, however one travels', async () => {
    for (let n = 0; n < 10; n += 1) await toLedger(database, trade(`t${n}`, T - 1_000 + n * 100));
    const moments = momentsOf(database);
    const amountAt = async (at: number): Promise<string | undefined> =>
      (await moments.read(at)).books[0]?.amount;
    expect(await amountAt(T - 1_000)).toBe('1');
    expect(await amountAt(T)).toBe('10');
    expect(await amountAt(T - 500)).toBe('6');
    expect((await moments.play(T - 500, T - 200, 100)).books).toMatchObject([{ token: 'SOL', amount: '9' }]);
  });

  test('density is counted by the ledger', async () => {
    for (const at of [T, T + 1, T + 95]) await toLedger(database, trade(`t${at}`, at));
    expect(await momentsOf(database).density(T, T + 100, 4)).toEqual([2, 0, 0, 1]);
  });

  test('while the ledger is away the streams are shown, with a note that says so', async () => {
    await toStream(pool, trade('in the stream', T - 5));
    const moments = momentsOf(database);
    await database.close();
    const moment = await moments.read(T);
    expect(tradeIds(moment.events)).toEqual(['in the stream']);
    expect(moment.note).toMatch(/ledger does not answer/);
    expect(await moments.density(T - 10, T, 1)).toEqual([1]);
  });
});
