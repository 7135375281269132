import type { Decimal } from 'decimal.js';
import { barStart } from '../../shared/bars.ts';
import type { EpochMs, Interval } from '../../shared/contract.ts';
import { shortAmount } from '../../shared/price-format.ts';
import type { Fill } from './own-trades.ts';

/** How many marks a chart draws at most; the newest stay. */
export const MOST_MARKS = 400;

/** Own trades of one side in one bar. */
export interface TradeMark {
  /** Start of the bar. */
  time: EpochMs;
  side: 'buy' | 'sell';
  /** `Buy 12.5`, `Sell 3 × 40.2`: how many, and their amounts together. */
  text: string;
}

/**
 * Own trades gathered by bar and side, oldest first, buys before sells. Trades outside `from` to `to` (starts of the first
 * and the last bar drawn) have no bar to stand at and are left out.
 */
export function marksOf(
  fills: readonly Fill[],
  interval: Interval,
  { from, to }: { from: EpochMs; to: EpochMs },
): TradeMark[] {
  const gathered = new Map<string, { time: EpochMs; side: Fill['side']; count: number; amount: Decimal }>();
  for (const { time: at, side, count, amount } of fills) {
    const time = barStart(at, interval);
    if (time < from || time > to) continue;
    const key = `${time} ${side}`;
    const mark = gathered.get(key);
    gathered.set(key, {
      time,
      side,
      count: count + (mark?.count ?? 0),
      amount: mark === undefined ? amount : mark.amount.plus(amount),
    });
  }
  return [...gathered.values()]
    .toSorted((a, b) => a.time - b.time || a.side.localeCompare(b.side))
    .slice(-MOST_MARKS)
    .map(({ time, side, count, amount }) => ({ time, side, text: wordsOf(side, count, amount) }));
}

function wordsOf(side: Fill['side'], count: number, amount: Decimal): string {
  const often = count > 1 ? `${count} × ` : '';
  const total = amount.isZero() ? '' : shortAmount(amount.toFixed());
  return `${side === 'buy' ? 'Buy' : 'Sell'} ${often}${total}`.replace(/[ ×]+$/, '');
}
