import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDeskDocuments } from '../../../src/main/engine/desk/desk-documents.ts';
import { DESK_LIMIT_BYTES } from '../../../src/shared/desk.ts';

const NONE = { value: null, problem: null, version: '' };
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'desk-'));
});
afterEach(async () => {
  await chmod(dir, 0o700);
  await rm(dir, { recursive: true });
});

describe('the documents of the desk', () => {
  it('are none before the first write, and afterwards what was written last', async () => {
    const documents = openDeskDocuments(dir);
    expect(await documents.read('layouts')).toEqual(NONE);
    await Promise.all([1, 2, 3].map(version => documents.write('layouts', { version }, null)));
    expect(await documents.read('layouts')).toMatchObject({ value: { version: 3 }, problem: null });
    expect(await openDeskDocuments(dir).read('layouts')).toMatchObject({
      value: { version: 3 },
      problem: null,
    });
    expect(await readdir(join(dir, 'desk'))).toEqual(['layouts.json']);
    expect((await stat(join(dir, 'desk', 'layouts.json'))).mode & 0o777).toBe(0o600);
  });

  it('are not written over what another window has written meanwhile', async () => {
    const documents = openDeskDocuments(dir);
    const first = await documents.write('layouts', { by: 'one' }, '');
    expect(first).toMatchObject({ newest: null, version: expect.stringMatching(/^[\da-f]{32}$/) as string });
    const other = await openDeskDocuments(dir).write('layouts', { by: 'another' }, first.version);
    expect(other.newest).toBeNull();
    expect(await documents.write('layouts', { by: 'one again' }, first.version)).toEqual({
      version: other.version,
      newest: { value: { by: 'another' }, problem: null, version: other.version },
    });
    expect(await documents.read('layouts')).toMatchObject({ value: { by: 'another' } });
    // What is gone is no version of anything.
    await rm(join(dir, 'desk', 'layouts.json'));
    expect(await documents.write('layouts', { by: 'one' }, other.version)).toEqual({
      version: '',
      newest: NONE,
    });
  });

  it('that are broken are put aside and said so', async () => {
    await mkdir(join(dir, 'desk'));
    await writeFile(join(dir, 'desk', 'keys.json'), '{"half":');
    const documents = openDeskDocuments(dir);
    const found = await documents.read('keys');
    expect(found.value).toBeNull();
    expect(found.problem).toContain('put aside as desk/keys.json.broken');
    expect(await readFile(join(dir, 'desk', 'keys.json.broken'), 'utf8')).toBe('{"half":');
    expect(await documents.read('keys')).toEqual(NONE);
  });

  it('that cannot be read at all say why', async () => {
    await mkdir(join(dir, 'desk', 'keys.json'), { recursive: true });
    expect((await openDeskDocuments(dir).read('keys')).problem).toContain('cannot be read');
  });

  it('keep their names and their size within bounds', async () => {
    const documents = openDeskDocuments(dir);
    for (const name of ['../x', '', 'A', 'a/b', '.', 'x'.repeat(65)]) {
      await expect(documents.read(name)).rejects.toMatchObject({ code: 'BAD_ARGUMENTS' });
      await expect(documents.write(name, {}, null)).rejects.toMatchObject({ code: 'BAD_ARGUMENTS' });
    }
    await documents.write('layouts', { good: true }, null);
    await expect(documents.write('layouts', 'x'.repeat(DESK_LIMIT_BYTES), null)).rejects.toMatchObject({
      code: 'DESK_TOO_LARGE',
    });
    expect(await documents.read('layouts')).toMatchObject({ value: { good: true }, problem: null });
  });

  it('that cannot be written leave nothing half done and say so', async () => {
    await writeFile(join(dir, 'desk'), 'a file in the way');
    const documents = openDeskDocuments(dir);
    await expect(documents.write('keys', {}, null)).rejects.toMatchObject({ code: 'DESK_NOT_WRITTEN' });
    expect(await readdir(dir)).toEqual(['desk']);
  });
});
