import { useEffect, useState } from 'react';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { PastPrices, Token } from '../../shared/contract.ts';
import { useServices } from '../app/services.ts';

/** How often the prices at the beginning of the windows are asked for: the shortest window is a minute. */
export const PAST_EVERY_MS = 5_000;

/** What tokens cost some time ago. */
export type Past = Readonly<Record<Token, PastPrices>>;

/**
 * Keeps the past prices of `tokens` while `wanted`. When they cannot be had, the last ones stay: the next round asks again.
 * `wanted` is false while no column shows them, and then nothing is asked.
 */
export function usePast(tokens: readonly Token[], wanted: boolean): StoreApi<Past> {
  const { link, clock } = useServices();
  const [store] = useState(() => createStore<Past>(() => ({})));
  useEffect(() => {
    if (!wanted || tokens.length === 0) return undefined;
    let gone = false;
    const ask = (): void => {
      link.invoke('tokens.past', { tokens: [...tokens] }).then(
        past => {
          if (!gone) store.setState(past, true);
        },
        () => {},
      );
    };
    ask();
    const cancel = clock.every(PAST_EVERY_MS, ask);
    return () => {
      gone = true;
      cancel();
    };
  }, [link, clock, store, tokens, wanted]);
  return store;
}
