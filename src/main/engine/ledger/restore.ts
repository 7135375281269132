import type { PoolClient } from 'pg';
import { TenhertzError } from '../errors.ts';
import { COLUMNS } from './backup.ts';
import type { BackupDocument } from './backup-documents.ts';
import { BACKUP_TABLES, badBackup, type Header } from './backup-format.ts';
import { readBackup } from './backup-reader.ts';
import type { LedgerDatabase } from './database.ts';

export interface RestoreOptions {
  /** Replaces what the ledger holds. */
  force: boolean;
  signal: AbortSignal;
}

/** What was restored, and what settings the backup holds besides. */
export interface RestoreSummary {
  header: Header;
  rows: Record<string, number>;
  documents: BackupDocument[];
}

const PIECE = 1_000_000;
const MOST_ROWS = 1_000;

/**
 * Puts the ledger of a backup into an empty one. The whole file is checked before the first row is written, and all rows are
 * written in one transaction, so the ledger holds everything or is as it was. Settings are handed back, not written.
 *
 * Rejects with what {@link readBackup} says of the file, `LEDGER_NOT_EMPTY` unless `force`, `LEDGER_BUSY` when somebody else
 * works in it, `BACKUP_NOT_FITTING`, the errors of the ledger, or the signal's reason.
 */
export async function restoreBackup(
  ledger: LedgerDatabase,
  path: string,
  { force, signal }: RestoreOptions,
): Promise<RestoreSummary> {
  const { documents } = await checkBackup(path, signal);
  return ledger.transaction(async client => {
    await client.query('SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0');
    await takeTables(client);
    await makeEmpty(client, force);
    let header: Header | undefined;
    let inserts = new Map<string, string>();
    const batch = new Batch(client);
    // The checksum is reckoned again: a file that was changed meanwhile rejects, and nothing is committed.
    for await (const item of readBackup(path)) {
      signal.throwIfAborted();
      if ('header' in item) {
        header = item.header;
        inserts = await insertsOf(client, path, header);
      } else if ('row' in item) {
        await batch.add(inserts.get(item.table) ?? '', item.row);
      }
    }
    await batch.flush();
    if (header === undefined) throw badBackup(path, 'BACKUP_DAMAGED', 'is damaged: its head is missing.');
    const rows = Object.fromEntries(header.tables.map(table => [table.name, table.rows]));
    return { header, rows, documents };
  });
}

/** Reads a backup to its end and gives what is small in it. Rejects as {@link readBackup} does. */
export async function checkBackup(
  path: string,
  signal: AbortSignal,
): Promise<{ header: Header | undefined; documents: BackupDocument[] }> {
  const documents: BackupDocument[] = [];
  let header: Header | undefined;
  for await (const item of readBackup(path)) {
    signal.throwIfAborted();
    if ('header' in item) header = item.header;
    else if ('file' in item) {
      if (header?.files.includes(item.file) !== true)
        throw badBackup(path, 'BACKUP_DAMAGED', `is damaged: its head does not name ${item.file}.`);
      documents.push(item);
    }
  }
  return { header, documents };
}

/** Nobody may record an event between the look whether it is empty and the commit. */
async function takeTables(client: PoolClient): Promise<void> {
  const tables = BACKUP_TABLES.map(quoted).join(', ');
  try {
    await client.query(`SET LOCAL lock_timeout = '5s'; LOCK TABLE ${tables} IN ACCESS EXCLUSIVE MODE`);
  } catch (cause) {
    if (!(cause instanceof TenhertzError) || cause.facts['sqlState'] !== '55P03') throw cause;
    throw new TenhertzError(
      'LEDGER_BUSY',
      'Another program works in this ledger. Stop it (a desk, an updater, a long export), then restore. Nothing was changed.',
      { cause },
    );
  }
}

async function makeEmpty(client: PoolClient, force: boolean): Promise<void> {
  const held: string[] = [];
  for (const table of BACKUP_TABLES) {
    const { rows } = await client.query<{ there: boolean }>(
      `SELECT EXISTS (SELECT FROM ${quoted(table)}) AS there`,
    );
    if (rows[0]?.there === true) held.push(table);
  }
  if (held.length === 0) return;
  if (!force) {
    throw new TenhertzError(
      'LEDGER_NOT_EMPTY',
      `This ledger is not empty (${held.join(', ')}). Restore into an empty one with --postgres, or replace what it holds with --force. Nothing was changed.`,
      { facts: { tables: held } },
    );
  }
  await client.query(`TRUNCATE ${held.map(quoted).join(', ')}`);
}

/**
 * For each table the statement that puts a list of rows ($1) into it, with the columns the backup has: one that is new since then
 * takes its default. The server reads the rows' JSON, so not a digit is lost.
 */
async function insertsOf(client: PoolClient, path: string, header: Header): Promise<Map<string, string>> {
  const inserts = new Map<string, string>();
  for (const { name, columns } of header.tables) {
    const { rows } = await client.query<{ name: string; json: boolean }>(COLUMNS, [name]);
    const unknown = columns.find(column => !rows.some(row => row.name === column));
    if (unknown !== undefined) {
      throw badBackup(
        path,
        'BACKUP_NOT_FITTING',
        `does not fit this ledger: ${name} has no column ${unknown}.`,
      );
    }
    const into = columns.map(quoted);
    // A JSON `null` in a row reads as no value at all.
    const from = columns.map(column =>
      rows.some(row => row.name === column && row.json)
        ? `coalesce(${quoted(column)}, 'null'::jsonb)`
        : quoted(column),
    );
    inserts.set(
      name,
      `INSERT INTO ${quoted(name)} (${into.join(', ')})
       SELECT ${from.join(', ')} FROM json_populate_recordset(NULL::${quoted(name)}, $1::json)`,
    );
  }
  return inserts;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Rows on their way into one table, some at a time. */
class Batch {
  readonly #client: PoolClient;
  #insert = '';
  #rows: string[] = [];
  #length = 0;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  async add(insert: string, row: string): Promise<void> {
    if (insert !== this.#insert) await this.flush();
    this.#insert = insert;
    this.#rows.push(row);
    this.#length += row.length;
    if (this.#length >= PIECE || this.#rows.length >= MOST_ROWS) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#rows.length === 0) return;
    const rows = `[${this.#rows.join(',')}]`;
    this.#rows = [];
    this.#length = 0;
    await this.#client.query(this.#insert, [rows]);
  }
}
