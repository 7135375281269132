/**
 * Reads what the runs left behind as scripts to count: the test runner's modules (in `vitest/raw`, as
 * vitest-monocart-coverage writes them), the built program in child processes (in `node`, as Node writes it for
 * NODE_V8_COVERAGE), and the pages of the end-to-end tests (in `browser`, lists of entries as Playwright's
 * `page.coverage.stopJSCoverage()` answers them).
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {import('./trace.mjs').Script} Script
 * @typedef {{ url: string, source?: string, functions: import('./trace.mjs').V8Function[] }} Entry
 * @typedef {{ path: string, source: string, map: unknown }} Built
 */

/**
 * Every script found below `folder`.
 *
 * @param {string} root the checkout; `out/` must be as it was when the runs were made
 * @param {string} folder
 * @returns {Generator<Script>}
 */
export function* readScripts(root, folder) {
  yield* vitestScripts(join(folder, 'vitest/raw'));
  const built = builtScripts(root);
  for (const entry of nodeEntries(join(folder, 'node'))) {
    const path = entry.url.startsWith('file:')
      ? relative(root, fileURLToPath(entry.url)).split(sep).join('/')
      : '';
    const script = built.find(each => each.path === path);
    if (script !== undefined) yield { ...script, offset: 0, functions: entry.functions };
  }
  for (const entry of browserEntries(join(folder, 'browser'))) {
    // Found by its text: the page's address says nothing about the file, and a host may wrap the text in a function.
    const text = entry.source ?? '';
    const script = built.find(each => text.includes(each.source));
    if (script !== undefined) {
      yield { ...script, offset: text.indexOf(script.source), functions: entry.functions };
    }
  }
}

/** @param {string} folder @returns {Generator<Script>} */
function* vitestScripts(folder) {
  /** @type {Map<string, { source: string, sourceMap: unknown }>} */
  const sources = new Map();
  for (const file of jsonFiles(folder).filter(name => name.startsWith('coverage-'))) {
    const { data } = readJson(join(folder, file));
    for (const { id, url, scriptOffset = 0, functions } of data) {
      const script = sources.get(id) ?? readJson(join(folder, `source-${id}.json`));
      sources.set(id, script);
      if (!script.sourceMap || url.includes('/test/')) continue;
      // The text is kept with its wrapper in front, as V8 counted it; the map knows nothing of the wrapper.
      const source = script.source.slice(scriptOffset);
      yield { source, map: script.sourceMap, offset: scriptOffset, functions };
    }
  }
}

/** A process that is killed while it writes its counts leaves a file that is cut off. @param {string} folder @returns {Generator<Entry>} */
function* nodeEntries(folder) {
  for (const file of jsonFiles(folder)) {
    /** @type {Entry[]} */
    let entries = [];
    try {
      entries = readJson(join(folder, file)).result;
    } catch (error) {
      console.warn(`${file} is left out: ${error instanceof Error ? error.message : String(error)}`);
    }
    yield* entries;
  }
}

/** @param {string} folder @returns {Generator<Entry>} */
function* browserEntries(folder) {
  for (const file of jsonFiles(folder)) yield* readJson(join(folder, file));
}

/** The scripts of `out/` with their maps; sources named from the checkout's root. @param {string} root @returns {Built[]} */
function builtScripts(root) {
  const out = join(root, 'out');
  if (!existsSync(out)) return [];
  return readdirSync(out, { recursive: true, withFileTypes: true })
    .filter(entry => /\.[cm]?js$/.test(entry.name) && existsSync(join(entry.parentPath, `${entry.name}.map`)))
    .map(entry => {
      const folder = relative(root, entry.parentPath).split(sep).join('/');
      const map = readJson(join(entry.parentPath, `${entry.name}.map`));
      const sources = map.sources.map((/** @type {string} */ source) => posix.join(folder, source));
      return {
        path: `${folder}/${entry.name}`,
        source: readFileSync(join(entry.parentPath, entry.name), 'utf8'),
        map: { ...map, sources, sourceRoot: '' },
      };
    });
}

/** @param {string} folder @returns {string[]} */
function jsonFiles(folder) {
  return existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.json')) : [];
}

/** @param {string} file @returns {any} */
function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
