/** From the runs' raw counts to one report, a short table and a verdict. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CoverageReport } from 'monocart-coverage-reports';
import { sourceFiles } from '../import-graph.mjs';
import { readScripts } from './inputs.mjs';
import { unionOf } from './union.mjs';

/** Lines and branches must be covered better than this, in percent. */
export const THRESHOLD = { lines: 90, branches: 90 };

/** @typedef {{ covered: number, total: number }} Share */
/** @typedef {{ path: string, lines: Share, branches: Share, functions: Share }} FileShare */

/**
 * The shares of one file.
 *
 * @param {import('./union.mjs').FileUnion} union
 * @returns {FileShare}
 */
export function sharesOf(union) {
  /** @type {Map<number, number>} */
  const lines = new Map();
  const { statementMap } = union.toIstanbul();
  union.statements.forEach((count, i) => {
    const line = statementMap[String(i)]?.start.line ?? 0;
    lines.set(line, Math.max(lines.get(line) ?? 0, count));
  });
  return {
    path: union.path,
    lines: share([...lines.values()]),
    branches: share(union.branches.flat()),
    functions: share(union.functions),
  };
}

/** @param {readonly number[]} counts @returns {Share} */
function share(counts) {
  return { covered: counts.filter(count => count > 0).length, total: counts.length };
}

/** In percent; a file without any counts as covered. @param {Share} share */
export function percent({ covered, total }) {
  return total === 0 ? 100 : (100 * covered) / total;
}

/** @param {readonly FileShare[]} files @returns {FileShare} */
export function totalOf(files) {
  const sum = (/** @type {'lines' | 'branches' | 'functions'} */ key) =>
    files.reduce(
      (all, file) => ({ covered: all.covered + file[key].covered, total: all.total + file[key].total }),
      { covered: 0, total: 0 },
    );
  return { path: 'all files', lines: sum('lines'), branches: sum('branches'), functions: sum('functions') };
}

/**
 * What is wrong with the total; empty when lines and branches are above the threshold.
 *
 * @param {FileShare} total
 * @returns {string[]}
 */
export function shortfalls(total) {
  if (total.lines.total === 0) return ['nothing was covered at all: no run left its counts'];
  return /** @type {const} */ (['lines', 'branches'])
    .filter(key => percent(total[key]) <= THRESHOLD[key])
    .map(key => `${key}: ${percent(total[key]).toFixed(2)} % is not above ${THRESHOLD[key]} %`);
}

/**
 * The total and the worst files, as lines of a table.
 *
 * @param {readonly FileShare[]} files
 * @param {number} [count] how many files
 * @returns {string[]}
 */
export function coverageTable(files, count = 12) {
  const missing = (/** @type {FileShare} */ file) =>
    file.lines.total - file.lines.covered + file.branches.total - file.branches.covered;
  const worst = [...files].filter(file => missing(file) > 0).sort((a, b) => missing(b) - missing(a));
  const rows = [totalOf(files), ...worst.slice(0, count)];
  const width = Math.max(...rows.map(row => row.path.length), 10);
  const cell = (/** @type {Share} */ each) =>
    `${percent(each).toFixed(1).padStart(6)} % ${`${each.covered}/${each.total}`.padStart(11)}`;
  return [
    `${'file'.padEnd(width)}  ${'lines'.padStart(20)}  ${'branches'.padStart(20)}  ${'functions'.padStart(20)}`,
    ...rows.map(
      row => `${row.path.padEnd(width)}  ${cell(row.lines)}  ${cell(row.branches)}  ${cell(row.functions)}`,
    ),
  ];
}

/**
 * Merges all that lies in `coverage/raw` and writes the report (HTML and lcov) to `coverage/report`.
 *
 * @param {string} root
 * @returns {Promise<FileShare[]>}
 */
export async function reportCoverage(root) {
  const files = sourceFiles(root).map(path => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  const unions = unionOf(files, readScripts(root, join(root, 'coverage/raw')));
  const outputDir = join(root, 'coverage/report');
  rmSync(outputDir, { recursive: true, force: true });
  const report = new CoverageReport({
    name: 'Tenhertz',
    logging: 'error',
    outputDir,
    baseDir: root,
    reports: ['html', 'lcovonly', 'json-summary'],
  });
  await report.add(Object.fromEntries(unions.map(union => [join(root, union.path), absolute(root, union)])));
  await report.generate();
  return unions.map(sharesOf);
}

/** @param {string} root @param {import('./union.mjs').FileUnion} union */
function absolute(root, union) {
  return { ...union.toIstanbul(), path: join(root, union.path) };
}
