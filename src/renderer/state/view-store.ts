import { createStore, type StoreApi } from 'zustand/vanilla';

export type Theme = 'dark' | 'light';

/** The two views of the screen: where one trades, and where one looks after the streams. */
export type Page = 'desk' | 'operations';

/** What the trader chose for the whole screen; nothing in here comes from the engine. */
export interface ViewState {
  theme: Theme;
  /** `null`: open where there is room for it. */
  healthOpen: boolean | null;
  page: Page;
  /** Notices of the tape that were put away, by their key. */
  dismissed: ReadonlySet<string>;
}

export function createView(theme: Theme): StoreApi<ViewState> {
  return createStore<ViewState>(() => ({
    theme,
    healthOpen: null,
    page: 'desk',
    dismissed: new Set(),
  }));
}
