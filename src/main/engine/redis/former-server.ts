import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { promisify } from 'node:util';
import { sleep, type Clock } from '../clock.ts';
import { TenhertzError } from '../errors.ts';
import { connect } from './connection.ts';

/** How long a former server may take to save and stop before it is killed. */
const PATIENCE_MS = 3_000;

/**
 * Stops a server that a former run left on `socketPath` (it would write into the same files), and removes its socket and
 * pid file. The socket lies in a directory of ours alone, so whoever listens on it is ours; a pid is trusted only when
 * that process names the socket in its title.
 *
 * @returns whether there was one.
 * @throws TenhertzError `EMBEDDED_REDIS_FAILED` when it cannot be stopped.
 */
export async function stopFormerServer(socketPath: string, pidFile: string, clock: Clock): Promise<boolean> {
  const there = await accepts(socketPath);
  if (there) {
    await askToStop(socketPath, clock);
    if (!(await gone(socketPath, clock))) await killByPid(pidFile, socketPath);
    if (!(await gone(socketPath, clock))) {
      throw new TenhertzError(
        'EMBEDDED_REDIS_FAILED',
        `A Redis server of a former run still listens on ${socketPath} and cannot be stopped. End it by hand.`,
        { facts: { socketPath } },
      );
    }
  }
  await rm(socketPath, { force: true });
  await rm(pidFile, { force: true });
  return there;
}

/** Whether anybody listens there. */
function accepts(socketPath: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = createConnection(socketPath);
    const done = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
}

async function gone(socketPath: string, clock: Clock): Promise<boolean> {
  const end = clock.monotonic() + PATIENCE_MS;
  while (await accepts(socketPath)) {
    if (clock.monotonic() > end) return false;
    await sleep(clock, 20);
  }
  return true;
}

async function askToStop(socketPath: string, clock: Clock): Promise<void> {
  const client = connect({ path: socketPath });
  try {
    // It answers only when it refuses; a server that hangs never does.
    await Promise.race([client.shutdown(), sleep(clock, 1_000)]);
  } catch {
    // Closed, as asked; or refused, and then it is killed.
  } finally {
    client.disconnect();
  }
}

async function killByPid(pidFile: string, socketPath: string): Promise<void> {
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).trim());
  if (!Number.isInteger(pid) || pid <= 1 || !(await titleOf(pid)).includes(socketPath)) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended in the meantime.
  }
}

/** A running process' title or command line; empty when there is no such process. */
async function titleOf(pid: number): Promise<string> {
  const fromProc = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  if (fromProc !== undefined) return fromProc;
  return promisify(execFile)('ps', ['-o', 'args=', '-p', String(pid)]).then(
    ({ stdout }) => stdout,
    () => '',
  );
}
