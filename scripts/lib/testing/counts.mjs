/** Reads the counts that the test runners leave in files. */
import { existsSync, readFileSync } from 'node:fs';

/** @typedef {import('./result.mjs').Result} Result */

/**
 * What `vitest-counts.mjs` wrote.
 *
 * @param {string} file
 * @returns {Result[]} one per project; empty when there is no file
 */
export function vitestResults(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
}

/**
 * @typedef {{ status: string, projectName: string, annotations: { type: string, description?: string }[],
 *   results: { duration: number }[] }} PlaywrightTest
 * @typedef {{ title: string, tests: PlaywrightTest[] }} PlaywrightSpec
 * @typedef {{ title: string, suites?: PlaywrightSuite[], specs?: PlaywrightSpec[] }} PlaywrightSuite
 */

/**
 * What Playwright's JSON reporter wrote.
 *
 * @param {string} file
 * @returns {Result[]} one per project; empty when there is no file
 */
export function playwrightResults(file) {
  return existsSync(file) ? countPlaywright(JSON.parse(readFileSync(file, 'utf8'))) : [];
}

/**
 * @param {{ suites: PlaywrightSuite[], errors?: unknown[] }} report
 * @returns {Result[]}
 */
export function countPlaywright(report) {
  /** @type {Map<string, Result>} */
  const results = new Map();
  for (const { name, test } of walk(report.suites, [])) {
    const suite = test.projectName;
    const result = results.get(suite) ?? {
      ...{ step: 'playwright', suite, passed: 0, failed: 0, skipped: 0, seconds: 0 },
      skips: /** @type {{ name: string, reason: string }[]} */ ([]),
    };
    results.set(suite, result);
    result.seconds += test.results.reduce((sum, each) => sum + each.duration, 0) / 1000;
    if (test.status === 'expected') result.passed += 1;
    else if (test.status !== 'skipped') result.failed += 1;
    else {
      result.skipped += 1;
      const why = test.annotations.find(each => each.type === 'skip' || each.type === 'fixme');
      result.skips.push({ name, reason: why?.description ?? 'no reason given' });
    }
  }
  return [...results.values()];
}

/**
 * @param {readonly PlaywrightSuite[]} suites
 * @param {readonly string[]} above
 * @returns {Generator<{ name: string, test: PlaywrightTest }>}
 */
function* walk(suites, above) {
  for (const suite of suites) {
    const titles = [...above, suite.title];
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) yield { name: [...titles, spec.title].join(' › '), test };
    }
    yield* walk(suite.suites ?? [], titles);
  }
}
