import type { CDPSession } from '@playwright/test';

/** How much is held, MB, at a moment, s. */
export interface HeapSample {
  at: number;
  mb: number;
}

/** How fast what is held grows, MB a minute. */
export interface HeapSlope {
  slope: number;
  /** Standard error of the slope: the noise of the samples. */
  noise: number;
}

/** What the page still holds after everything it let go of has been collected, MB. */
export async function heapAfterCollection(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 1_048_576;
}

/** The straight line through the samples (least squares) and how sure it is; at least three samples. */
export function slopeOf(samples: readonly HeapSample[]): HeapSlope {
  const count = samples.length;
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / count;
  const [atMean, mbMean] = [mean(samples.map(({ at }) => at)), mean(samples.map(({ mb }) => mb))];
  const spread = samples.reduce((sum, { at }) => sum + (at - atMean) ** 2, 0);
  const slope = samples.reduce((sum, { at, mb }) => sum + (at - atMean) * (mb - mbMean), 0) / spread;
  const rest = samples.reduce((sum, { at, mb }) => sum + (mb - mbMean - slope * (at - atMean)) ** 2, 0);
  return { slope: slope * 60, noise: Math.sqrt(rest / (count - 2) / spread) * 60 };
}

/** Whether memory grows: by more than `tolerated` MB a minute, even where the noise is against it. */
export function leaks({ slope, noise }: HeapSlope, tolerated: number): boolean {
  return slope - 3 * noise > tolerated;
}
