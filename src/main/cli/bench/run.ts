import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../engine/clock.ts';
import { TenhertzError } from '../../engine/errors.ts';
import { createMetrics } from '../../engine/health/metrics.ts';
import { createLogger } from '../../engine/logger.ts';
import { connect } from '../../engine/redis/connection.ts';
import { createRedisPool } from '../../engine/redis/create-pool.ts';
import { createEmbeddedRedis } from '../../engine/redis/embedded-server.ts';
import { benchBatch } from './batch.ts';
import { benchCache } from './cache.ts';
import { benchEvents } from './events.ts';
import { benchLedger } from './ledger.ts';
import { benchLedgerReplay } from './ledger-replay.ts';
import { withBenchLedger } from './ledger-server.ts';
import type { BenchResult } from './measure.ts';
import { FULL_SIZES, type BenchParts, type BenchSizes } from './parts.ts';

/** What `tenhertz bench --json` prints. */
export interface BenchReport {
  machine: { cpu: string; cores: number; memoryGiB: number; node: string; platform: string };
  results: BenchResult[];
}

/**
 * Runs every benchmark on a private embedded Redis and PostgreSQL that nothing else uses, each beside the raw client in the same
 * run. Takes some minutes with the full sizes, which are the default. Nothing is left behind.
 */
export async function runBench(options: {
  redisServerPath?: string;
  logLevel?: string;
  sizes?: BenchSizes;
}): Promise<BenchReport> {
  const dir = await mkdtemp(join(tmpdir(), 'tenhertz-bench-'));
  const log = createLogger(options.logLevel ?? 'warn');
  const server = createEmbeddedRedis({
    dir,
    clock: systemClock,
    log,
    ...(options.redisServerPath === undefined ? {} : { binary: options.redisServerPath }),
  });
  try {
    const { options: redisOptions, address } = await server.start();
    const metrics = createMetrics();
    const pool = createRedisPool({
      options: redisOptions,
      kind: 'embedded',
      address,
      clock: systemClock,
      log,
      metrics,
    });
    const raw = connect(redisOptions);
    try {
      await pool.ready(5_000);
      const sizes = options.sizes ?? FULL_SIZES;
      const parts: BenchParts = { pool, raw, clock: systemClock, log, metrics, sizes };
      const results = [
        ...(await benchCache(parts)),
        ...(await benchEvents(parts)),
        ...benchBatch(parts),
        ...(await benchWithLedger(dir, parts)),
      ];
      return { machine: describeMachine(), results };
    } finally {
      raw.disconnect();
      await pool.close();
    }
  } finally {
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

/** Nothing of a machine where no PostgreSQL runs; said in the log. */
async function benchWithLedger(dir: string, parts: BenchParts): Promise<BenchResult[]> {
  try {
    return await withBenchLedger(dir, parts, async ledger => [
      ...(await benchLedger(parts, ledger)),
      ...(await benchLedgerReplay(parts, ledger)),
    ]);
  } catch (error) {
    if (!(error instanceof TenhertzError) || !NO_SERVER.has(error.code)) throw error;
    parts.log.warn({ reason: error.message }, 'The benchmarks of the ledger were left out');
    return [];
  }
}

const NO_SERVER = new Set(['LEDGER_BINARY_MISSING', 'LEDGER_NO_USER', 'LEDGER_NOT_STARTED']);

function describeMachine(): BenchReport['machine'] {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
}

/** The report as lines a person reads. */
export function formatBench(report: BenchReport): string {
  const { machine } = report;
  const head = `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}, ${machine.platform}`;
  const rows = report.results.map(row =>
    [
      row.name.padEnd(22),
      number(row.value).padStart(12),
      row.unit.padEnd(10),
      `raw ${number(row.baseline)}`.padEnd(18),
      `ratio ${row.ratio.toFixed(2)}`,
    ].join(' '),
  );
  return [head, ...rows].join('\n');
}

function number(value: number): string {
  return value >= 100 ? Math.round(value).toString() : value.toPrecision(3);
}
