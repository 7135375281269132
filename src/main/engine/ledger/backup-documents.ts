import { randomUUID } from 'node:crypto';
import { chmod, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf, TenhertzError } from '../errors.ts';

/** A small file of the data directory. */
export interface BackupDocument {
  /** Below the data directory, with `/`. */
  file: string;
  text: string;
}

/** Says where the running app is; it belongs to a process, not to a desk. */
const NOT_OURS = new Set(['runtime.json']);
const NAME = /^(desk\/)?[\w.-]{1,120}\.json$/;

/**
 * The settings and the screen's documents of a data directory: every `*.json` in it but `runtime.json`, and those in `desk/`. One
 * that cannot be read rejects with `DOCUMENT_NOT_READ`; a directory that is not there has none.
 */
export async function readDocuments(dataDir: string): Promise<BackupDocument[]> {
  const names = [
    ...(await jsonFiles(dataDir)).filter(name => !NOT_OURS.has(name)),
    ...(await jsonFiles(join(dataDir, 'desk'))).map(name => `desk/${name}`),
  ];
  const documents: BackupDocument[] = [];
  for (const file of names) {
    try {
      documents.push({ file, text: await readFile(join(dataDir, file), 'utf8') });
    } catch (cause) {
      throw new TenhertzError(
        'DOCUMENT_NOT_READ',
        `${join(dataDir, file)} cannot be read: ${messageOf(cause)}. Change its rights, or move it away.`,
        { facts: { file }, cause },
      );
    }
  }
  return documents;
}

/**
 * Puts documents into a data directory, each whole or not at all, for this user only: settings may hold an API key. Rejects
 * with `DOCUMENT_NOT_WRITTEN` (facts `{file, written}`).
 */
export async function writeDocuments(dataDir: string, documents: readonly BackupDocument[]): Promise<void> {
  let written = 0;
  for (const { file, text } of documents) {
    const path = join(dataDir, file);
    const draft = `${path}.${randomUUID()}`;
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const handle = await open(draft, 'wx', 0o600);
      try {
        await handle.writeFile(text);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await chmod(draft, 0o600);
      await rename(draft, path);
      written += 1;
    } catch (cause) {
      await rm(draft, { force: true }).catch(() => undefined);
      throw new TenhertzError(
        'DOCUMENT_NOT_WRITTEN',
        `${path} cannot be written: ${messageOf(cause)}. ${written} of ${documents.length} settings files were restored.`,
        { facts: { file, written }, cause },
      );
    }
  }
}

/** Whether a backup may write a file of this name: nothing outside the data directory, and nothing that is not ours. */
export function isDocumentName(file: string): boolean {
  return NAME.test(file) && !NOT_OURS.has(file);
}

async function jsonFiles(dir: string): Promise<string[]> {
  const found = await readdir(dir, { withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return [];
    throw error;
  });
  return found
    .filter(entry => entry.isFile() && NAME.test(entry.name))
    .map(({ name }) => name)
    .sort();
}
