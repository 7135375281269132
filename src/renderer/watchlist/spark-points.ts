import { INTERVAL_MS, barStart } from '../../shared/bars.ts';
import type { Bar, EpochMs } from '../../shared/contract.ts';
import { SPARK_BARS } from '../state/history.ts';

/** The close of one 5-second bucket; a float, because it is only drawn. */
export interface SparkPoint {
  time: EpochMs;
  close: number;
}

/** Closes of the last five minutes in 5-second buckets: the past as loaded, and over it what came live. */
export function sparkPoints(past: readonly Bar[], seconds: readonly Bar[]): SparkPoint[] {
  const closes = new Map<EpochMs, number>();
  for (const bar of past) closes.set(bar.time, Number(bar.close));
  for (const bar of seconds) closes.set(barStart(bar.time, '5s'), Number(bar.close));
  const points = [...closes].map(([time, close]) => ({ time, close })).sort((a, b) => a.time - b.time);
  const from = (points.at(-1)?.time ?? 0) - (SPARK_BARS - 1) * INTERVAL_MS['5s'];
  return points.filter(point => point.time >= from);
}

/**
 * An SVG path through `points` in a box of `width` by `height`, with one pixel of air above and below. The newest point
 * is at the right edge and the box spans five minutes, so a young line starts at the right. Empty below two points.
 */
export function sparkPath(points: readonly SparkPoint[], width: number, height: number): string {
  const last = points.at(-1);
  if (last === undefined || points.length < 2) return '';
  const closes = points.map(point => point.close);
  const low = Math.min(...closes);
  const range = Math.max(...closes) - low;
  const span = (SPARK_BARS - 1) * INTERVAL_MS['5s'];
  return points
    .map(({ time, close }, index) => {
      const x = width * (1 - (last.time - time) / span);
      const y = range === 0 ? height / 2 : 1 + (height - 2) * (1 - (close - low) / range);
      return `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');
}
