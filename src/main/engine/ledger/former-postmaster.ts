import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sleep, type Clock } from '../clock.ts';
import { TenhertzError } from '../errors.ts';

/** How long a former server may take to stop at each way of asking. */
const PATIENCE_MS = 4_000;
/** More than any system gives out. */
const NO_PID = 4_194_305;

/**
 * Stops a PostgreSQL that a former run left on `cluster`. A pid is trusted only when that process names the cluster in its command line; a
 * number that now belongs to somebody else is taken out of the way, because PostgreSQL would refuse to start for it. What a server that
 * was killed left otherwise, PostgreSQL finds out by itself.
 *
 * @returns whether there was one.
 * @throws TenhertzError `LEDGER_NOT_STARTED` when it cannot be stopped.
 */
export async function stopFormerPostmaster(cluster: string, clock: Clock): Promise<boolean> {
  const file = join(cluster, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => '');
  const [first = '', ...rest] = text.split('\n');
  const pid = Number(first);
  if (!Number.isInteger(pid) || pid <= 1) return false;
  const title = await titleOf(pid);
  if (title === '') return false;
  if (!title.includes(cluster)) {
    await writeFile(file, [String(NO_PID), ...rest].join('\n'));
    return false;
  }
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended in the meantime.
    }
    if (await gone(pid, cluster, clock)) return true;
  }
  throw new TenhertzError(
    'LEDGER_NOT_STARTED',
    `The PostgreSQL of a former run (process ${pid}) still uses ${cluster} and cannot be stopped. End it by hand.`,
    { exitCode: 4, facts: { pid, cluster } },
  );
}

async function gone(pid: number, cluster: string, clock: Clock): Promise<boolean> {
  const end = clock.monotonic() + PATIENCE_MS;
  while ((await titleOf(pid)).includes(cluster)) {
    if (clock.monotonic() > end) return false;
    await sleep(clock, 20);
  }
  return true;
}

/** A running process' command line; empty when there is no such process. */
async function titleOf(pid: number): Promise<string> {
  const fromProc = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  if (fromProc !== undefined) return fromProc;
  return promisify(execFile)('ps', ['-o', 'args=', '-p', String(pid)]).then(
    ({ stdout }) => stdout,
    () => '',
  );
}
