/** The programs Tenhertz needs that npm does not bring: `redis-server`, and a browser for the end-to-end tests. */
import { basename, join } from 'node:path';
import { aptInstall, aptUnpack, findAptWay, writeWrapper } from './apt.mjs';
import { isProgram, which } from './run.mjs';
import { say, step, Stop } from './say.mjs';

/**
 * @typedef {object} Native
 * @property {string} name what to call it
 * @property {string} variable an environment variable that names its path
 * @property {readonly string[]} programs names on PATH, best first
 * @property {readonly string[]} paths places where it lies outside PATH
 * @property {readonly string[]} packages Debian's packages of it
 * @property {readonly string[]} unpacked where the program lies in those packages
 * @property {readonly string[]} [beside] other programs of those packages that are called too
 * @property {string} help how to get it on other systems
 */

/** @type {Native} */
export const REDIS = {
  name: 'redis-server',
  variable: 'TENHERTZ_REDIS_SERVER',
  programs: ['redis-server', 'valkey-server'],
  paths: ['/opt/homebrew/bin/redis-server', '/usr/local/bin/redis-server', '/usr/sbin/redis-server'],
  packages: ['redis-server', 'redis-tools'],
  unpacked: ['usr/bin/redis-server'],
  help: [
    'Tenhertz needs redis-server (or valkey-server) and could not install it here. Install it and run this again:',
    '  Debian, Ubuntu   sudo apt-get install redis-server',
    '  Fedora, RHEL     sudo dnf install valkey',
    '  Arch             sudo pacman -S valkey',
    '  openSUSE         sudo zypper install redis',
    '  macOS            brew install redis',
    'or point to one with TENHERTZ_REDIS_SERVER=/path/to/redis-server, or to a running server with --redis URL.',
  ].join('\n'),
};

/** @type {Native} */
export const CHROMIUM = {
  name: 'chromium',
  variable: 'TENHERTZ_CHROMIUM',
  programs: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'],
  paths: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/opt/google/chrome/chrome'],
  packages: ['chromium'],
  unpacked: ['usr/lib/chromium/chromium'],
  help: [
    'The end-to-end tests need Chromium and it could not be installed here. Install it and run this again:',
    '  Debian           sudo apt-get install chromium',
    '  Fedora, RHEL     sudo dnf install chromium',
    '  Arch             sudo pacman -S chromium',
    '  macOS            brew install --cask google-chrome',
    'or point to one with TENHERTZ_CHROMIUM=/path/to/chromium.',
  ].join('\n'),
};

/** A display in memory, for Electron's windows on a machine without one. @type {Native} */
export const XVFB = {
  name: 'xvfb-run',
  variable: 'TENHERTZ_XVFB_RUN',
  programs: ['xvfb-run'],
  paths: [],
  packages: ['xvfb', 'xauth'],
  unpacked: ['usr/bin/xvfb-run'],
  help: 'Electron is here and there is no display, so its tests need xvfb-run (Debian: sudo apt-get install xvfb xauth).',
};

/**
 * The system's own PostgreSQL, beside the embedded one: the ledger's tests run on both. Wanted by the tests alone, so it is never
 * installed, which would make a cluster and a service, but unpacked.
 *
 * @type {Native}
 */
export const POSTGRES = {
  name: 'postgres',
  variable: 'TENHERTZ_TEST_POSTGRES',
  programs: [],
  paths: ['/usr/lib/postgresql/15/bin/postgres'],
  packages: ['postgresql-15'],
  unpacked: ['usr/lib/postgresql/15/bin/postgres'],
  beside: ['usr/lib/postgresql/15/bin/initdb'],
  help: "Debian's postgresql-15 could not be had here: the ledger's tests run on the embedded PostgreSQL only.",
};

/** @param {string} root @param {Native} native */
function cacheFolder(root, native) {
  return join(root, 'node_modules/.cache/tenhertz', native.name);
}

/**
 * The program's path without installing anything: the variable, PATH, the usual places, or what an earlier run unpacked.
 *
 * @param {string} root the checkout
 * @param {Native} native
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined} throws a {@link Stop} when the variable names something that cannot be run
 */
export function findNative(root, native, env = process.env) {
  const named = env[native.variable];
  if (named !== undefined && named !== '') {
    if (isProgram(named)) return named;
    throw new Stop(3, `${native.variable} names ${named}, which is not a program that can be run.`);
  }
  for (const program of native.programs) {
    const found = which(program, env);
    if (found !== undefined) return found;
  }
  return [...native.paths, join(cacheFolder(root, native), native.name)].find(isProgram);
}

/**
 * The program's path, installed if it has to be: by apt as root or with a passwordless sudo; else, where there is apt, unpacked
 * into `node_modules/.cache`. On other systems a {@link Stop} with exit code 4 says how to get it.
 *
 * @param {string} root
 * @param {Native} native
 * @param {object} [options]
 * @param {import('./apt.mjs').AptWay} [options.way] left out: looked up
 * @param {string} [options.status] see {@link aptUnpack}
 * @param {import('./apt.mjs').Run} [options.runIt]
 * @param {() => string | undefined} [options.find]
 * @returns {Promise<string>}
 */
export async function ensureNative(root, native, options = {}) {
  const find = options.find ?? (() => findNative(root, native));
  const found = find();
  if (found !== undefined) return found;
  const way = options.way ?? (await findAptWay());
  if (way === 'none') throw new Stop(4, native.help);
  try {
    if (way === 'unpack') {
      return await step(`Unpacking ${native.name} for this checkout (nothing is installed)`, async () => {
        const folder = cacheFolder(root, native);
        const { status, runIt } = options;
        const unpacked = await aptUnpack(native.packages, folder, {
          ...(status && { status }),
          ...(runIt && { runIt }),
        });
        for (const path of native.beside ?? []) writeWrapper(unpacked, [path], join(folder, basename(path)));
        return writeWrapper(unpacked, native.unpacked, join(folder, native.name));
      });
    }
    const title = `Installing ${native.name} with apt-get${way === 'sudo' ? ' (sudo)' : ''}; its service is not started`;
    await step(title, () => aptInstall(native.packages, way === 'sudo', options.runIt));
  } catch (error) {
    if (error instanceof Stop) throw new Stop(4, `${error.message}\n\n${native.help}`);
    throw error;
  }
  const installed = find();
  if (installed === undefined) throw new Stop(4, native.help);
  return installed;
}

/**
 * The path of a program that only some tests want: unpacked where there is apt, never installed; where it cannot be had, that is said.
 *
 * @param {string} root
 * @param {Native} native
 * @param {Parameters<typeof ensureNative>[2]} [options]
 * @returns {Promise<string | undefined>}
 */
export async function optionalNative(root, native, options = {}) {
  const way = options.way ?? (await findAptWay());
  try {
    return await ensureNative(root, native, { ...options, way: way === 'none' ? 'none' : 'unpack' });
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    say(`  ${error.message}`);
    return undefined;
  }
}

/**
 * Whether the arguments or the environment name a Redis that runs elsewhere, so that no server program is needed.
 *
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
export function usesOtherRedis(args, env) {
  const at = args.findLastIndex(arg => arg === '--redis' || arg.startsWith('--redis='));
  const flag = args[at]?.startsWith('--redis=') ? args[at].slice('--redis='.length) : args[at + 1];
  if (at !== -1 && flag !== undefined) return flag !== 'embedded';
  return Boolean(env['REDIS_URL']) || Boolean(env['REDIS_HOST']);
}
