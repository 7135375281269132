import { randomUUID } from 'node:crypto';
import { chmod, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, TenhertzError } from '../errors.ts';

/** Changes to one file, one after another, so that none overwrites what another has just written. */
const queues = new Map<string, Promise<unknown>>();

/**
 * Changes some names of `settings.json` in the data directory and leaves every other as it is, those unknown to us included;
 * `undefined` removes a name. The file is written whole or not at all and keeps its rights; a new one is for this user only.
 *
 * @throws TenhertzError `SETTINGS_NOT_WRITTEN` (facts `{path}`): the file is there but is no JSON object, or cannot be written.
 */
export function changeSettingsFile(
  dataDir: string,
  change: Readonly<Record<string, unknown>>,
): Promise<void> {
  const path = join(dataDir, 'settings.json');
  const before = queues.get(path) ?? Promise.resolve();
  const done = before.then(() => rewrite(path, change));
  queues.set(
    path,
    done.catch(() => undefined),
  );
  return done;
}

async function rewrite(path: string, change: Readonly<Record<string, unknown>>): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  try {
    const { content, mode } = await current(path);
    const file = await open(draft, 'wx', mode);
    try {
      await file.writeFile(`${JSON.stringify({ ...content, ...change }, null, 2)}\n`);
      // On disk before it takes the place of what was there: a power cut must not leave an empty file.
      await file.sync();
    } finally {
      await file.close();
    }
    await chmod(draft, mode);
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined);
    if (cause instanceof TenhertzError) throw cause;
    throw notWritten(path, `could not be written: ${messageOf(cause)}`, cause);
  }
}

async function current(path: string): Promise<{ content: object; mode: number }> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return { content: {}, mode: 0o600 };
    throw error;
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw notWritten(path, `is not JSON: ${messageOf(error)}`, error);
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw notWritten(path, 'does not hold an object');
  return { content, mode: (await stat(path)).mode & 0o777 };
}

function notWritten(path: string, problem: string, cause?: unknown): TenhertzError {
  return new TenhertzError('SETTINGS_NOT_WRITTEN', `${path} ${problem}.`, {
    exitCode: 3,
    facts: { path },
    cause,
  });
}
