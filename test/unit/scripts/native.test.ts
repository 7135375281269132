import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { aptInstall, aptUnpack, aptWay, writeWrapper, type Run } from '../../../scripts/lib/apt.mjs';
import {
  CHROMIUM,
  ensureNative,
  findNative,
  optionalNative,
  POSTGRES,
  REDIS,
  usesOtherRedis,
} from '../../../scripts/lib/native.mjs';
import { run } from '../../../scripts/lib/run.mjs';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "th-native 'quoted' "));
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(root, { recursive: true, force: true });
});

const nowhere = { ...REDIS, paths: [] };

function program(path: string, text = '#!/bin/sh\n'): string {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  chmodSync(full, 0o755);
  return full;
}

describe('the way to Debian packages', () => {
  const facts = { apt: true, dpkg: true, root: false, sudo: false };
  it.each([
    ['root', { ...facts, root: true }],
    ['sudo', { ...facts, sudo: true }],
    ['unpack', facts],
    ['none', { ...facts, dpkg: false }],
    ['none', { ...facts, apt: false, root: true }],
  ])('is %s for %o', (way, of) => {
    expect(aptWay(of)).toBe(way);
  });
});

describe('installing with apt', () => {
  it('starts no service, updates first and waits for other package managers', async () => {
    const runIt = vi.fn<Run>(() => Promise.resolve({ code: 0, output: '' }));
    await aptInstall(['redis-server'], true, runIt);
    const lines = runIt.mock.calls.map(([command, args]) => [command, ...args].join(' '));
    expect(lines[0]).toMatch(
      /^sudo -n env RUNLEVEL=1 SYSTEMD_OFFLINE=1 .*apt-get .*Lock::Timeout=120 update/,
    );
    expect(lines[1]).toMatch(/install -y -qq --no-install-recommends redis-server$/);
  });

  it('says which call failed, with exit code 4', async () => {
    const refuse: Run = () => Promise.resolve({ code: 100, output: '' });
    await expect(aptInstall(['chromium'], false, refuse)).rejects.toMatchObject({
      exitCode: 4,
      message: 'apt-get update failed (exit code 100); chromium is needed.',
    });
  });
});

describe('unpacking without rights', () => {
  /** Stands for apt-get and dpkg-deb: "downloads" one package and "unpacks" a program and a library from it. */
  const packages: Run = (command, args) => {
    if (args.includes('--download-only')) {
      const cache = args.find(arg => arg.startsWith('Dir::Cache='))?.slice('Dir::Cache='.length) ?? '';
      writeFileSync(join(cache, 'archives/redis.deb'), '');
    }
    if (command === 'dpkg-deb') {
      const target = args.at(-1) ?? '';
      mkdirSync(join(target, 'usr/bin'), { recursive: true });
      mkdirSync(join(target, 'usr/lib/some'), { recursive: true });
      writeFileSync(join(target, 'usr/bin/redis-server'), '#!/bin/sh\necho "$$ $LD_LIBRARY_PATH $*"\n', {
        mode: 0o755,
      });
      writeFileSync(join(target, 'usr/lib/some/liblzf.so.1'), '');
    }
    return Promise.resolve({ code: 0, output: '' });
  };

  it('keeps apt to folders of its own and leaves a program that runs from anywhere', async () => {
    const calls: string[] = [];
    const spy: Run = (command, args) => {
      calls.push([command, ...args].join(' '));
      return packages(command, args);
    };
    const path = await ensureNative(root, nowhere, { way: 'unpack', runIt: spy, find: () => undefined });
    for (const call of calls.filter(line => line.startsWith('apt-get'))) {
      expect(call).toContain(`Dir::State=${root}`);
      expect(call).toContain(`Dir::Cache=${root}`);
      expect(call).toContain('Dir::State::status=/var/lib/dpkg/status');
    }
    expect(findNative(root, nowhere, { PATH: '' })).toBe(path);
    const { output, code } = await run(path, ['--port', '0'], {
      quiet: true,
      env: { LD_LIBRARY_PATH: '/before' },
    });
    expect(code).toBe(0);
    expect(output).toContain(`${join(dirname(path), 'root/usr/lib/some')}:/before --port 0`);
  });

  it('becomes the program, so that its process id and signals are the program’s own', async () => {
    const path = await ensureNative(root, nowhere, { way: 'unpack', runIt: packages, find: () => undefined });
    expect(readFileSync(path, 'utf8')).toMatch(/\nexec /);
  });

  it.each(['update', 'install', 'dpkg-deb'])('says what %s answered when it fails', async step => {
    const failing: Run = (command, args) =>
      command === step || args.includes(step)
        ? Promise.resolve({ code: 1, output: 'no such host' })
        : packages(command, args);
    const failed = ensureNative(root, nowhere, { way: 'unpack', runIt: failing, find: () => undefined });
    await expect(failed).rejects.toMatchObject({ exitCode: 4 });
    await expect(failed).rejects.toThrow(/no such host[^]*TENHERTZ_REDIS_SERVER=/);
  });

  it('says so when the packages do not hold the program', async () => {
    const unpacked = await aptUnpack([], join(root, 'x'), { runIt: packages });
    expect(() => writeWrapper(unpacked, ['usr/bin/other'], join(root, 'w'))).toThrow(
      'hold none of usr/bin/other',
    );
  });
});

