import type { Clock } from '../engine/clock.ts';
import { readSettings, type Settings } from '../engine/config/settings.ts';
import type { SettingsFlags } from '../engine/config/settings-flags.ts';
import { TenhertzError } from '../engine/errors.ts';
import { createMetrics, type Metrics } from '../engine/health/metrics.ts';
import { createLogger, type Logger } from '../engine/logger.ts';
import type { CliDeps } from './host.ts';
import { Output } from './output.ts';

/** What every command that does its work and ends is given. */
export interface CommandBase {
  settings: Settings;
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

/**
 * Does `work` and hears signals meanwhile. Rejects with what `work` rejects with, and with `INTERRUPTED` (exit code 1) when a
 * signal ended it.
 */
export async function runCommand(
  { process, clock }: CliDeps,
  flags: SettingsFlags,
  work: (base: CommandBase) => Promise<void>,
  onInterrupt = 'Interrupted before the end; what was done until then stays.',
): Promise<void> {
  const settings = readSettings({ flags, env: process.env });
  // A command's answer is what its user looks at: only trouble is logged unless more is asked for.
  const log = createLogger(flags.logLevel === undefined ? 'warn' : settings.logLevel);
  const interrupt = new AbortController();
  const { signal } = interrupt;
  const onSignal = (): void => interrupt.abort();
  for (const name of SIGNALS) process.on(name, onSignal);
  // The engine's timers do not keep a process alive, for instance while a server is away.
  const hold = setInterval(() => undefined, 2 ** 30);
  const out = new Output(process.stdout);
  const err = new Output(process.stderr);
  try {
    await work({ settings, clock, log, metrics: createMetrics(), out, err, stdin: process.stdin, signal });
    signal.throwIfAborted();
  } catch (error) {
    throw signal.aborted ? new TenhertzError('INTERRUPTED', onInterrupt) : error;
  } finally {
    clearInterval(hold);
    for (const name of SIGNALS) process.off(name, onSignal);
  }
}

/** How long work may take to end after a signal. */
const END_WITHIN_MS = 1_000;

/** Resolves with the work, or some time after the abort. */
export async function endSoon(work: Promise<void>, { signal, clock }: CommandBase): Promise<void> {
  const overdue = new Promise<void>(resolve => {
    signal.addEventListener('abort', () => clock.after(END_WITHIN_MS, resolve));
  });
  await Promise.race([work, overdue]);
}
