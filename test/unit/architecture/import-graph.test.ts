import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  findCycles,
  findPath,
  findViolations,
  readGraph,
  readImports,
  sourceFiles,
} from '../../../scripts/lib/import-graph.mjs';
import { withTree } from './tree.ts';

const ROOT = join(import.meta.dirname, '../../..');

describe('the source tree', () => {
  it('breaks no layer, has no cycle and imports no file that is not there', () => {
    const lines = findViolations(ROOT).map(({ from, line, message }) => `${from}:${line} ${message}`);
    expect(lines).toEqual([]);
  });

  it('was read: the graph has files and edges', () => {
    const graph = readGraph(ROOT);
    expect(graph.files.length).toBeGreaterThan(10);
    expect(graph.edges.length).toBeGreaterThan(graph.files.length);
  });

  it.each(['src/main/cli/', 'src/main/engine/', 'src/main/gateway/', 'src/shared/', 'src/renderer/'])(
    'offers no path from %s to electron',
    start => {
      expect(findPath(readGraph(ROOT).edges, start, 'electron')).toBeUndefined();
    },
  );

  it('keeps every file within 250 lines', () => {
    const long = sourceFiles(ROOT)
      .map(file => ({ file, lines: readFileSync(join(ROOT, file), 'utf8').trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > 250);
    expect(long).toEqual([]);
  });

  it('names every file in kebab-case', () => {
    const odd = sourceFiles(ROOT).filter(file => !/^([a-z0-9]+(-[a-z0-9]+)*[./])+tsx?$/.test(file));
    expect(odd).toEqual([]);
  });
});

/** One broken rule per tree: the file that breaks it, and what the detector must say. */
const BREAKS: [name: string, files: Record<string, string>, message: RegExp][] = [
  [
    'the engine importing electron',
    { 'src/main/engine/a.ts': `import { app } from 'electron';` },
    /src\/main\/engine may not import electron/,
  ],
  [
    'a sub-path of electron',
    { 'src/main/gateway/a.ts': `import { app } from 'electron/main';` },
    /src\/main\/gateway may not import electron\/main/,
  ],
  [
    'a dynamic import of electron in the program',
    { 'src/main/cli/a.ts': `export const load = () => import('electron');` },
    /src\/main\/cli may not import electron/,
  ],
  [
    'electron by require',
    { 'src/main/engine/a.ts': `const { app } = require('electron');` },
    /src\/main\/engine may not import electron/,
  ],
  [
    'a type of electron in the engine',
    { 'src/main/engine/a.ts': `export type App = import('electron').App;` },
    /src\/main\/engine may not import electron/,
  ],
  [
    'the engine importing a host',
    {
      'src/main/engine/a.ts': `export * from '../gateway/b.ts';`,
      'src/main/gateway/b.ts': 'export const b = 1;',
    },
    /src\/main\/engine may not import src\/main\/gateway/,
  ],
  [
    'the engine importing React',
    { 'src/main/engine/a.ts': `import 'react-dom/client';` },
    /may not import react-dom\/client/,
  ],
  [
    'the gateway importing the desktop',
    { 'src/main/gateway/a.ts': `import '../desktop/b.ts';`, 'src/main/desktop/b.ts': 'export const b = 1;' },
    /src\/main\/gateway may not import src\/main\/desktop/,
  ],
  [
    'the desktop importing the gateway',
    { 'src/main/desktop/a.ts': `import '../gateway/b.ts';`, 'src/main/gateway/b.ts': 'export const b = 1;' },
    /src\/main\/desktop may not import src\/main\/gateway/,
  ],
  [
    'the renderer importing Node',
    { 'src/renderer/a.tsx': `import { join } from 'node:path';` },
    /src\/renderer may not import node:path/,
  ],
  [
    'the renderer importing the engine',
    { 'src/renderer/a.ts': `import type { B } from '../main/engine/b.ts';`, 'src/main/engine/b.ts': '' },
    /src\/renderer may not import src\/main\/engine/,
  ],
  [
    'shared importing the renderer',
    { 'src/shared/a.ts': `import '../renderer/b.ts';`, 'src/renderer/b.ts': '' },
    /src\/shared may not import src\/renderer/,
  ],
  [
    'a lower engine room importing a higher one',
    { 'src/main/engine/redis/a.ts': `import '../cache/b.ts';`, 'src/main/engine/cache/b.ts': '' },
    /engine room redis may not import cache/,
  ],
  [
    'an engine room importing the composition',
    { 'src/main/engine/feed/a.ts': `import '../create-engine.ts';`, 'src/main/engine/create-engine.ts': '' },
    /engine room feed may not import the composition/,
  ],
  [
    'a cycle',
    { 'src/shared/a.ts': `import './b.ts';`, 'src/shared/b.ts': `import type { A } from './a.ts';` },
    /import cycle: src\/shared\/a.ts -> src\/shared\/b.ts -> src\/shared\/a.ts/,
  ],
  [
    'a file outside the layers',
    { 'src/shared/a.ts': `import '../odd/b.ts';`, 'src/odd/b.ts': '' },
    /lies in no layer/,
  ],
  ['a file that is not there', { 'src/shared/a.ts': `import './b';` }, /\.\/b does not exist/],
  [
    'a dynamic import nobody can read',
    { 'src/main/cli/a.ts': 'export const load = (name: string) => import(name);' },
    /must name its module as a plain string/,
  ],
];

describe('the detector', () => {
  it.each(BREAKS)('finds %s', (_name, files, message) => {
    withTree(files, root => {
      const found = findViolations(root);
      expect(found.map(violation => violation.message).join('\n')).toMatch(message);
      expect(found).toHaveLength(1);
    });
  });

  it('passes what the layers allow', () => {
    const files = {
      'src/shared/contract.ts': `import { Decimal } from 'decimal.js';`,
      'src/main/engine/clock.ts': `import type { C } from '../../shared/contract.ts';`,
      'src/main/engine/health/metrics.ts': `import { Registry } from 'prom-client';`,
      'src/main/engine/redis/pool.ts': `import '../clock.ts'; import '../health/metrics.ts';`,
      'src/main/engine/redis/script.ts': `import lua from '../../../../resources/lua/publish.lua?raw';`,
      'src/main/engine/feed/feed.ts': `import '../redis/pool.ts'; import 'node:fs';`,
      'src/main/engine/create-engine.ts': `import './feed/feed.ts';`,
      'src/main/gateway/server.ts': `import '../engine/create-engine.ts'; import 'fastify';`,
      'src/main/cli/index.ts': `const g = () => import('../gateway/server.ts');`,
      'src/main/desktop/index.ts': `import { app } from 'electron'; import '../engine/create-engine.ts';`,
      'src/preload/index.ts': `import { contextBridge } from 'electron';`,
      'src/renderer/app.tsx': `import { useState } from 'react'; import '../shared/contract.ts';`,
      'resources/lua/publish.lua': '',
    };
    withTree(files, root => {
      expect(findViolations(root)).toEqual([]);
    });
  });

  it('names the whole way from the program to electron', () => {
    const files = {
      'src/main/cli/index.ts': `import './run.ts';`,
      'src/main/cli/run.ts': `import '../desktop/app.ts';`,
      'src/main/desktop/app.ts': `import { app } from 'electron';`,
    };
    withTree(files, root => {
      const path = findPath(readGraph(root).edges, 'src/main/cli/', 'electron');
      expect(path).toEqual(['src/main/cli/run.ts', 'src/main/desktop/app.ts', 'electron']);
    });
  });

  it('walks a graph of several files once, however many ways lead to one', () => {
    const edge = (from: string, to: string) => ({ from, to, line: 1, typeOnly: false, file: true });
    const edges = [edge('a', 'b'), edge('a', 'c'), edge('b', 'd'), edge('c', 'd')];
    expect(findCycles(edges)).toEqual([]);
    expect(findPath(edges, 'a', 'electron')).toBeUndefined();
  });
});

describe('reading one file', () => {
  it('sees each form of import with its line, and whether only types cross', () => {
    const text = [
      `import a from './a.ts';`,
      `import type { B } from './b.ts';`,
      `export { c } from './c.ts';`,
      `export type { D } from './d.ts';`,
      `const e = await import('./e.ts');`,
      `import f = require('./f.ts');`,
      `type G = import('./g.ts').G;`,
      `export const h = 'import "./no.ts"';`,
    ].join('\n');
    expect(readImports('x.ts', text)).toEqual([
      { specifier: './a.ts', line: 1, typeOnly: false },
      { specifier: './b.ts', line: 2, typeOnly: true },
      { specifier: './c.ts', line: 3, typeOnly: false },
      { specifier: './d.ts', line: 4, typeOnly: true },
      { specifier: './e.ts', line: 5, typeOnly: false },
      { specifier: './f.ts', line: 6, typeOnly: false },
      { specifier: './g.ts', line: 7, typeOnly: true },
    ]);
  });
});
