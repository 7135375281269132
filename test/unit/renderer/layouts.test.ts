import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LAYOUTS_KEPT } from '../../../src/renderer/layouts/layout.ts';
import { takeFile } from '../../../src/renderer/layouts/layout-files.ts';
import { createLayouts, type Layouts } from '../../../src/renderer/layouts/layouts.ts';
import { presetDesk, presetDock } from '../../../src/renderer/layouts/presets.ts';
import { createDeskDocuments, SAVE_AFTER_MS } from '../../../src/renderer/state/desk-documents.ts';
import { createDeskState, rememberPane } from '../../../src/renderer/state/desk-state.ts';
import { selectToken } from '../../../src/renderer/state/link-groups.ts';
import { browserClock } from '../../../src/renderer/time/clock.ts';
import { TestLink } from './support.ts';

const DOCK = presetDock('Desk', { width: 1920, height: 980 }, () => true);

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

  it('are written as plain JSON: the line of the desktop would carry what is undefined, and the engine refuses it', async () => {
    await layouts.load();
    // As dockview hands it out.
    layouts.moved({ ...DOCK, floatingGroups: undefined } as unknown as typeof DOCK);
    vi.advanceTimersByTime(SAVE_AFTER_MS);
    const { value } = written() as { value: { layouts: { dock: object | null }[] } };
    expect(Object.keys(value.layouts[0]?.dock ?? {})).toContain('panels');
    expect(Object.keys(value.layouts[0]?.dock ?? {})).not.toContain('floatingGroups');
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
