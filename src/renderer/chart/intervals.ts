import type { Interval } from '../../shared/contract.ts';

/** The intervals of a chart, shortest first. */
export const CHART_INTERVALS: readonly { interval: Interval; name: string }[] = [
  { interval: '1s', name: '1 second' },
  { interval: '5s', name: '5 seconds' },
  { interval: '15s', name: '15 seconds' },
  { interval: '1m', name: '1 minute' },
  { interval: '5m', name: '5 minutes' },
  { interval: '15m', name: '15 minutes' },
  { interval: '1h', name: '1 hour' },
  { interval: '4h', name: '4 hours' },
  { interval: '1d', name: '1 day' },
];

/** The ones that stay in sight where there is no room for all. */
export const FAVOURITE_INTERVALS: readonly Interval[] = ['1s', '5s', '1m'];
