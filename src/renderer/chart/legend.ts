import type { Bar } from '../../shared/contract.ts';
import { decimalsOf, padDecimals, roundPrice } from '../../shared/price-format.ts';
import { compactPrice, shortAmount } from '../format/prices.ts';
import { writeAttribute, writeText } from '../time/ticker.ts';

const PARTS = ['open', 'high', 'low', 'close'] as const;

/**
 * Writes a bar into the legend's `dd` elements (open, high, low, close, volume), outside React: the crosshair moves with the
 * mouse. The four prices get the same number of decimals, so that they can be compared by eye; no volume is known where no
 * trade is.
 *
 * @param trades own trades in that bar, in words
 */
export function writeLegend(legend: Element, bar: Bar | undefined, trades: string): void {
  const values = bar === undefined ? [] : PARTS.map(part => roundPrice(bar[part]));
  const decimals = Math.max(0, ...values.map(decimalsOf));
  for (const [index, part] of PARTS.entries()) {
    const value = values[index];
    const text = value === undefined ? '—' : compactPrice(padDecimals(value, decimals));
    writeText(legend.querySelector(`[data-part="${part}"]`), text);
  }
  const volume = bar?.volume ?? null;
  writeText(legend.querySelector('[data-part="volume"]'), volume === null ? '—' : shortAmount(volume));
  writeText(legend.querySelector('[data-part="trades"]'), trades);
  const direction = bar === undefined ? 'none' : Number(bar.close) >= Number(bar.open) ? 'up' : 'down';
  writeAttribute(legend, 'data-bar', direction);
}
