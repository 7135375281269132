import type { Clock } from '../engine/clock.ts';
import { readSettings } from '../engine/config/settings.ts';
import type { SettingsFlags } from '../engine/config/settings-flags.ts';
import { TenhertzError } from '../engine/errors.ts';
import { createMetrics, type Metrics } from '../engine/health/metrics.ts';
import type { LedgerDatabase } from '../engine/ledger/database.ts';
import { createLogger, type Logger } from '../engine/logger.ts';
import type { RedisPool } from '../engine/redis/pool.ts';
import type { CliDeps } from './host.ts';
import { Output } from './output.ts';
import { openToolLedger, type ToolLedger } from './tool-ledger.ts';
import { openToolRedis } from './tool-redis.ts';

/** What a command that works on Redis or on the ledger and then ends is given. */
export interface Tool {
  pool: RedisPool;
  /**
   * The ledger, opened when it is asked for the first time and closed with the command; see `openToolLedger` for where it is found and for
   * the errors.
   */
  ledger: () => Promise<LedgerDatabase>;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  out: Output;
  err: Output;
  stdin: CliDeps['process']['stdin'];
  /** Aborted by SIGINT, SIGTERM or SIGHUP: the work is to end soon. */
  signal: AbortSignal;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** How long the work may take to end after a signal. */
const END_WITHIN_MS = 1_000;

/**
 * Finds or starts Redis, does `work`, and lets go of everything again, whatever happened. Rejects with what `work` rejects
 * with, and with `INTERRUPTED` (exit code 1) when a signal ended it: what it has done until then stays.
 */
export async function runTool(
  deps: CliDeps,
  flags: SettingsFlags,
  work: (tool: Tool) => Promise<void>,
): Promise<void> {
  const { process, clock } = deps;
  const settings = readSettings({ flags, env: process.env });
  // A command's answer is what its user looks at: only trouble is logged unless more is asked for.
  const log = createLogger(flags.logLevel === undefined ? 'warn' : settings.logLevel);
  const metrics = createMetrics();
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort();
  for (const signal of SIGNALS) process.on(signal, onSignal);
  // The engine's timers do not keep a process alive, for instance while Redis is away.
  const hold = setInterval(() => undefined, 2 ** 30);
  try {
    const { signal } = interrupt;
    let opened: Promise<ToolLedger> | undefined;
    const redis = await openToolRedis({ settings, clock, log, metrics, signal });
    try {
      const out = new Output(process.stdout);
      const err = new Output(process.stderr);
      const ledger = async (): Promise<LedgerDatabase> => {
        opened ??= openToolLedger({ settings, clock, log, metrics, signal, held: redis.holdsDataDir });
        return (await opened).database;
      };
      const tool = { pool: redis.pool, ledger, clock, log, metrics, out, err, signal, stdin: process.stdin };
      await Promise.race([work(tool), overdue(signal, clock)]);
    } finally {
      // What could not be opened has nothing to close.
      await opened?.then(ledger => ledger.close()).catch(() => undefined);
      await redis.close();
    }
    if (interrupt.signal.aborted) throw interrupted();
  } catch (error) {
    throw interrupt.signal.aborted ? interrupted() : error;
  } finally {
    clearInterval(hold);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  }
}

/** Resolves some time after the abort. */
function overdue(signal: AbortSignal, clock: Clock): Promise<void> {
  return new Promise(resolve => {
    signal.addEventListener('abort', () => clock.after(END_WITHIN_MS, resolve));
  });
}

function interrupted(): TenhertzError {
  return new TenhertzError('INTERRUPTED', 'Interrupted before the end; what was done until then stays.');
}

/** The refusal of a command line; exit code 2. */
export function wrongUsage(message: string): TenhertzError {
  return new TenhertzError('WRONG_USAGE', message, { exitCode: 2 });
}
