import { createContext, useContext } from 'react';
import { region, type Region } from './region.ts';

/** The region in use, handed down so that what React keeps (`memo`) is drawn again when it changes. */
export const RegionContext = createContext<Region | null>(null);

/** The region in use; whoever asks is drawn again when it changes. Cheap enough for every cell: it subscribes to nothing. */
export function useRegion(): Region {
  return useContext(RegionContext) ?? region();
}
