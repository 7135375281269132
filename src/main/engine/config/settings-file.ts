import { randomUUID } from 'node:crypto';
import { chmod, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, TenhertzError } from '../errors.ts';

/** New values by name; `undefined` removes one. A function is given what the file holds, and may refuse by throwing. */
export type SettingsFileChange =
  | Readonly<Record<string, unknown>>
  | ((content: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>);

/** Changes to one file, one after another, so that none overwrites what another has just written. */
const queues = new Map<string, Promise<unknown>>();

/**
 * Changes some names of `settings.json` in the data directory and leaves every other as it is, those unknown to us included;
 * `undefined` removes a name. The file is written whole or not at all and keeps its rights; a new one is for this user only, and
 * so is any after a change that is `secret`.
 *
 * @throws TenhertzError `SETTINGS_NOT_WRITTEN` (facts `{path}`): the file is there but is no JSON object, or cannot be written.
 */
export function changeSettingsFile(
  dataDir: string,
  change: SettingsFileChange,
  options: { secret?: boolean } = {},
): Promise<void> {
  const path = join(dataDir, 'settings.json');
  const before = queues.get(path) ?? Promise.resolve();
  const done = before.then(() => rewrite(path, change, options.secret ?? false));
  queues.set(
    path,
    done.catch(() => undefined),
  );
  return done;
}

async function rewrite(path: string, change: SettingsFileChange, secret: boolean): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  try {
    const { content, mode: found } = await current(path);
    const mode = secret ? 0o600 : found;
    const next = typeof change === 'function' ? change(content) : change;
    const file = await open(draft, 'wx', mode);
    try {
      await file.writeFile(`${JSON.stringify({ ...content, ...next }, null, 2)}\n`);
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

/**
 * What `settings.json` in the data directory holds now, unchecked; nothing when there is none.
 *
 * @throws TenhertzError `SETTINGS_NOT_WRITTEN` when it is no JSON object.
 */
export async function readSettingsFile(dataDir: string): Promise<Readonly<Record<string, unknown>>> {
  return (await current(join(dataDir, 'settings.json'))).content;
}

async function current(path: string): Promise<{ content: Record<string, unknown>; mode: number }> {
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
  return { content: content as Record<string, unknown>, mode: (await stat(path)).mode & 0o777 };
}

function notWritten(path: string, problem: string, cause?: unknown): TenhertzError {
  return new TenhertzError('SETTINGS_NOT_WRITTEN', `${path} ${problem}.`, {
    exitCode: 3,
    facts: { path },
    cause,
  });
}