describe('finding a program', () => {
  it('takes the variable first, then PATH in order of preference', () => {
    program('one/valkey-server');
    const redis = program('two/redis-server');
    const named = program('three/mine');
    const PATH = `${join(root, 'one')}:${join(root, 'two')}`;
    expect(findNative(root, nowhere, { PATH })).toBe(redis);
    expect(findNative(root, nowhere, { PATH, TENHERTZ_REDIS_SERVER: named })).toBe(named);
    expect(findNative(root, nowhere, { PATH: join(root, 'one') })).toBe(join(root, 'one/valkey-server'));
    expect(findNative(root, nowhere, { PATH: '', TENHERTZ_REDIS_SERVER: '' })).toBeUndefined();
  });

  it('refuses a variable that names nothing that runs, as a wrong configuration', () => {
    expect(() => findNative(root, REDIS, { TENHERTZ_REDIS_SERVER: join(root, 'none') })).toThrow(
      expect.objectContaining({ exitCode: 3 }),
    );
  });

  it('does not take a file or folder that cannot be run', () => {
    mkdirSync(join(root, 'dir/redis-server'), { recursive: true });
    writeFileSync(join(root, 'valkey-server'), '');
    expect(findNative(root, nowhere, { PATH: `${join(root, 'dir')}:${root}` })).toBeUndefined();
  });
});

describe('making sure of a program', () => {
  it('does nothing when it is there', async () => {
    const runIt = vi.fn<Run>();
    expect(await ensureNative(root, REDIS, { find: () => '/usr/bin/redis-server', runIt })).toBe(
      '/usr/bin/redis-server',
    );
    expect(runIt).not.toHaveBeenCalled();
  });

  it('says how to get it on this and other systems when there is no way, with exit code 4', async () => {
    const failed = ensureNative(root, REDIS, { way: 'none', find: () => undefined });
    await expect(failed).rejects.toMatchObject({ exitCode: 4 });
    await expect(failed).rejects.toThrow(/brew install redis[^]*--redis URL/);
  });

  it.each(['root', 'sudo'] as const)('installs it as %s and takes what is there then', async way => {
    let installed = false;
    const runIt: Run = (_command, args) => {
      installed ||= args.includes('install');
      return Promise.resolve({ code: 0, output: '' });
    };
    const find = () => (installed ? '/usr/bin/chromium' : undefined);
    expect(await ensureNative(root, CHROMIUM, { way, find, runIt })).toBe('/usr/bin/chromium');
  });

  it('says how to get it when apt was content but brought none', async () => {
    const runIt: Run = () => Promise.resolve({ code: 0, output: '' });
    const failed = ensureNative(root, REDIS, { way: 'root', find: () => undefined, runIt });
    await expect(failed).rejects.toMatchObject({ exitCode: 4 });
  });

  it('passes on an error that is a fault of ours', async () => {
    const runIt: Run = () => Promise.reject(new TypeError('a fault'));
    await expect(ensureNative(root, REDIS, { way: 'root', find: () => undefined, runIt })).rejects.toThrow(
      TypeError,
    );
  });
});

describe('a program that only some tests want', () => {
  const find = () => undefined;

  it('is never installed, but unpacked with the programs beside it', async () => {
    const calls: string[] = [];
    const runIt: Run = (command, args) => {
      calls.push([command, ...args].join(' '));
      if (command === 'dpkg-deb') {
        for (const path of [...POSTGRES.unpacked, ...(POSTGRES.beside ?? [])]) {
          const full = join(args.at(-1) ?? '', path);
          mkdirSync(dirname(full), { recursive: true });
          writeFileSync(full, '', { mode: 0o755 });
        }
      }
      const cache = args.find(arg => arg.startsWith('Dir::Cache='))?.slice('Dir::Cache='.length);
      if (args.includes('--download-only')) writeFileSync(join(cache ?? '', 'archives/postgresql.deb'), '');
      return Promise.resolve({ code: 0, output: '' });
    };
    const path = await optionalNative(root, POSTGRES, { way: 'root', find, runIt });
    expect(path).toBe(join(root, 'node_modules/.cache/tenhertz/postgres/postgres'));
    expect(readFileSync(join(dirname(path ?? ''), 'initdb'), 'utf8')).toContain('15/bin/initdb');
    expect(calls.every(call => call.startsWith('dpkg-deb') || call.includes('Dir::State='))).toBe(true);
  });

  it('is said to be missing where it cannot be had, and the tests go on without', async () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    expect(await optionalNative(root, POSTGRES, { way: 'none', find })).toBeUndefined();
    const runIt: Run = () => Promise.resolve({ code: 1, output: 'no such package' });
    expect(await optionalNative(root, POSTGRES, { way: 'unpack', find, runIt })).toBeUndefined();
    expect(write).toHaveBeenCalledWith(expect.stringContaining('embedded PostgreSQL only'));
    const fault: Run = () => Promise.reject(new TypeError('a fault'));
    await expect(optionalNative(root, POSTGRES, { way: 'unpack', find, runIt: fault })).rejects.toThrow(
      TypeError,
    );
  });
});

describe('a Redis elsewhere', () => {
  it.each([
    [['--redis', 'redis://a'], {}, true],
    [['--redis=redis://a'], {}, true],
    [['--redis', 'embedded'], { REDIS_URL: 'redis://a' }, false],
    [['--redis=embedded'], { REDIS_HOST: 'a' }, false],
    [['--demo'], {}, false],
    [['--demo'], { REDIS_URL: '' }, false],
    [[], { REDIS_HOST: 'a' }, true],
    [['--redis'], {}, false],
  ])('arguments %o with %o: %s', (args, env, other) => {
    expect(usesOtherRedis(args, env)).toBe(other);
  });
});
