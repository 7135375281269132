import type { Clock } from '../clock.ts';

const WINDOW_MS = 5_000;
const KEPT = 128;
/** At most one in this time is measured, so that measuring costs the hot path next to nothing. */
const EVERY_MS = 10;

/** Durations of the program's own requests over the last seconds. */
export interface MedianWindow {
  /** Whether a request that begins at `began` (of the monotonic clock) is one to measure; it then counts as begun. */
  wants(began: number): boolean;
  /** A measured request that began at `began` was answered now. */
  add(began: number): void;
  /** Median in ms over the last 5 s, `null` while nothing was measured in them. */
  median(): number | null;
}

export function createMedianWindow(clock: Clock): MedianWindow {
  let samples: { at: number; ms: number }[] = [];
  let last = -Infinity;
  return {
    wants(began) {
      if (began - last < EVERY_MS) return false;
      last = began;
      return true;
    },
    add(began) {
      const at = clock.monotonic();
      samples.push({ at, ms: at - began });
      if (samples.length > KEPT) samples.shift();
    },
    median() {
      const oldest = clock.monotonic() - WINDOW_MS;
      samples = samples.filter(sample => sample.at >= oldest);
      const sorted = samples.map(sample => sample.ms).sort((a, b) => a - b);
      return sorted[Math.floor(sorted.length / 2)] ?? null;
    },
  };
}
