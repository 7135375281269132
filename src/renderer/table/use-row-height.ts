import { useSyncExternalStore } from 'react';

/** Lengths by token. Asking for one makes the browser settle all styles, far too much to do after every batch. */
const lengths = new Map<string, number>();

/** Watches what may change the density: attributes of the document's root. */
function watchRoot(listener: () => void): () => void {
  // What changed while nobody watched is not known.
  lengths.clear();
  const observer = new MutationObserver(() => {
    lengths.clear();
    listener();
  });
  observer.observe(document.documentElement, { attributeFilter: ['data-density', 'style', 'class'] });
  return () => observer.disconnect();
}

function lengthOf(token: string, fallback: number): number {
  const length = Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue(token));
  return Number.isFinite(length) && length > 0 ? length : fallback;
}

/** A length in px that the style sheet gives, for instance `--row-height`; `fallback` where it gives none. */
export function useRowHeight(token: string, fallback: number): number {
  return useSyncExternalStore(watchRoot, () => {
    const known = lengths.get(token) ?? lengthOf(token, fallback);
    lengths.set(token, known);
    return known;
  });
}
