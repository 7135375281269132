import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Interval, Token } from '../../shared/contract.ts';

export type Theme = 'dark' | 'light';

/** The two views of the screen: where one trades, and where one looks after the streams. */
export type Page = 'desk' | 'operations';

/** What the trader chose; nothing in here comes from the engine. */
export interface ViewState {
  /** The trader's choice; `null` until the first: then the first token of the watchlist is shown. */
  selected: Token | null;
  interval: Interval;
  shape: 'candles' | 'line';
  theme: Theme;
  /** `null`: open where there is room for it. */
  healthOpen: boolean | null;
  page: Page;
  /** The channel looked at in the events browser; `null`: the first one. */
  channel: string | null;
  /** Notices of the tape that were put away, by their key. */
  dismissed: ReadonlySet<string>;
  /** Leave trades below `SMALL_BELOW` out of the tape. */
  hideSmall: boolean;
}

export function createView(theme: Theme): StoreApi<ViewState> {
  return createStore<ViewState>(() => ({
    selected: null,
    interval: '1s',
    shape: 'candles',
    theme,
    healthOpen: null,
    page: 'desk',
    channel: null,
    dismissed: new Set(),
    hideSmall: false,
  }));
}

/** The token on the chart: the one chosen, else the first of the watchlist; `null` when there is none. */
export function shownToken(view: Pick<ViewState, 'selected'>, tokens: readonly Token[]): Token | null {
  if (view.selected !== null && tokens.includes(view.selected)) return view.selected;
  return tokens[0] ?? null;
}
