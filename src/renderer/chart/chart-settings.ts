import { INTERVAL_MS } from '../../shared/bars.ts';
import type { Interval } from '../../shared/contract.ts';

/** What a chart keeps for itself in the layout. */
export interface ChartSettings {
  interval: Interval;
  shape: 'candles' | 'line';
  /** A logarithmic price scale. */
  log: boolean;
}

export const CHART_DEFAULTS: ChartSettings = { interval: '1s', shape: 'candles', log: false };

/** Whether settings that were kept can stand; a layout may have been edited by hand. */
export function acceptChart({ interval, shape }: ChartSettings): boolean {
  return Object.hasOwn(INTERVAL_MS, interval) && ['candles', 'line'].includes(shape);
}
