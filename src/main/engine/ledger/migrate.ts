import { Kysely, Migrator, PostgresDialect, type PostgresPoolClient } from 'kysely';
import type { Client } from 'pg';
import { messageOf } from '../errors.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { ledgerError, OLDEST_SERVER, type LedgerPlace } from './ledger-errors.ts';

/** Where the steps that ran are written down; a name of its own, for a database that others use too. */
const TABLE = 'tenhertz_migration';
const LOCK_TABLE = 'tenhertz_migration_lock';

/**
 * Whether steps are still to run in the database behind `client`. Reads only, so that a user who may not change tables is enough where
 * nothing is to be done.
 *
 * @throws TenhertzError `LEDGER_NEWER`, `LEDGER_TOO_OLD`, `LEDGER_ENCODING` (exit code 3), `LEDGER_DOWN` for a standby, or what
 * `pg` threw.
 */
export async function needsMigration(client: Client, place: LedgerPlace): Promise<boolean> {
  await checkServer(client, place);
  const done = await stepsDone(client);
  const unknown = done.filter(name => !(name in MIGRATIONS));
  if (unknown.length > 0) {
    throw ledgerError('LEDGER_NEWER', `it was made by a newer Tenhertz (${unknown.join(', ')})`, place, {
      exitCode: 3,
      advice: 'Update Tenhertz, or use another database',
    });
  }
  return done.length < Object.keys(MIGRATIONS).length;
}

/**
 * Brings the database to today's schema; answers the steps that ran now. Several programs may do this at once: the steps run in
 * one transaction under an advisory lock, and who comes second finds them done. Throws what `pg` threw.
 */
export async function migrate(client: Client): Promise<string[]> {
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: onlyClient(client) }) });
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) },
    migrationTableName: TABLE,
    migrationLockTableName: LOCK_TABLE,
  });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error !== undefined) throw error instanceof Error ? error : new Error(messageOf(error));
  return results.map(result => result.migrationName);
}

async function checkServer(client: Client, place: LedgerPlace): Promise<void> {
  const { rows } = await client.query<{ version: string; encoding: string; standby: boolean }>(
    `SELECT current_setting('server_version') AS version, current_setting('server_encoding') AS encoding,
            pg_is_in_recovery() AS standby`,
  );
  const { version = '', encoding = '', standby = false } = rows[0] ?? {};
  if (Number.parseInt(version, 10) < OLDEST_SERVER) {
    throw ledgerError('LEDGER_TOO_OLD', `its PostgreSQL is ${version}`, place, {
      exitCode: 3,
      advice: `Use PostgreSQL ${OLDEST_SERVER} or newer`,
    });
  }
  if (encoding !== 'UTF8') {
    throw ledgerError('LEDGER_ENCODING', `its database is written in ${encoding}`, place, {
      exitCode: 3,
      advice: 'Make one with: createdb --encoding UTF8 --template template0',
    });
  }
  if (standby) {
    throw ledgerError('LEDGER_DOWN', 'it is a read-only copy', place, {
      exitCode: 4,
      advice: 'Name the primary server with --postgres',
    });
  }
}

async function stepsDone(client: Client): Promise<string[]> {
  const { rows: found } = await client.query<{ there: boolean }>(
    'SELECT to_regclass($1) IS NOT NULL AS there',
    [TABLE],
  );
  if (found[0]?.there !== true) return [];
  const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${TABLE} ORDER BY name`);
  return rows.map(row => row.name);
}

/** A pool of this one connection, which stays open. */
function onlyClient(client: Client) {
  const query = client.query.bind(client) as PostgresPoolClient['query'];
  return {
    connect: () => Promise.resolve({ query, release: () => undefined }),
    end: () => Promise.resolve(),
  };
}
