import { createStore, type StoreApi } from 'zustand/vanilla';
import { SYSTEM_REGION, type RegionChoice } from '../format/region.ts';

export type Theme = 'dark' | 'light';

/** The pair for up and down: teal and red, or blue and orange, which eyes that confuse red and green tell apart. */
export type Colours = 'teal-red' | 'blue-orange';

/** How much air rows have. */
export type Density = 'comfortable' | 'compact';

/** What lies over the screen; one thing at a time. */
export type Dialog =
  | { kind: 'palette' }
  | { kind: 'welcome' }
  | { kind: 'new-layout' }
  | { kind: 'rename-layout'; name: string }
  | { kind: 'delete-layout'; name: string };

/** What the trader chose for the whole screen; nothing in here comes from the engine. */
export interface ViewState {
  theme: Theme;
  colours: Colours;
  density: Density;
  /** By which locale numbers and dates are written, and in which zone times. */
  region: RegionChoice;
  /** Whether the welcome was put away for ever; `null` until that is known. */
  welcomed: boolean | null;
  /** Ids of the palette's entries used last, newest first. */
  recent: readonly string[];
  dialog: Dialog | null;
  /** Notices of the tape that were put away, by their key. */
  dismissed: ReadonlySet<string>;
}

export function createView(look: Pick<ViewState, 'theme'> & Partial<ViewState>): StoreApi<ViewState> {
  return createStore<ViewState>(() => ({
    colours: 'teal-red',
    density: 'comfortable',
    region: SYSTEM_REGION,
    welcomed: null,
    recent: [],
    dialog: null,
    dismissed: new Set(),
    ...look,
  }));
}
