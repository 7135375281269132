import type { Theme } from '../state/view-store.ts';

const STORED_AS = 'tenhertz.theme';

/** The trader's stored choice, else what the system prefers. A store that is closed to us is as good as empty. */
export function initialTheme(storage: () => Storage, prefersLight: boolean): Theme {
  try {
    const stored = storage().getItem(STORED_AS);
    if (stored === 'dark' || stored === 'light') return stored;
  } catch {
    // Storage is off (private window, policy): the system's preference stands.
  }
  return prefersLight ? 'light' : 'dark';
}

/** Remembers the choice where that is possible. */
export function storeTheme(storage: () => Storage, theme: Theme): void {
  try {
    storage().setItem(STORED_AS, theme);
  } catch {
    // Not remembered; the choice holds until the window closes.
  }
}
