import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMetrics } from '../../../src/main/engine/health/metrics.ts';
import { createRetention, type RetentionDeps } from '../../../src/main/engine/ledger/retention.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { openTestLedger, type TestLedger } from '../../support/ledger.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { postgresKinds, startTestPostgres, type TestPostgres } from '../../support/postgres-server.ts';
import { until } from '../../support/redis-server.ts';

const DAY = 86_400_000;
const KEEP = { ticksDays: 1, recordsDays: 365, candles1sDays: 1, candles1mDays: 365 };

describe.each(postgresKinds)('the retention of the ledger on the %s server', kind => {
  let server: TestPostgres;
  let ledger: TestLedger;
  let clock: ManualClock;
  beforeAll(async () => {
    server = await startTestPostgres(kind, { fast: true });
  }, 120_000);
  afterAll(() => server.stop());

  const make = (more: Partial<RetentionDeps> = {}) => {
    const metrics = createMetrics();
    return {
      metrics,
      ...createRetention({
        database: ledger,
        keep: KEEP,
        clock,
        log: silentLogger,
        metrics,
        pauseMs: 0,
        ...more,
      }),
    };
  };
  /** `count` events of the type, each `ageDays` old. */
  const events = (type: string, ageDays: number, count = 1, published = true) =>
    ledger.query({
      text: `INSERT INTO event_log (event_id, channel, event_type, source, occurred_at, data, published_at, position_ms)
        SELECT gen_random_uuid()::text, 'c', $1, 's', now(), '{}', CASE WHEN $4 THEN now() END, $2
          FROM generate_series(1, $3)`,
      values: [type, clock.now() - ageDays * DAY, count, published],
    });
  const candle = (interval: string, ageDays: number) =>
    ledger.query({
      text: `INSERT INTO candle (market, token, interval, time, open, high, low, close) VALUES ('live', 'SOL', $1, $2, 1, 1, 1, 1)`,
      values: [interval, clock.now() - ageDays * DAY],
    });
  const left = async (): Promise<Record<string, number>> => {
    const { rows } = await ledger.query<{ what: string; n: string }>({
      text: `SELECT event_type || CASE WHEN published_at IS NULL THEN ' (outbox)' ELSE '' END AS what, count(*) AS n FROM event_log GROUP BY 1
        UNION ALL SELECT interval, count(*) FROM candle GROUP BY 1 ORDER BY 1`,
    });
    return Object.fromEntries(rows.map(row => [row.what, Number(row.n)]));
  };
  const open = async () => {
    clock = new ManualClock(Date.UTC(2026, 0, 1));
    ledger = await openTestLedger(server);
  };

  it('removes of each class what is older than it is kept, and never what waits to be broadcast', async () => {
    await open();
    await events('price_update', 0.9);
    await events('price_update', 1.1, 3);
    await events('trade_executed', 364);
    await events('trade_executed', 366);
    await events('trade_executed', 400, 2, false);
    for (const interval of ['1s', '1m']) for (const age of [0.5, 2, 366]) await candle(interval, age);
    const retention = make();
    const counted = await retention.runOnce({ dryRun: true });
    expect(counted).toMatchObject({ dryRun: true, busy: false });
    expect(counted.results.map(result => result.rows)).toEqual([3, 1, 2, 1]);
    expect((await left())['price_update']).toBe(4);

    const { results } = await retention.runOnce();
    expect(results).toEqual([
      { class: 'ticks', keptDays: 1, before: clock.now() - DAY, rows: 3 },
      { class: 'records', keptDays: 365, before: clock.now() - 365 * DAY, rows: 1 },
      { class: 'candles-1s', keptDays: 1, before: clock.now() - DAY, rows: 2 },
      { class: 'candles-1m', keptDays: 365, before: clock.now() - 365 * DAY, rows: 1 },
    ]);
    expect(await left()).toEqual({
      price_update: 1,
      trade_executed: 1,
      'trade_executed (outbox)': 2,
      '1s': 1,
      '1m': 2,
    });
    expect(
      await retention.metrics.registry.getSingleMetricAsString('tenhertz_ledger_removed_total'),
    ).toContain('class="ticks"} 3');
    await ledger.close();
  });

  it('goes in steps of at most a thousand rows with a pause between, and can be ended after any step', async () => {
    await open();
    await events('price_update', 2, 2_500);
    const retention = make({ pauseMs: 100 });
    const stop = new AbortController();
    const run = retention.runOnce({ signal: stop.signal });
    await until(async () => (await left())['price_update'] === 1_500, 30_000, 'no first step');
    stop.abort();
    await clock.advance(100);
    expect((await run).results[0]).toMatchObject({ rows: 1_000 });
    const rest = make().runOnce();
    await until(
      async () => {
        await clock.advance(1);
        return (await left())['price_update'] === undefined;
      },
      30_000,
      'the rest stayed',
    );
    expect((await rest).results[0]).toMatchObject({ rows: 1_500 });
    await ledger.close();
  });

  it('leaves it to another program that is at it', async () => {
    await open();
    await events('price_update', 2, 1_500);
    const first = make({ pauseMs: 100 });
    const run = first.runOnce();
    await until(async () => (await left())['price_update'] === 500, 30_000, 'no first step');
    expect(await make().runOnce()).toEqual({ dryRun: false, busy: true, results: [] });
    await clock.advance(100);
    expect((await run).results[0]).toMatchObject({ rows: 1_500 });
    expect(await make().runOnce()).toMatchObject({ busy: false });
    await ledger.close();
  });

  it('runs by itself in the background, a minute after the start and then every ten', async () => {
    await open();
    const retention = make();
    retention.start();
    await events('price_update', 2);
    await clock.advance(60_000);
    await until(
      async () => (await left())['price_update'] === undefined,
      30_000,
      'not removed after a minute',
    );
    await events('price_update', 2);
    await clock.advance(540_000);
    await until(
      async () => {
        if ((await left())['price_update'] === undefined) return true;
        // The first round may not have come to its end yet; then the next one does it.
        await clock.advance(600_000);
        return false;
      },
      30_000,
      'not removed after ten',
    );
    await retention.stop();
    await events('price_update', 2);
    await clock.advance(1_200_000);
    expect(await left()).toEqual({ price_update: 1 });
    await ledger.close();
  });

  it('waits for a ledger that is away, and says so once when it breaks in the middle', async () => {
    await open();
    const said: string[] = [];
    const log = { ...silentLogger, warn: (_facts: unknown, text: string) => said.push(text) };
    const retention = make({ log: log as never, pauseMs: 1_000 });
    await events('price_update', 2, 1_500);
    retention.start();
    await clock.advance(60_000);
    await until(async () => (await left())['price_update'] === 500, 30_000, 'no first step');
    await server.kill();
    await until(() => ledger.status().state !== 'up', 30_000, 'the loss was not noticed');
    await clock.advance(1_000);
    await until(() => said.length === 1, 30_000, 'nothing was said');
    await clock.advance(600_000);
    expect(said).toEqual(['Old rows could not be removed from the ledger']);
    await server.restart();
    await ledger.ready(30_000);
    await until(
      async () => {
        await clock.advance(600_000);
        return (await left())['price_update'] === undefined;
      },
      30_000,
      'it did not go on',
    );
    await retention.stop();
    await ledger.close();
  });
});
