import { describe, expect, it } from 'vitest';
import { freeName, refuseName } from '../../../src/renderer/layouts/layout.ts';
import { PRESETS, presetDock } from '../../../src/renderer/layouts/presets.ts';
import {
  firstLayouts,
  readLayout,
  readLayouts,
  refuseDock,
} from '../../../src/renderer/layouts/read-layouts.ts';

const ROOM = { width: 1920, height: 980 };
const DOCK = presetDock('Desk', ROOM, () => true);

describe('the places of the presets', () => {
  it('hold every pane once, fill the room, and leave out panes this version does not have', () => {
    for (const preset of PRESETS) {
      for (const room of [ROOM, { width: 1280, height: 700 }, { width: 300, height: 200 }]) {
        const dock = presetDock(preset, room, pane => pane !== 'pools' && pane !== 'lag');
        expect(refuseDock(dock)).toBeNull();
        expect(Object.keys(dock.panels)).not.toContain('pools');
      }
    }
    expect(Object.keys(DOCK.panels)).toEqual(
      expect.arrayContaining(['watchlist', 'chart-1', 'chart-2', 'chart-3']),
    );
    expect(Object.keys(presetDock('Desk', { width: 1280, height: 700 }, () => true).panels)).not.toContain(
      'chart-2',
    );
    expect(presetDock('Desk', ROOM, () => false).panels).toEqual({});
  });
});

describe('names of layouts', () => {
  it('are refused when empty, long or taken, and numbered until they are free', () => {
    expect(refuseName('  ', [])).toContain('Give the layout a name');
    expect(refuseName('x'.repeat(33), [])).toContain('at most 32');
    expect(refuseName('desk', ['Desk'])).toContain('called Desk already');
    expect(refuseName('Night', ['Desk'])).toBeNull();
    expect(freeName('Desk', ['desk', 'Desk 2'])).toBe('Desk 3');
    expect(freeName('   ', [])).toBe('Layout');
  });
});

describe('layouts as they were kept', () => {
  it('come back as they were', () => {
    const kept = {
      version: 1,
      active: 'B',
      layouts: [{ name: 'A' }, { name: 'B', base: 'Scalp', dock: DOCK }],
    };
    const { document, problem } = readLayouts(JSON.parse(JSON.stringify(kept)));
    expect(problem).toBeNull();
    expect(document.active).toBe('B');
    expect(document.layouts.map(({ name, base }) => [name, base])).toEqual([
      ['A', 'Desk'],
      ['B', 'Scalp'],
    ]);
    expect(document.layouts[1]?.dock).toEqual(DOCK);
    expect(readLayouts(null)).toEqual({ document: firstLayouts(), problem: null });
  });

  it('that are of no known form begin anew', () => {
    for (const value of [7, [], { version: 2, layouts: [] }, { version: 1 }])
      expect(readLayouts(value).problem).toContain('the desk begins anew');
  });

  it('are left out one by one, and the first of the rest is shown', () => {
    const layouts = [{ name: 'A' }, { name: 'a' }, { name: '' }, 'x', { name: 'B', dock: {} }, { desk: {} }];
    const { document, problem } = readLayouts({ version: 1, active: 'gone', layouts });
    expect(document.layouts.map(({ name }) => name)).toEqual(['A']);
    expect(document.active).toBe('A');
    expect(problem).toBe(
      'Layouts that cannot be read were left out: a, , one without a name, B, one without a name.',
    );
    expect(readLayouts({ version: 1, active: 'x', layouts: [7] }).document.layouts).toHaveLength(
      PRESETS.length,
    );
  });

  it('keep what panes remember as far as it can be read', () => {
    const read = (desk: unknown): unknown => readLayout({ name: 'A', desk });
    expect(
      read({
        links: { A: 'SOL', B: 7 },
        panes: {
          one: { group: 'B', token: 'SOL', settings: { x: 1 } },
          two: { group: null, settings: 7 },
          three: { group: 'Z' },
        },
      }),
    ).toMatchObject({
      desk: {
        links: { A: 'SOL', B: null },
        panes: {
          one: { group: 'B', token: 'SOL', settings: { x: 1 } },
          two: { group: null, token: null, settings: {} },
          three: { group: 'A' },
        },
      },
    });
    for (const desk of [7, { panes: {} }, { panes: { a: 7 }, links: {} }])
      expect(read(desk)).toBe('What its panes remember cannot be read.');
  });

  it('are refused with a word when their places make no sense', () => {
    const grid = (root: unknown): unknown => ({
      grid: { width: 1, height: 1, orientation: 'HORIZONTAL', root },
      panels: { a: { id: 'a' }, b: { id: 'x' } },
    });
    const leaf = (...views: unknown[]): unknown => ({ type: 'leaf', data: { id: 'g', views } });
    const branch = (...data: unknown[]): unknown => ({ type: 'branch', data });
    const deep = Array.from({ length: 20 }).reduce<unknown>(inner => branch(inner), leaf());
    const words = [
      7,
      { grid: {} },
      { grid: { root: branch() }, panels: {} },
      grid(leaf('a')),
      grid(branch(7)),
      grid(branch({ type: 'leaf', data: { views: [] } })),
      grid(branch({ ...(leaf() as object), size: 'x' })),
      grid(deep),
      grid(branch(leaf('c'))),
      grid(branch(leaf('a'), leaf('a'))),
      grid(branch(leaf('a'))),
    ].map(refuseDock);
    expect(words).toEqual([
      ...Array.from({ length: 2 }, () => 'The places of its panes cannot be read.'),
      'It says no size.',
      ...Array.from({ length: 5 }, () => 'The places of its panes cannot be read.'),
      'A place names a pane that is not there.',
      'The pane "a" is there twice.',
      'The pane "b" cannot be read.',
    ]);
  });
});
