import type { EpochMs } from '../../shared/contract.ts';

/** The part of time the time line shows. */
export interface TimeWindow {
  readonly since: EpochMs;
  readonly until: EpochMs;
}

/** How much time the line can show, in ms, and how it is called. */
export const SPANS = [
  { ms: 900_000, name: '15 m' },
  { ms: 3_600_000, name: '1 h' },
  { ms: 21_600_000, name: '6 h' },
  { ms: 86_400_000, name: '24 h' },
  { ms: 604_800_000, name: '7 d' },
] as const;

/** Bars on the line. */
export const BUCKETS = 240;

/**
 * The window of length `span` that ends now, or, once `at` lies before it, around `at`. Its ends are whole bars, so that a bar does
 * not change its height because the window moved by a part of it.
 */
export function windowFor(span: number, now: EpochMs, at: EpochMs | null): TimeWindow {
  const bar = span / BUCKETS;
  const end = (Math.floor(now / bar) + 1) * bar;
  if (at === null || at > end - span) return { since: end - span, until: end };
  const until = Math.min(end, (Math.floor((at + span / 2) / bar) + 1) * bar);
  return { since: until - span, until };
}

/** Where a moment lies in the window, 0 to 1; outside it the nearer end. */
export function shareOf({ since, until }: TimeWindow, at: EpochMs): number {
  return Math.min(1, Math.max(0, (at - since) / (until - since)));
}

/** The moment at a share of the window, in whole ms. */
export function momentAt({ since, until }: TimeWindow, share: number): EpochMs {
  return Math.round(since + Math.min(1, Math.max(0, share)) * (until - since));
}

/**
 * The bars as one SVG path in a box of {@link BUCKETS} by 100. By square root, so that a quiet minute still shows beside a
 * busy one; a bar with anything in it is at least 6 high.
 */
export function densityPath(counts: readonly number[]): string {
  const most = Math.max(1, ...counts);
  return counts
    .map((count, index) => {
      if (count === 0) return '';
      const height = Math.max(6, Math.round(Math.sqrt(count / most) * 100));
      return `M${index} 100v-${height}h0.7v${height}z`;
    })
    .join('');
}
