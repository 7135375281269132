import { useEffect, useState, type ReactElement } from 'react';
import type { Bar } from '../../shared/contract.ts';
import { fullPrice, shortAmount } from '../format/prices.ts';
import { useServices } from '../app/services.ts';
import { formatMoment } from '../format/times.ts';
import type { ChartSession } from './chart-session.ts';
import { barsIn } from './range-words.ts';

/** How many bars the table has at most. */
export const TABLE_BARS = 60;

/** How often the table is written anew; a table that is being read must not run away. */
const EVERY_MS = 1_000;

/** The newest bars in view as a table, newest first: what the chart shows, without seeing it. */
export function BarsTable({ session, name }: { session: ChartSession; name: string }): ReactElement {
  const { clock } = useServices();
  const [bars, setBars] = useState<readonly Bar[]>([]);
  useEffect(() => {
    const read = (): void =>
      setBars(barsIn(session.feed.window.bars, session.chart.span()).slice(-TABLE_BARS));
    read();
    return clock.every(EVERY_MS, read);
  }, [session, clock]);
  return (
    <div className="bars-table" tabIndex={0} role="group" aria-label={`Bars of ${name}`}>
      <table className="compact-table">
        <caption className="visually-hidden">Bars of {name}, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            {['Open', 'High', 'Low', 'Close', 'Volume'].map(title => (
              <th key={title} scope="col" className="number">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {bars.toReversed().map(bar => (
            <tr key={bar.time}>
              <th scope="row">{formatMoment(bar.time)}</th>
              <td className="number">{fullPrice(bar.open)}</td>
              <td className="number">{fullPrice(bar.high)}</td>
              <td className="number">{fullPrice(bar.low)}</td>
              <td className="number">{fullPrice(bar.close)}</td>
              <td className="number">{bar.volume === null ? '—' : shortAmount(bar.volume)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
