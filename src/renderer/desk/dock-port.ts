import type { DockviewApi, SerializedDockview } from 'dockview-react';
import type { PaneId } from '../state/desk-state.ts';
import type { Cancel } from '../time/clock.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

/** By how much one step of the keyboard moves a border, px. */
export const RESIZE_STEP = 40;

/** The places of the panes, as commands and menus move them. Does nothing while no dock is on the screen. */
export interface Dock {
  /** Called by the view once the dock is drawn. */
  attach(api: DockviewApi): Cancel;
  /** Panes on the screen, hidden tabs included. */
  panes(): PaneId[];
  active(): PaneId | null;
  /** Shows a kind of pane: the one there is, else a new one beside the active pane. Another one where there may be many. */
  open(kind: string): void;
  focus(pane: PaneId): void;
  /** Moves the focus to the next (`1`) or previous (`-1`) pane, those in windows of their own included. */
  step(by: 1 | -1): void;
  close(pane: PaneId): void;
  toggleMaximised(pane: PaneId): void;
  isMaximised(): boolean;
  /** Into a window of its own; resolves to `false` when the browser refuses. */
  popOut(pane: PaneId): Promise<boolean>;
  /** Moves a pane to the neighbour on that side (as a tab there), or to the edge of the desk when there is none. */
  move(pane: PaneId, direction: Direction): void;
  /** Gives a pane a place of its own on one side of where it is now. */
  split(pane: PaneId, direction: Direction): void;
  resize(pane: PaneId, by: { width?: number; height?: number }): void;
  /** The next or previous tab of the same place. */
  stepTab(by: 1 | -1): void;
  json(): SerializedDockview | null;
}
