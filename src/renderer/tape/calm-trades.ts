import { useMemo, useSyncExternalStore } from 'react';
import type { StoreApi } from 'zustand/vanilla';
import type { Log } from '../state/log.ts';
import type { ScreenState } from '../state/screen-state.ts';
import type { Trade } from '../state/trade.ts';
import type { Cancel, Clock } from '../time/clock.ts';

/** New trades at once that fill the tape from top to bottom: nobody can have read those before. */
export const FLOOD = 40;

/** How long the tape keeps what it shows in a flood: then the next batch is shown, the third, in one frame with all it changes… */
export const KEPT_MS = 250;

/** …and at the latest then, where no other batch comes. */
export const LATEST_MS = 350;

/** The trades for the tape to show, as a store of its own. */
export interface CalmTrades {
  get: () => Log<Trade>;
  subscribe: (listener: () => void) => Cancel;
}

/**
 * The newest trades, as soon as they come; but where every batch brings a screen full of them, every {@link KEPT_MS} only.
 * None is left out, and the last of a flood are shown after {@link LATEST_MS}.
 */
export function calmTrades(screen: StoreApi<ScreenState>, clock: Clock): CalmTrades {
  let shown = screen.getState().trades;
  let shownAt = -Infinity;
  const show = (): boolean => {
    const { trades } = screen.getState();
    if (trades === shown) return false;
    shown = trades;
    shownAt = clock.now();
    return true;
  };
  return {
    get: () => shown,
    subscribe(listener) {
      let cancel: Cancel | undefined;
      const now = (): void => {
        cancel?.();
        cancel = undefined;
        if (show()) listener();
      };
      const stop = screen.subscribe(({ trades }) => {
        const added = trades.total - shown.total;
        const waited = clock.now() - shownAt;
        if (added < FLOOD || waited < 0 || waited >= KEPT_MS) now();
        else cancel ??= clock.after(LATEST_MS - waited, now);
      });
      now();
      return () => {
        stop();
        cancel?.();
      };
    },
  };
}

/** {@link calmTrades} of a screen, for a component. */
export function useCalmTrades(screen: StoreApi<ScreenState>, clock: Clock): Log<Trade> {
  const calm = useMemo(() => calmTrades(screen, clock), [screen, clock]);
  return useSyncExternalStore(calm.subscribe, calm.get);
}
