import type { StoreApi } from 'zustand/vanilla';
import { SYSTEM_REGION, type RegionChoice } from '../format/region.ts';
import type { KeptDocument } from '../state/desk-documents.ts';
import type { Colours, Density, Theme, ViewState } from '../state/view-store.ts';
import type { Cancel } from '../time/clock.ts';

const STORED_AS = 'tenhertz.look';

/** How many entries of the palette are remembered. */
export const RECENT_KEPT = 12;

/** How the screen looks, and how numbers and times are written on it. */
export interface Look {
  theme: Theme;
  colours: Colours;
  density: Density;
  region: RegionChoice;
}

/**
 * The look to begin with: what this browser stored, else what the system prefers. The engine's document has the last word
 * (see {@link keepScreenDocument}); this one is there before the first paint. A store that is closed to us is as good as empty.
 */
export function initialLook(storage: () => Storage, prefersLight: boolean): Look {
  let stored: unknown = null;
  try {
    stored = JSON.parse(storage().getItem(STORED_AS) ?? 'null');
  } catch {
    // Storage is off (private window, policy) or holds nonsense: the system's preference stands.
  }
  return {
    theme: prefersLight ? 'light' : 'dark',
    colours: 'teal-red',
    density: 'comfortable',
    region: SYSTEM_REGION,
    ...readLook(stored),
  };
}

/** Remembers the look in this browser where that is possible. */
export function storeLook(storage: () => Storage, { theme, colours, density, region }: Look): void {
  try {
    storage().setItem(STORED_AS, JSON.stringify({ theme, colours, density, region }));
  } catch {
    // Not remembered here; the engine's document remembers it.
  }
}

/** Those parts of a look that are kept and known. */
export function readLook(value: unknown): Partial<Look> {
  if (typeof value !== 'object' || value === null) return {};
  const { theme, colours, density, region } = value as Record<string, unknown>;
  return {
    ...(theme === 'dark' || theme === 'light' ? { theme } : {}),
    ...(colours === 'teal-red' || colours === 'blue-orange' ? { colours } : {}),
    ...(density === 'comfortable' || density === 'compact' ? { density } : {}),
    ...(typeof region === 'object' && region !== null ? { region: readRegion(region) } : {}),
  };
}

/** Names are taken as they are: whether this machine knows them is told where they are used, and to the trader. */
function readRegion(value: object): RegionChoice {
  const { locale, timeZone } = value as Record<string, unknown>;
  return {
    locale: typeof locale === 'string' ? locale : null,
    timeZone: typeof timeZone === 'string' ? timeZone : null,
  };
}

/**
 * Keeps the look, the welcome and the palette's last entries in the document `screen`. `load` brings what was kept, once;
 * nothing is written before.
 */
export function keepScreenDocument(
  view: StoreApi<ViewState>,
  kept: KeptDocument,
): { load: () => Promise<void>; stop: Cancel } {
  let loaded = false;
  const undo = view.subscribe((now, before) => {
    const same =
      now.theme === before.theme &&
      now.colours === before.colours &&
      now.density === before.density &&
      now.region === before.region &&
      now.welcomed === before.welcomed &&
      now.recent === before.recent;
    if (loaded && !same) {
      kept.save({
        value() {
          const { theme, colours, density, region, welcomed, recent } = view.getState();
          return { version: 1, theme, colours, density, region, welcomed: welcomed ?? false, recent };
        },
      });
    }
  });
  return {
    async load() {
      if (loaded) return;
      const found = await kept.read().catch(() => undefined);
      if (found === undefined) return;
      const value = (found?.value ?? {}) as { welcomed?: unknown; recent?: unknown };
      const recent = Array.isArray(value.recent) ? (value.recent as unknown[]) : [];
      view.setState({
        ...readLook(value),
        welcomed: value.welcomed === true,
        recent: recent.filter(id => typeof id === 'string').slice(0, RECENT_KEPT),
      });
      loaded = true;
    },
    stop: undo,
  };
}
