import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Bar, MarketMode } from '../../../src/shared/contract.ts';
import { createCandleKeeper, type CandleKeeper } from '../../../src/main/engine/candle-keeper.ts';
import { createChartHistory, type ChartHistory } from '../../../src/main/engine/chart-history.ts';
import { createCandles, type Candles } from '../../../src/main/engine/feed/candles.ts';
import { createCandleCache } from '../../../src/main/engine/ledger/candle-cache.ts';
import { createCandleRows } from '../../../src/main/engine/ledger/candle-rows.ts';
import type { Series, StoredBar } from '../../../src/main/engine/ledger/candle-series.ts';
import { createCandleStore, type CandleStore } from '../../../src/main/engine/ledger/candle-store.ts';
import { LimitedLog, silentLogger } from '../../../src/main/engine/logger.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import { openTestLedger, type TestLedger } from '../../support/ledger.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { startTestPostgres, type PostgresKind, type TestPostgres } from '../../support/postgres-server.ts';
import { testPool } from '../../support/redis-pool.ts';
import { startTestRedis, type TestRedis } from '../../support/redis-server.ts';

export const NOW = Date.UTC(2026, 10, 21, 12, 34, 56);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const SECONDS: Series = { market: 'live', token: 'SOL', interval: '1s' };
export const MINUTES: Series = { ...SECONDS, interval: '1m' };

/** A desk's charts, with their store, on a clock that stands still until it is moved. */
export interface Scene {
  clock: ManualClock;
  candles: Candles;
  store: CandleStore;
  keeper: CandleKeeper;
  history: ChartHistory;
  market: MarketMode;
}

export interface Servers {
  pool: RedisPool;
  database: TestLedger;
}

/** A Redis and a ledger for the tests of one suite, without bars before each; handed to `ready`. */
export function useServers(kind: PostgresKind, ready: (servers: Servers) => void): void {
  let redis: TestRedis;
  let postgres: TestPostgres;
  let pool: RedisPool;
  let database: TestLedger;
  beforeAll(async () => {
    [redis, postgres] = await Promise.all([startTestRedis(), startTestPostgres(kind, { fast: true })]);
    ({ pool } = testPool({ path: redis.socketPath }));
    database = await openTestLedger(postgres);
    await pool.ready(30_000);
    ready({ pool, database });
  }, 120_000);
  afterAll(async () => {
    await Promise.all([pool.close(), database.close()]);
    await Promise.all([redis.stop(), postgres.stop()]);
  });
  beforeEach(async () => {
    await pool.shared().flushall();
    await database.query({ text: 'TRUNCATE candle' });
  });
}

/** A desk at the time `at`; `ledger: null` is one without a ledger, `tokens` share the room in Redis. */
export function makeScene(
  servers: Servers,
  at = NOW,
  more: { ledger?: TestLedger | null; tokens?: number; pool?: RedisPool } = {},
): Scene {
  const clock = new ManualClock(at);
  const candles = createCandles();
  const log = new LimitedLog(silentLogger, clock);
  const ledger = more.ledger === undefined ? servers.database : more.ledger;
  const rows = ledger === null ? undefined : createCandleRows(ledger);
  const cache = createCandleCache({ pool: more.pool ?? servers.pool, clock, tokens: () => more.tokens ?? 5 });
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
}

export function bar(time: number, close: string, more: Partial<Bar> = {}): Bar {
  return { ...{ time, open: close, high: close, low: close, close, volume: null }, ...more };
}

/** Bars as they are stored; live minutes of SOL unless told otherwise. */
export function stored(series: Partial<Series>, bars: readonly Bar[]): StoredBar[] {
  return bars.map(one => ({ ...MINUTES, ...series, bar: one }));
}

/** A bar every `step` ms, with a price of its own and something traded. */
export function bars(from: number, to: number, step = MINUTE): Bar[] {
  const made: Bar[] = [];
  for (let time = from; time < to; time += step)
    made.push(bar(time, String(time / MINUTE), { volume: '1.5' }));
  return made;
}
