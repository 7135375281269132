import { once } from 'node:events';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Clock } from '../clock.ts';
import { readDocuments, type BackupDocument } from './backup-documents.ts';
import {
  BACKUP_FORMAT,
  BACKUP_TABLES,
  BackupTally,
  fileLine,
  rowLine,
  type Header,
} from './backup-format.ts';
import type { LedgerDatabase } from './database.ts';
import { openDraft, type DraftFile } from './draft-file.ts';
import { readSnapshot, type Snapshot } from './snapshot.ts';

/** What a backup holds. */
export interface BackupSummary {
  /** Absolute. */
  path: string;
  rows: Record<string, number>;
  files: string[];
}

export interface BackupDeps {
  ledger: LedgerDatabase;
  dataDir: string;
  /** The program's version. */
  version: string;
  clock: Clock;
  /** Ends it; nothing is left then. */
  signal: AbortSignal;
}

/**
 * Writes the ledger, as it is at one moment, and the settings of the data directory into one gzip file that only this user can
 * read: a line of JSON that says what it is, a line for each row and file, and a line with their numbers and checksum. It becomes
 * `path` when it is whole and on the disk; until then it is `path.part`, and what had the name before stays. Memory stays at a page.
 *
 * Rejects with `FILE_NOT_WRITTEN`, `DOCUMENT_NOT_READ`, the errors of the ledger, or the signal's reason.
 */
export async function writeBackup(deps: BackupDeps, path: string): Promise<BackupSummary> {
  const documents = await readDocuments(deps.dataDir);
  const draft = await openDraft(path, 0o600);
  try {
    const rows = await readSnapshot(deps.ledger, async snapshot => {
      const tally = new BackupTally();
      const packer = packInto(draft);
      for await (const piece of lines(deps, snapshot, documents, tally)) {
        deps.signal.throwIfAborted();
        await packer.write(piece);
      }
      await packer.end();
      return tally.rows;
    });
    await draft.keep();
    return { path: draft.path, rows, files: documents.map(({ file }) => file) };
  } finally {
    await draft.discard();
  }
}

async function* lines(
  { version, clock }: BackupDeps,
  snapshot: Snapshot,
  documents: readonly BackupDocument[],
  tally: BackupTally,
): AsyncGenerator<string> {
  const header = await headerOf(snapshot, version, new Date(clock.now()).toISOString(), documents);
  const first = `${JSON.stringify(header)}\n`;
  tally.add(first);
  yield first;
  for (const { file, text } of documents) {
    const line = fileLine(file, text);
    tally.add(line, { file, text });
    yield line;
  }
  for (const table of BACKUP_TABLES) {
    const pages = snapshot.pages<{ row: string }>(`SELECT row_to_json(t)::text AS row FROM "${table}" t`);
    for await (const rows of pages) {
      let piece = '';
      for (const { row } of rows) {
        const line = rowLine(table, row);
        tally.add(line, { table, row });
        piece += line;
      }
      yield piece;
    }
  }
  yield `${JSON.stringify(tally.trailer())}\n`;
}

async function headerOf(
  snapshot: Snapshot,
  program: string,
  created: string,
  documents: readonly BackupDocument[],
): Promise<Header> {
  const tables: Header['tables'] = [];
  for (const name of BACKUP_TABLES) {
    const columns = await snapshot.all<{ name: string }>(COLUMNS, [name]);
    const [counted] = await snapshot.all<{ rows: string }>(`SELECT count(*)::text AS rows FROM "${name}"`);
    tables.push({ name, columns: columns.map(column => column.name), rows: Number(counted?.rows ?? 0) });
  }
  const schema = await snapshot.all<{ name: string }>('SELECT name FROM tenhertz_migration ORDER BY name');
  return {
    tenhertz_backup: BACKUP_FORMAT,
    program,
    created,
    schema: schema.map(step => step.name),
    tables,
    files: documents.map(({ file }) => file),
  };
}

/** The columns of table $1 where the program finds it; `json`: it always holds JSON, and that may be `null`. */
export const COLUMNS = `
  SELECT attname AS name, attnotnull AND atttypid = 'jsonb'::regtype AS json FROM pg_attribute
  WHERE attrelid = to_regclass(quote_ident($1)) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`;

/** Packs text into a file. Both reject once the file cannot be written. */
function packInto(draft: DraftFile): { write(text: string): Promise<void>; end(): Promise<void> } {
  const gzip = createGzip();
  const sink = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      draft.write(chunk).then(() => done(), done);
    },
  });
  const written = pipeline(gzip, sink);
  written.catch(() => undefined);
  return {
    async write(text) {
      if (!gzip.destroyed && !gzip.write(text)) await Promise.race([once(gzip, 'drain'), written]);
      if (gzip.destroyed) await written;
    },
    end() {
      gzip.end();
      return written;
    },
  };
}
