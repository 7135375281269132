import { createContext } from 'react';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { PaneId } from '../state/desk-state.ts';

/** Where each pane on top of its place draws its tools: an element in the title bar. */
export type ToolPlaces = StoreApi<Readonly<Record<PaneId, HTMLElement | null>>>;

export function createToolPlaces(): ToolPlaces {
  return createStore<Readonly<Record<PaneId, HTMLElement | null>>>(() => ({}));
}

/** Ties title bars to the panes below them, which dockview draws apart. */
export const ToolPlacesContext = createContext<ToolPlaces>(createToolPlaces());
