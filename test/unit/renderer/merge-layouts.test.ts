import { describe, expect, it, vi } from 'vitest';
import { LAYOUTS_KEPT, type Layout } from '../../../src/renderer/layouts/layout.ts';
import { createLayouts } from '../../../src/renderer/layouts/layouts.ts';
import { mergeLayouts } from '../../../src/renderer/layouts/merge-layouts.ts';
import { presetDesk } from '../../../src/renderer/layouts/presets.ts';
import { createDeskDocuments, SAVE_AFTER_MS } from '../../../src/renderer/state/desk-documents.ts';
import { createDeskState } from '../../../src/renderer/state/desk-state.ts';
import { selectToken } from '../../../src/renderer/state/link-groups.ts';
import { browserClock } from '../../../src/renderer/time/clock.ts';
import { TestLink } from './support.ts';

const layout = (name: string, over: Partial<Layout> = {}): Layout => ({
  ...{ name, base: 'Desk', desk: presetDesk('Desk'), dock: null },
  ...over,
});
const changed = (name: string, token: string): Layout => {
  const { desk } = layout(name);
  return layout(name, { desk: { ...desk, links: { ...desk.links, A: token } } });
};
const BASE = [layout('A'), layout('B'), layout('C')];
const merged = (mine: readonly Layout[], theirs: readonly Layout[], active = 'A') =>
  mergeLayouts({ base: BASE, mine, theirs, active });

describe('the layouts of two windows', () => {
  it('keep what each of them changed in layouts of its own', () => {
    const mine = [changed('A', 'RAY'), layout('B'), layout('C')];
    const theirs = [layout('A'), changed('B', 'BONK'), layout('C')];
    expect(merged(mine, theirs)).toEqual({
      layouts: [changed('A', 'RAY'), changed('B', 'BONK'), layout('C')],
      clashes: [],
    });
  });

  it('are those of this window where both changed the same one, and that is said', () => {
    const both = merged([changed('A', 'RAY'), layout('B')], [changed('A', 'BONK'), layout('B'), layout('C')]);
    expect(both.layouts[0]).toEqual(changed('A', 'RAY'));
    expect(both.clashes).toEqual(['A']);
    expect(merged([changed('A', 'RAY')], [changed('A', 'RAY')]).clashes).toEqual([]);
  });

  it('have what either made, and lack what either deleted unless the other changed or shows it', () => {
    const names = (one: { layouts: readonly Layout[] }): string[] => one.layouts.map(({ name }) => name);
    expect(names(merged([...BASE, layout('Mine')], [...BASE, layout('Theirs')]))).toEqual([
      ...['A', 'B', 'C', 'Mine', 'Theirs'],
    ]);
    expect(names(merged([layout('A'), layout('C')], BASE))).toEqual(['A', 'C']);
    expect(names(merged(BASE, [layout('A')]))).toEqual(['A']);
    expect(names(merged(BASE, [layout('C')]))).toEqual(['A', 'C']);
    expect(names(merged([layout('A')], [layout('A'), changed('B', 'RAY')]))).toEqual(['A', 'B']);
    expect(names(merged([layout('A'), changed('B', 'RAY')], [layout('A')]))).toEqual(['A', 'B']);
    const many = Array.from({ length: LAYOUTS_KEPT }, (_, index) => layout(`L${index}`));
    expect(merged(many, [...BASE, layout('More')]).layouts).toHaveLength(LAYOUTS_KEPT);
  });

  it('are compared by what is in them, in whatever order it was written', () => {
    const { name, base, desk, dock } = layout('B');
    const turned = { dock, desk: { links: desk.links, panes: desk.panes }, base, name };
    expect(merged([layout('A'), changed('B', 'RAY'), layout('C')], [layout('A'), turned]).clashes).toEqual(
      [],
    );
  });
});

describe('two windows of one desk', () => {
  /** A window beside another, which writes by `other`. */
  async function open() {
    vi.useFakeTimers();
    const link = new TestLink();
    let kept: { value: unknown; version: string } = { value: null, version: '' };
    link.answers['desk.read'] = () => ({ ...kept, problem: null });
    link.answers['desk.write'] = ({ value, version }: { value: unknown; version: string | null }) => {
      if (version !== kept.version) return { version: kept.version, newest: { ...kept, problem: null } };
      kept = { value: JSON.parse(JSON.stringify(value)) as unknown, version: `${kept.version}x` };
      return { version: kept.version, newest: null };
    };
    const desk = createDeskState();
    const layouts = createLayouts(
      desk,
      createDeskDocuments(link, browserClock).open('layouts', words => layouts.say(words)),
    );
    await layouts.load();
    const written = async (): Promise<Layout[]> => {
      await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS);
      return (kept.value as { layouts: Layout[] }).layouts;
    };
    selectToken(desk, 'chart-1', 'SOL');
    await written();
    const other = (change: (all: Layout[]) => unknown): void => {
      const { layouts: all, ...rest } = JSON.parse(JSON.stringify(kept.value)) as { layouts: Layout[] };
      kept = { value: { ...rest, layouts: change(all) }, version: `${kept.version}o` };
    };
    return { link, desk, layouts, written, other };
  }
  const close = (): void => void vi.useRealTimers();

  it('do not lose what the other made: it is taken in and shown, and both are written', async () => {
    const { desk, layouts, written, other } = await open();
    const [first] = layouts.store.getState().layouts;
    other(all => [...all, layout('Theirs')]);
    selectToken(desk, 'chart-1', 'RAY');
    const all = await written();
    expect(all.map(({ name }) => name)).toContain('Theirs');
    expect(all[0]?.desk).not.toEqual(first?.desk);
    expect(layouts.store.getState().layouts.map(({ name }) => name)).toContain('Theirs');
    expect(layouts.store.getState().notice).toBeNull();
    close();
  });

  it('say once that both changed the same layout', async () => {
    const { desk, layouts, written, other } = await open();
    for (const token of ['RAY', 'BONK']) {
      other(all =>
        all.map(one => ({ ...one, desk: { ...one.desk, links: { ...one.desk.links, B: token } } })),
      );
      selectToken(desk, 'chart-1', token);
      await written();
      if (token === 'RAY') {
        expect(layouts.store.getState().notice).toMatch(/^Another window changed the layout .+ too\./);
        layouts.say(null);
      }
    }
    expect(layouts.store.getState().notice).toBeNull();
    close();
  });

  it('put on the screen what the other changed in the layout shown here', async () => {
    const { desk, layouts, written, other } = await open();
    const { name } = layouts.active();
    const { shown } = layouts.store.getState();
    other(all => all.map(one => (one.name === name ? changed(name, 'BONK') : one)));
    const rest = layouts.store.getState().layouts.find(one => one.name !== name);
    layouts.rename(rest?.name ?? '', 'Renamed');
    await written();
    expect(desk.getState().links.A).toBe('BONK');
    expect(layouts.store.getState().shown).toBe(shown + 1);
    close();
  });

  it('write over what cannot be read, and give up when the other never rests', async () => {
    const { link, desk, layouts, written, other } = await open();
    other(() => 'nothing');
    selectToken(desk, 'chart-1', 'RAY');
    expect(Array.isArray(await written())).toBe(true);
    link.answers['desk.write'] = () => ({
      version: 'new',
      newest: { value: null, problem: null, version: 'new' },
    });
    selectToken(desk, 'chart-1', 'BONK');
    await written();
    expect(layouts.store.getState().notice).toContain('change it all the time');
    close();
  });
});
