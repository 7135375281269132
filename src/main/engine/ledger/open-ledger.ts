import type { LedgerStatus } from '../../../shared/contract.ts';
import type { Clock } from '../clock.ts';
import type { Settings } from '../config/settings.ts';
import { messageOf } from '../errors.ts';
import type { Metrics } from '../health/metrics.ts';
import type { Logger } from '../logger.ts';
import { createLedgerDatabase } from './create-database.ts';
import type { LedgerDatabase } from './database.ts';
import { readLedgerSettings } from './settings.ts';

export interface OpenLedgerDeps {
  settings: Settings;
  /** Where the embedded server keeps its data. */
  dir: string;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
}

/** The ledger the program uses, and how to let go of it. */
export interface OpenLedger {
  /** `undefined` when it is off by choice. It may be away now, and come and go later. */
  readonly database: LedgerDatabase | undefined;
  /** As `--postgres` takes it, without user name or password; `off` when it is off. */
  readonly address: string;
  status(): LedgerStatus;
  /** Waits a while for it to be up: 10 s for the embedded one, 3 s for a server of the user's. Never rejects: the status says why not. */
  settled(): Promise<void>;
  /** Closes the connections, then stops the embedded server if it is ours. */
  close(): Promise<void>;
}

const EXTERNAL_WITHIN_MS = 3_000;

/**
 * Connects to the server the settings name, or starts the embedded one. Returns at once: a ledger that is away keeps nothing from
 * starting. Throws `BAD_POSTGRES_SETTINGS` (exit code 3).
 */
export function openLedger(deps: OpenLedgerDeps): OpenLedger {
  const { settings, clock, log, metrics } = deps;
  const wanted = readLedgerSettings({
    flag: settings.postgres,
    env: settings.env,
    file: settings.postgresInFile,
  });
  if (wanted.kind !== 'external') return ledgerOff(clock);
  const { options, address } = wanted;
  const database = createLedgerDatabase({ options, address, kind: 'external', clock, log, metrics });
  return {
    database,
    address,
    status: () => database.status(),
    settled: () =>
      database
        .ready(EXTERNAL_WITHIN_MS)
        .catch((error: unknown) => log.warn({ reason: messageOf(error) }, 'The ledger is away')),
    close: () => database.close(),
  };
}

function ledgerOff(clock: Clock): OpenLedger {
  const since = clock.now();
  return {
    database: undefined,
    address: 'off',
    status: () => ({
      state: 'off',
      kind: 'off',
      address: '',
      since,
      latencyMs: null,
      message: 'The ledger is off: nothing is recorded.',
    }),
    settled: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
