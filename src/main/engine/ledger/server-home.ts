import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, lstat, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ensurePrivateDir, socketDir } from '../config/data-dir-sockets.ts';
import { TenhertzError } from '../errors.ts';
import type { LedgerConnectionOptions } from './settings.ts';
import { findPostgres, SHARED_HOME, type PostgresBinaries } from './postgres-binaries.ts';
import { serverUser, type SystemUser } from './server-user.ts';

/** Everything about where an embedded server lives. */
export interface ServerHome {
  binaries: PostgresBinaries;
  user: SystemUser | undefined;
  /** Owned by who runs the server; nobody else enters it. */
  dir: string;
  /** PostgreSQL's own directory, below {@link dir}. */
  cluster: string;
  /** The directory of its unix socket. */
  sockets: string;
  /** The server's password, for this user only. */
  passwordFile: string;
}

/** The only port's number there is, as a part of the socket's name. */
export const SOCKET_PORT = 5432;
const SOCKET = `.s.PGSQL.${SOCKET_PORT}`;
/** In the data directory of a root: says where the server's files are. */
export const NOTE = 'where-the-ledger-is.txt';

/**
 * Makes ready where the server of the directory `dir` lives: in `dir` itself; or, when we are root, in
 * `/var/lib/tenhertz/<hash of dir>` with a note in `dir`, because the other user who has to run it cannot enter `dir`. The password stays
 * in `dir`.
 *
 * @throws TenhertzError `DIR_NOT_PRIVATE` (exit code 3), `LEDGER_BINARY_MISSING`, `LEDGER_NO_USER` (4).
 */
export async function makeServerHome(dir: string, sharedHome = SHARED_HOME): Promise<ServerHome> {
  const own = resolve(dir);
  const user = await serverUser();
  const binaries = await findPostgres(user, { sharedHome });
  await ensurePrivateDir(own);
  const passwordFile = passwordFileOf(own);
  if (user === undefined) {
    const sockets = socketDir(own, SOCKET.length);
    await ensurePrivateDir(sockets);
    return { binaries, user, dir: own, cluster: join(own, 'cluster'), sockets, passwordFile };
  }
  // A data directory of root's lets nobody else in.
  const place = join(sharedHome, createHash('sha256').update(own).digest('hex').slice(0, 16));
  await mkdir(sharedHome, { recursive: true, mode: 0o755 });
  await ownedBy(place, user);
  const sockets = socketDir(place, SOCKET.length);
  if (sockets !== place) await ownedBy(sockets, user);
  await writeFile(
    join(own, NOTE),
    `${place}\n\nThe ledger's PostgreSQL does not run as root, and its user cannot enter this directory: its files are there.\n` +
      'Whoever removes this data directory may remove that one too.\n',
  );
  return { binaries, user, dir: place, cluster: join(place, 'cluster'), sockets, passwordFile };
}

/** The socket's path, as the server names it. */
export function socketOf(home: Pick<ServerHome, 'sockets'>): string {
  return join(home.sockets, SOCKET);
}

/** Where the password of the server of `dir` is. */
export function passwordFileOf(dir: string): string {
  return join(resolve(dir), 'password');
}

/** The one user of the embedded server, and its database. */
export const OWNER = 'tenhertz';

/** Who logs in to the embedded server; the password is read each time, since the first start makes it. */
export function ownerLogin(
  passwordFile: string,
): Pick<LedgerConnectionOptions, 'user' | 'password' | 'database'> {
  return {
    user: OWNER,
    password: async () => (await readFile(passwordFile, 'utf8')).trim(),
    database: OWNER,
  };
}

/** The password, made on first use: `made` says so. */
export async function readPassword(file: string): Promise<{ password: string; made: boolean }> {
  const known = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (known !== '') return { password: known, made: false };
  const password = randomBytes(24).toString('base64url');
  await writeFile(file, `${password}\n`, { mode: 0o600 });
  return { password, made: true };
}

/** A directory of `user` that nobody else enters (root does, as everywhere). */
async function ownedBy(dir: string, user: SystemUser): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const found = await lstat(dir);
  if (!found.isDirectory() || (found.uid !== user.uid && found.uid !== 0)) {
    throw new TenhertzError(
      'DIR_NOT_PRIVATE',
      `${dir} must be a directory of the user postgres that nobody else can enter. Remove it.`,
      { exitCode: 3, facts: { dir } },
    );
  }
  await chown(dir, user.uid, user.gid);
  await chmod(dir, 0o700);
}
