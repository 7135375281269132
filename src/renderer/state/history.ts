import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bar, Token } from '../../shared/contract.ts';
import type { Link } from '../bridge/link.ts';
import type { Cancel } from '../time/clock.ts';
import type { ScreenState } from './screen-state.ts';

/** Five minutes of 5-second bars. */
export const SPARK_BARS = 60;

/** Bars from before this window opened, for the sparklines. */
export interface HistoryState {
  fiveSeconds: Readonly<Record<Token, readonly Bar[]>>;
}

export function createHistory(): StoreApi<HistoryState> {
  return createStore<HistoryState>(() => ({ fiveSeconds: {} }));
}

/**
 * Loads the sparklines' past after each snapshot and whenever the watchlist changes. When it cannot be had, the
 * sparklines start with what comes live; the next snapshot tries again.
 */
export function keepHistory(
  store: StoreApi<HistoryState>,
  { link, screen }: { link: Link; screen: StoreApi<ScreenState> },
): Cancel {
  let request = 0;
  const load = (state: ScreenState): void => {
    request += 1;
    const mine = request;
    if (state.tokens.length === 0) return;
    link
      .invoke('chart.bars', { tokens: [...state.tokens], interval: '5s', limit: SPARK_BARS })
      .then(fiveSeconds => {
        if (mine === request) store.setState({ fiveSeconds });
      })
      .catch(() => {});
  };
  return screen.subscribe((state, previous) => {
    if (state.generation !== previous.generation || state.tokens !== previous.tokens) load(state);
  });
}
