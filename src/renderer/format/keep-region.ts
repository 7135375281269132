import type { StoreApi } from 'zustand/vanilla';
import type { Cancel } from '../time/clock.ts';
import { writeBy, type RegionChoice } from './region.ts';

/**
 * Writes by the region that is chosen in `view`, from now on and at each change. To be called before anything is drawn from the
 * store, so that whoever is drawn again by a change already finds it in use. Returns its undo.
 */
export function keepRegion(view: StoreApi<{ region: RegionChoice }>): Cancel {
  writeBy(view.getState().region);
  return view.subscribe(({ region }, before) => {
    if (region !== before.region) writeBy(region);
  });
}
