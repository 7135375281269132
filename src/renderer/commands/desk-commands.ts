import type { StoreApi } from 'zustand/vanilla';
import { groupName } from '../desk/group-name.ts';
import { RESIZE_STEP, type Direction, type Dock } from '../desk/dock-port.ts';
import { PANE_KINDS } from '../desk/pane-registry.ts';
import { kindOf } from '../desk/pane-ids.ts';
import { LINK_GROUPS, type DeskState, type PaneId } from '../state/desk-state.ts';
import { joinGroup } from '../state/link-groups.ts';
import type { ScreenState } from '../state/screen-state.ts';
import type { Command } from './command.ts';

interface Deps {
  dock: Dock;
  desk: StoreApi<DeskState>;
  screen: StoreApi<ScreenState>;
}

const DIRECTIONS: readonly {
  direction: Direction;
  key: string;
  resize: { width?: number; height?: number };
  word: string;
}[] = [
  { direction: 'left', key: 'ArrowLeft', resize: { width: -RESIZE_STEP }, word: 'narrower' },
  { direction: 'right', key: 'ArrowRight', resize: { width: RESIZE_STEP }, word: 'wider' },
  { direction: 'up', key: 'ArrowUp', resize: { height: -RESIZE_STEP }, word: 'lower' },
  { direction: 'down', key: 'ArrowDown', resize: { height: RESIZE_STEP }, word: 'higher' },
];

/** What can be done with panes: all of it by keyboard. */
export function deskCommands({ dock, desk, screen }: Deps): Command[] {
  const withPane = (run: (pane: PaneId) => void) => (): void => {
    const pane = dock.active();
    if (pane !== null) run(pane);
  };
  const hasPane = (): boolean => dock.active() !== null;
  const pane = (id: string, title: string, keys: string | null, run: (pane: PaneId) => void): Command => ({
    id: `pane.${id}`,
    title,
    section: 'Panes',
    keywords: ['pane', 'window', 'panel'],
    ...(keys === null ? {} : { keys }),
    run: withPane(run),
    when: hasPane,
  });
  const step = (id: string, title: string, keys: string, by: 1 | -1): Command => ({
    id: `pane.${id}`,
    title,
    section: 'Panes',
    keywords: ['pane', 'focus'],
    keys,
    run: () => dock.step(by),
  });
  return [
    step('next', 'Go to the next pane', 'F6', 1),
    step('previous', 'Go to the previous pane', 'Shift+F6', -1),
    pane('next-tab', 'Next tab of this place', 'Alt+PageDown', () => dock.stepTab(1)),
    pane('previous-tab', 'Previous tab of this place', 'Alt+PageUp', () => dock.stepTab(-1)),
    pane('maximise', 'Maximise this pane, or restore it', 'Alt+KeyM', id => dock.toggleMaximised(id)),
    pane('pop-out', 'Open this pane in a window of its own', 'Alt+KeyP', id => void dock.popOut(id)),
    pane('close', 'Close this pane', 'Alt+KeyW', id => dock.close(id)),
    ...DIRECTIONS.flatMap(({ direction, key, resize, word }) => [
      pane(`move-${direction}`, `Move this pane ${direction}`, `$mod+Alt+Shift+${key}`, id =>
        dock.move(id, direction),
      ),
      pane(word, `Make this pane ${word}`, `$mod+Alt+${key}`, id => dock.resize(id, resize)),
      pane(`split-${direction}`, `Give this tab a place of its own: ${direction}`, null, id =>
        dock.split(id, direction),
      ),
    ]),
    ...[...LINK_GROUPS, null].map(group =>
      pane(
        `link-${group ?? 'none'}`,
        `Link this pane to ${group === null ? 'no group' : groupName(group)}`,
        null,
        id => joinGroup(desk, id, group, screen.getState().tokens),
      ),
    ),
    ...PANE_KINDS.map((kind): Command => ({
      id: `open.${kind.kind}`,
      title: kind.many ? `Add a pane: ${kind.title}` : `Show ${kind.title}`,
      section: 'Panes',
      keywords: ['open', 'show', 'pane', 'add', ...kind.keywords],
      run: () => dock.open(kind.kind),
    })),
    ...PANE_KINDS.filter(kind => !kind.many).map((kind): Command => ({
      id: `hide.${kind.kind}`,
      title: `Hide ${kind.title}`,
      section: 'Panes',
      keywords: ['close', 'pane', ...kind.keywords],
      run: () => dock.close(kind.kind),
      when: () => dock.panes().some(id => kindOf(id) === kind),
    })),
  ];
}
