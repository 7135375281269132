/** What the two commands print: each step as it begins, and how long it took. */

/** @param {number} ms */
export function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** @param {string} line */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/**
 * Runs one step. Says its name before and its time after; while it is silent for long, says every `beatMs` that it still runs.
 *
 * @template T
 * @param {string} name
 * @param {() => T | Promise<T>} work
 * @param {number} [beatMs]
 * @returns {Promise<T>}
 */
export async function step(name, work, beatMs = 15_000) {
  const start = performance.now();
  say(`> ${name}`);
  const beat = setInterval(
    () => say(`  … still at it: ${name} (${seconds(performance.now() - start)})`),
    beatMs,
  );
  try {
    const result = await work();
    say(`  done in ${seconds(performance.now() - start)}`);
    return result;
  } finally {
    clearInterval(beat);
  }
}

/**
 * The reason a command stops. `exitCode` is one of the outside interface: 1 failed, 2 wrong usage, 3 wrong configuration, 4 a
 * needed server or binary is missing. The message says what to do.
 */
export class Stop extends Error {
  /** @param {1 | 2 | 3 | 4} exitCode @param {string} message */
  constructor(exitCode, message) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Runs a command's main function: a {@link Stop} prints its message and ends with its code, no stack trace for it.
 *
 * @param {() => Promise<number>} main resolves to the exit code
 */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.exitCode = error instanceof Stop ? error.exitCode : 1;
    console.error(error instanceof Stop ? `\n${error.message}` : error);
  }
}
