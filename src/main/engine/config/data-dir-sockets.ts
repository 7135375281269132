import { createHash } from 'node:crypto';
import { lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { TenhertzError } from '../errors.ts';

/** Bytes of a unix socket's path without the closing NUL: `sun_path` has 108 on Linux, 104 on macOS and BSD. */
const LONGEST_PATH = process.platform === 'linux' ? 107 : 103;

/**
 * Where sockets of `dir` go, whose names have at most `nameBytes`: into `dir` itself, or, when its path is too long for a
 * unix socket, into a directory below the system's temporary one whose name follows from `dir`. Nothing is created.
 */
export function socketDir(dir: string, nameBytes: number): string {
  const own = resolve(dir);
  if (fits(own, nameBytes)) return own;
  const user = process.getuid?.() ?? 'user';
  const name = `tenhertz-${user}-${createHash('sha256').update(own).digest('hex').slice(0, 16)}`;
  const roots = [tmpdir(), '/tmp'].map(root => join(root, name));
  return roots.find(root => fits(root, nameBytes)) ?? join('/tmp', name);
}

/**
 * Creates a directory only this user can enter, or makes sure that it is one (its parents are created as needed).
 *
 * @throws TenhertzError `DIR_NOT_PRIVATE` (exit code 3) when it belongs to someone else, is a link, or is open to others.
 */
export async function ensurePrivateDir(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const found = await lstat(dir);
  const owner = process.getuid?.();
  if (!found.isDirectory() || (owner !== undefined && (found.uid !== owner || (found.mode & 0o077) !== 0))) {
    throw new TenhertzError(
      'DIR_NOT_PRIVATE',
      `${dir} must be a directory of this user that nobody else can enter. Remove it, or set its mode to 700.`,
      { exitCode: 3, facts: { dir } },
    );
  }
}

function fits(dir: string, nameBytes: number): boolean {
  return Buffer.byteLength(dir) + 1 + nameBytes <= LONGEST_PATH;
}
