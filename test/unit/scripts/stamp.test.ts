import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ensureBuild } from '../../../scripts/lib/build.mjs';
import { ensurePackages, npmCommand } from '../../../scripts/lib/packages.mjs';
import { hashOf, readStamp, unlessStamped } from '../../../scripts/lib/stamp.mjs';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'th-stamp-'));
  mkdirSync(join(root, 'src/deep'), { recursive: true });
  writeFileSync(join(root, 'src/a.ts'), 'a');
  writeFileSync(join(root, 'src/deep/b.ts'), 'b');
  writeFileSync(join(root, 'package-lock.json'), '{}');
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(root, { recursive: true, force: true });
});

describe('the hash of sources', () => {
  it('stays the same while names and contents do', () => {
    expect(hashOf(root, ['src', 'none'])).toBe(hashOf(root, ['src', 'none']));
  });

  it('changes with a content, a name, a new file and a file that appears', () => {
    const seen = new Set([hashOf(root, ['src', 'later'])]);
    writeFileSync(join(root, 'src/deep/b.ts'), 'B');
    seen.add(hashOf(root, ['src', 'later']));
    renameSync(join(root, 'src/a.ts'), join(root, 'src/c.ts'));
    seen.add(hashOf(root, ['src', 'later']));
    writeFileSync(join(root, 'src/d.ts'), '');
    seen.add(hashOf(root, ['src', 'later']));
    writeFileSync(join(root, 'later'), '');
    seen.add(hashOf(root, ['src', 'later']));
    expect(seen.size).toBe(5);
  });
});

describe('a stamped step', () => {
  it('is done once, and again when the hash changes', async () => {
    const work = vi.fn(() => Promise.resolve());
    const file = join(root, 'new/stamp');
    expect(await unlessStamped(file, 'one', work)).toBe(true);
    expect(await unlessStamped(file, 'one', work)).toBe(false);
    expect(await unlessStamped(file, 'two', work)).toBe(true);
    expect(work).toHaveBeenCalledTimes(2);
    expect(readStamp(file)).toBe('two');
  });

  it('is done again after it failed or was interrupted', async () => {
    const file = join(root, 'stamp');
    await unlessStamped(file, 'one', () => Promise.resolve());
    await expect(unlessStamped(file, 'two', () => Promise.reject(new Error('cut')))).rejects.toThrow('cut');
    expect(readStamp(file)).toBeUndefined();
  });
});

describe('packages', () => {
  it('are installed by npm ci with the build tools, once per lock file', async () => {
    const npm = vi.fn(() => Promise.resolve({ code: 0 }));
    expect(await ensurePackages(root, npm)).toBe(true);
    expect(await ensurePackages(root, npm)).toBe(false);
    writeFileSync(join(root, 'package-lock.json'), '{"changed":true}');
    expect(await ensurePackages(root, npm)).toBe(true);
    expect(npm).toHaveBeenCalledTimes(2);
    expect(npm).toHaveBeenCalledWith(expect.any(String), expect.arrayContaining(['ci', '--include=dev']));
  });

  it('stop the command when npm fails', async () => {
    await expect(ensurePackages(root, () => Promise.resolve({ code: 7 }))).rejects.toMatchObject({
      exitCode: 1,
    });
  });

  it('are installed by the npm that runs us', () => {
    expect(npmCommand({ npm_execpath: '/opt/npm-cli.js' })).toEqual([process.execPath, '/opt/npm-cli.js']);
    expect(npmCommand({})).toEqual(['npm']);
    expect(npmCommand({ npm_execpath: '/opt/other-manager' })).toEqual(['npm']);
  });
});

describe('the build', () => {
  it('runs when a source changed, and only then', async () => {
    const build = vi.fn(() => Promise.resolve({ code: 0 }));
    expect(await ensureBuild(root, build)).toBe(true);
    expect(await ensureBuild(root, build)).toBe(false);
    writeFileSync(join(root, 'src/a.ts'), 'changed');
    expect(await ensureBuild(root, build)).toBe(true);
  });

  it('stops the command when it fails, and is not taken for done', async () => {
    await expect(ensureBuild(root, () => Promise.resolve({ code: 1 }))).rejects.toThrow('The build failed');
    expect(await ensureBuild(root, () => Promise.resolve({ code: 0 }))).toBe(true);
  });
});
