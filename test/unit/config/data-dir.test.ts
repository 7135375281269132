import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataDir, readRuntime, type DataDir } from '../../../src/main/engine/config/data-dir.ts';
import { ensurePrivateDir, socketDir } from '../../../src/main/engine/config/data-dir-sockets.ts';
import { nodeScript, type NodeScript } from '../../support/node-child.ts';

const info = {
  url: 'http://127.0.0.1:4000/?token=t',
  redis: 'unix:///x/redis.sock',
  postgres: 'off',
  startedAt: 5,
};

let root: string;
let open: DataDir[];
const openIt = async (dir: string): Promise<DataDir> => {
  const opened = await openDataDir(dir);
  open.push(opened);
  return opened;
};

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'th-data-'));
  open = [];
});
afterEach(async () => {
  for (const one of open) await one.close();
  await rm(root, { recursive: true, force: true });
});

describe('the data directory', () => {
  it('is created for this user alone, with its parents', async () => {
    const { path } = await openIt(join(root, 'a', 'b'));
    expect(path).toBe(join(root, 'a', 'b'));
    expect((await stat(path)).mode & 0o777).toBe(0o700);
  });

  it('keeps its install id, and makes a new one when the file is no UUID', async () => {
    const first = await openIt(root);
    expect(first.installId).toMatch(/^[0-9a-f-]{36}$/);
    await first.close();
    const again = await openIt(root);
    expect(again.installId).toBe(first.installId);
    await again.close();
    await writeFile(join(root, 'install-id'), 'nonsense');
    expect((await openIt(root)).installId).not.toBe(first.installId);
  });

  it('tells a second app the pid and the address of the first', async () => {
    const first = await openIt(root);
    await expect(openDataDir(root)).rejects.toMatchObject({
      code: 'DATA_DIR_IN_USE',
      exitCode: 1,
      facts: { path: root, pid: process.pid, url: null },
    });
    await first.writeRuntime(info);
    const refused = openDataDir(root);
    await expect(refused).rejects.toMatchObject({ facts: { pid: process.pid, url: info.url } });
    await expect(refused).rejects.toThrow(info.url);
  });

  it('gives itself to exactly one of many that start at once', async () => {
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => openIt(root)));
    const won = tries.filter(one => one.status === 'fulfilled');
    const reasons = tries.flatMap(one => (one.status === 'rejected' ? [one.reason as unknown] : []));
    expect(won).toHaveLength(1);
    expect(reasons).toHaveLength(7);
    for (const reason of reasons) expect(reason).toMatchObject({ code: 'DATA_DIR_IN_USE' });
  });

  it('shows its runtime to other commands while the app runs, and to nobody after', async () => {
    expect(await readRuntime(root)).toBeUndefined();
    const first = await openIt(root);
    expect(await readRuntime(root)).toBeUndefined();
    await first.writeRuntime(info);
    expect(await readRuntime(root)).toEqual({ pid: process.pid, ...info });
    expect((await stat(join(root, 'runtime.json'))).mode & 0o777).toBe(0o600);
    await first.close();
    await first.close();
    expect(await readdir(root)).not.toContain('runtime.json');
    expect(await readdir(join(root, 'lock'))).toEqual([]);
    await writeFile(join(root, 'runtime.json'), JSON.stringify({ pid: 1, ...info }));
    expect(await readRuntime(root)).toBeUndefined();
    expect((await openIt(root)).path).toBe(root);
    expect(await readdir(root)).not.toContain('runtime.json');
  });

  it('does not take a runtime file of another process for the one of the owner', async () => {
    await openIt(root);
    await writeFile(join(root, 'runtime.json'), JSON.stringify({ pid: 1, ...info }));
    expect(await readRuntime(root)).toBeUndefined();
    await expect(openDataDir(root)).rejects.toMatchObject({ facts: { pid: process.pid, url: null } });
  });

  it('counts a process that holds the lock but does not answer as running', async () => {
    await mkdir(join(root, 'lock'), { mode: 0o700 });
    const silent = createServer(() => undefined);
    await new Promise<void>(done => silent.listen(join(root, 'lock', 'aa.sock'), done));
    const refused = openDataDir(root);
    await expect(refused).rejects.toMatchObject({ code: 'DATA_DIR_IN_USE', facts: { pid: null } });
    await expect(refused).rejects.toThrow('another process');
    silent.close();
  });

  it('cleans what a process left that died before it held the lock', async () => {
    await mkdir(join(root, 'lock'), { mode: 0o700 });
    const long = new Date(Date.now() - 120_000);
    for (const name of ['new-1.sock', 'new-2.sock']) await writeFile(join(root, 'lock', name), '');
    await utimes(join(root, 'lock', 'new-1.sock'), long, long);
    await openIt(root);
    expect(await readdir(join(root, 'lock'))).toEqual([
      expect.stringMatching(/^[0-9a-f]{16}\.sock$/),
      'new-2.sock',
    ]);
  });

  it('works where the path is too long for a unix socket', async () => {
    const long = join(root, 'x'.repeat(120));
    const first = await openIt(long);
    await first.writeRuntime(info);
    await expect(openDataDir(long)).rejects.toMatchObject({ code: 'DATA_DIR_IN_USE' });
    expect(await readRuntime(long)).toMatchObject({ pid: process.pid });
    await rm(socketDir(join(long, 'lock'), 25), { recursive: true });
  });

  it('says what to change when it cannot be used', async () => {
    await writeFile(join(root, 'file'), '');
    const refused = openDataDir(join(root, 'file'));
    await expect(refused).rejects.toMatchObject({ code: 'DATA_DIR_UNUSABLE', exitCode: 3 });
    await expect(refused).rejects.toThrow('--data-dir');
    await mkdir(join(root, 'dir', 'install-id'), { recursive: true });
    await expect(openDataDir(join(root, 'dir'))).rejects.toMatchObject({ code: 'DATA_DIR_UNUSABLE' });
    await rm(join(root, 'dir', 'install-id'), { recursive: true });
    expect((await openIt(join(root, 'dir'))).installId).toBeTruthy();
  });
});

