import type { Bar, EpochMs } from '../../shared/contract.ts';

/**
 * Lays `bar` over a series that is ordered by time: replaces the bar of the same time, appends a newer one, and slots a
 * late one into its place. Keeps the newest `keep`. The series given is not changed; bars that stay keep their identity.
 */
export function mergeBar(series: readonly Bar[], bar: Bar, keep: number): readonly Bar[] {
  let at = series.length;
  while (at > 0 && timeAt(series, at - 1) >= bar.time) at -= 1;
  const replaces = at < series.length && timeAt(series, at) === bar.time ? 1 : 0;
  const merged = series.toSpliced(at, replaces, bar);
  return merged.length > keep ? merged.slice(merged.length - keep) : merged;
}

/** The bars of `next` that are not in `previous` (by identity), oldest first: what changed since it was drawn last. */
export function changedBars(previous: readonly Bar[], next: readonly Bar[]): readonly Bar[] {
  if (previous === next) return [];
  const known = new Set(previous);
  return next.filter(bar => !known.has(bar));
}

function timeAt(series: readonly Bar[], index: number): EpochMs {
  return series[index]?.time ?? -Infinity;
}
