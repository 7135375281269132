import { useCallback, useMemo } from 'react';
import { useStore } from 'zustand/react';
import { useServices } from '../app/services.ts';
import { paneMemory, rememberPane, type PaneId } from '../state/desk-state.ts';

/**
 * What one pane keeps for itself, in the layout: a chart's interval, a table's sorting. Returns the settings and a function
 * that changes some of them. Plain JSON only; they are saved by themselves and survive hiding the pane and a restart.
 *
 * `defaults` must keep its identity from one drawing to the next (a constant of the module). A value kept that is not of its
 * default's type is the default again (see {@link fitSettings}); narrower types (`'candles' | 'line'`) check with `accept`,
 * which is given every value of the right type and says whether it may stand.
 */
export function usePaneSettings<T extends object>(
  pane: PaneId,
  defaults: T,
  accept: (settings: T) => boolean = acceptAll,
): readonly [T, (change: Partial<T>) => void] {
  const { desk } = useServices();
  const kept = useStore(desk, state => paneMemory(state, pane).settings);
  const settings = useMemo(() => fitSettings(kept, defaults, accept), [kept, defaults, accept]);
  const change = useCallback(
    (part: Partial<T>) => {
      const now = paneMemory(desk.getState(), pane).settings;
      rememberPane(desk, pane, { settings: { ...now, ...part } });
    },
    [desk, pane],
  );
  return [settings, change];
}

/** The kept values where they have the type of their default, the defaults elsewhere; all defaults if `accept` refuses. */
export function fitSettings<T extends object>(
  kept: Readonly<Record<string, unknown>>,
  defaults: T,
  accept: (settings: T) => boolean = acceptAll,
): T {
  const entries = Object.entries(defaults).map(([name, value]: [string, unknown]) => {
    const found = kept[name];
    return [name, Object.hasOwn(kept, name) && sameType(found, value) ? found : value];
  });
  const fitted = Object.fromEntries(entries) as T;
  return accept(fitted) ? fitted : defaults;
}

function acceptAll(): boolean {
  return true;
}

/** A default of `null` says nothing about the type: anything may stand in its place. */
function sameType(found: unknown, value: unknown): boolean {
  if (value === null || found === null) return value === null;
  return typeof found === typeof value && Array.isArray(found) === Array.isArray(value);
}
