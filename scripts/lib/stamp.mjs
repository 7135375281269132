/** Stamps: small files that hold the hash of what a step was made from, so that the next run can skip it. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * A hash over the names and contents of files and folders (all that is in them). A path that does not exist counts as such.
 *
 * @param {string} root
 * @param {readonly string[]} paths relative to `root`
 * @returns {string} hexadecimal
 */
export function hashOf(root, paths) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap(path => filesBelow(root, path))) {
    hash.update(`${path}\0`);
    const full = join(root, path);
    hash.update(existsSync(full) ? createHash('sha256').update(readFileSync(full)).digest() : 'none');
  }
  return hash.digest('hex');
}

/** @param {string} root @param {string} path @returns {string[]} */
function filesBelow(root, path) {
  const full = join(root, path);
  if (!existsSync(full) || !statSync(full).isDirectory()) return [path];
  const names = readdirSync(full).sort();
  return names.flatMap(name => filesBelow(root, `${path}/${name}`));
}

/**
 * @param {string} file
 * @returns {string | undefined} what the stamp holds
 */
export function readStamp(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** @param {string} file @param {string} text */
export function writeStamp(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/**
 * Does `work` unless the stamp says that it was done for this `hash`. The stamp goes first and comes back last, so work that
 * was interrupted is done again.
 *
 * @param {string} file
 * @param {string} hash
 * @param {() => Promise<void>} work
 * @returns {Promise<boolean>} whether it was done now
 */
export async function unlessStamped(file, hash, work) {
  if (readStamp(file) === hash) return false;
  rmSync(file, { force: true });
  await work();
  writeStamp(file, hash);
  return true;
}
