/**
 * Reads the import graph of a source tree with TypeScript's own parser, and judges it by the layers. Static imports, re-exports,
 * `import('…')` as a value and as a type, and `require('…')` all count.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import ts from 'typescript';
import { refuseFile, refusePackage } from './layers.mjs';

/**
 * @typedef {{ specifier: string | undefined, line: number, typeOnly: boolean }} ImportSite
 *   `specifier` is `undefined` for a dynamic import whose target cannot be read from the source.
 * @typedef {{ from: string, to: string, line: number, typeOnly: boolean, file: boolean }} Edge
 *   `to` is a path of the tree when `file`, else a package or Node module.
 * @typedef {{ from: string, line: number, message: string }} Violation
 */

/**
 * Every import in one file.
 *
 * @param {string} path decides between TypeScript and TSX
 * @param {string} text
 * @returns {ImportSite[]}
 */
export function readImports(path, text) {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  /** @type {ImportSite[]} */
  const sites = [];
  /** @param {ts.Node | undefined} target @param {ts.Node} at @param {boolean} typeOnly */
  const add = (target, at, typeOnly) => {
    const line = file.getLineAndCharacterOfPosition(at.getStart(file)).line + 1;
    const specifier = target !== undefined && ts.isStringLiteralLike(target) ? target.text : undefined;
    sites.push({ specifier, line, typeOnly });
  };
  /** @param {ts.Node} node */
  const visit = node => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
      add(node.moduleSpecifier, node, node.isTypeOnly);
    } else if (ts.isImportTypeNode(node)) {
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, node, true);
    } else if (ts.isExternalModuleReference(node)) {
      add(node.expression, node, false);
    } else if (ts.isCallExpression(node) && isLoad(node.expression)) {
      add(node.arguments[0], node, false);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return sites;
}

/** @param {ts.Expression} callee */
function isLoad(callee) {
  return (
    callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')
  );
}

/**
 * The source files below `root/src`, as paths relative to `root`, declarations left out.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function sourceFiles(root) {
  const start = join(root, 'src');
  if (!existsSync(start)) return [];
  return readdirSync(start, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.[cm]?tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map(entry => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

/**
 * Walks every source file below `root/src`.
 *
 * @param {string} root
 * @returns {{ files: string[], edges: Edge[], violations: Violation[] }} `violations` holds what could not be resolved
 */
export function readGraph(root) {
  const files = sourceFiles(root);
  /** @type {Edge[]} */
  const edges = [];
  /** @type {Violation[]} */
  const violations = [];
  for (const from of files) {
    for (const { specifier, line, typeOnly } of readImports(from, readFileSync(join(root, from), 'utf8'))) {
      if (specifier === undefined) {
        violations.push({ from, line, message: 'a dynamic import must name its module as a plain string' });
      } else if (!specifier.startsWith('.')) {
        edges.push({ from, to: specifier, line, typeOnly, file: false });
      } else {
        const to = posix.join(dirname(from), specifier.replace(/\?.*$/, ''));
        if (existsSync(join(root, to))) edges.push({ from, to, line, typeOnly, file: true });
        else
          violations.push({ from, line, message: `${specifier} does not exist (is the extension missing?)` });
      }
    }
  }
  return { files, edges, violations };
}

/**
 * Every import the layers refuse, what could not be resolved, and every cycle.
 *
 * @param {string} root
 * @returns {Violation[]}
 */
export function findViolations(root) {
  const graph = readGraph(root);
  const found = [...graph.violations];
  for (const edge of graph.edges) {
    const message = edge.file ? refuseFile(edge.from, edge.to) : refusePackage(edge.from, edge.to);
    if (message !== undefined) found.push({ from: edge.from, line: edge.line, message });
  }
  for (const cycle of findCycles(graph.edges)) {
    found.push({ from: cycle[0] ?? '', line: 1, message: `import cycle: ${cycle.join(' -> ')}` });
  }
  return found;
}

/**
 * The cycles of the graph, each as its path with the first file repeated at the end. Type-only imports count: two files
 * that cannot be understood one before the other are one file cut in two.
 *
 * @param {readonly Edge[]} edges
 * @returns {string[][]}
 */
export function findCycles(edges) {
  const next = neighbours(edges);
  /** @type {Map<string, 'open' | 'done'>} */
  const state = new Map();
  /** @type {string[]} */
  const path = [];
  /** @type {string[][]} */
  const cycles = [];
  /** @param {string} file */
  const visit = file => {
    state.set(file, 'open');
    path.push(file);
    for (const to of next.get(file) ?? []) {
      if (state.get(to) === 'open') cycles.push([...path.slice(path.indexOf(to)), to]);
      else if (state.get(to) === undefined) visit(to);
    }
    path.pop();
    state.set(file, 'done');
  };
  for (const file of next.keys()) if (state.get(file) === undefined) visit(file);
  return cycles;
}

/**
 * The shortest chain of imports from a file whose path starts with `start` to `target`, or `undefined` when none leads there.
 *
 * @param {readonly Edge[]} edges
 * @param {string} start
 * @param {string} target a package
 * @returns {string[] | undefined}
 */
export function findPath(edges, start, target) {
  const next = neighbours(edges, true);
  /** @type {string[][]} */
  const queue = [...next.keys()].filter(file => file.startsWith(start)).map(file => [file]);
  const seen = new Set(queue.flat());
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    for (const to of next.get(path.at(-1) ?? '') ?? []) {
      if (to === target || to.startsWith(`${target}/`)) return [...path, to];
      if (seen.has(to)) continue;
      seen.add(to);
      queue.push([...path, to]);
    }
  }
  return undefined;
}

/** @param {readonly Edge[]} edges @param {boolean} [packages] */
function neighbours(edges, packages = false) {
  /** @type {Map<string, string[]>} */
  const next = new Map();
  for (const edge of edges) {
    if (!edge.file && !packages) continue;
    next.set(edge.from, [...(next.get(edge.from) ?? []), edge.to]);
  }
  return next;
}
