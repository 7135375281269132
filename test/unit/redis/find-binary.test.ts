import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findRedisBinary } from '../../../src/main/engine/redis/find-binary.ts';

describe('finding a server to run', () => {
  let dir: string;
  const program = async (path: string, mode = 0o755): Promise<string> => {
    await mkdir(join(dir, path, '..'), { recursive: true });
    await writeFile(join(dir, path), '#!/bin/sh\n');
    await chmod(join(dir, path), mode);
    return join(dir, path);
  };
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'th-bin-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));
  const platform = 'linux' as const;

  it('takes the one named in the settings and looks no further', async () => {
    const mine = await program('mine/redis');
    expect(await findRedisBinary({ setting: mine, env: {}, platform })).toBe(mine);
    const env = { PATH: join(dir, 'path') };
    await program('path/redis-server');
    const refused = findRedisBinary({ setting: join(dir, 'none'), env, platform });
    await expect(refused).rejects.toMatchObject({ code: 'REDIS_BINARY_MISSING', exitCode: 4 });
    await expect(refused).rejects.toThrow(join(dir, 'none'));
  });

  it('prefers the package resources to PATH, and redis-server to valkey-server', async () => {
    const env = { PATH: `relative:${join(dir, 'valkey')}:${join(dir, 'both')}` };
    const valkey = await program('valkey/valkey-server');
    await program('both/valkey-server');
    expect(await findRedisBinary({ env, platform })).toBe(valkey);
    const redis = await program('both/redis-server');
    expect(await findRedisBinary({ env: { PATH: join(dir, 'both') }, platform })).toBe(redis);
    const packaged = await program('resources/redis/redis-server');
    expect(await findRedisBinary({ env, platform, resourcesDir: join(dir, 'resources') })).toBe(packaged);
  });

  it('passes over directories', async () => {
    await mkdir(join(dir, 'odd', 'redis-server'), { recursive: true });
    await expect(findRedisBinary({ env: { PATH: join(dir, 'odd') }, platform })).rejects.toThrow(
      /No redis-server/,
    );
  });

  it.each([
    ['linux', 'ID=debian', 'apt-get install redis-server'],
    ['linux', 'NAME=Mint\nID=linuxmint\nID_LIKE="ubuntu debian"', 'apt-get'],
    ['linux', 'ID=fedora', 'dnf install'],
    ['linux', 'ID=arch', 'pacman -S valkey'],
    ['linux', 'ID=alpine', 'apk add'],
    ['linux', 'ID="opensuse-leap"', 'zypper install'],
    ['linux', '', 'package manager'],
    ['darwin', '', 'brew install redis'],
    ['win32', '', 'WSL'],
  ] as const)('says how to get one on %s %s', async (os, osRelease, words) => {
    const found = findRedisBinary({ env: {}, platform: os, osRelease });
    await expect(found).rejects.toMatchObject({ code: 'REDIS_BINARY_MISSING', exitCode: 4 });
    await expect(found).rejects.toThrow(words);
    await expect(found).rejects.toThrow('--redis');
  });

  it('reads the name of this system by itself', async () => {
    await expect(findRedisBinary({ env: {}, platform: process.platform })).rejects.toThrow(/nstall/);
  });
});
