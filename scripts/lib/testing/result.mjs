/** What the verification command knows about each step, and how it ends. */

/**
 * @typedef {object} Result one row of the final table
 * @property {string} step what ran it: `lint`, `vitest`, `playwright`
 * @property {string} suite `unit`, `gateway`; empty for a step without suites
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {number} seconds
 * @property {{ name: string, reason: string }[]} skips
 */

/**
 * A step that is one check.
 *
 * @param {string} step
 * @param {boolean} ok
 * @param {number} seconds
 * @returns {Result}
 */
export function oneCheck(step, ok, seconds) {
  return { step, suite: '', passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, seconds, skips: [] };
}

/**
 * What a runner said, made safe: one that ended with an error and counted no failure, or left no counts at all, has failed.
 *
 * @param {string} step
 * @param {readonly Result[]} results
 * @param {{ code: number, timedOut: boolean }} run
 * @param {number} seconds
 * @returns {Result[]}
 */
export function judged(step, results, run, seconds) {
  const failed = results.some(result => result.failed > 0);
  const empty = results.every(result => result.passed + result.failed + result.skipped === 0);
  if (!run.timedOut && !empty && (run.code === 0) !== failed) return [...results];
  const why = run.timedOut ? 'took too long' : empty ? 'ran nothing' : `ended with code ${run.code}`;
  return [...results, { ...oneCheck(`${step}: ${why}`, false, results.length === 0 ? seconds : 0) }];
}

/**
 * The final lines: which runner ran what, every skip with its reason, and the sum alone on the last line.
 *
 * @param {readonly Result[]} results
 * @returns {string[]}
 */
export function summary(results) {
  const rows = results.map(result => [
    result.suite === '' ? result.step : `${result.step} ${result.suite}`,
    String(result.passed),
    String(result.failed),
    String(result.skipped),
    result.seconds.toFixed(1),
  ]);
  const head = ['runner', 'passed', 'failed', 'skipped', 'seconds'];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map(row => row[i]?.length ?? 0)));
  const line = (/** @type {readonly string[]} */ cells) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ');
  const skips = results.flatMap(result => result.skips.map(skip => ({ ...skip, suite: result.suite })));
  const sum = (/** @type {'passed' | 'failed' | 'skipped'} */ key) =>
    results.reduce((total, result) => total + result[key], 0);
  return [
    line(head),
    widths.map(width => '-'.repeat(width)).join('  '),
    ...rows.map(line),
    ...(skips.length === 0 ? [] : ['', 'Skipped:']),
    ...skips.map(skip => `  ${skip.suite}: ${skip.name}: ${skip.reason}`),
    '',
    `${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`,
  ];
}
