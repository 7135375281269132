import { useEffect, useRef, type ReactElement } from 'react';
import type { ChartSession } from './chart-session.ts';
import { writeLegend } from './legend.ts';

const PARTS = [
  ['open', 'O', 'Open'],
  ['high', 'H', 'High'],
  ['low', 'L', 'Low'],
  ['close', 'C', 'Close'],
  ['volume', 'V', 'Volume, in the token; only of trades that are known'],
] as const;

/** Open, high, low, close and volume of the bar under the crosshair, else of the newest; own trades in it when pointed at. */
export function ChartLegend({ session }: { session: ChartSession | null }): ReactElement {
  const legend = useRef<HTMLDListElement>(null);
  useEffect(
    () =>
      session?.onBars(() => {
        if (legend.current !== null) writeLegend(legend.current, session.legendBar, session.legendTrades);
      }),
    [session],
  );
  return (
    <dl className="legend" ref={legend}>
      {PARTS.map(([part, letter, title]) => (
        <div key={part}>
          <dt title={title}>{letter}</dt>
          <dd data-part={part}>—</dd>
        </div>
      ))}
      <div className="legend-trades">
        <dt className="visually-hidden">Own trades in this bar</dt>
        <dd data-part="trades" />
      </div>
    </dl>
  );
}
