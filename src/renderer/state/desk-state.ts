import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Token } from '../../shared/contract.ts';

/** Panes of one group show the same token. The names are kept in layouts. */
export const LINK_GROUPS = ['A', 'B', 'C', 'D'] as const;
export type LinkGroup = (typeof LINK_GROUPS)[number];

/** Which pane of the layout: the name of its kind where there is one of it (`watchlist`), else numbered (`chart-2`). */
export type PaneId = string;

/** What one pane of the layout remembers while it is hidden, and over a restart. */
export interface PaneMemory {
  /** Whose token the pane shows; `null`: its own. */
  readonly group: LinkGroup | null;
  /** The pane's own token, shown while it belongs to no group. */
  readonly token: Token | null;
  /** What the pane keeps for itself (see `usePaneSettings`): plain JSON. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** What the layout in use remembers besides the places of its panes. */
export interface DeskState {
  readonly panes: Readonly<Record<PaneId, PaneMemory>>;
  /** The token each group shows; `null` until one is chosen. */
  readonly links: Readonly<Record<LinkGroup, Token | null>>;
}

/** A pane nobody has touched yet. */
export const NEW_PANE: PaneMemory = { group: 'A', token: null, settings: {} };

export const EMPTY_DESK: DeskState = { panes: {}, links: { A: null, B: null, C: null, D: null } };

export function createDeskState(state: DeskState = EMPTY_DESK): StoreApi<DeskState> {
  return createStore<DeskState>(() => state);
}

/** What a pane remembers; a pane that is new remembers nothing and belongs to group A. */
export function paneMemory(state: DeskState, pane: PaneId): PaneMemory {
  return state.panes[pane] ?? NEW_PANE;
}

/** Changes what a pane remembers, and nothing else. */
export function rememberPane(desk: StoreApi<DeskState>, pane: PaneId, change: Partial<PaneMemory>): void {
  desk.setState(state => ({
    panes: { ...state.panes, [pane]: { ...paneMemory(state, pane), ...change } },
  }));
}
