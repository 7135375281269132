import type { SerializedDockview } from 'dockview-react';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DeskState } from '../state/desk-state.ts';
import type { KeptDocument } from '../state/desk-documents.ts';
import type { Cancel } from '../time/clock.ts';
import { LAYOUTS_KEPT, freeName, refuseName, type Layout, type LayoutsDocument } from './layout.ts';
import { mergeLayouts } from './merge-layouts.ts';
import { presetDesk } from './presets.ts';
import { firstLayouts, readLayout, readLayouts } from './read-layouts.ts';

/** What the screen shows of the layouts. */
export interface LayoutsState extends LayoutsDocument {
  /** `false` until the engine has told what was kept; nothing is saved before. */
  readonly loaded: boolean;
  /** Rises when other panes are to be put on the screen: another layout, a reset, an import. */
  readonly shown: number;
  /** Something the trader should know: a layout that cannot be read, a desk that cannot be saved. */
  readonly notice: string | null;
}

/** The named layouts: which there are, which is shown, and their saving. Refusals come back as a text, `null` is success. */
export interface Layouts {
  readonly store: StoreApi<LayoutsState>;
  active(): Layout;
  show(name: string): void;
  create(name: string): string | null;
  rename(from: string, to: string): string | null;
  /** A copy of a layout, shown at once. */
  duplicate(name: string): string | null;
  /** The last one cannot be deleted. */
  remove(name: string): string | null;
  /** Makes a layout what it began as. */
  reset(name: string): void;
  /** One layout as text, for a file. */
  exported(name: string): string;
  /** Takes a layout from such a text and shows it; a name that is taken gets a number. */
  imported(text: string): string | null;
  /** The trader moved panes of the shown layout. */
  moved(dock: SerializedDockview): void;
  /** What was kept could not be put on the screen: the shown layout begins anew. */
  failed(reason: string): void;
  say(notice: string | null): void;
  /** Reads what was kept; to be called when there is a line to the engine, once is enough. */
  load(): Promise<void>;
  stop: Cancel;
}

