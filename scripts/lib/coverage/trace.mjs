/** How often each place of the original sources was reached by one script, from V8's counts and the script's source map. */
import { eachMapping, TraceMap } from '@jridgewell/trace-mapping';

/**
 * @typedef {{ startOffset: number, endOffset: number, count: number }} V8Range
 * @typedef {{ functionName: string, isBlockCoverage: boolean, ranges: V8Range[] }} V8Function
 * @typedef {object} Script one script as one process (or page) ran it
 * @property {string} source its text
 * @property {unknown} map its source map; sources are paths relative to the checkout
 * @property {number} offset where the text begins in the text V8 counted (a wrapper before it)
 * @property {readonly V8Function[]} functions
 * @typedef {{ line: number, column: number, at: number }} Place `line` from 1, `at` the offset in the counted text
 */

/**
 * The mapped places of a script, per source. Independent of any run, so it can be kept for a script that ran often.
 *
 * @param {{ source: string, map: unknown, offset: number }} script
 * @returns {Map<string, Place[]>}
 */
export function placesOf({ source, map, offset }) {
  const starts = lineStarts(source);
  /** @type {Map<string, Place[]>} */
  const places = new Map();
  eachMapping(
    new TraceMap(/** @type {import('@jridgewell/trace-mapping').SourceMapInput} */ (map)),
    mapping => {
      if (mapping.source === null) return;
      const start = starts[mapping.generatedLine - 1];
      if (start === undefined) return;
      const list = places.get(mapping.source) ?? [];
      places.set(mapping.source, list);
      list.push({
        line: mapping.originalLine,
        column: mapping.originalColumn,
        at: offset + start + mapping.generatedColumn,
      });
    },
  );
  return places;
}

/**
 * A function that tells how often the code at an offset ran: the count of the innermost range around it; 0 outside all.
 *
 * @param {readonly V8Function[]} functions
 * @returns {(at: number) => number}
 */
export function counter(functions) {
  const ranges = functions.flatMap(each => each.ranges);
  // Outer before inner; of two with the same extent the later one is the inner (a block within its function).
  ranges.sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
  /** @type {number[]} */
  const from = [];
  /** @type {number[]} */
  const counts = [];
  const cut = (/** @type {number} */ at, /** @type {number} */ count) => {
    if (from.at(-1) === at) counts[counts.length - 1] = count;
    else {
      from.push(at);
      counts.push(count);
    }
  };
  /** @type {V8Range[]} */
  const around = [];
  const closeUntil = (/** @type {number} */ at) => {
    for (let last = around.at(-1); last !== undefined && last.endOffset <= at; last = around.at(-1)) {
      around.pop();
      cut(last.endOffset, around.at(-1)?.count ?? 0);
    }
  };
  for (const range of ranges) {
    closeUntil(range.startOffset);
    around.push(range);
    cut(range.startOffset, range.count);
  }
  closeUntil(Infinity);
  return at => counts[lastNotAfter(from, at)] ?? 0;
}

/** The index of the last number that is not above `value`; -1 when all are. @param {readonly number[]} sorted @param {number} value */
export function lastNotAfter(sorted, value) {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The offset at which each line begins. @param {string} text @returns {number[]} */
export function lineStarts(text) {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
