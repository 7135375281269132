/** Whether the monitor can open as a desktop app here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isProgram, run } from './run.mjs';
import { step } from './say.mjs';
import { readStamp, writeStamp } from './stamp.mjs';

/** An attempt that failed is not repeated for a day. */
const RETRY_AFTER_MS = 24 * 60 * 60 * 1000;
/** How long a start waits to learn whether the download can be had at all, and then for the download. */
const PROBE_MS = 4_000;
const DOWNLOAD_MS = 120_000;

/**
 * Whether a window can be shown.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {NodeJS.Platform} platform
 */
export function hasDisplay(env, platform) {
  if (platform === 'darwin' || platform === 'win32') return true;
  return Boolean(env['DISPLAY']) || Boolean(env['WAYLAND_DISPLAY']);
}

/**
 * The Electron program that the `electron` package has downloaded, or `undefined`. Reads its files rather than importing it:
 * an import would start the download.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined}
 */
export function findElectron(root, env = process.env) {
  const folder = join(root, 'node_modules/electron');
  let name;
  try {
    name = readFileSync(join(folder, 'path.txt'), 'utf8').trim();
  } catch {
    return undefined;
  }
  const program = join(env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist'), name);
  return isProgram(program) ? program : undefined;
}

/**
 * Whether it is time to try the download (again).
 *
 * @param {string | undefined} stamp when the last attempt failed, as written by {@link ensureElectron}
 * @param {number} now epoch ms
 */
export function mayTryDownload(stamp, now) {
  const last = Number(stamp);
  return stamp === undefined || Number.isNaN(last) || now - last >= RETRY_AFTER_MS;
}

/** Where the `electron` package downloads from; a mirror is named as its installer reads it. @param {NodeJS.ProcessEnv} env */
function downloadAddress(env) {
  const mirror = env['ELECTRON_MIRROR'] ?? env['npm_config_electron_mirror'];
  return mirror ?? 'https://github.com/electron/electron/releases/download/';
}

/**
 * The Electron program, downloaded if that can be had within a few seconds' try; the attempt is remembered for a day.
 *
 * @param {string} root
 * @param {{ env?: NodeJS.ProcessEnv, now?: number, reach?: (url: string) => Promise<boolean>,
 *   download?: () => Promise<{ code: number }> }} [options]
 * @returns {Promise<string | undefined>}
 */
export async function ensureElectron(root, options = {}) {
  const { env = process.env, now = Date.now(), reach = reachable } = options;
  const found = findElectron(root, env);
  if (found !== undefined) return found;
  const stamp = join(root, 'node_modules/.cache/tenhertz/electron-tried');
  if (!mayTryDownload(readStamp(stamp), now)) return undefined;
  const installer = join(root, 'node_modules/electron/install.js');
  const download =
    options.download ?? (() => run(process.execPath, [installer], { cwd: root, timeoutMs: DOWNLOAD_MS }));
  await step('Fetching Electron (if it cannot be had, the browser shows the monitor)', async () => {
    const done = (await reach(downloadAddress(env))) && (await download()).code === 0;
    if (!done) writeStamp(stamp, String(now));
  });
  return findElectron(root, env);
}

/** @param {string} url @returns {Promise<boolean>} whether anything answers there soon */
async function reachable(url) {
  try {
    await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_MS) });
    return true;
  } catch {
    return false;
  }
}
