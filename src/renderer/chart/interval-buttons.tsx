import type { ReactElement } from 'react';
import type { Interval } from '../../shared/contract.ts';
import type { ChartSettings } from './chart-settings.ts';

const INTERVALS: readonly { interval: Interval; name: string }[] = [
  { interval: '1s', name: '1 second' },
  { interval: '5s', name: '5 seconds' },
  { interval: '1m', name: '1 minute' },
];

/** The chart's interval, and whether it is drawn as a line instead of candles. */
export function IntervalButtons({
  settings: { interval: chosen, shape },
  onChange,
}: {
  settings: ChartSettings;
  onChange: (change: Partial<ChartSettings>) => void;
}): ReactElement {
  return (
    <div className="intervals" role="group" aria-label="Interval">
      {INTERVALS.map(({ interval, name }) => (
        <button
          key={interval}
          type="button"
          title={`Bars of ${name}`}
          aria-pressed={interval === chosen}
          onClick={() => onChange({ interval })}
        >
          {interval}
        </button>
      ))}
      <span className="intervals-line" aria-hidden="true" />
      <button
        type="button"
        title="A line through the closes instead of candles"
        aria-pressed={shape === 'line'}
        onClick={() => onChange({ shape: shape === 'line' ? 'candles' : 'line' })}
      >
        Line
      </button>
    </div>
  );
}
