import { execFile } from 'node:child_process';
import { lstat, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPostgres } from '../../../src/main/engine/ledger/postgres-binaries.ts';

let sharedHome: string;
beforeEach(async () => {
  sharedHome = await realpath(await mkdtemp(join(tmpdir(), 'th-shared-')));
});
afterEach(() => rm(sharedHome, { recursive: true, force: true }));

const user = { uid: 1, gid: 1 };
/** As for a checkout below a home that the other user cannot enter. */
const outOfReach = () => findPostgres(user, { sharedHome, reaches: () => Promise.resolve(false) });

describe('the programs of the embedded PostgreSQL', () => {
  it('are used where they are when the user reaches them', async () => {
    const found = await findPostgres(user, { sharedHome, reaches: () => Promise.resolve(true) });
    expect(found).toEqual(await findPostgres(undefined, { sharedHome }));
    expect(await readdir(sharedHome)).toEqual([]);
  });

  it('are copied once to where another user reaches them, and need nothing of the original', async () => {
    const [found, same] = await Promise.all([outOfReach(), outOfReach()]);
    expect(same).toEqual(found);
    expect(await outOfReach()).toEqual(found);
    const [copy = '', ...others] = await readdir(sharedHome);
    expect(others).toEqual([]);
    expect(dirname(dirname(found.postgres))).toBe(join(sharedHome, copy));
    let links = 0;
    for (const name of await readdir(join(sharedHome, copy), { recursive: true })) {
      const path = join(sharedHome, copy, name);
      if (!(await lstat(path)).isSymbolicLink()) continue;
      links += 1;
      expect(await realpath(path)).toContain(join(sharedHome, copy));
    }
    expect(links).toBeGreaterThan(0);
    const { stdout } = await promisify(execFile)(found.postgres, ['--version']);
    expect(stdout).toContain('(PostgreSQL) 18');
  });

  it.each([
    ['win32', 'x64'],
    ['linux', 'sparc'],
  ])('are missing on %s %s: exit code 4', async (platform, arch) => {
    await expect(findPostgres(undefined, { platform, arch, sharedHome })).rejects.toMatchObject({
      code: 'LEDGER_BINARY_MISSING',
      exitCode: 4,
    });
  });
});
