/** The tools of the verification, run with the checkout's own packages. */
import { join } from 'node:path';
import { run } from '../run.mjs';
import { say, seconds, step } from '../say.mjs';
import { oneCheck } from './result.mjs';

/** @type {Record<string, string>} */
const ENTRIES = {
  prettier: 'prettier/bin/prettier.cjs',
  eslint: 'eslint/bin/eslint.js',
  tsc: 'typescript/bin/tsc',
  vitest: 'vitest/vitest.mjs',
  playwright: '@playwright/test/cli.js',
};

/** The command line of a tool. @param {string} root @param {string} name @param {readonly string[]} args */
export function tool(root, name, args) {
  return [join(root, 'node_modules', ENTRIES[name] ?? name), ...args];
}

/** Format, lint and types: what needs no test runner. */
const CHECKS = [
  { name: 'format', tool: 'prettier', args: ['--check', '--log-level', 'warn', '.'] },
  { name: 'lint', tool: 'eslint', args: ['.'] },
  { name: 'types (main, tests)', tool: 'tsc', args: ['-p', 'tsconfig.node.json', '--noEmit'] },
  { name: 'types (renderer)', tool: 'tsc', args: ['-p', 'tsconfig.web.json', '--noEmit'] },
];

/**
 * Runs format, lint and types, all of them whatever fails.
 *
 * @param {string} root
 * @returns {Promise<import('./result.mjs').Result[]>}
 */
export async function runChecks(root) {
  const results = [];
  for (const check of CHECKS) {
    const command = tool(root, check.tool, check.args);
    results.push(
      await checked(check.name, () => run(process.execPath, command, { cwd: root, timeoutMs: 180_000 })),
    );
  }
  return results;
}

/**
 * Runs one step that is one check; an exception is a failure of it.
 *
 * @param {string} name
 * @param {() => Promise<{ code: number, timedOut?: boolean }>} work
 * @returns {Promise<import('./result.mjs').Result>}
 */
export async function checked(name, work) {
  const start = performance.now();
  let ok = false;
  try {
    ok = await step(name, async () => (await work()).code === 0);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
  const took = performance.now() - start;
  if (!ok) say(`  FAILED: ${name} (${seconds(took)})`);
  return oneCheck(name, ok, took / 1000);
}
