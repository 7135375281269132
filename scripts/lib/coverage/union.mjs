/** One judgement per source file over any number of runs: a point reached in one of them is covered. */
import { pointsOf } from './points.mjs';
import { counter, lastNotAfter, lineStarts, placesOf } from './trace.mjs';

/** @typedef {import('./points.mjs').Range} Range */
/** @typedef {{ offsets: number[], counts: number[] }} Hits sorted by offset; the highest count of each offset */

/** The coverage of one file, as it grows run by run. */
export class FileUnion {
  /** @param {string} path @param {string} text */
  constructor(path, text) {
    this.path = path;
    this.starts = lineStarts(text);
    this.points = pointsOf(path, text);
    this.statements = this.points.statements.map(() => 0);
    this.functions = this.points.functions.map(() => 0);
    this.branches = this.points.branches.map(branch => branch.arms.map(() => 0));
  }

  /** Whether there is anything that runs; a file of types has nothing. */
  get empty() {
    return this.statements.length === 0 && this.functions.length === 0;
  }

  /**
   * Adds one run of one script.
   *
   * @param {readonly import('./trace.mjs').Place[]} places the script's places in this file
   * @param {(at: number) => number} countAt
   */
  add(places, countAt) {
    const hits = this.#hits(places, countAt);
    this.points.statements.forEach((range, i) => raise(this.statements, i, first(hits, range)));
    this.points.functions.forEach((point, i) => raise(this.functions, i, entered(hits, point)));
    this.points.branches.forEach((branch, i) => {
      const counts = this.branches[i] ?? [];
      branch.arms.forEach((arm, a) => {
        raise(counts, a, arm === 'implied else' ? passedBy(hits, branch) : first(hits, arm));
      });
    });
  }

  /** @param {readonly import('./trace.mjs').Place[]} places @param {(at: number) => number} countAt @returns {Hits} */
  #hits(places, countAt) {
    /** @type {Map<number, number>} */
    const best = new Map();
    for (const { line, column, at } of places) {
      const offset = (this.starts[line - 1] ?? 0) + column;
      best.set(offset, Math.max(best.get(offset) ?? 0, countAt(at)));
    }
    const sorted = [...best].sort(([a], [b]) => a - b);
    return { offsets: sorted.map(([offset]) => offset), counts: sorted.map(([, count]) => count) };
  }

  /** In Istanbul's format, which reporters read. */
  toIstanbul() {
    const { statements, functions, branches } = this.points;
    const loc = (/** @type {Range} */ range) => ({
      start: this.#position(range.start),
      end: this.#position(range.end),
    });
    return {
      path: this.path,
      statementMap: numbered(statements.map(loc)),
      fnMap: numbered(
        functions.map(point => ({
          name: point.name,
          decl: loc({ start: point.start, end: point.body.start }),
          loc: loc(point.body),
          line: this.#position(point.start).line,
        })),
      ),
      branchMap: numbered(
        branches.map(branch => ({
          type: branch.kind,
          loc: loc(branch),
          line: this.#position(branch.start).line,
          locations: branch.arms.map(arm => loc(arm === 'implied else' ? branch : arm)),
        })),
      ),
      s: numbered(this.statements),
      f: numbered(this.functions),
      b: numbered(this.branches),
    };
  }

  /** @param {number} offset */
  #position(offset) {
    const line = lastNotAfter(this.starts, offset);
    return { line: line + 1, column: offset - (this.starts[line] ?? 0) };
  }
}

/**
 * The union of all `scripts` over `files`.
 *
 * @param {readonly { path: string, text: string }[]} files what there is to cover, run or not
 * @param {Iterable<import('./trace.mjs').Script>} scripts
 * @returns {FileUnion[]} in the order of `files`, those without anything that runs left out
 */
export function unionOf(files, scripts) {
  const unions = new Map(files.map(({ path, text }) => [path, new FileUnion(path, text)]));
  /** @type {Map<string, Map<string, import('./trace.mjs').Place[]>>} */
  const known = new Map();
  for (const script of scripts) {
    const key = `${script.offset}\0${script.source}`;
    const places = known.get(key) ?? placesOf(script);
    known.set(key, places);
    const countAt = counter(script.functions);
    for (const [path, list] of places) unions.get(path)?.add(list, countAt);
  }
  return [...unions.values()].filter(union => !union.empty);
}

/** The count at the first mapped place in a range; `undefined` when the script has none of it. @param {Hits} hits @param {Range} range */
function first(hits, range) {
  const at = lastNotAfter(hits.offsets, range.start - 1) + 1;
  const offset = hits.offsets[at];
  return offset !== undefined && offset < range.end ? hits.counts[at] : undefined;
}

/**
 * How often a function was entered: the highest count of a place in its body that belongs to no function inside it.
 *
 * @param {Hits} hits
 * @param {import('./points.mjs').FunctionPoint} point
 */
function entered(hits, point) {
  /** @type {number | undefined} */
  let best;
  for (let at = lastNotAfter(hits.offsets, point.body.start - 1) + 1; at < hits.offsets.length; at += 1) {
    const offset = hits.offsets[at] ?? Infinity;
    if (offset >= point.body.end) break;
    if (point.inner.some(inner => inner.start <= offset && offset < inner.end)) continue;
    best = Math.max(best ?? 0, hits.counts[at] ?? 0);
  }
  return best;
}

/** How often an `if` without `else` did not do its part. @param {Hits} hits @param {import('./points.mjs').BranchPoint} branch */
function passedBy(hits, branch) {
  const then = branch.arms[0];
  const [asked, done] = [
    first(hits, branch),
    then && then !== 'implied else' ? first(hits, then) : undefined,
  ];
  return asked === undefined || done === undefined ? undefined : Math.max(0, asked - done);
}

/** @param {number[]} counts @param {number} at @param {number | undefined} count */
function raise(counts, at, count) {
  counts[at] = Math.max(counts[at] ?? 0, count ?? 0);
}

/** @template T @param {readonly T[]} list @returns {Record<string, T>} */
function numbered(list) {
  return Object.fromEntries(list.map((item, i) => [String(i), item]));
}
