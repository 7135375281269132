import { Decimal } from 'decimal.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { barStart, foldBars, INTERVAL_MS } from '../../../src/shared/bars.ts';
import type { Bar, MarketMode } from '../../../src/shared/contract.ts';
import { createCandleKeeper, type CandleKeeper } from '../../../src/main/engine/candle-keeper.ts';
import { createChartHistory } from '../../../src/main/engine/chart-history.ts';
import { createCandles, type Candles } from '../../../src/main/engine/feed/candles.ts';
import { createCandleCache } from '../../../src/main/engine/ledger/candle-cache.ts';
import { createCandleRows } from '../../../src/main/engine/ledger/candle-rows.ts';
import type { Series, StoredBar } from '../../../src/main/engine/ledger/candle-series.ts';
import { createCandleStore, type CandleStore } from '../../../src/main/engine/ledger/candle-store.ts';
import { LimitedLog, silentLogger } from '../../../src/main/engine/logger.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import { ledgerAt, openTestLedger, type TestLedger } from '../../support/ledger.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { postgresKinds, startTestPostgres, type TestPostgres } from '../../support/postgres-server.ts';
import { testPool } from '../../support/redis-pool.ts';
import { startTestRedis, until, type TestRedis } from '../../support/redis-server.ts';

const NOW = Date.UTC(2026, 10, 21, 12, 34, 56);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe.each(postgresKinds)('stored bars (%s)', kind => {
  let redis: TestRedis;
  let postgres: TestPostgres;
  let pool: RedisPool;
  let database: TestLedger;
  beforeAll(async () => {
    [redis, postgres] = await Promise.all([startTestRedis(), startTestPostgres(kind, { fast: true })]);
    ({ pool } = testPool({ path: redis.socketPath }));
    database = await openTestLedger(postgres);
    await pool.ready(5_000);
  }, 60_000);
  afterAll(async () => {
    await Promise.all([pool.close(), database.close()]);
    await Promise.all([redis.stop(), postgres.stop()]);
  });
  beforeEach(async () => {
    await pool.shared().flushall();
    await database.query({ text: 'TRUNCATE candle' });
  });

  /** A desk's charts, with their store, on a clock that stands still until it is moved. */
  interface Scene {
    clock: ManualClock;
    candles: Candles;
    store: CandleStore;
    keeper: CandleKeeper;
    history: ReturnType<typeof createChartHistory>;
    market: MarketMode;
  }
  const scene = (
    at = NOW,
    more: { ledger?: TestLedger | null; tokens?: number; pool?: RedisPool } = {},
  ): Scene => {
    const clock = new ManualClock(at);
    const candles = createCandles();
    const log = new LimitedLog(silentLogger, clock);
    const ledger = more.ledger === undefined ? database : more.ledger;
    const rows = ledger === null ? undefined : createCandleRows(ledger);
    const cache = createCandleCache({ pool: more.pool ?? pool, clock, tokens: () => more.tokens ?? 5 });
    const store = createCandleStore({ cache, rows, log });
    const made: Scene = {
      ...{ clock, candles, store },
      market: 'live',
      keeper: createCandleKeeper({
        ...{ candles, store, clock },
        marketOf: token => (token === 'unpriced' ? undefined : made.market),
        market: () => made.market,
      }),
      history: createChartHistory({ candles, store, clock, market: () => made.market }),
    };
    return made;
  };
  const bar = (time: number, close: string, more: Partial<Bar> = {}): Bar => ({
    ...{ time, open: close, high: close, low: close, close, volume: null },
    ...more,
  });
  const stored = (series: Partial<Series>, bars: Bar[]): StoredBar[] =>
    bars.map(one => ({ market: 'live', token: 'SOL', interval: '1m', ...series, bar: one }));
  const minutes = (from: number, to: number, step = MINUTE): Bar[] => {
    const bars: Bar[] = [];
    for (let time = from; time < to; time += step)
      bars.push(bar(time, String(time / MINUTE), { volume: '1.5' }));
    return bars;
  };
  const inLedger = async (series: Series): Promise<Bar[]> =>
    createCandleRows(database).read(series, 0, Number.MAX_SAFE_INTEGER);
  const seconds: Series = { market: 'live', token: 'SOL', interval: '1s' };
  const minute: Series = { ...seconds, interval: '1m' };
  const members = (key: string): Promise<string[]> => pool.shared().zrange(key, 0, '-1');

  it('are written once they are closed, to Redis and to the ledger, and again when a late price changes them', async () => {
    const { clock, candles, keeper, store } = scene();
    keeper.start();
    const at = barStart(NOW, '1s');
    candles.add('SOL', at, '150.10');
    candles.trade('SOL', at, '2.50');
    candles.add('unpriced', at, '1');
    await clock.advance(1_000);
    await until(async () => (await inLedger(seconds)).length === 0, 1_000, 'an open bar was written');
    await clock.advance(1_000);
    await until(async () => (await inLedger(seconds)).length === 1, 3_000, 'nothing was written');
    expect(await inLedger(seconds)).toEqual([bar(at, '150.10', { volume: '2.50' })]);
    expect(await members('candles:SOL:live:1s')).toEqual([
      `[${at},"150.10","150.10","150.10","150.10","2.50"]`,
    ]);
    expect(await pool.shared().keys('candles:unpriced*')).toEqual([]);
    expect(await inLedger(minute)).toEqual([]);
    candles.add('SOL', at + 10, '149.00000000000000000001');
    await clock.advance(1_000);
    await until(
      async () => (await inLedger(seconds))[0]?.low === '149.00000000000000000001',
      3_000,
      'the late price was not written',
    );
    expect(await members('candles:SOL:live:1s')).toHaveLength(1);
    await clock.advance(MINUTE);
    await until(async () => (await inLedger(minute)).length === 1, 3_000, 'the minute was not written');
    await keeper.stop();
    expect(store.waiting()).toEqual({ redis: 0, ledger: 0, lost: 0 });
  });

  it('of a program that ends are written as far as they are, and brought back under the new prices', async () => {
    const first = scene();
    first.keeper.start();
    const at = barStart(NOW, '1m');
    for (let second = 0; second < 50; second += 1) {
      first.candles.add('SOL', at + second * 1_000, String(100 + second));
      first.candles.trade('SOL', at + second * 1_000, '1');
    }
    await first.keeper.stop();
    expect(await inLedger(minute)).toHaveLength(1);
    const second = scene(NOW + 1_000);
    expect(await second.keeper.seed(['SOL', 'BONK'])).toBe(true);
    second.candles.add('SOL', at + 58_000, '7');
    expect(second.candles.bars('SOL', '1m', 10)).toEqual([
      bar(at, '7', { open: '100', high: '149', low: '7', volume: '50' }),
    ]);
    expect(second.candles.bars('SOL', '1s', 100)).toHaveLength(51);
    expect(second.candles.bars('SOL', '15s', 100).map(({ volume }) => volume)).toEqual([
      '15',
      '15',
      '15',
      '5',
    ]);
    expect(await scene().keeper.seed(['BONK'])).toBe(false);
  });

  it('are brought back from their seconds where the minute was not written any more', async () => {
    const { candles, keeper, store } = scene();
    const at = barStart(NOW, '1m');
    store.put(stored({ interval: '1s' }, [bar(at - 30_000, '1'), bar(at, '2'), bar(at + 5_000, '3')]));
    store.put(stored({}, [bar(at - MINUTE, '1')]));
    await store.flush();
    await keeper.seed(['SOL']);
    expect(candles.bars('SOL', '1m', 10).map(({ time, close }) => [time, close])).toEqual([
      [at - MINUTE, '1'],
      [at, '3'],
    ]);
  });

  it('never mix two markets, and are not brought back into another', async () => {
    const simulated = scene();
    simulated.market = 'simulated';
    simulated.keeper.start();
    simulated.candles.add('SOL', NOW - MINUTE, '1');
    await simulated.keeper.stop();
    const live = scene();
    expect(await live.keeper.seed(['SOL'])).toBe(false);
    expect((await live.history({ token: 'SOL', interval: '1m', before: NOW, limit: 10 })).bars).toEqual([]);
    expect(await pool.shared().keys('candles:*')).toEqual(
      expect.arrayContaining(['candles:SOL:simulated:1m', 'candles:SOL:simulated:1s']),
    );
  });

  it('wait while either place is away, and are written when it is back', async () => {
    const own = await startTestPostgres(kind, { fast: true });
    const away = await openTestLedger(own);
    try {
      await own.halt();
      await until(() => away.status().state !== 'up', 5_000, 'the ledger is still up');
      const { store } = scene(NOW, { ledger: away });
      store.put(stored({}, minutes(NOW - 10 * MINUTE, NOW)));
      await store.flush();
      expect(store.waiting()).toEqual({ redis: 0, ledger: 10, lost: 0 });
      expect(await store.read(minute, 0, NOW)).toHaveLength(10);
      await own.restart();
      await away.ready(10_000);
      await store.flush();
      expect(store.waiting().ledger).toBe(0);
      expect(await createCandleRows(away).read(minute, 0, NOW)).toHaveLength(10);
    } finally {
      await away.close();
      await own.stop();
    }
  }, 60_000);

  it('are the same whoever writes them: the extremes of both, and the larger volume', async () => {
    const rows = createCandleRows(database);
    await rows.write(stored({}, [bar(0, '5', { high: '9', low: '4', volume: '3' }), bar(MINUTE, '1')]));
    await Promise.all([
      rows.write(stored({}, [bar(0, '6', { open: '5', high: '8', low: '3', volume: null })])),
      rows.write(stored({ token: 'BONK' }, [bar(0, '1')])),
    ]);
    expect(await inLedger(minute)).toEqual([
      bar(0, '6', { open: '5', high: '9', low: '3', volume: '3' }),
      bar(MINUTE, '1'),
    ]);
  });

  it('in Redis are of the last day at most, and less where many tokens share the room', async () => {
    const few = scene();
    few.store.put(stored({}, minutes(NOW - 2 * DAY, NOW, 10 * MINUTE)));
    await few.store.flush();
    const kept = await members('candles:SOL:live:1m');
    expect(kept).toHaveLength(144);
    expect(await pool.shared().ttl('candles:SOL:live:1m')).toBeGreaterThan(24 * 3_600);
    const many = scene(NOW + 2 * MINUTE, { tokens: 5_000 });
    many.store.put(stored({}, minutes(NOW - 20 * MINUTE, NOW)));
    await many.store.flush();
    expect(await many.store.oldest({ ...minute, token: 'BONK' })).toBeUndefined();
    const left = await createCandleCache({ pool, clock: many.clock, tokens: () => 1 }).oldest(minute);
    expect(left).toBeGreaterThanOrEqual(NOW - 30 * MINUTE);
  });

  it('that another program spoilt are left out', async () => {
    await pool
      .shared()
      .zadd('candles:SOL:live:1m', 0, 'x', 60_000, '[60000,"1","1","1","1",null]', 0, '[1,2]');
    expect(await scene(NOW, { ledger: null }).store.read(minute, 0, NOW)).toEqual([bar(MINUTE, '1')]);
  });

  it('make one history of memory, Redis and the ledger, without a hole or a double, at every interval', async () => {
    const { candles, store, history } = scene();
    const from = barStart(NOW, '1d') - 2 * DAY;
    const all = minutes(from, barStart(NOW, '1m') + MINUTE);
    store.put(
      stored(
        {},
        all.filter(({ time }) => time < NOW - 20 * HOUR),
      ),
    );
    await store.flush();
    // Redis alone knows a part, and memory alone another.
    const part = all.filter(({ time }) => time >= NOW - 20 * HOUR && time < NOW - 2 * HOUR);
    await createCandleCache({ pool, clock: new ManualClock(NOW), tokens: () => 1 }).write(stored({}, part));
    candles.seedBars(
      'SOL',
      '1m',
      all.filter(({ time }) => time >= NOW - 3 * HOUR),
    );
    for (const interval of ['1m', '5m', '15m', '1h', '4h', '1d'] as const) {
      const expected = foldBars(all, interval).map(withPlainVolume);
      const { bars, complete } = await history({ token: 'SOL', interval, before: NOW, limit: 5_000 });
      expect(bars.map(withPlainVolume)).toEqual(expected.slice(-5_000));
      expect(complete).toBe(true);
      const page = await history({ token: 'SOL', interval, before: bars[2]?.time ?? 0, limit: 1 });
      expect(page.bars.map(withPlainVolume)).toEqual([expected[1]]);
      expect(page.complete).toBe(false);
    }
    const end = await history({ token: 'SOL', interval: '1h', before: from, limit: 10 });
    expect(end).toEqual({ bars: [], complete: true });
    const inside = await history({ token: 'SOL', interval: '1h', before: from + 90 * MINUTE, limit: 10 });
    expect(inside.bars.map(({ time }) => time)).toEqual([from, from + HOUR]);
  });

  it('step over the time in which the program did not run, however long', async () => {
    const { store, history } = scene();
    const long = NOW - 300 * DAY;
    store.put(stored({}, [...minutes(long, long + 5 * MINUTE), ...minutes(NOW - 5 * MINUTE, NOW)]));
    await store.flush();
    const { bars, complete } = await history({ token: 'SOL', interval: '1m', before: NOW, limit: 1_000 });
    expect(bars).toHaveLength(10);
    expect(complete).toBe(true);
    expect(new Set(bars.map(({ time }) => barStart(time, '1d'))).size).toBe(2);
  });

  it('of seconds go back as far as they are kept', async () => {
    const { store, history, candles } = scene();
    const at = barStart(NOW, '1m') - 20 * HOUR;
    store.put(stored({ interval: '1s' }, minutes(at, at + 100_000, 1_000)));
    await store.flush();
    for (let second = 0; second < 30; second += 1) candles.add('SOL', NOW - second * 1_000, '1');
    const { bars, complete } = await history({ token: 'SOL', interval: '15s', before: NOW, limit: 5 });
    expect(bars).toHaveLength(5);
    expect(complete).toBe(false);
    expect(bars[0]?.time).toBe(barStart(at + 99_000, '15s') - INTERVAL_MS['15s']);
  });

  it('are had from Redis alone where there is no ledger, or it is away', async () => {
    const away = ledgerAt('postgres://nobody@127.0.0.1:1/nowhere');
    try {
      for (const ledger of [null, away]) {
        const { store, history, keeper } = scene(NOW, { ledger });
        store.put(stored({}, minutes(NOW - HOUR, NOW)));
        await store.flush();
        const { bars, complete } = await history({ token: 'SOL', interval: '5m', before: NOW, limit: 100 });
        expect(bars.length).toBeGreaterThan(11);
        expect(complete).toBe(true);
        expect(await keeper.seed(['SOL'])).toBe(true);
      }
    } finally {
      await away.close();
    }
  });

  it('are had from the ledger alone while Redis is away', async () => {
    const other = await startTestRedis();
    const lost = testPool({ path: other.socketPath });
    await lost.pool.ready(5_000);
    await createCandleRows(database).write(stored({}, minutes(NOW - HOUR, NOW)));
    await other.stop();
    try {
      const { keeper, store } = scene(NOW, { pool: lost.pool });
      expect(await keeper.seed(['SOL'])).toBe(true);
      store.put(stored({}, minutes(NOW, NOW + MINUTE)));
      await store.flush();
      expect(store.waiting()).toMatchObject({ redis: 1, ledger: 0 });
    } finally {
      await lost.pool.close();
    }
  });
});

function withPlainVolume(bar: Bar): Bar {
  return { ...bar, volume: bar.volume === null ? null : new Decimal(bar.volume).toFixed() };
}
