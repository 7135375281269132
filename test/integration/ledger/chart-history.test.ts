import { Decimal } from 'decimal.js';
import { describe, expect, it } from 'vitest';
import { barStart, foldBars, INTERVAL_MS } from '../../../src/shared/bars.ts';
import type { Bar } from '../../../src/shared/contract.ts';
import { createCandleCache } from '../../../src/main/engine/ledger/candle-cache.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import { ledgerAt, type TestLedger } from '../../support/ledger.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { postgresKinds } from '../../support/postgres-server.ts';
import {
  bars as minutes,
  DAY,
  HOUR,
  makeScene,
  MINUTE,
  NOW,
  stored,
  useServers,
  type Scene,
} from './candle-scene.ts';

describe.each(postgresKinds)('the history of a chart (%s)', kind => {
  let pool: RedisPool;
  let database: TestLedger;
  useServers(kind, made => ({ pool, database } = made));
  const scene = (...args: [at?: number, more?: Parameters<typeof makeScene>[2]]): Scene =>
    makeScene({ pool, database }, ...args);

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
});

function withPlainVolume(bar: Bar): Bar {
  return { ...bar, volume: bar.volume === null ? null : new Decimal(bar.volume).toFixed() };
}
