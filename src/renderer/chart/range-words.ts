import type { Bar, Interval } from '../../shared/contract.ts';
import { changePercent } from '../../shared/price-format.ts';
import { formatChange, fullPrice } from '../format/prices.ts';
import { formatCount, formatMoment } from '../format/times.ts';
import type { BarSpan } from './chart-port.ts';

/** The bars of a stretch, those only partly in view included. */
export function barsIn(bars: readonly Bar[], span: BarSpan | null): readonly Bar[] {
  if (span === null) return [];
  return bars.slice(Math.max(0, Math.floor(span.from)), Math.max(0, Math.ceil(span.to) + 1));
}

/** The stretch in view in one sentence, for people who hear the chart instead of seeing it. */
export function rangeWords(bars: readonly Bar[], interval: Interval): string {
  const first = bars[0];
  const last = bars.at(-1);
  if (first === undefined || last === undefined) return 'No bars are in view.';
  let high = first.high;
  let low = first.low;
  // Compared as floats because there may be thousands of them; what is written is the bar's own text.
  for (const bar of bars) {
    if (Number(bar.high) > Number(high)) high = bar.high;
    if (Number(bar.low) < Number(low)) low = bar.low;
  }
  const count = bars.length === 1 ? '1 bar' : `${formatCount(bars.length)} bars`;
  return (
    `${count} of ${interval} from ${formatMoment(first.time)} to ${formatMoment(last.time)}: ` +
    `opens at ${fullPrice(first.open)}, closes at ${fullPrice(last.close)} ` +
    `(${formatChange(changePercent(last.close, first.open))}), ` +
    `high ${fullPrice(high)}, low ${fullPrice(low)}.`
  );
}
