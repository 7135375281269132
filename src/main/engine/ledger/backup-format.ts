import { createHash, type Hash } from 'node:crypto';
import { z } from 'zod';
import { TenhertzError } from '../errors.ts';
import type { Schema } from './schema.ts';

/** The format this program writes, and the newest it reads. */
export const BACKUP_FORMAT = 1;

/** Every table of the ledger, in the order they are written and restored. */
export const BACKUP_TABLES = Object.keys({
  channel: true,
  event_log: true,
  latest_event: true,
  candle: true,
} satisfies Record<keyof Schema, true>) as readonly (keyof Schema)[];

const count = z.int().min(0);
const name = z.string().min(1);

/** The first line of a backup. */
export const Header = z.object({
  tenhertz_backup: z.int().min(1),
  /** The version of the program that wrote it. */
  program: z.string(),
  /** RFC 3339, UTC: the moment of the ledger it holds. */
  created: z.string(),
  /** The steps of the schema that had run. */
  schema: z.array(name),
  tables: z.array(z.object({ name, columns: z.array(name).min(1), rows: count })),
  /** Settings and documents of the data directory, by their paths below it. */
  files: z.array(name),
});
export type Header = z.infer<typeof Header>;

/** The last line: what came before it. */
export const Trailer = z.object({
  end: z.literal(true),
  rows: z.record(z.string(), count),
  files: count,
  /** Of all lines before this one, each with its line end. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Trailer = z.infer<typeof Trailer>;

const FileLine = z.object({ file: name, text: z.string() });
/** A row's JSON is never parsed here: JavaScript's numbers would take digits from it. */
const ROW = /^\{"table":"(\w+)","row":(\{.*\})\}$/s;

/** One line of a backup's middle. */
export type BackupItem = { table: string; row: string } | { file: string; text: string };

/** A row's line; `row` is one JSON object. */
export function rowLine(table: string, row: string): string {
  return `{"table":"${table}","row":${row}}\n`;
}

/** A file's line. */
export function fileLine(file: string, text: string): string {
  return `${JSON.stringify({ file, text })}\n`;
}

/** Reads a line of the middle; `undefined` for one that is none. */
export function readItem(line: string): BackupItem | undefined {
  const [, table, row] = ROW.exec(line) ?? [];
  if (table !== undefined && row !== undefined) return { table, row };
  return FileLine.safeParse(parsed(line)).data;
}

/** A line as JSON; `undefined` when it is none. */
export function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

/** Counts what goes into a backup or comes out of it. */
export class BackupTally {
  readonly #hash: Hash = createHash('sha256');
  readonly rows: Record<string, number> = Object.fromEntries(BACKUP_TABLES.map(table => [table, 0]));
  files = 0;

  /** @param line with its line end */
  add(line: string, item?: BackupItem): void {
    this.#hash.update(line);
    if (item === undefined) return;
    if ('file' in item) this.files += 1;
    else this.rows[item.table] = (this.rows[item.table] ?? 0) + 1;
  }

  /** To be asked once, at the end. */
  trailer(): Trailer {
    return { end: true, rows: this.rows, files: this.files, sha256: this.#hash.digest('hex') };
  }
}

/** A file that is no backup, or not a whole one. */
export function badBackup(path: string, code: string, what: string, cause?: unknown): TenhertzError {
  const exitCode = code === 'BACKUP_NEWER' ? 3 : 1;
  return new TenhertzError(code, `${path} ${what} Nothing was changed.`, {
    exitCode,
    facts: { path },
    cause,
  });
}
