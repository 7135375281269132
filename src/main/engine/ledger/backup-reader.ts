import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { messageOf } from '../errors.ts';
import {
  BACKUP_FORMAT,
  BACKUP_TABLES,
  badBackup,
  BackupTally,
  Header,
  parsed,
  readItem,
  Trailer,
  type BackupItem,
} from './backup-format.ts';
import { isDocumentName } from './backup-documents.ts';
import { MIGRATIONS } from './migrations/index.ts';

/** No line of ours is longer: data is at most 256 KB. */
const LONGEST_LINE = 16_000_000;

/**
 * The items of a backup, in order, the header first. It is checked while it is read, so it rejects only when what is wrong is
 * reached, at the end at the latest: `NOT_A_BACKUP`, `BACKUP_DAMAGED` (cut off, changed, counts or checksum do not fit), or
 * `BACKUP_NEWER` (exit code 3) for one that a newer program wrote. One item is in memory at a time.
 */
export async function* readBackup(path: string): AsyncGenerator<{ header: Header } | BackupItem> {
  const tally = new BackupTally();
  let header: Header | undefined;
  let trailer: Trailer | undefined;
  for await (const line of linesOf(path)) {
    if (trailer !== undefined) throw damaged(path, 'something follows its end');
    if (header === undefined) {
      header = readHeader(path, line);
      tally.add(`${line}\n`);
      yield { header };
      continue;
    }
    if (line.startsWith('{"end":')) {
      trailer = Trailer.safeParse(parsed(line)).data;
      if (trailer === undefined) throw damaged(path, 'its last line cannot be read');
      continue;
    }
    const item = readItem(line);
    if (item === undefined) throw damaged(path, 'a line of it cannot be read');
    tally.add(`${line}\n`, item);
    yield item;
  }
  if (header === undefined) throw notOne(path);
  if (trailer === undefined) throw damaged(path, 'its end is missing');
  const { rows, files, sha256 } = tally.trailer();
  if (sha256 !== trailer.sha256) throw damaged(path, 'its checksum does not fit');
  const promised = Object.fromEntries(header.tables.map(table => [table.name, table.rows]));
  const kept = Object.entries(rows).every(([table, count]) => count === (promised[table] ?? 0));
  if (!kept || files !== header.files.length) throw damaged(path, 'it does not hold what its head says');
}

function readHeader(path: string, line: string): Header {
  const value = parsed(line);
  const format =
    typeof value === 'object' && value !== null && 'tenhertz_backup' in value ? value.tenhertz_backup : null;
  if (typeof format !== 'number') throw notOne(path);
  const newer = (what: string): Error =>
    badBackup(path, 'BACKUP_NEWER', `was written by a newer Tenhertz (${what}). Update Tenhertz first.`);
  if (format > BACKUP_FORMAT) throw newer(`format ${format}`);
  const header = Header.safeParse(value).data;
  if (header === undefined) throw damaged(path, 'its head cannot be read');
  const unknown =
    header.schema.find(step => !Object.hasOwn(MIGRATIONS, step)) ??
    header.tables.map(table => table.name).find(table => !BACKUP_TABLES.some(known => known === table));
  if (unknown !== undefined) throw newer(unknown);
  if (!header.files.every(isDocumentName))
    throw damaged(path, 'it names a file that is none of the settings');
  return header;
}

async function* linesOf(path: string): AsyncGenerator<string> {
  let rest: Buffer[] = [];
  let length = 0;
  try {
    const source = createReadStream(path);
    const unpacked = createGunzip();
    source.on('error', error => unpacked.destroy(error));
    for await (const chunk of source.pipe(unpacked) as AsyncIterable<Buffer>) {
      let from = 0;
      for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
        yield Buffer.concat([...rest, chunk.subarray(from, end)]).toString('utf8');
        rest = [];
        length = 0;
        from = end + 1;
      }
      rest.push(chunk.subarray(from));
      length += chunk.length - from;
      if (length > LONGEST_LINE) throw damaged(path, 'a line of it is too long');
    }
  } catch (error) {
    throw readingError(path, error);
  }
  if (length > 0) throw damaged(path, 'it was cut off in the middle of a line');
}

function readingError(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  // The unpacked data has no header of gzip at all.
  if (messageOf(error) === 'incorrect header check') return notOne(path);
  if (code.startsWith('Z_')) return damaged(path, `it cannot be unpacked: ${messageOf(error)}`, error);
  if (code === 'ENOENT') return badBackup(path, 'BACKUP_NOT_READ', 'does not exist.', error);
  if (code.startsWith('E'))
    return badBackup(path, 'BACKUP_NOT_READ', `cannot be read: ${messageOf(error)}.`, error);
  return error;
}

function damaged(path: string, what: string, cause?: unknown): Error {
  return badBackup(path, 'BACKUP_DAMAGED', `is damaged: ${what}. Use another backup.`, cause);
}

function notOne(path: string): Error {
  return badBackup(path, 'NOT_A_BACKUP', 'is no backup of Tenhertz.');
}
