import type { Decimal } from 'decimal.js';
import { useMemo, useRef, type ReactElement, type RefObject } from 'react';
import { useStore } from 'zustand/react';
import type { Holding } from '../../shared/holdings.ts';
import { directionOf } from '../../shared/price-format.ts';
import { formatDollars } from '../format/prices.ts';
import { useServices } from '../app/services.ts';
import { writeAttribute, writeText } from '../time/ticker.ts';
import { useAging } from '../time/use-aging.ts';
import { totalFreshness, totalsOf, type Totals } from './position-values.ts';

/** The sums in the title of the positions; each as old as the oldest number in it, and marked when it is not the whole. */
export function PositionTotals({ holdings }: { holdings: readonly Holding[] }): ReactElement | null {
  const { screen, ticker } = useServices();
  const prices = useStore(screen, state => state.prices);
  const totals = useMemo(() => totalsOf(holdings, prices, ticker.now()), [holdings, prices, ticker]);
  const pnl = useRef<HTMLSpanElement>(null);
  const value = useRef<HTMLSpanElement>(null);
  const today = useRef<HTMLSpanElement>(null);
  const stale = useRef<HTMLSpanElement>(null);
  useAging(now => {
    const freshness = totalFreshness(holdings, prices, now);
    writeAttribute(pnl.current, 'data-freshness', freshness.pnl);
    writeAttribute(today.current, 'data-freshness', freshness.value);
    writeAttribute(value.current, 'data-freshness', freshness.value);
    writeText(stale.current, freshness.stale === 0 ? '' : ` ${freshness.stale} at a stale price`);
  });
  if (holdings.length === 0) return null;
  const left = leftOut(totals);
  return (
    <span className="position-totals">
      {totals.today !== null && (
        <Total
          name="today"
          label="Today"
          ref={today}
          sum={totals.today}
          signed
          partial={partOf(totals.noToday, totals)}
        />
      )}
      <Total name="pnl" label="PnL" ref={pnl} sum={totals.pnl} signed partial={partOf(0, totals)} />
      <Total name="value" label="Value" ref={value} sum={totals.value} partial={left} />
      <span className="visually-hidden" ref={stale} />
    </span>
  );
}

function Total({
  name,
  label,
  ref,
  sum,
  signed = false,
  partial,
}: {
  name: string;
  label: string;
  ref: RefObject<HTMLSpanElement | null>;
  sum: Decimal | null;
  signed?: boolean;
  partial: string;
}): ReactElement {
  return (
    <span
      className="position-total"
      data-total={name}
      data-partial={partial !== ''}
      ref={ref}
      title={`${label} in US dollars${partial === '' ? '' : `; ${partial}`}`}
    >
      {label}{' '}
      <strong {...(signed ? { 'data-direction': directionOf(sum) } : {})}>
        {sum === null ? '—' : formatDollars(sum, { signed })}
      </strong>
      {partial !== '' && (
        <>
          <span aria-hidden="true"> partial</span>
          <span className="visually-hidden"> {partial}</span>
        </>
      )}
    </span>
  );
}

/** What a sum leaves out, in words; empty when nothing. */
function leftOut({ unpriced, foreign }: Totals): string {
  const parts = [
    unpriced === 0 ? '' : `${unpriced} without a price left out`,
    foreign === 0 ? '' : `${foreign} in other currencies left out`,
  ];
  return parts.filter(part => part !== '').join('; ');
}

function partOf(unknown: number, totals: Totals): string {
  const foreign = leftOut({ ...totals, unpriced: 0 });
  const parts = [unknown === 0 ? '' : `${unknown} whose profit of the day is not known left out`, foreign];
  return parts.filter(part => part !== '').join('; ');
}
