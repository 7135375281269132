import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { TenhertzError, messageOf } from '../errors.ts';
import { lockOwner, takeLock, type LockHolder } from './data-dir-lock.ts';

const runtimeShape = z.object({
  /** The app's process. */
  pid: z.int().positive(),
  /** The monitor's address; `null` while the app has none (updater, desktop). It may hold the access token. */
  url: z.string().nullable(),
  /** The Redis in use, as `--redis` takes it; never holds a password. */
  redis: z.string(),
  /** The ledger in use, as `--postgres` takes it without user and password; `off` when there is none. */
  postgres: z.string().default('off'),
  /** Epoch ms. */
  startedAt: z.number(),
});

/** What `runtime.json` tells other commands about the app that runs on a data directory. */
export type RuntimeInfo = z.infer<typeof runtimeShape>;

/** A data directory held by this process. */
export interface DataDir {
  /** Absolute. */
  readonly path: string;
  /** A UUID made on first use and kept for ever; names this desktop's consumer groups. */
  readonly installId: string;
  /** Tells other commands where this app is; the pid is filled in. Readable by this user only. */
  writeRuntime(info: Omit<RuntimeInfo, 'pid'>): Promise<void>;
  /** Removes the runtime file and frees the directory. Harmless when called twice. */
  close(): Promise<void>;
}

/**
 * Opens the data directory, creating it (mode 700) if needed, and holds it: one app per directory. What a killed app left
 * is cleaned.
 *
 * @throws TenhertzError `DATA_DIR_IN_USE` (exit code 1; facts `{path, pid, url}`), `DATA_DIR_UNUSABLE` (exit code 3).
 */
export async function openDataDir(dir: string): Promise<DataDir> {
  const path = resolve(dir);
  await usable(path, () => mkdir(path, { recursive: true, mode: 0o700 }));
  const lock = await usable(path, () => takeLock(path));
  if (!('release' in lock)) throw await inUse(path, lock);
  try {
    await rm(runtimeFile(path), { force: true });
    const installId = await readInstallId(path);
    let closed = false;
    return {
      path,
      installId,
      writeRuntime: info =>
        writePrivate(runtimeFile(path), `${JSON.stringify({ pid: process.pid, ...info }, null, 2)}\n`),
      async close() {
        if (closed) return;
        closed = true;
        await rm(runtimeFile(path), { force: true });
        await lock.release();
      },
    };
  } catch (cause) {
    await lock.release();
    throw unusable(path, cause);
  }
}

/** What the app running on `dir` says about itself; `undefined` when none runs, or none has said it yet. */
export async function readRuntime(dir: string): Promise<RuntimeInfo | undefined> {
  const path = resolve(dir);
  const info = await readRuntimeFile(path);
  if (info === undefined) return undefined;
  const owner = await lockOwner(path);
  return owner !== undefined && (owner.pid ?? info.pid) === info.pid ? info : undefined;
}

async function readRuntimeFile(path: string): Promise<RuntimeInfo | undefined> {
  try {
    return runtimeShape.parse(JSON.parse(await readFile(runtimeFile(path), 'utf8')));
  } catch {
    return undefined;
  }
}

async function readInstallId(path: string): Promise<string> {
  const file = join(path, 'install-id');
  const text = await readFile(file, 'utf8').catch(() => '');
  const known = z.uuid().safeParse(text.trim());
  if (known.success) return known.data;
  const id = randomUUID();
  await writePrivate(file, `${id}\n`);
  return id;
}

/** Written whole or not at all, for this user only. */
async function writePrivate(file: string, text: string): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, file);
}

async function inUse(path: string, owner: LockHolder): Promise<TenhertzError> {
  const runtime = await readRuntimeFile(path);
  const told = runtime !== undefined && (owner.pid ?? runtime.pid) === runtime.pid ? runtime : undefined;
  const pid = owner.pid ?? told?.pid ?? null;
  const url = told?.url ?? null;
  const who = pid === null ? 'another process' : `process ${pid}`;
  const where = url === null ? '' : ` at ${url}`;
  return new TenhertzError(
    'DATA_DIR_IN_USE',
    `Tenhertz already runs on ${path} (${who}${where}). Use that one, stop it, or name another directory with --data-dir.`,
    { facts: { path, pid, url } },
  );
}

async function usable<T>(path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    throw unusable(path, cause);
  }
}

function unusable(path: string, cause: unknown): TenhertzError {
  if (cause instanceof TenhertzError) return cause;
  return new TenhertzError(
    'DATA_DIR_UNUSABLE',
    `The data directory ${path} cannot be used: ${messageOf(cause)}. Name another with --data-dir.`,
    { exitCode: 3, facts: { path }, cause },
  );
}

const runtimeFile = (path: string): string => join(path, 'runtime.json');
