import { randomBytes } from 'node:crypto';
import { systemClock } from '../../src/main/engine/clock.ts';
import { createMetrics, type Metrics } from '../../src/main/engine/health/metrics.ts';
import {
  createLedgerDatabase,
  type LedgerDatabaseDeps,
  type OwnLedgerDatabase,
} from '../../src/main/engine/ledger/create-database.ts';
import { ledgerAddress, ledgerOptions } from '../../src/main/engine/ledger/settings.ts';
import { silentLogger } from '../../src/main/engine/logger.ts';
import type { TestPostgres } from './postgres-server.ts';

export type TestLedgerOptions = Partial<LedgerDatabaseDeps> & {
  /** An address of a database that is there already, in place of a fresh one. */
  url?: string;
};

/** The program's own database object on a real server. */
export interface TestLedger extends OwnLedgerDatabase {
  /** As `--postgres` takes it, with user and password. */
  readonly url: string;
  readonly metrics: Metrics;
}

/**
 * A migrated ledger on a fresh database of `pg`'s cluster; give it back with `close()` (the database goes with the cluster).
 * A database that is there already is opened with `options.url`, for a second program on it.
 */
export async function openTestLedger(pg: TestPostgres, options: TestLedgerOptions = {}): Promise<TestLedger> {
  const { url: given, ...more } = options;
  const url = given ?? (await pg.createDatabase(`ledger_${randomBytes(6).toString('hex')}`));
  const ledger = ledgerAt(url, more);
  await ledger.ready(10_000);
  return ledger;
}

/** The same without waiting for it, for a server that is not there, or not well. */
export function ledgerAt(url: string, more: Partial<LedgerDatabaseDeps> = {}): TestLedger {
  const options = ledgerOptions(url);
  const metrics = createMetrics();
  const database = createLedgerDatabase({
    options,
    kind: 'external',
    address: ledgerAddress(options),
    clock: systemClock,
    log: silentLogger,
    metrics,
    ...more,
  });
  return { ...database, url, metrics };
}
