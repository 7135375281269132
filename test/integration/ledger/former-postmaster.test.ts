import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock, type Clock } from '../../../src/main/engine/clock.ts';
import { stopFormerPostmaster } from '../../../src/main/engine/ledger/former-postmaster.ts';

/** Patience runs out a hundred times as fast. */
const hasty: Clock = { ...systemClock, monotonic: () => systemClock.monotonic() * 100 };

describe('a PostgreSQL of a former run', () => {
  let cluster = '';
  let running: ChildProcess[] = [];

  beforeEach(async () => {
    cluster = await mkdtemp(join(tmpdir(), 'th-cluster-'));
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    for (const child of running) child.kill('SIGKILL');
    running = [];
    await rm(cluster, { recursive: true });
  });

  /** A process that names `names` in its command line and does not heed these signals. Resolves when it is ready. */
  async function server(names: string, deafTo: readonly NodeJS.Signals[] = []): Promise<ChildProcess> {
    const script = `for (const name of ${JSON.stringify(deafTo)}) process.on(name, () => {});
      setInterval(() => {}, 1000); console.log('ready');`;
    const child = spawn(process.execPath, ['-e', script, names], { stdio: ['ignore', 'pipe', 'ignore'] });
    running.push(child);
    await once(child.stdout, 'data');
    return child;
  }

  const left = (pid: number | string): Promise<void> =>
    writeFile(join(cluster, 'postmaster.pid'), `${pid}\n${cluster}\n5432\n`);
  const pidFile = (): Promise<string> => readFile(join(cluster, 'postmaster.pid'), 'utf8');

  it('is not looked for where no file or none with a pid was left', async () => {
    const kill = vi.spyOn(process, 'kill');
    expect(await stopFormerPostmaster(cluster, systemClock)).toBe(false);
    for (const pid of ['', 'many', '1', '-7', '12.5']) {
      await left(pid);
      const before = await pidFile();
      expect(await stopFormerPostmaster(cluster, systemClock)).toBe(false);
      expect(await pidFile()).toBe(before);
    }
    expect(kill).not.toHaveBeenCalled();
  });

  it('that is gone already leaves a file that PostgreSQL itself deals with', async () => {
    const child = await server(cluster);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    await left(child.pid ?? 0);
    const before = await pidFile();
    expect(await stopFormerPostmaster(cluster, systemClock)).toBe(false);
    expect(await pidFile()).toBe(before);
  });

  it('is asked to stop, and is gone then', async () => {
    const child = await server(cluster);
    const ended = once(child, 'exit');
    await left(child.pid ?? 0);
    expect(await stopFormerPostmaster(cluster, systemClock)).toBe(true);
    expect(await ended).toEqual([null, 'SIGINT']);
  });

  it('that heeds nothing is killed', async () => {
    const child = await server(cluster, ['SIGINT', 'SIGQUIT']);
    const ended = once(child, 'exit');
    await left(child.pid ?? 0);
    expect(await stopFormerPostmaster(cluster, hasty)).toBe(true);
    expect(await ended).toEqual([null, 'SIGKILL']);
  });

  it('whose number belongs to somebody else by now harms nobody: the number is taken out of the way', async () => {
    const child = await server('somebody-else');
    await left(child.pid ?? 0);
    expect(await stopFormerPostmaster(cluster, systemClock)).toBe(false);
    expect(await pidFile()).toBe(`4194305\n${cluster}\n5432\n`);
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
  });

  it('that this user may not stop is named, with what to do', async () => {
    const child = await server(cluster);
    await left(child.pid ?? 0);
    const kill = vi.spyOn(process, 'kill').mockImplementation(() => {
      throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' });
    });
    await expect(stopFormerPostmaster(cluster, hasty)).rejects.toMatchObject({
      code: 'LEDGER_NOT_STARTED',
      exitCode: 4,
      message: `The PostgreSQL of a former run (process ${child.pid}) still uses ${cluster} and cannot be stopped. End it by hand.`,
      facts: { pid: child.pid, cluster },
    });
    expect(kill.mock.calls.map(([, signal]) => signal)).toEqual(['SIGINT', 'SIGQUIT', 'SIGKILL']);
  });
});
