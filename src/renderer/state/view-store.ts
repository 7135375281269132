import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Interval, Token } from '../../shared/contract.ts';

export type Theme = 'dark' | 'light';

/** What the trader chose; nothing in here comes from the engine. */
export interface ViewState {
  /** The trader's choice; `null` until the first: then the first token of the watchlist is shown. */
  selected: Token | null;
  interval: Interval;
  shape: 'candles' | 'line';
  theme: Theme;
  /** `null`: open where there is room for it. */
  healthOpen: boolean | null;
}

export function createView(theme: Theme): StoreApi<ViewState> {
  return createStore<ViewState>(() => ({
    selected: null,
    interval: '1s',
    shape: 'candles',
    theme,
    healthOpen: null,
  }));
}

/** The token on the chart: the one chosen, else the first of the watchlist; `null` when there is none. */
export function shownToken(view: Pick<ViewState, 'selected'>, tokens: readonly Token[]): Token | null {
  if (view.selected !== null && tokens.includes(view.selected)) return view.selected;
  return tokens[0] ?? null;
}
