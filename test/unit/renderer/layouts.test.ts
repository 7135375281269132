import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LAYOUTS_KEPT, freeName, refuseName } from '../../../src/renderer/layouts/layout.ts';
import { takeFile } from '../../../src/renderer/layouts/layout-files.ts';
import { createLayouts, type Layouts } from '../../../src/renderer/layouts/layouts.ts';
import { PRESETS, presetDesk, presetDock } from '../../../src/renderer/layouts/presets.ts';
import {
  firstLayouts,
  readLayout,
  readLayouts,
  refuseDock,
} from '../../../src/renderer/layouts/read-layouts.ts';
import { createDeskDocuments, SAVE_AFTER_MS } from '../../../src/renderer/state/desk-documents.ts';
import { createDeskState, rememberPane } from '../../../src/renderer/state/desk-state.ts';
import { selectToken } from '../../../src/renderer/state/link-groups.ts';
import { browserClock } from '../../../src/renderer/time/clock.ts';
import { TestLink } from './support.ts';

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

describe('the layouts of a desk', () => {
  const link = new TestLink();
  const desk = createDeskState();
  let layouts: Layouts;
  let kept: unknown;
  const names = (): string[] => layouts.store.getState().layouts.map(layout => layout.name);
  const written = (): unknown => link.calls.filter(call => call.command === 'desk.write').at(-1)?.args;

  beforeEach(() => {
    vi.useFakeTimers();
    link.calls.length = 0;
    kept = null;
    link.answers['desk.read'] = () => ({ value: kept, problem: null });
    const documents = createDeskDocuments(link, browserClock);
    layouts = createLayouts(
      desk,
      documents.open('layouts', message => layouts.say(message)),
    );
    return () => {
      layouts.stop();
      vi.useRealTimers();
    };
  });

  it('save nothing before it is known what was kept', async () => {
    link.answers['desk.read'] = () => {
      throw new Error('no line');
    };
    await layouts.load();
    expect(layouts.store.getState().loaded).toBe(false);
    layouts.create('Mine');
    vi.advanceTimersByTime(SAVE_AFTER_MS);
    expect(written()).toBeUndefined();
    kept = { version: 1, active: 'Kept', layouts: [{ name: 'Kept' }] };
    link.answers['desk.read'] = () => ({ value: kept, problem: null });
    await layouts.load();
    await layouts.load();
    expect(names()).toEqual(['Kept']);
    expect(link.count('desk.read')).toBe(2);
  });

  it('say what the engine says of a broken document', async () => {
    link.answers['desk.read'] = () => ({ value: null, problem: 'put aside' });
    await layouts.load();
    expect(layouts.store.getState().notice).toBe('put aside');
  });

  it('keep what each pane remembers with its own layout, written a moment later', async () => {
    await layouts.load();
    selectToken(desk, 'watchlist', 'RAY');
    rememberPane(desk, 'tape', { settings: { hideSmall: true } });
    layouts.show('Operations');
    expect(desk.getState().links.A).toBeNull();
    layouts.show('no such layout');
    layouts.show('Desk');
    expect(desk.getState().links.A).toBe('RAY');
    expect(written()).toBeUndefined();
    vi.advanceTimersByTime(SAVE_AFTER_MS);
    expect(link.count('desk.write')).toBe(1);
    expect(written()).toMatchObject({ name: 'layouts', value: { version: 1, active: 'Desk' } });
    layouts.reset('Desk');
    layouts.reset('no such layout');
    expect(desk.getState()).toEqual(presetDesk('Desk'));
  });

  it('are made, renamed, copied and deleted, but never the last one', async () => {
    await layouts.load();
    expect(layouts.create('desk')).toContain('already');
    expect(layouts.create(' Mine ')).toBeNull();
    layouts.moved(DOCK);
    expect(layouts.duplicate('Mine')).toBeNull();
    expect(layouts.active()).toMatchObject({ name: 'Mine copy', dock: DOCK });
    expect(layouts.duplicate('no such layout')).toContain('There is no layout');
    expect(layouts.rename('Mine copy', 'Desk')).toContain('already');
    expect(layouts.rename('Mine copy', 'mine COPY')).toBeNull();
    expect(layouts.rename('Desk', 'Home')).toBeNull();
    expect(layouts.active().name).toBe('mine COPY');
    for (const name of ['mine COPY', 'Scalp', 'Operations', 'Mine']) expect(layouts.remove(name)).toBeNull();
    expect(layouts.remove('Home')).toBe('The last layout cannot be deleted.');
    for (let count = 1; count < LAYOUTS_KEPT; count += 1) expect(layouts.duplicate('Home')).toBeNull();
    expect(layouts.duplicate('Home')).toContain('delete one first');
  });

  it('go into a text and come back; a text that is none is refused with a word', async () => {
    await layouts.load();
    layouts.moved(DOCK);
    const text = layouts.exported('Desk');
    expect(layouts.imported(text)).toBeNull();
    expect(layouts.active()).toMatchObject({ name: 'Desk 2', dock: DOCK });
    expect(layouts.imported('{')).toContain('it is not JSON');
    expect(layouts.imported('[]')).toContain('This is not a layout');
    await takeFile(layouts, { size: 2_000_000, text: () => Promise.resolve('') });
    expect(layouts.store.getState().notice).toContain('too large');
    await takeFile(layouts, { size: 10, text: () => Promise.resolve(text) });
    expect(layouts.store.getState().notice).toBeNull();
    expect(layouts.active().name).toBe('Desk 3');
  });

  it('begin anew when they cannot be put on the screen, and say so', async () => {
    await layouts.load();
    layouts.moved(DOCK);
    const { shown } = layouts.store.getState();
    layouts.failed('no');
    expect(layouts.active().dock).toBeNull();
    expect(layouts.store.getState().shown).toBe(shown + 1);
    expect(layouts.store.getState().notice).toContain(
      'The layout Desk could not be shown and begins anew: no',
    );
  });

  it('say when they are not saved', async () => {
    link.answers['desk.write'] = () => {
      throw new Error('the disk is full');
    };
    await layouts.load();
    layouts.create('Mine');
    await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS);
    expect(layouts.store.getState().notice).toBe('the disk is full');
    delete link.answers['desk.write'];
  });
});
