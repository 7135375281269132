import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { messageOf, TenhertzError } from '../errors.ts';
import { OWNER, readPassword, type ServerHome } from './server-home.ts';

/** How the programs are run. */
export interface RunOptions {
  env: NodeJS.ProcessEnv;
  /** Ends the program under way. */
  signal: AbortSignal;
}

const DRAFT = 'cluster.new-';

/**
 * Sees to it that the cluster of `home` is there, is of the major version of our PostgreSQL, and has the password of
 * `home.passwordFile`. It is made under another name and renamed when it is whole, so that an end half-way leaves nothing in the way.
 *
 * @returns whether it was made now.
 * @throws TenhertzError `LEDGER_OTHER_VERSION` (exit code 3), `LEDGER_FULL` (4), `LEDGER_NOT_STARTED` (1).
 */
export async function initCluster(home: ServerHome, run: RunOptions): Promise<boolean> {
  await removeDrafts(home.dir);
  const { password, made } = await readPassword(home.passwordFile);
  if (!existsSync(home.cluster)) {
    await create(home, password, run);
    return true;
  }
  await checkVersion(home, run);
  if (made) await setPassword(home, password, run);
  return false;
}

async function create(home: ServerHome, password: string, run: RunOptions): Promise<void> {
  const id = randomUUID();
  const draft = join(home.dir, `${DRAFT}${id}`);
  const passwordFile = join(home.dir, `${DRAFT}${id}.password`);
  try {
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    if (home.user !== undefined) await chown(passwordFile, home.user.uid, home.user.gid);
    await runAs(home, run, home.binaries.initdb, [
      `--pgdata=${draft}`,
      `--username=${OWNER}`,
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      '--no-instructions',
    ]);
    await rename(draft, home.cluster);
  } catch (error) {
    throw notMade(home, error);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(draft, { recursive: true, force: true });
  }
}

async function checkVersion(home: ServerHome, run: RunOptions): Promise<void> {
  const cluster = (await readFile(join(home.cluster, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  const said = await runAs(home, run, home.binaries.postgres, ['--version']);
  const ours = /PostgreSQL\) (\d+)/.exec(said)?.[1] ?? '';
  if (cluster === ours) return;
  if (cluster === '') {
    throw new TenhertzError(
      'LEDGER_NOT_STARTED',
      `${home.cluster} holds no PostgreSQL data. Put it back from a backup, or move it away to begin with an empty ledger.`,
      { exitCode: 4, facts: { cluster: home.cluster } },
    );
  }
  const advice =
    Number(cluster) > Number(ours)
      ? 'Update Tenhertz, or name another data directory'
      : 'Make a backup with the Tenhertz that wrote it, move the directory away, and restore the backup here';
  throw new TenhertzError(
    'LEDGER_OTHER_VERSION',
    `The ledger in ${home.cluster} was written by PostgreSQL ${cluster}; this Tenhertz brings ${ours}. ${advice}.`,
    { exitCode: 3, facts: { cluster: home.cluster, version: cluster, ours } },
  );
}

/** The password's file was lost: whoever may write the cluster's files may give it another. */
async function setPassword(home: ServerHome, password: string, run: RunOptions): Promise<void> {
  await runAs(
    home,
    run,
    home.binaries.postgres,
    ['--single', '-D', home.cluster, 'postgres'],
    `ALTER ROLE ${OWNER} PASSWORD '${password}'\n`,
  );
}

async function removeDrafts(dir: string): Promise<void> {
  for (const name of await readdir(dir)) {
    if (name.startsWith(DRAFT)) await rm(join(dir, name), { recursive: true, force: true });
  }
}

function runAs(
  home: ServerHome,
  options: RunOptions,
  program: string,
  args: readonly string[],
  input?: string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { ...home.user, ...options, cwd: home.dir },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(lastLines(stderr) || error.message, { cause: error }));
      },
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
  });
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-3).join(' | ');
}

function notMade(home: ServerHome, cause: unknown): TenhertzError {
  const said = messageOf(cause);
  if (/ENOSPC|No space left|Disk quota/.test(said)) {
    return new TenhertzError(
      'LEDGER_FULL',
      `There is no room for the ledger in ${home.dir}: the disk is full. Make room there (about 100 MB), or name another data directory.`,
      { exitCode: 4, facts: { dir: home.dir }, cause },
    );
  }
  return new TenhertzError('LEDGER_NOT_STARTED', `The ledger in ${home.dir} could not be made: ${said}`, {
    exitCode: 4,
    facts: { dir: home.dir },
    cause,
  });
}
