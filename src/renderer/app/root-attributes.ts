import type { StoreApi } from 'zustand/vanilla';
import type { ScreenState } from '../state/screen-state.ts';
import type { ViewState } from '../state/view-store.ts';
import type { Vitals } from '../state/vitals.ts';
import type { Cancel } from '../time/clock.ts';
import { writeAttribute } from '../time/ticker.ts';

/** Keeps `data-connection`, `data-seq` and the look of the document's root true; style sheets and tests read them. */
export function keepRootAttributes(
  root: Element,
  stores: { screen: StoreApi<ScreenState>; vitals: StoreApi<Vitals>; view: StoreApi<ViewState> },
): Cancel {
  const write = (): void => {
    writeAttribute(root, 'data-seq', String(stores.screen.getState().seq));
    writeAttribute(root, 'data-connection', stores.vitals.getState().connection);
    const { theme, colours, density } = stores.view.getState();
    writeAttribute(root, 'data-theme', theme);
    writeAttribute(root, 'data-colours', colours);
    writeAttribute(root, 'data-density', density);
  };
  write();
  const undo = [stores.screen.subscribe(write), stores.vitals.subscribe(write), stores.view.subscribe(write)];
  return () => {
    for (const cancel of undo) cancel();
  };
}
