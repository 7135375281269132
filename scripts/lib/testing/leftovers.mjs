/** Finds processes that a test run started and did not end. They carry a mark in their environment. */
import { readdirSync, readFileSync } from 'node:fs';

/** The environment variable that marks a run; everything it starts inherits it. */
export const RUN_MARK = 'TENHERTZ_TEST_RUN';

/**
 * @param {string} mark the run's value of {@link RUN_MARK}
 * @param {string} [proc] Linux' `/proc`; on other systems there is none, and nothing is found
 * @returns {{ pid: number, command: string }[]} without this process
 */
export function findLeftovers(mark, proc = '/proc') {
  /** @type {string[]} */
  let names = [];
  try {
    names = readdirSync(proc).filter(name => /^\d+$/.test(name) && name !== String(process.pid));
  } catch {
    return [];
  }
  return names.flatMap(name => {
    try {
      const marked = readFileSync(`${proc}/${name}/environ`, 'utf8')
        .split('\0')
        .includes(`${RUN_MARK}=${mark}`);
      const command = readFileSync(`${proc}/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      // A process that has ended and waits to be collected has no command line.
      return marked && command !== '' ? [{ pid: Number(name), command }] : [];
    } catch {
      // It ended while we looked, or belongs to somebody else.
      return [];
    }
  });
}

/**
 * Waits until nothing of the run is left, at most `graceMs`; what is left then is killed.
 *
 * @param {string} mark
 * @param {number} [graceMs]
 * @returns {Promise<{ pid: number, command: string }[]>} what had to be killed
 */
export async function endLeftovers(mark, graceMs = 5_000) {
  const end = Date.now() + graceMs;
  let left = findLeftovers(mark);
  while (left.length > 0 && Date.now() < end) {
    await new Promise(resolve => setTimeout(resolve, 100));
    left = findLeftovers(mark);
  }
  for (const { pid } of left) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself just now.
    }
  }
  return left;
}
