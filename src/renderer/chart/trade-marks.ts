import type { Decimal } from 'decimal.js';
import { INTERVAL_MS } from '../../shared/bars.ts';
import type { EpochMs, Interval } from '../../shared/contract.ts';
import { shortAmount } from '../format/prices.ts';
import type { Fill } from './own-trades.ts';

/** How many marks a chart draws at most; the newest stay. */
export const MOST_MARKS = 400;

/** Words stand beside every so many bars of a side at most. */
const WORDS_EVERY = 12;

/** Own trades of one side in one bar. */
export interface TradeMark {
  /** Start of the bar. */
  time: EpochMs;
  side: 'buy' | 'sell';
  /** `Buy 12.5`, `Sell 3 × 40.2`: how many, and their amounts together. Empty beside another mark, where it would cover it. */
  text: string;
}

/**
 * Own trades gathered by bar and side, oldest first, buys before sells.
 *
 * @param barOf the bar drawn in which a moment lies (its start), or the last one before where nobody gave a price then; `null`
 *   outside of what is drawn: such a trade has nothing to stand at and is left out
 */
export function marksOf(
  fills: readonly Fill[],
  interval: Interval,
  barOf: (at: EpochMs) => EpochMs | null,
): TradeMark[] {
  const gathered = new Map<string, { time: EpochMs; side: Fill['side']; count: number; amount: Decimal }>();
  for (const { time: at, side, count, amount } of fills) {
    const time = barOf(at);
    if (time === null) continue;
    const key = `${time} ${side}`;
    const mark = gathered.get(key);
    gathered.set(key, {
      time,
      side,
      count: count + (mark?.count ?? 0),
      amount: mark === undefined ? amount : mark.amount.plus(amount),
    });
  }
  const room = WORDS_EVERY * INTERVAL_MS[interval];
  const written = { buy: -Infinity, sell: -Infinity };
  return [...gathered.values()]
    .toSorted((a, b) => a.time - b.time || a.side.localeCompare(b.side))
    .slice(-MOST_MARKS)
    .map(({ time, side, count, amount }) => {
      const fits = time - written[side] >= room;
      if (fits) written[side] = time;
      return { time, side, text: fits ? wordsOf(side, count, amount) : '' };
    });
}

function wordsOf(side: Fill['side'], count: number, amount: Decimal): string {
  const often = count > 1 ? `${count} × ` : '';
  const total = amount.isZero() ? '' : shortAmount(amount.toFixed());
  return `${side === 'buy' ? 'Buy' : 'Sell'} ${often}${total}`.replace(/[ ×]+$/, '');
}