describe('an app killed by -9', () => {
  let script: NodeScript;
  afterEach(() => script.remove());

  it('frees its directory, and its runtime file counts no more', async () => {
    script = await nodeScript(`
      import { openDataDir } from ${JSON.stringify(resolve('src/main/engine/config/data-dir.ts'))};
      const dir = await openDataDir(process.argv[2]);
      await dir.writeRuntime(${JSON.stringify(info)});
      console.log(dir.installId);
      setInterval(() => {}, 1000);
    `);
    const child = script.run([root]);
    try {
      const id = await child.line();
      await expect(openDataDir(root)).rejects.toMatchObject({
        facts: { pid: child.process.pid, url: info.url },
      });
      expect(await readRuntime(root)).toMatchObject({ pid: child.process.pid });
      await child.kill();
      expect(await readFile(join(root, 'runtime.json'), 'utf8')).toContain(info.url);
      expect(await readRuntime(root)).toBeUndefined();
      expect((await openIt(root)).installId).toBe(id);
    } finally {
      await child.kill();
    }
  });
});

describe('private directories', () => {
  it('refuse one that others can enter, or that is a link', async () => {
    const dir = join(root, 'p');
    await ensurePrivateDir(dir);
    await ensurePrivateDir(dir);
    await chmod(dir, 0o755);
    await expect(ensurePrivateDir(dir)).rejects.toMatchObject({ code: 'DIR_NOT_PRIVATE', exitCode: 3 });
    await symlink(root, join(root, 'link'));
    await expect(ensurePrivateDir(join(root, 'link'))).rejects.toMatchObject({ code: 'DIR_NOT_PRIVATE' });
  });

  it('hold sockets whose path fits, and otherwise one below the temporary directory that follows from the path', () => {
    expect(socketDir('/data', 10)).toBe('/data');
    const long = `/data/${'x'.repeat(100)}`;
    expect(socketDir(long, 10)).toBe(socketDir(long, 10));
    expect(socketDir(long, 10)).not.toBe(socketDir(`${long}y`, 10));
    expect(join(socketDir(long, 10), 'x'.repeat(10)).length).toBeLessThanOrEqual(107);
  });
});
