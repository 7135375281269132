/**
 * `npm test`: gets what is missing, then runs everything there is to verify and stops at nothing: format, lint, types, build,
 * unit, integration, end-to-end in each runner, and the coverage of all of them together. Ends with a table of what ran, and
 * with an error if anything failed. The build comes before the tests because some of them run the built program.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuild } from './lib/build.mjs';
import { findElectron } from './lib/electron.mjs';
import { CHROMIUM, ensureNative, optionalNative, POSTGRES, REDIS, XVFB } from './lib/native.mjs';
import { refuseNode } from './lib/node-version.mjs';
import { ensurePackages } from './lib/packages.mjs';
import { endOnSignals, endWithNpm, run } from './lib/run.mjs';
import { runMain, say, seconds, step, Stop } from './lib/say.mjs';
import { playwrightResults, vitestResults } from './lib/testing/counts.mjs';
import { endLeftovers, RUN_MARK } from './lib/testing/leftovers.mjs';
import { judged, oneCheck, summary } from './lib/testing/result.mjs';
import { checked, runChecks, tool } from './lib/testing/tools.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
const mark = randomUUID();
const rawCoverage = join(root, 'coverage/raw');
const vitestCounts = join(root, 'test-results/vitest-counts.json');
const playwrightReport = join(root, 'test-results/playwright.json');

/** A runner that takes longer than this hangs and is ended. */
const RUNNER_LIMIT_MS = 30 * 60_000;

/** @typedef {import('./lib/testing/result.mjs').Result} Result */

endWithNpm();
endOnSignals(() => endLeftovers(mark, 1_000));

await runMain(async () => {
  const start = performance.now();
  const refusal = refuseNode(process.versions.node);
  if (refusal !== undefined) throw new Stop(4, refusal);
  await ensurePackages(root);
  const env = await programs();
  for (const folder of [rawCoverage, join(root, 'test-results')]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  /** @type {Result[]} */
  const results = [];
  results.push(...(await runChecks(root)));
  results.push(await checked('build', async () => ({ code: (await ensureBuild(root), 0) })));
  results.push(...(await runner('vitest', vitestArgs(), env, () => vitestResults(vitestCounts))));
  results.push(
    ...(await runner('playwright', playwrightArgs(), env, () => playwrightResults(playwrightReport))),
  );
  results.push(await coverage());
  results.push(await leftovers());
  say(`\nEverything took ${seconds(performance.now() - start)}.\n`);
  say(summary(results).join('\n'));
  return results.some(result => result.failed > 0) ? 1 : 0;
});

/** The programs the tests need, installed if they have to be. @returns {Promise<Record<string, string>>} */
async function programs() {
  const redis = await ensureNative(root, REDIS);
  const chromium = await ensureNative(root, CHROMIUM);
  if (needsDisplay()) await ensureNative(root, XVFB);
  const postgres = await optionalNative(root, POSTGRES);
  return {
    [REDIS.variable]: redis,
    [CHROMIUM.variable]: chromium,
    ...(postgres !== undefined && { [POSTGRES.variable]: postgres }),
    [RUN_MARK]: mark,
    COVERAGE_DIR: rawCoverage,
    VITEST_COUNTS: vitestCounts,
    PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport,
    // Tests start `redis-server` by its name; an unpacked one is not on PATH.
    PATH: `${process.env['PATH'] ?? ''}:${dirname(redis)}`,
  };
}

/** Whether Electron is there and has nothing to show its window on. */
function needsDisplay() {
  return process.platform === 'linux' && findElectron(root) !== undefined && !process.env['DISPLAY'];
}

function vitestArgs() {
  const reporters = [
    '--reporter=default',
    `--reporter=${join(root, 'scripts/lib/testing/vitest-counts.mjs')}`,
  ];
  return tool(root, 'vitest', ['run', '--config', 'test/vitest.config.ts', ...reporters]);
}

function playwrightArgs() {
  return tool(root, 'playwright', ['test', '--config', 'test/playwright.config.ts']);
}

/**
 * Runs a test runner and reads what it counted.
 *
 * @param {string} name
 * @param {readonly string[]} args
 * @param {Record<string, string>} env
 * @param {() => Result[]} read
 * @returns {Promise<Result[]>}
 */
async function runner(name, args, env, read) {
  const start = performance.now();
  const virtual = name === 'playwright' && needsDisplay();
  const [command, ...rest] = virtual
    ? ['xvfb-run', '-a', process.execPath, ...args]
    : [process.execPath, ...args];
  const options = { cwd: root, env, timeoutMs: RUNNER_LIMIT_MS };
  const ended = await step(name, () => run(command, rest, options), 60_000);
  return judged(name, read(), ended, (performance.now() - start) / 1000);
}

/** @returns {Promise<Result>} */
function coverage() {
  return checked('coverage', async () => {
    const { coverageTable, reportCoverage, shortfalls, totalOf } = await import('./lib/coverage/report.mjs');
    const files = await reportCoverage(root);
    say(`\n${coverageTable(files).join('\n')}\n`);
    const missing = shortfalls(totalOf(files));
    for (const line of missing) say(`  ${line}`);
    say('  The whole report: coverage/report/index.html');
    return { code: missing.length };
  });
}

/** @returns {Promise<Result>} */
async function leftovers() {
  const left = await endLeftovers(mark);
  for (const { pid, command } of left) say(`  left running by the tests: ${pid} ${command}`);
  return oneCheck('nothing left running', left.length === 0, 0);
}
