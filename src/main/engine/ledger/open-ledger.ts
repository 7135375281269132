import { join } from 'node:path';
import type { LedgerStatus } from '../../../shared/contract.ts';
import type { Clock } from '../clock.ts';
import type { Settings } from '../config/settings.ts';
import { messageOf, TenhertzError } from '../errors.ts';
import type { Metrics } from '../health/metrics.ts';
import type { Logger } from '../logger.ts';
import { createLedgerDatabase } from './create-database.ts';
import type { LedgerDatabase } from './database.ts';
import { createEmbeddedPostgres, type EmbeddedPostgres } from './embedded-server.ts';
import { makeServerHome, OWNER, ownerLogin, passwordFileOf, SOCKET_PORT } from './server-home.ts';
import {
  ledgerAddress,
  ledgerOptions,
  readLedgerSettings,
  type LedgerConnectionOptions,
} from './settings.ts';

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
  /** Resolves once it is up; rejects with why it is not after `timeoutMs`, and at once when waiting does not help. */
  ready(timeoutMs?: number): Promise<void>;
  /** Waits a while for it to be up: 10 s for the embedded one, 3 s for a server of the user's. Never rejects: the status says why not. */
  settled(): Promise<void>;
  /** Closes the connections, then stops the embedded server if it is ours. */
  close(): Promise<void>;
}

/** Making a cluster takes seconds on a slow disk. */
const EMBEDDED_WITHIN_MS = 10_000;
const EXTERNAL_WITHIN_MS = 3_000;

/**
 * Connects to the server the settings name, or starts the embedded one in the background. A ledger that is away keeps nothing from
 * starting; what a person has to change is told in its status. Rejects with `BAD_POSTGRES_SETTINGS` (exit code 3) alone.
 */
export async function openLedger(deps: OpenLedgerDeps): Promise<OpenLedger> {
  const { settings, clock, log, metrics } = deps;
  const wanted = readLedgerSettings({
    flag: settings.postgres,
    env: settings.env,
    file: settings.postgresInFile,
  });
  if (wanted.kind === 'off') return ledgerOff(clock);
  if (wanted.kind === 'embedded') return openEmbedded(deps);
  const { options, address } = wanted;
  const database = createLedgerDatabase({ options, address, kind: 'external', clock, log, metrics });
  return external(database, address, log);
}

async function openEmbedded({ dir, clock, log, metrics }: OpenLedgerDeps): Promise<OpenLedger> {
  let server: EmbeddedPostgres | undefined;
  let missing: TenhertzError | undefined;
  // A socket nobody listens on, where there is no server that could.
  let options: LedgerConnectionOptions = {
    host: join(dir, 'nowhere'),
    port: SOCKET_PORT,
    database: OWNER,
    ssl: false,
  };
  try {
    server = createEmbeddedPostgres({ home: await makeServerHome(dir), clock, log });
    options = server.options;
  } catch (error) {
    missing = error instanceof TenhertzError ? error : unusable(dir, error);
  }
  const address = ledgerAddress(options);
  const database = createLedgerDatabase({
    options,
    address,
    kind: 'embedded',
    waits: true,
    clock,
    log,
    metrics,
  });
  server?.onStart(() => database.tryNow());
  const started = server === undefined ? Promise.reject(missing ?? unusable(dir, '')) : server.start();
  started.catch((error: unknown) =>
    log.warn({ reason: messageOf(error) }, 'The embedded PostgreSQL did not start'),
  );
  const failure = (): TenhertzError | undefined => missing ?? server?.failure();

  const ready = async (timeoutMs = EMBEDDED_WITHIN_MS): Promise<void> => {
    const up = database.ready(timeoutMs).catch((error: unknown) => {
      throw failure() ?? error;
    });
    // A first attempt that failed says more than a connection that was refused.
    await Promise.race([up, started.then(() => up)]);
  };
  return {
    database,
    address,
    status() {
      const status = database.status();
      const why = failure();
      return status.state === 'up' || why === undefined
        ? status
        : { ...status, state: 'down', message: why.message };
    },
    ready,
    settled: () => ready().catch(told(log)),
    async close() {
      await database.close();
      await server?.stop();
    },
  };
}

/** Connects to the embedded server of the program that runs on the data directory of `dir`; it is not ours to stop. */
export function connectToRunning({
  address,
  dir,
  clock,
  log,
  metrics,
}: Omit<OpenLedgerDeps, 'settings'> & { address: string }): OpenLedger {
  const own = ledgerOptions(address);
  // A server with a name of its own is an external one, with a password that the flags or the environment know.
  const options = own.host.startsWith('/') ? { ...own, ...ownerLogin(passwordFileOf(dir)) } : own;
  const database = createLedgerDatabase({ options, address, kind: 'embedded', clock, log, metrics });
  return external(database, address, log);
}

function external(database: LedgerDatabase, address: string, log: Logger): OpenLedger {
  const ready = (timeoutMs = EXTERNAL_WITHIN_MS): Promise<void> => database.ready(timeoutMs);
  return {
    database,
    address,
    status: () => database.status(),
    ready,
    settled: () => ready().catch(told(log)),
    close: () => database.close(),
  };
}

function told(log: Logger): (error: unknown) => void {
  return error => log.warn({ reason: messageOf(error) }, 'The ledger is away; the start goes on without it');
}

function unusable(dir: string, cause: unknown): TenhertzError {
  return new TenhertzError(
    'LEDGER_NOT_STARTED',
    `The ledger in ${dir} cannot be made: ${messageOf(cause)}.`,
    {
      exitCode: 4,
      facts: { dir },
      cause,
    },
  );
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
    ready: () => Promise.resolve(),
    settled: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
