import type { StoreApi } from 'zustand/vanilla';
import type { Layouts } from '../layouts/layouts.ts';
import type { ViewState } from '../state/view-store.ts';
import type { Cancel } from '../time/clock.ts';
import { exportLayout, importLayout } from '../layouts/layout-files.ts';
import type { Command, Commands } from './command.ts';

/** How many layouts have a key of their own. */
const KEYED = 9;

/** Keeps a command for every layout beside those that make, change and delete them. Returns the undo. */
export function keepLayoutCommands(commands: Commands, layouts: Layouts, view: StoreApi<ViewState>): Cancel {
  let undo: Cancel = () => {};
  let names: readonly string[] = [];
  const renew = (): void => {
    const now = layouts.store.getState().layouts.map(layout => layout.name);
    if (now.length === names.length && now.every((name, index) => name === names[index])) return;
    names = now;
    undo();
    undo = commands.add([...shows(layouts, now), ...changes(layouts, view)]);
  };
  renew();
  const unsubscribe = layouts.store.subscribe(renew);
  return () => {
    unsubscribe();
    undo();
  };
}

/** By place, so that a key stays with the tab it is drawn on. */
function shows(layouts: Layouts, names: readonly string[]): Command[] {
  return names.map((name, index) => ({
    id: `layout.show-${index + 1}`,
    title: `Layout: ${name}`,
    section: 'Layouts',
    keywords: ['layout', 'workspace', 'switch'],
    ...(index < KEYED ? { keys: `Alt+Digit${index + 1}` } : {}),
    run: () => layouts.show(name),
    when: () => layouts.active().name !== name,
  }));
}

function changes(layouts: Layouts, view: StoreApi<ViewState>): Command[] {
  const say = (refusal: string | null): void => {
    if (refusal !== null) layouts.say(refusal);
  };
  const active = (): string => layouts.active().name;
  const command = (id: string, title: string, run: () => void): Command => ({
    id: `layout.${id}`,
    title,
    section: 'Layouts',
    keywords: ['layout', 'workspace'],
    run,
  });
  return [
    command('new', 'New layout…', () => view.setState({ dialog: { kind: 'new-layout' } })),
    command('duplicate', 'Duplicate this layout', () => say(layouts.duplicate(active()))),
    command('rename', 'Rename this layout…', () =>
      view.setState({ dialog: { kind: 'rename-layout', name: active() } }),
    ),
    command('reset', 'Reset this layout', () => layouts.reset(active())),
    command('export', 'Export this layout to a file', () => exportLayout(layouts, active())),
    command('import', 'Import a layout from a file…', () => importLayout(layouts)),
    command('delete', 'Delete this layout…', () =>
      view.setState({ dialog: { kind: 'delete-layout', name: active() } }),
    ),
  ];
}
