import { useSyncExternalStore } from 'react';

/** Watches what may change the density: attributes of the document's root. */
function watchRoot(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ['data-density', 'style', 'class'] });
  return () => observer.disconnect();
}

/** A length in px that the style sheet gives, for instance `--row-height`; `fallback` where it gives none. */
export function useRowHeight(token: string, fallback: number): number {
  return useSyncExternalStore(watchRoot, () => {
    const length = Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue(token));
    return Number.isFinite(length) && length > 0 ? length : fallback;
  });
}
