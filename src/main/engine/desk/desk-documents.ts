import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DESK_LIMIT_BYTES, DESK_NAME, type DeskDocument, type DeskWrite } from '../../../shared/desk.ts';
import { messageOf, TenhertzError } from '../errors.ts';

/** The documents of the screen, as files `desk/<name>.json` of the data directory. */
export interface DeskDocuments {
  /** One that cannot be read is put aside as `<name>.json.broken` and answered as none, with the reason. */
  read(name: string): Promise<DeskDocument>;
  /**
   * Writes it whole or not at all, unless what stands there is of another version than `version` (`null`: any). Writes follow each
   * other in order.
   *
   * @throws TenhertzError `DESK_TOO_LARGE`, `DESK_NOT_WRITTEN` (facts `{name}`), `BAD_ARGUMENTS` for a name it cannot have.
   */
  write(name: string, value: unknown, version: string | null): Promise<DeskWrite>;
}

/** The documents below `dataDir`; the folder is made with the first write. */
export function openDeskDocuments(dataDir: string): DeskDocuments {
  const folder = join(dataDir, 'desk');
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
  return {
    read: name => inTurn(() => readDocument(fileOf(folder, name), name)),
    write: (name, value, version) =>
      inTurn(async () => {
        const path = fileOf(folder, name);
        const newest = version === null ? null : await readDocument(path, name);
        if (newest !== null && newest.version !== version) return { version: newest.version, newest };
        return { version: await writeDocument(folder, path, { name, value }), newest: null };
      }),
  };
}

function fileOf(folder: string, name: string): string {
  if (!DESK_NAME.test(name))
    throw new TenhertzError(
      'BAD_ARGUMENTS',
      `A document of the desk cannot be called "${name.slice(0, 64)}".`,
    );
  return join(folder, `${name}.json`);
}

const NONE: DeskDocument = { value: null, problem: null, version: '' };

function versionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

async function readDocument(path: string, name: string): Promise<DeskDocument> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return NONE;
    return { ...NONE, problem: `The document "${name}" cannot be read: ${messageOf(error)}.` };
  }
  try {
    return { value: JSON.parse(text) as unknown, problem: null, version: versionOf(text) };
  } catch {
    await rename(path, `${path}.broken`).catch(() => undefined);
    return {
      ...NONE,
      problem: `The document "${name}" is broken; it was put aside as desk/${name}.json.broken.`,
    };
  }
}

async function writeDocument(
  folder: string,
  path: string,
  { name, value }: { name: string; value: unknown },
): Promise<string> {
  const text = JSON.stringify(value);
  const size = Buffer.byteLength(text);
  if (size > DESK_LIMIT_BYTES) {
    throw new TenhertzError(
      'DESK_TOO_LARGE',
      `The document "${name}" has ${size} bytes; ${DESK_LIMIT_BYTES} are the most. Delete a layout you do not use.`,
      { facts: { name, size } },
    );
  }
  const draft = `${path}.${randomUUID()}`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(text);
      // On disk before it takes the place of what was there: a power cut must not leave half a layout.
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
    return versionOf(text);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw new TenhertzError(
      'DESK_NOT_WRITTEN',
      `The desk could not be saved (${path}): ${messageOf(cause)}.`,
      {
        facts: { name },
        cause,
      },
    );
  }
}
