import { join } from 'node:path';
import { sleep, type Clock } from '../engine/clock.ts';
import { readRuntime, type DataDir } from '../engine/config/data-dir.ts';
import type { Settings } from '../engine/config/settings.ts';
import { TenhertzError } from '../engine/errors.ts';
import type { Metrics } from '../engine/health/metrics.ts';
import type { LedgerDatabase } from '../engine/ledger/database.ts';
import { connectToRunning, openLedger, type OpenLedger } from '../engine/ledger/open-ledger.ts';
import { readLedgerSettings } from '../engine/ledger/settings.ts';
import type { Logger } from '../engine/logger.ts';
import { FREE_WITHIN_MS, freeDataDir } from './tool-redis.ts';

export interface ToolLedgerDeps {
  settings: Settings;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  /** Ends the waiting for a data directory that is in use. */
  signal: AbortSignal;
  /** The command holds the data directory already, because it runs the embedded Redis. */
  held: boolean;
}

/** The ledger of a command, ready to be asked. */
export interface ToolLedger {
  readonly database: LedgerDatabase;
  /** As `--postgres` takes it, without user and password. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * The ledger of a command that runs beside the app: the one that flags, environment or settings name; else the one of the app that runs on
 * the data directory; else the embedded one, started for as long as the command runs.
 *
 * Rejects with `LEDGER_OFF` (exit code 3), with why the ledger cannot be used (3 or 4), and with `DATA_DIR_IN_USE`.
 */
export async function openToolLedger(deps: ToolLedgerDeps): Promise<ToolLedger> {
  const { settings, clock, signal } = deps;
  const wanted = readLedgerSettings({
    flag: settings.postgres,
    env: settings.env,
    file: settings.postgresInFile,
  });
  if (wanted.kind === 'off') throw ledgerOff();
  const dir = join(settings.dataDir, 'postgres');
  if (wanted.kind === 'external' || deps.held) return ready(await openLedger({ ...deps, dir }));
  const end = clock.monotonic() + FREE_WITHIN_MS;
  for (;;) {
    const app = await readRuntime(settings.dataDir);
    if (app !== undefined) {
      if (app.postgres === 'off') throw ledgerOff('The app that runs on this data directory keeps no ledger');
      return ready(connectToRunning({ ...deps, dir, address: app.postgres }));
    }
    const dataDir = await freeDataDir(settings.dataDir, clock.monotonic() < end && !signal.aborted);
    if (dataDir !== undefined) return startOwn(deps, dataDir);
    await sleep(clock, 100);
  }
}

async function startOwn(deps: ToolLedgerDeps, dataDir: DataDir): Promise<ToolLedger> {
  try {
    const ledger = await ready(await openLedger({ ...deps, dir: join(dataDir.path, 'postgres') }));
    const close = async (): Promise<void> => {
      await ledger.close();
      await dataDir.close();
    };
    return { ...ledger, close };
  } catch (error) {
    await dataDir.close();
    throw error;
  }
}

async function ready(ledger: OpenLedger): Promise<ToolLedger> {
  try {
    await ledger.ready();
    const { database, address } = ledger;
    if (database === undefined) throw ledgerOff();
    return { database, address, close: () => ledger.close() };
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

function ledgerOff(why = 'The ledger is off'): TenhertzError {
  return new TenhertzError('LEDGER_OFF', `${why}. Name a PostgreSQL with --postgres, or take out "off".`, {
    exitCode: 3,
  });
}
