import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { messageOf, TenhertzError } from '../errors.ts';

const exec = promisify(execFile);

/** A user of the system, as `spawn` takes one. */
export interface SystemUser {
  uid: number;
  gid: number;
}

const NAME = 'postgres';

/**
 * Who runs the embedded PostgreSQL: `undefined` for the user we are. PostgreSQL refuses to run as root; then it is the user
 * `postgres`, who is made when there is none: a system user without a home and without a login.
 *
 * @throws TenhertzError `LEDGER_NO_USER` (exit code 4) when there is none and none can be made.
 */
export async function serverUser(isRoot = process.getuid?.() === 0): Promise<SystemUser | undefined> {
  if (!isRoot) return undefined;
  const known = await idsOf(NAME);
  if (known !== undefined) return known;
  let trouble: unknown;
  for (const [command, args] of MAKERS) {
    try {
      await exec(command, args);
    } catch (error) {
      trouble = error;
    }
    const made = await idsOf(NAME);
    if (made !== undefined) return made;
  }
  throw new TenhertzError(
    'LEDGER_NO_USER',
    `PostgreSQL does not run as root, and the user ${NAME} could not be made (${messageOf(trouble)}). ` +
      `Make it (useradd --system ${NAME}), run Tenhertz as another user, or use a server of your own with --postgres.`,
    { exitCode: 4, facts: { user: NAME }, cause: trouble },
  );
}

/** Ways to make a system user, for the common systems and for those with busybox. */
const MAKERS: readonly (readonly [string, string[]])[] = [
  ['useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', NAME]],
  ['adduser', ['-S', '-D', '-H', '-s', '/sbin/nologin', NAME]],
];

/** The numbers of a user; `undefined` when there is none of that name. */
export async function idsOf(name: string): Promise<SystemUser | undefined> {
  try {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async flag => (await exec('id', [flag, name])).stdout),
    );
    return { uid: Number(uid), gid: Number(gid) };
  } catch {
    return undefined;
  }
}

/** Whether `user` may enter the directory `dir` and read what everybody may read in it. */
export async function canReach(user: SystemUser, dir: string): Promise<boolean> {
  return exec('test', ['-r', dir, '-a', '-x', dir], { ...user, cwd: '/' }).then(
    () => true,
    () => false,
  );
}
