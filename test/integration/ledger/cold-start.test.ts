import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/main/engine/engine.ts';
import { readColdStart } from '../../../src/main/engine/ledger/cold-start.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import type { Batch } from '../../../src/shared/contract.ts';
import { freshnessOf } from '../../../src/shared/freshness.ts';
import { openTestLedger, type TestLedger } from '../../support/ledger.ts';
import { postgresKinds, startTestPostgres, type TestPostgres } from '../../support/postgres-server.ts';
import { testPool } from '../../support/redis-pool.ts';
import { startTestRedis, until, type TestRedis } from '../../support/redis-server.ts';
import { makeEngine, openWindow, testDir, type TestDir } from '../engine/desk.ts';
import { startDesk } from '../events/desk.ts';
import { toLedger, toStream, type Written } from './rows.ts';

const PATTERNS = ['price-updates', 'trade-events', 'trades:*', 'positions:*'];

describe.each(postgresKinds)('a start with an empty Redis (%s)', kind => {
  let redis: TestRedis;
  let postgres: TestPostgres;
  let pool: RedisPool;
  let database: TestLedger;
  let dir: TestDir;
  const engines: Engine[] = [];
  beforeAll(async () => {
    [redis, postgres] = await Promise.all([startTestRedis(), startTestPostgres(kind, { fast: true })]);
    ({ pool } = testPool({ path: redis.socketPath }));
    await pool.ready(30_000);
  }, 120_000);
  afterAll(async () => {
    await pool.close();
    await Promise.all([redis.stop(), postgres.stop()]);
  });
  beforeEach(async () => {
    database = await openTestLedger(postgres);
    dir = await testDir();
    await pool.shared().flushall();
  });
  afterEach(async () => {
    await Promise.all(engines.splice(0).map(engine => engine.stop()));
    await Promise.all([database.close(), dir.remove()]);
  });

  const AGO = Date.now() - 3_600_000;
  const price = (token: string, value: string, more: Partial<Written> = {}): Written => ({
    ...{ channel: 'price-updates', id: `p-${token}-${value}`, at: AGO, sequence: null },
    ...{ type: 'price_update', source: 'kraken', data: { token, price: value, timestamp: AGO } },
    ...more,
  });
  const position = (token: string, amount: string, more: Partial<Written> = {}): Written => ({
    ...{ channel: 'positions:user_0001', id: `pos-${token}-${amount}`, at: AGO, sequence: null },
    ...{ type: 'position_update', data: { token, amount, pnl: '1.00' } },
    ...more,
  });
  const trade = (number: number, more: Partial<Written> = {}): Written => ({
    ...{ channel: 'trades:user_0001', id: `t-${number}`, at: AGO + number, sequence: number },
    data: { id: `t-${number}`, action: 'buy', token_pair: 'SOL/USDC', amount: '1', price: '150' },
    ...more,
  });
  /** As the recorder leaves them: in the log, and the newest of each token beside it. */
  const record = async (list: readonly Written[], into = database): Promise<void> => {
    await toLedger(into, list);
    await into.query({
      text: `INSERT INTO latest_event (channel, event_type, token, event_id, sequence, source, occurred_at, data,
               position_ms, position_seq)
             SELECT DISTINCT ON (channel, event_type, data->>'token') channel, event_type, data->>'token', event_id,
               sequence, source, occurred_at, data, position_ms, position_seq
             FROM event_log WHERE event_type IN ('price_update', 'position_update')
             ORDER BY channel, event_type, data->>'token', position_ms DESC`,
    });
  };
  const read = () => readColdStart({ database, pool, patterns: PATTERNS, belongs: () => true });
  const ids = (list: readonly { eventId: string }[]): string[] => list.map(({ eventId }) => eventId);

  it('has the newest price of each token and the newest position of each channel, oldest first', async () => {
    await record([
      price('SOL', '150.10', { at: AGO - 5 }),
      price('SOL', '151', { at: AGO - 4 }),
      price('BONK', '0.00001234', { at: AGO - 9 }),
      position('SOL', '1', { at: AGO - 3 }),
      position('SOL', '2', { at: AGO - 2 }),
      position('SOL', '7', { channel: 'positions:user_0002', at: AGO - 8 }),
      position('SOL', '9', { channel: 'elsewhere' }),
    ]);
    const { newest, events } = await read();
    expect(ids(newest)).toEqual(['p-BONK-0.00001234', 'pos-SOL-7', 'p-SOL-151', 'pos-SOL-2']);
    expect(newest[0]).toMatchObject({ data: { price: '0.00001234' }, source: 'kraken' });
    expect(events).toEqual([]);
  });

  it('has the tape of channels whose stream is gone or empty, and of no other', async () => {
    const elsewhere = trade(3, { channel: 'trade-events', id: 'b' });
    await record([
      ...Array.from({ length: 700 }, (_, index) => trade(index + 1)),
      trade(1, { channel: 'trade-events', id: 'a' }),
      trade(900, { channel: 'whales', id: 'not followed' }),
      trade(901, { id: 'outbox', unmarked: true }),
    ]);
    await toStream(pool.shared(), [elsewhere]);
    const gone = await read();
    expect(ids(gone.events)).toEqual(Array.from({ length: 500 }, (_, index) => `t-${index + 201}`));
    await pool.shared().del('stream:trade-events');
    expect(ids((await read()).events)).not.toContain('a');
    await database.query({ text: "DELETE FROM event_log WHERE channel = 'trades:user_0001'" });
    expect(ids((await read()).events)).toEqual(['a']);
  });

  it('shows nothing twice when the stream has it after all, and counts no duplicate', async () => {
    const list = [trade(1), trade(2), trade(3)];
    await toLedger(database, list);
    await toStream(pool.shared(), list.slice(1));
    const desk = startDesk({ path: redis.socketPath }, { channels: ['trades:user_0001'] });
    try {
      desk.subscription.know(list.slice(0, 2).map(one => ({ ...one, eventId: one.id }) as never));
      await desk.following();
      await desk.has(1);
      expect(desk.ids()).toEqual(['t-3']);
      await toStream(pool.shared(), [{ ...trade(3), at: AGO + 10 }]);
      await until(() => desk.subscription.status().duplicates === 1, 30_000, 'not counted');
    } finally {
      await desk.stop();
    }
  });

  const start = async (flags: Parameters<typeof makeEngine>[1] = {}): Promise<Engine> => {
    const engine = makeEngine(
      dir.path,
      {
        redis: `unix://${redis.socketPath}`,
        postgres: database.url,
        source: 'kraken',
        tokens: 'SOL,BONK',
        ...flags,
      },
      { TENHERTZ_KRAKEN_URL: 'ws://127.0.0.1:9/' },
    );
    engines.push(engine);
    await engine.start();
    return engine;
  };
  const shown = async (engine: Engine): Promise<Batch> => {
    const { batches } = await openWindow(engine);
    await until(() => batches.length > 0, 30_000, 'no batch');
    const [first] = batches;
    if (first === undefined) throw new Error('no batch');
    return first;
  };

  it('opens on stale prices with their true age, positions and the tape', async () => {
    await record([price('SOL', '151.25'), position('SOL', '2'), trade(1), trade(2)]);
    const batch = await shown(await start());
    expect(batch.prices).toMatchObject([{ token: 'SOL', price: '151.25', timestamp: AGO, source: 'kraken' }]);
    expect(freshnessOf(batch.prices[0], Date.now())).toBe('stale');
    expect(batch.positions).toMatchObject([{ data: { token: 'SOL', amount: '2' } }]);
    expect(ids(batch.events)).toEqual(expect.arrayContaining(['t-1', 't-2']));
  });

  it('keeps positions from all trades of the ledger, those the stream has trimmed included, each booked once', async () => {
    const trades = Array.from({ length: 700 }, (_, index) => trade(index + 1));
    await record(trades);
    await toStream(pool.shared(), trades.slice(600));
    const engine = await start();
    const { batches } = await openWindow(engine);
    const newest = () => batches.flatMap(batch => batch.books).at(-1);
    await until(
      () => newest()?.amount === '700',
      30_000,
      () => `the book has ${newest()?.amount ?? 'nothing'}`,
    );
    expect(newest()).toMatchObject({ channel: 'trades:user_0001', token: 'SOL', trades: 700, whole: true });
  });

  it('shows no price and no trade of another market', async () => {
    await record([
      price('SOL', '7', { source: 'simulated' }),
      price('JitoSOL', '180'),
      trade(1, { source: 'simulated' }),
      trade(2),
    ]);
    const batch = await shown(await start());
    expect(batch.prices.map(({ token }) => token)).toEqual(['JitoSOL']);
    expect(ids(batch.events)).toContain('t-2');
    expect(ids(batch.events)).not.toContain('t-1');
  });

  it('follows when the ledger comes up only after the start, and leaves alone what is newer', async () => {
    const own = await startTestPostgres(kind, { fast: true });
    const late = await openTestLedger(own);
    try {
      await record([price('SOL', '150'), price('BONK', '0.1'), position('SOL', '2'), trade(1)], late);
      await own.halt();
      const now = Date.now();
      await toStream(pool.shared(), [
        price('SOL', '200', { id: 'newer', at: now, data: { token: 'SOL', price: '200', timestamp: now } }),
        trade(5, { channel: 'trade-events', id: 'new trade', at: now }),
      ]);
      const engine = await start({ postgres: late.url });
      const window = await openWindow(engine);
      const prices = (): Map<string, string> =>
        new Map(window.batches.flatMap(batch => batch.prices).map(view => [view.token, view.price]));
      await until(() => prices().get('SOL') === '200', 30_000, 'the stream was not read');
      await own.restart();
      await until(() => prices().has('BONK'), 30_000, 'the ledger was not read');
      expect(prices()).toEqual(
        new Map([
          ['SOL', '200'],
          ['BONK', '0.1'],
        ]),
      );
      const events = window.batches.flatMap(batch => batch.events);
      expect(ids(events)).not.toContain('t-1');
      const positions = (): unknown[] => window.batches.flatMap(batch => batch.positions);
      await until(() => positions().length > 0, 30_000, 'no position came');
      expect(positions()).toMatchObject([{ data: { amount: '2' } }]);
    } finally {
      await Promise.all(engines.splice(0).map(engine => engine.stop()));
      await late.close();
      await own.stop();
    }
  }, 120_000);
});
