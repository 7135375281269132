/** Debian packages: installed by the system's package manager where we may, else unpacked into a folder of our own. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { isProgram, run, which } from './run.mjs';
import { Stop } from './say.mjs';

/** @typedef {(command: string, args: readonly string[], options?: import('./run.mjs').RunOptions) => Promise<{ code: number, output: string }>} Run */

/**
 * Keeps a freshly installed server from being started as a service: `invoke-rc.d` starts nothing in runlevel 1, and systemctl
 * starts nothing while it believes to be offline. Tenhertz runs a server of its own and needs only the program. (The other
 * known way, a `policy-rc.d` file, would change the system.)
 */
const NO_SERVICE = ['RUNLEVEL=1', 'SYSTEMD_OFFLINE=1', 'DEBIAN_FRONTEND=noninteractive'];

/** Waits for another package manager to finish instead of failing. */
const PATIENT = ['-o', 'DPkg::Lock::Timeout=120'];

/**
 * @typedef {'root' | 'sudo' | 'unpack' | 'none'} AptWay
 *   `root` and `sudo`: the system's package manager may be used; `unpack`: Debian's packages can be had without its rights.
 */

/**
 * How Debian packages can be had here.
 *
 * @param {{ apt: boolean, dpkg: boolean, root: boolean, sudo: boolean }} facts `sudo`: works without a password
 * @returns {AptWay}
 */
export function aptWay({ apt, dpkg, root, sudo }) {
  if (!apt) return 'none';
  if (root) return 'root';
  if (sudo) return 'sudo';
  return dpkg ? 'unpack' : 'none';
}

/** Looks at this machine. @returns {Promise<AptWay>} */
export async function findAptWay() {
  const root = process.getuid?.() === 0;
  const sudo =
    !root && which('sudo') !== undefined && (await run('sudo', ['-n', 'true'], { quiet: true })).code === 0;
  return aptWay({ apt: which('apt-get') !== undefined, dpkg: which('dpkg-deb') !== undefined, root, sudo });
}

/**
 * Installs packages with the system's package manager, without starting their services.
 *
 * @param {readonly string[]} packages
 * @param {boolean} sudo
 * @param {Run} [runIt]
 * @returns {Promise<void>} rejects with a {@link Stop}
 */
export async function aptInstall(packages, sudo, runIt = run) {
  const as = sudo ? ['sudo', '-n', 'env', ...NO_SERVICE] : ['env', ...NO_SERVICE];
  const calls = [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...packages],
  ];
  for (const call of calls) {
    const [command = '', ...args] = [...as, 'apt-get', ...PATIENT, ...call];
    const { code } = await runIt(command, args);
    if (code !== 0)
      throw new Stop(4, `apt-get ${call[0]} failed (exit code ${code}); ${packages.join(', ')} is needed.`);
  }
}

/**
 * Unpacks packages, with the libraries this system lacks, below `folder/root`; nothing outside `folder` is touched and no
 * rights are needed. apt works on lists and a cache of its own there, beside the system's record of what is installed.
 *
 * @param {readonly string[]} packages
 * @param {string} folder
 * @param {{ status?: string, runIt?: Run }} [options] `status`: dpkg's record of what is installed
 * @returns {Promise<string>} the folder that stands for `/`; rejects with a {@link Stop}
 */
export async function aptUnpack(packages, folder, { status = '/var/lib/dpkg/status', runIt = run } = {}) {
  rmSync(folder, { recursive: true, force: true });
  const [state, cache] = [join(folder, 'apt/state'), join(folder, 'apt/cache')];
  for (const path of [join(state, 'lists/partial'), join(cache, 'archives/partial')]) {
    mkdirSync(path, { recursive: true });
  }
  const settings = [
    `Dir::State=${state}`,
    `Dir::State::status=${status}`,
    `Dir::Cache=${cache}`,
    `Dir::Log=${state}`,
    // The lock guards the system's record, which is only read here.
    'Debug::NoLocking=1',
    'APT::Sandbox::User=',
  ].flatMap(setting => ['-o', setting]);
  const calls = [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--download-only', '--no-install-recommends', ...packages],
  ];
  for (const call of calls) {
    const { code, output } = await runIt('apt-get', [...settings, ...call], { quiet: true });
    if (code !== 0) throw new Stop(4, `apt-get ${call[0]} failed without root rights:\n${output.trim()}`);
  }
  const partial = join(folder, 'partial');
  mkdirSync(partial);
  for (const file of readdirSync(join(cache, 'archives')).filter(name => name.endsWith('.deb'))) {
    const { code, output } = await runIt('dpkg-deb', ['-x', join(cache, 'archives', file), partial], {
      quiet: true,
    });
    if (code !== 0) throw new Stop(4, `dpkg-deb could not unpack ${file}:\n${output.trim()}`);
  }
  renameSync(partial, join(folder, 'root'));
  rmSync(join(folder, 'apt'), { recursive: true, force: true });
  return join(folder, 'root');
}

/**
 * Writes a program that runs an unpacked one with the libraries unpacked beside it. It becomes that program (`exec`), so
 * signals and the process id are the program's own.
 *
 * @param {string} root as {@link aptUnpack} answers
 * @param {readonly string[]} candidates paths below `root`; the first that is there is taken
 * @param {string} wrapper where to write it
 * @returns {string} `wrapper`; throws a {@link Stop} when none of the candidates is there
 */
export function writeWrapper(root, candidates, wrapper) {
  const program = candidates.map(path => join(root, path)).find(isProgram);
  if (program === undefined)
    throw new Stop(4, `The unpacked packages hold none of ${candidates.join(', ')}.`);
  const here = dirname(wrapper);
  // Relative to itself, so that it still works when the checkout is moved.
  const libraries = libraryFolders(root).map(path => `"$here"/${quote(relative(here, path))}`);
  const text = [
    '#!/bin/sh',
    'here=$(cd "$(dirname "$0")" && pwd)',
    `LD_LIBRARY_PATH=${libraries.join(':')}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}`,
    'export LD_LIBRARY_PATH',
    `exec "$here"/${quote(relative(here, program))} "$@"`,
    '',
  ].join('\n');
  mkdirSync(here, { recursive: true });
  writeFileSync(wrapper, text, { mode: 0o755 });
  return wrapper;
}

/** @param {string} root @returns {string[]} every folder below the library folders that holds shared libraries */
function libraryFolders(root) {
  const found = new Set();
  for (const start of ['usr/lib', 'lib'].map(path => join(root, path)).filter(path => existsSync(path))) {
    for (const entry of readdirSync(start, { recursive: true, withFileTypes: true })) {
      if (/\.so(\.|$)/.test(entry.name)) found.add(entry.parentPath);
    }
  }
  return [...found];
}

/** @param {string} text quoted for sh */
function quote(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
