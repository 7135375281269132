import { useMemo, useRef, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { directionOf, formatDollars } from '../../shared/price-format.ts';
import { useServices } from '../app/services.ts';
import { writeAttribute } from '../time/ticker.ts';
import { useAging } from '../time/use-aging.ts';
import { totalFreshness, totalsOf } from './position-values.ts';

/** The sums in the title of the positions; each as old as the oldest number in it. */
export function PositionTotals(): ReactElement | null {
  const { screen } = useServices();
  const positions = useStore(screen, state => state.positions);
  const prices = useStore(screen, state => state.prices);
  const { pnl, value, unpriced } = useMemo(() => totalsOf(positions.values(), prices), [positions, prices]);
  const pnlSpan = useRef<HTMLSpanElement>(null);
  const valueSpan = useRef<HTMLSpanElement>(null);
  useAging(now => {
    const freshness = totalFreshness(positions.values(), prices, now);
    writeAttribute(pnlSpan.current, 'data-freshness', freshness.pnl);
    writeAttribute(valueSpan.current, 'data-freshness', freshness.value);
  });
  if (positions.size === 0) return null;
  const leftOut = unpriced === 0 ? '' : `; ${unpriced} without a price left out`;
  return (
    <span className="position-totals">
      <span className="position-total" data-total="pnl" ref={pnlSpan} title="Sum of the PnL in the events">
        PnL{' '}
        <strong data-direction={directionOf(pnl)}>
          {pnl === null ? '—' : formatDollars(pnl, { signed: true })}
        </strong>
      </span>
      <span
        className="position-total"
        data-total="value"
        ref={valueSpan}
        title={`Amounts at the newest prices${leftOut}`}
      >
        Value <strong>{value === null ? '—' : formatDollars(value)}</strong>
      </span>
    </span>
  );
}