/** Starts with the presets; {@link Layouts.load} brings what was kept. `desk` always holds what the shown layout remembers. */
export function createLayouts(desk: StoreApi<DeskState>, kept: KeptDocument): Layouts {
  const store = createStore<LayoutsState>(() => ({
    ...firstLayouts(),
    loaded: false,
    shown: 1,
    notice: null,
  }));
  /** The layouts as the engine had them last, and those on their way to it. */
  let base: readonly Layout[] = [];
  let sent = base;
  /** Layouts of which the trader was told that another window changes them too: once is enough. */
  const told = new Set<string>();
  const names = (): string[] => store.getState().layouts.map(layout => layout.name);
  const find = (name: string): Layout | undefined => store.getState().layouts.find(one => one.name === name);
  const active = (): Layout => {
    const { layouts, active: name } = store.getState();
    const found = layouts.find(layout => layout.name === name) ?? layouts[0];
    if (found === undefined) throw new Error('A desk has at least one layout.');
    return found;
  };
  const save = (): void => {
    if (!store.getState().loaded) return;
    kept.save({
      value() {
        const { version, active: shown, layouts } = store.getState();
        sent = layouts;
        return { version, active: shown, layouts };
      },
      saved() {
        base = sent;
      },
      merge(newest) {
        const { document, problem } = readLayouts(newest);
        // What cannot be read is written over, as a start would do.
        if (newest !== null && problem === null) takeIn(document.layouts);
      },
    });
  };
  /** Takes in what another window has written. */
  const takeIn = (theirs: readonly Layout[]): void => {
    const { name } = active();
    const before = find(name);
    const { layouts, clashes } = mergeLayouts({ base, mine: store.getState().layouts, theirs, active: name });
    base = theirs;
    store.setState({ layouts });
    const after = find(name);
    if (after !== undefined && after !== before) {
      desk.setState(after.desk, true);
      store.setState(state => ({ shown: state.shown + 1 }));
    }
    const fresh = clashes.filter(clash => !told.has(clash));
    for (const clash of fresh) told.add(clash);
    if (fresh.length > 0) store.setState({ notice: bothChanged(fresh) });
  };
  const replace = (name: string, change: Partial<Layout>): void => {
    store.setState(state => ({
      layouts: state.layouts.map(layout => (layout.name === name ? { ...layout, ...change } : layout)),
    }));
  };
  /** Puts a layout on the screen. What the panes of the one before remember has been noted all along. */
  const present = (layouts: readonly Layout[], name: string): void => {
    const next = layouts.find(layout => layout.name === name);
    store.setState(state => ({ layouts, active: name, shown: state.shown + 1 }));
    if (next !== undefined) desk.setState(next.desk, true);
    save();
  };
  const add = (layout: Layout): string | null => {
    const { layouts } = store.getState();
    if (layouts.length >= LAYOUTS_KEPT) return `A desk keeps ${LAYOUTS_KEPT} layouts; delete one first.`;
    present([...layouts, layout], layout.name);
    return null;
  };
  desk.setState(active().desk, true);
  const unsubscribe = desk.subscribe(state => {
    if (active().desk === state) return;
    replace(active().name, { desk: state });
    save();
  });

  return {
    store,
    active,
    show(name) {
      if (name !== active().name && find(name) !== undefined) present(store.getState().layouts, name);
    },
    create(name) {
      const refused = refuseName(name, names());
      if (refused !== null) return refused;
      return add({ name: name.trim(), base: 'Desk', desk: presetDesk('Desk'), dock: null });
    },
    rename(from, to) {
      const refused = refuseName(
        to,
        names().filter(name => name !== from),
      );
      if (refused !== null) return refused;
      const wasActive = active().name === from;
      replace(from, { name: to.trim() });
      if (wasActive) store.setState({ active: to.trim() });
      save();
      return null;
    },
    duplicate(name) {
      const from = find(name);
      return from === undefined
        ? `There is no layout called ${name}.`
        : add({ ...from, name: freeName(`${name} copy`, names()) });
    },
    remove(name) {
      const rest = store.getState().layouts.filter(layout => layout.name !== name);
      const [first] = rest;
      if (first === undefined) return 'The last layout cannot be deleted.';
      if (active().name === name) present(rest, first.name);
      else {
        store.setState({ layouts: rest });
        save();
      }
      return null;
    },
    reset(name) {
      const from = find(name);
      if (from === undefined) return;
      replace(name, { desk: presetDesk(from.base), dock: null });
      present(store.getState().layouts, name);
    },
    exported: name => `${JSON.stringify({ tenhertz: 'layout', version: 1, ...find(name) }, null, 2)}\n`,
    imported(text) {
      const layout = readExported(text);
      if (typeof layout === 'string') return layout;
      return add({ ...layout, name: freeName(layout.name, names()) });
    },
    moved(dock) {
      replace(active().name, { dock });
      save();
    },
    failed(reason) {
      const { name, base } = active();
      replace(name, { desk: presetDesk(base), dock: null });
      store.setState({ notice: `The layout ${name} could not be shown and begins anew: ${reason}` });
      present(store.getState().layouts, name);
    },
    say: notice => store.setState({ notice }),
    async load() {
      if (store.getState().loaded) return;
      const found = await kept.read().catch(() => undefined);
      // Without an answer nothing is known of what is kept, so nothing may be written over it.
      if (found === undefined || store.getState().loaded) return;
      const { document, problem } = readLayouts(found?.value);
      base = document.layouts;
      store.setState({ loaded: true, notice: found?.problem ?? problem });
      if (found !== null && found.value !== null) present(document.layouts, document.active);
    },
    stop() {
      unsubscribe();
      kept.flush();
    },
  };
}

function bothChanged(names: readonly string[]): string {
  const which = names.length === 1 ? `the layout ${names.join('')}` : `the layouts ${names.join(', ')}`;
  return `Another window changed ${which} too. What is saved last counts; what it changed in other layouts stays.`;
}

function readExported(text: string): Layout | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'This file is no layout: it is not JSON.';
  }
  const layout = readLayout(value);
  return typeof layout === 'string' ? `This file is no layout that can be used: ${layout}` : layout;
}
