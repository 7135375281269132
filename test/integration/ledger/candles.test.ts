import { describe, expect, it } from 'vitest';
import { barStart } from '../../../src/shared/bars.ts';
import type { Bar } from '../../../src/shared/contract.ts';
import { createCandleCache } from '../../../src/main/engine/ledger/candle-cache.ts';
import { createCandleRows } from '../../../src/main/engine/ledger/candle-rows.ts';
import type { Series } from '../../../src/main/engine/ledger/candle-series.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import { openTestLedger, type TestLedger } from '../../support/ledger.ts';
import { postgresKinds, startTestPostgres } from '../../support/postgres-server.ts';
import { testPool } from '../../support/redis-pool.ts';
import { startTestRedis, until } from '../../support/redis-server.ts';
import {
  bar,
  bars,
  DAY,
  HOUR,
  makeScene,
  MINUTE,
  MINUTES,
  NOW,
  SECONDS,
  stored,
  useServers,
  type Scene,
} from './candle-scene.ts';

describe.each(postgresKinds)('stored bars (%s)', kind => {
  let pool: RedisPool;
  let database: TestLedger;
  useServers(kind, made => ({ pool, database } = made));
  const scene = (...args: [at?: number, more?: Parameters<typeof makeScene>[2]]): Scene =>
    makeScene({ pool, database }, ...args);
  const inLedger = async (series: Series): Promise<Bar[]> =>
    createCandleRows(database).read(series, 0, Number.MAX_SAFE_INTEGER);
  const members = (key: string): Promise<string[]> => pool.shared().zrange(key, 0, '-1');

  it('are written once they are closed, to Redis and to the ledger, and again when a late price changes them', async () => {
    const { clock, candles, keeper, store } = scene();
    keeper.start();
    const at = barStart(NOW, '1s');
    candles.add('SOL', at, '150.10');
    candles.trade('SOL', at, '2.50');
    candles.add('unpriced', at, '1');
    await clock.advance(1_000);
    await until(async () => (await inLedger(SECONDS)).length === 0, 1_000, 'an open bar was written');
    await clock.advance(1_000);
    await until(async () => (await inLedger(SECONDS)).length === 1, 30_000, 'nothing was written');
    expect(await inLedger(SECONDS)).toEqual([bar(at, '150.10', { volume: '2.50' })]);
    expect(await members('candles:SOL:live:1s')).toEqual([
      `[${at},"150.10","150.10","150.10","150.10","2.50"]`,
    ]);
    expect(await pool.shared().keys('candles:unpriced*')).toEqual([]);
    expect(await inLedger(MINUTES)).toEqual([]);
    candles.add('SOL', at + 10, '149.00000000000000000001');
    await clock.advance(1_000);
    await until(
      async () => (await inLedger(SECONDS))[0]?.low === '149.00000000000000000001',
      30_000,
      'the late price was not written',
    );
    expect(await members('candles:SOL:live:1s')).toHaveLength(1);
    await clock.advance(MINUTE);
    await until(async () => (await inLedger(MINUTES)).length === 1, 30_000, 'the minute was not written');
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
    expect(await inLedger(MINUTES)).toHaveLength(1);
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
      await until(() => away.status().state !== 'up', 30_000, 'the ledger is still up');
      const { store } = scene(NOW, { ledger: away });
      store.put(stored({}, bars(NOW - 10 * MINUTE, NOW)));
      await store.flush();
      expect(store.waiting()).toEqual({ redis: 0, ledger: 10, lost: 0 });
      expect(await store.read(MINUTES, 0, NOW)).toHaveLength(10);
      await own.restart();
      await away.ready(30_000);
      await store.flush();
      expect(store.waiting().ledger).toBe(0);
      expect(await createCandleRows(away).read(MINUTES, 0, NOW)).toHaveLength(10);
    } finally {
      await away.close();
      await own.stop();
    }
  }, 120_000);

  it('are the same whoever writes them: the extremes of both, and the larger volume', async () => {
    const rows = createCandleRows(database);
    await rows.write(stored({}, [bar(0, '5', { high: '9', low: '4', volume: '3' }), bar(MINUTE, '1')]));
    await Promise.all([
      rows.write(stored({}, [bar(0, '6', { open: '5', high: '8', low: '3', volume: null })])),
      rows.write(stored({ token: 'BONK' }, [bar(0, '1')])),
    ]);
    expect(await inLedger(MINUTES)).toEqual([
      bar(0, '6', { open: '5', high: '9', low: '3', volume: '3' }),
      bar(MINUTE, '1'),
    ]);
  });

  it('in Redis are of the last day at most, and less where many tokens share the room', async () => {
    const few = scene();
    few.store.put(stored({}, bars(NOW - 2 * DAY, NOW, 10 * MINUTE)));
    await few.store.flush();
    const kept = await members('candles:SOL:live:1m');
    expect(kept).toHaveLength(144);
    expect(await pool.shared().ttl('candles:SOL:live:1m')).toBeGreaterThan(24 * 3_600);
    const many = scene(NOW + 2 * MINUTE, { tokens: 5_000 });
    many.store.put(stored({}, bars(NOW - 20 * MINUTE, NOW)));
    await many.store.flush();
    expect(await many.store.oldest({ ...MINUTES, token: 'BONK' })).toBeUndefined();
    const left = await createCandleCache({ pool, clock: many.clock, tokens: () => 1 }).oldest(MINUTES);
    expect(left).toBeGreaterThanOrEqual(NOW - 30 * MINUTE);
  });

  it('that another program spoilt are left out', async () => {
    await pool
      .shared()
      .zadd('candles:SOL:live:1m', 0, 'x', 60_000, '[60000,"1","1","1","1",null]', 0, '[1,2]');
    expect(await scene(NOW, { ledger: null }).store.read(MINUTES, 0, NOW)).toEqual([bar(MINUTE, '1')]);
  });

  it('are had from the ledger alone while Redis is away', async () => {
    const other = await startTestRedis();
    const lost = testPool({ path: other.socketPath });
    await lost.pool.ready(30_000);
    await createCandleRows(database).write(stored({}, bars(NOW - HOUR, NOW)));
    await other.stop();
    try {
      const { keeper, store } = scene(NOW, { pool: lost.pool });
      expect(await keeper.seed(['SOL'])).toBe(true);
      store.put(stored({}, bars(NOW, NOW + MINUTE)));
      await store.flush();
      expect(store.waiting()).toMatchObject({ redis: 1, ledger: 0 });
    } finally {
      await lost.pool.close();
    }
  });
});
