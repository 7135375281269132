import type { PoolClient } from 'pg';
import type { EpochMs } from '../../../shared/contract.ts';
import { sleep, type Clock } from '../clock.ts';
import type { LedgerRetention } from '../config/ledger-settings.ts';
import { messageOf } from '../errors.ts';
import type { Metrics } from '../health/metrics.ts';
import { LimitedLog, type Logger } from '../logger.ts';
import type { LedgerDatabase } from './database.ts';

export interface RetentionDeps {
  database: LedgerDatabase;
  keep: LedgerRetention;
  clock: Clock;
  log: Logger;
  metrics: Pick<Metrics, 'ledgerRemoved'>;
  /** How often it runs in the background; 10 minutes by default. */
  everyMs?: number;
  /** Between two steps, so that others get their turn; 50 ms by default. */
  pauseMs?: number;
}

/** What one run removed of one class, or would remove. */
export interface RetentionResult {
  class: RetentionClass;
  keptDays: number;
  /** What is older goes, epoch ms. */
  before: EpochMs;
  rows: number;
}

export type RetentionClass = 'ticks' | 'records' | 'candles-1s' | 'candles-1m';

export interface RetentionReport {
  dryRun: boolean;
  /** Another program on the same database is at it: nothing was done here. */
  busy: boolean;
  results: RetentionResult[];
}

/**
 * Removes what is older than its class is kept: at most 1,000 rows a step with a pause between, one program at a time. An event that waits
 * to be broadcast stays however old it is, and so does the newest of each token in `latest_event`.
 */
export interface Retention {
  /** Begins to run in the background. */
  start(): void;
  /**
   * Runs now. Rejects with the errors of {@link LedgerDatabase}; what was removed until then stays so. With `dryRun` it only counts.
   */
  runOnce(options?: { dryRun?: boolean; signal?: AbortSignal }): Promise<RetentionReport>;
  /** Ends the run under way after its step. */
  stop(): Promise<void>;
}

const STEP_ROWS = 1_000;
const DAY_MS = 86_400_000;
/** Of this purpose alone; per database. */
const LOCK = '7310000001';
/** A start has better things to do at first. */
const FIRST_AFTER_MS = 60_000;

const CLASSES: readonly {
  name: RetentionClass;
  kept: keyof LedgerRetention;
  table: string;
  where: string;
}[] = [
  {
    name: 'ticks',
    kept: 'ticksDays',
    table: 'event_log',
    where: "event_type = 'price_update' AND position_ms < $1 AND published_at IS NOT NULL",
  },
  {
    name: 'records',
    kept: 'recordsDays',
    table: 'event_log',
    where: "event_type <> 'price_update' AND position_ms < $1 AND published_at IS NOT NULL",
  },
  { name: 'candles-1s', kept: 'candles1sDays', table: 'candle', where: "interval = '1s' AND time < $1" },
  { name: 'candles-1m', kept: 'candles1mDays', table: 'candle', where: "interval = '1m' AND time < $1" },
];

/** Makes the retention; nothing runs before {@link Retention.start} or {@link Retention.runOnce}. */
export function createRetention(deps: RetentionDeps): Retention {
  const { database, keep, clock, metrics } = deps;
  const pauseMs = deps.pauseMs ?? 50;
  const log = new LimitedLog(deps.log, clock);
  const stopped = new AbortController();
  let cancelFirst = (): void => undefined;
  let cancelEvery = (): void => undefined;
  let running: Promise<void> | undefined;

  /** Removes step by step until nothing of the class is old enough. */
  const remove = async (
    client: PoolClient,
    { name, table, where }: (typeof CLASSES)[number],
    before: EpochMs,
    signal: AbortSignal | undefined,
  ): Promise<number> => {
    let removed = 0;
    for (;;) {
      if (stopped.signal.aborted || signal?.aborted === true) return removed;
      const { rowCount } = await client.query(
        `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${where} LIMIT ${STEP_ROWS}))`,
        [before],
      );
      const rows = rowCount ?? 0;
      removed += rows;
      metrics.ledgerRemoved.inc({ class: name }, rows);
      if (rows < STEP_ROWS) return removed;
      await sleep(clock, pauseMs);
    }
  };

  const runOnce: Retention['runOnce'] = ({ dryRun = false, signal } = {}) =>
    database.session(async client => {
      // What is removed twice after a crash is removed all the same.
      await client.query("SET synchronous_commit = off; SET statement_timeout = '10min'");
      const report: RetentionReport = { dryRun, busy: false, results: [] };
      if (!dryRun && !(await takeLock(client))) return { ...report, busy: true };
      for (const one of CLASSES) {
        const keptDays = keep[one.kept];
        const before = clock.now() - Math.round(keptDays * DAY_MS);
        const rows = dryRun ? await count(client, one, before) : await remove(client, one, before, signal);
        report.results.push({ class: one.name, keptDays, before, rows });
      }
      // After a failure the lock ends with the connection, but the server takes a moment to notice that.
      if (!dryRun) await client.query('SELECT pg_advisory_unlock($1)', [LOCK]);
      return report;
    });

  const round = (): void => {
    // While the ledger is away there is nothing to do; the next round comes soon enough.
    if (running !== undefined || database.status().state !== 'up') return;
    running = runOnce()
      .then(({ results }) => {
        const removed = results.filter(result => result.rows > 0);
        if (removed.length > 0) deps.log.info({ removed }, 'Old rows were removed from the ledger');
      })
      .catch((error: unknown) =>
        log.warn('retention', { reason: messageOf(error) }, 'Old rows could not be removed from the ledger'),
      )
      .finally(() => (running = undefined));
  };

  return {
    start() {
      cancelFirst = clock.after(FIRST_AFTER_MS, round);
      cancelEvery = clock.every(deps.everyMs ?? 600_000, round);
    },
    runOnce,
    async stop() {
      cancelFirst();
      cancelEvery();
      stopped.abort();
      await running;
    },
  };
}

async function takeLock(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [LOCK]);
  return rows[0]?.taken === true;
}

async function count(
  client: PoolClient,
  { table, where }: (typeof CLASSES)[number],
  before: EpochMs,
): Promise<number> {
  const { rows } = await client.query<{ rows: string }>(
    `SELECT count(*) AS rows FROM ${table} WHERE ${where}`,
    [before],
  );
  return Number(rows[0]?.rows ?? 0);
}
