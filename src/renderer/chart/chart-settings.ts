import type { Interval } from '../../shared/contract.ts';

/** What a chart keeps for itself in the layout. */
export interface ChartSettings {
  interval: Interval;
  shape: 'candles' | 'line';
}

export const CHART_DEFAULTS: ChartSettings = { interval: '1s', shape: 'candles' };
