import type { ReactElement } from 'react';
import { useStore } from 'zustand/react';
import type { Interval } from '../../shared/contract.ts';
import { useServices } from '../app/services.ts';

const INTERVALS: readonly { interval: Interval; name: string }[] = [
  { interval: '1s', name: '1 second' },
  { interval: '5s', name: '5 seconds' },
  { interval: '1m', name: '1 minute' },
];

/** The chart's interval, and whether it is drawn as a line instead of candles. */
export function IntervalButtons(): ReactElement {
  const { view } = useServices();
  const chosen = useStore(view, state => state.interval);
  const shape = useStore(view, state => state.shape);
  return (
    <div className="intervals" role="group" aria-label="Interval">
      {INTERVALS.map(({ interval, name }) => (
        <button
          key={interval}
          type="button"
          title={`Bars of ${name}`}
          aria-pressed={interval === chosen}
          onClick={() => view.setState({ interval })}
        >
          {interval}
        </button>
      ))}
      <span className="intervals-line" aria-hidden="true" />
      <button
        type="button"
        title="A line through the closes instead of candles"
        aria-pressed={shape === 'line'}
        onClick={() => view.setState({ shape: shape === 'line' ? 'candles' : 'line' })}
      >
        Line
      </button>
    </div>
  );
}
