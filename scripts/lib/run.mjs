/** Child processes of the two commands. */
import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { constants as osConstants } from 'node:os';
import { delimiter, join } from 'node:path';

/** The children of {@link run} that have not ended. @type {Set<(signal: NodeJS.Signals) => void>} */
const running = new Set();

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {Record<string, string | undefined>} [env] added to the process' own environment
 * @property {boolean} [quiet] collects the output instead of passing it on
 * @property {number} [timeoutMs] after which the child and all it started are killed
 */

/**
 * Runs a command to its end.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{ code: number, output: string, timedOut: boolean }>} `code` is 127 when there is no such command, and 128
 *   when a signal ended it; `output` is stdout and stderr together, empty unless `quiet`.
 */
export function run(command, args, { cwd, env, quiet = false, timeoutMs } = {}) {
  return new Promise(resolve => {
    // A group of its own where there is a limit, so that the limit ends grandchildren too.
    const group = timeoutMs !== undefined && process.platform !== 'win32';
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      detached: group,
      // npm is a .cmd file on Windows, which only a shell can start.
      shell: process.platform === 'win32' && !command.endsWith('.exe'),
    });
    let output = '';
    let timedOut = false;
    const collect = (/** @type {Buffer} */ chunk) => (output += chunk.toString());
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    const kill = (/** @type {NodeJS.Signals} */ signal) => killTree(child.pid, group, signal);
    const limit = setTimeout(() => ((timedOut = true), kill('SIGKILL')), timeoutMs ?? 2 ** 31 - 1);
    running.add(kill);
    const finish = (/** @type {number} */ code) => {
      clearTimeout(limit);
      running.delete(kill);
      resolve({ code, output, timedOut });
    };
    child.once('error', () => finish(127));
    child.once('close', code => finish(code ?? 128));
  });
}

/**
 * Calls `handle` for each signal that asks the program to end.
 *
 * @param {(signal: NodeJS.Signals) => void} handle
 * @returns {() => void} its undo
 */
export function onSignals(handle) {
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, handle);
  return () => {
    for (const signal of signals) process.off(signal, handle);
  };
}

/**
 * From now on a signal ends what {@link run} started (a group of its own does not hear the terminal's Ctrl+C), and then us.
 *
 * @param {() => Promise<unknown>} [last] what to do before the end
 * @returns {() => void} its undo
 */
export function endOnSignals(last = () => Promise.resolve()) {
  return onSignals(signal => {
    for (const kill of running) kill(signal);
    setTimeout(() => {
      for (const kill of running) kill('SIGKILL');
      void last().finally(() => process.exit(exitCodeOf(signal)));
    }, 500);
  });
}

/**
 * npm runs a script through a shell; a signal to npm ends that shell and not us. So when npm runs us, losing our parent is
 * taken for the signal that ended it.
 *
 * @param {{ env?: NodeJS.ProcessEnv, everyMs?: number }} [options]
 */
export function endWithNpm({ env = process.env, everyMs = 250 } = {}) {
  if (env['npm_lifecycle_event'] === undefined || process.platform === 'win32') return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, everyMs);
  timer.unref();
}

/** As a shell counts them: 128 and the signal's number. @param {NodeJS.Signals | null} signal */
export function exitCodeOf(signal) {
  return 128 + (signal === null ? 0 : osConstants.signals[signal]);
}

/** @param {number | undefined} pid @param {boolean} group @param {NodeJS.Signals} signal */
function killTree(pid, group, signal) {
  if (pid === undefined) return;
  try {
    process.kill(group ? -pid : pid, signal);
  } catch {
    // It ended by itself in the meantime.
  }
}

/**
 * The full path of a program on PATH, or `undefined`.
 *
 * @param {string} name
 * @param {NodeJS.ProcessEnv} [env]
 * @param {NodeJS.Platform} [platform]
 * @returns {string | undefined}
 */
export function which(name, env = process.env, platform = process.platform) {
  const endings = platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  const folders = (env['PATH'] ?? '').split(delimiter).filter(folder => folder !== '');
  for (const folder of folders) {
    const found = endings.map(ending => join(folder, name + ending)).find(isProgram);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Whether `path` is a file this user may run.
 *
 * @param {string} path
 */
export function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
