import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDraft } from '../../../src/main/engine/ledger/draft-file.ts';

let dir: string;
let file: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'th-draft-'));
  file = join(dir, 'out');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('a draft', () => {
  it('takes its place only when it is whole', async () => {
    await writeFile(file, 'before');
    const draft = await openDraft(file, 0o600);
    for (let piece = 0; piece < 50; piece += 1) await draft.write('x'.repeat(10_000));
    expect(await readFile(file, 'utf8')).toBe('before');
    await draft.keep();
    await draft.discard();
    expect(await readFile(file, 'utf8')).toHaveLength(500_000);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(dir)).toEqual(['out']);
  });

  it('leaves nothing when it is given up', async () => {
    const draft = await openDraft(file);
    await draft.write('half');
    await draft.discard();
    expect(await readdir(dir)).toEqual([]);
  });

  it.skipIf(!existsSync('/dev/full'))('says that the disk is full, whenever it finds out', async () => {
    await symlink('/dev/full', `${file}.part`);
    const full = {
      code: 'FILE_NOT_WRITTEN',
      message: expect.stringContaining('the disk is full. Make room') as string,
    };
    const draft = await openDraft(file);
    const fill = async (): Promise<void> => {
      for (let piece = 0; piece < 100; piece += 1) await draft.write('x'.repeat(100_000));
    };
    await expect(fill()).rejects.toMatchObject(full);
    await expect(draft.write('more')).rejects.toMatchObject(full);
    await expect(draft.keep()).rejects.toMatchObject(full);
    await draft.discard();
    await symlink('/dev/full', `${file}.part`);
    const small = await openDraft(file);
    await small.write('x');
    await expect(small.keep()).rejects.toMatchObject(full);
    await small.discard();
    expect(existsSync(file)).toBe(false);
  });

  it('gives the reason of the system where there is no better advice', async () => {
    await expect(openDraft(join(dir, 'x'.repeat(300)))).rejects.toMatchObject({
      code: 'FILE_NOT_WRITTEN',
      facts: { reason: 'ENAMETOOLONG' },
    });
  });
});
