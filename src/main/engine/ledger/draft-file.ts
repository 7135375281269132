import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { messageOf, TenhertzError } from '../errors.ts';

/** A file that takes its place only when it is whole; until then it is `<name>.part`. */
export interface DraftFile {
  /** Absolute, of the whole file. */
  readonly path: string;
  /** Resolves when the disk takes more. */
  write(chunk: string | Uint8Array): Promise<void>;
  /** It is on the disk, and in place of what had its name before. */
  keep(): Promise<void>;
  /** Removes what was written; harmless after {@link keep}. */
  discard(): Promise<void>;
}

/**
 * Begins a file. Every step rejects with `FILE_NOT_WRITTEN` whose message says what to change: a full disk, a directory that is
 * not there, missing rights.
 *
 * @param mode rights of the file, such as 0o600
 */
export async function openDraft(path: string, mode = 0o666): Promise<DraftFile> {
  const whole = resolve(path);
  const part = `${whole}.part`;
  const stream = createWriteStream(part, { mode });
  let failed: Error | undefined;
  stream.on('error', error => (failed ??= error));
  await orRefuse(whole, () => once(stream, 'open'));
  return {
    path: whole,
    async write(chunk) {
      await orRefuse(whole, async () => {
        if (failed !== undefined) throw failed;
        if (!stream.write(chunk)) await drained(stream);
      });
    },
    async keep() {
      await orRefuse(whole, async () => {
        if (failed !== undefined) throw failed;
        stream.end();
        await finished(stream);
        const file = await open(part, 'r');
        try {
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(part, whole);
      });
    },
    async discard() {
      stream.destroy();
      if (!stream.closed) await new Promise<void>(done => stream.once('close', done));
      await rm(part, { force: true });
    },
  };
}

function drained(stream: WriteStream): Promise<void> {
  return new Promise((done, reject) => {
    const settle = (error?: Error): void => {
      stream.off('drain', settle);
      stream.off('error', settle);
      if (error === undefined) done();
      else reject(error);
    };
    stream.once('drain', settle);
    stream.once('error', settle);
  });
}

async function orRefuse<T>(path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    throw notWritten(path, cause);
  }
}

const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full. Make room, or name a place on another disk',
  EDQUOT: 'this user may not use more of the disk. Make room, or name a place on another disk',
  ENOENT: 'its directory does not exist. Make it, or name another',
  ENOTDIR: 'what should be its directory is a file. Name another place',
  EISDIR: 'it is a directory. Name a file in it',
  EACCES: 'this user may not write there. Name another place, or change the rights',
  EPERM: 'this user may not write there. Name another place, or change the rights',
  EROFS: 'that disk is read-only. Name another place',
};

function notWritten(path: string, cause: unknown): TenhertzError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return new TenhertzError(
    'FILE_NOT_WRITTEN',
    `${path} cannot be written: ${ADVICE[code] ?? messageOf(cause)}. What had this name before is untouched.`,
    { facts: { path, reason: code }, cause },
  );
}
