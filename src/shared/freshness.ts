import type { EpochMs, MarketMode } from './contract.ts';

/** How far a number can be trusted now. */
export type Freshness = 'fresh' | 'delayed' | 'stale' | 'unavailable';

/** A price whose source vouched for it within this time is fresh (design: the life of one price, step 2). */
export const FRESH_FOR_MS = 2_000;

/**
 * The freshness of a value at `now`: fresh while its source vouched within {@link FRESH_FOR_MS} and still stands behind it,
 * delayed while it is older but still vouched for, stale after. Needs nothing but the value and a clock, so a screen
 * ages its numbers even when the engine is gone.
 */
export function freshnessOf(
  value: { timestamp: EpochMs; validUntil: EpochMs } | undefined,
  now: EpochMs,
): Freshness {
  if (value === undefined) return 'unavailable';
  if (now > value.validUntil) return 'stale';
  return now - value.timestamp <= FRESH_FOR_MS ? 'fresh' : 'delayed';
}

/** Age in ms, never negative (clocks of two machines may differ by a little). */
export function ageMs(timestamp: EpochMs, now: EpochMs): number {
  return Math.max(0, now - timestamp);
}

/** Whether a source name stands for real, simulated or recorded data; simulated and recorded are always labelled. */
export function marketOf(source: string): MarketMode {
  if (source === 'simulated') return 'simulated';
  return source.startsWith('recorded') ? 'recorded' : 'live';
}
