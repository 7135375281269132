import type { Decimal } from 'decimal.js';
import { INTERVAL_MS } from '../../shared/bars.ts';
import type { EpochMs, Interval } from '../../shared/contract.ts';
import { shortAmount } from '../format/prices.ts';
import type { Fill } from './own-trades.ts';

/** How many marks a chart draws at most; the newest stay. */
export const MOST_MARKS = 400;

/** How many bars on either side words reach over, about: another mark in them would lie under the words. */
export const WORDS_REACH = 6;

/** Own trades of one side in one bar. */
export interface TradeMark {
  /** Start of the bar. */
  time: EpochMs;
  side: 'buy' | 'sell';
  /** `Buy 12.5`, `Sell 3 × 40.2`: how many, and their amounts together. */
  words: string;
  /** What stands beside the arrow: the words where they cover nothing, else empty; the legend tells them then. */
  text: string;
}

/**
 * Own trades gathered by bar and side, oldest first, buys before sells.
 *
 * @param barOf the bar drawn in which a moment lies (its start), or the last one before where nobody gave a price then; `null`
 *   outside of what is drawn: such a trade has nothing to stand at and is left out
 * @param clear whether the bars around one leave room for words on that side of it
 */
export function marksOf(
  fills: readonly Fill[],
  interval: Interval,
  barOf: (at: EpochMs) => EpochMs | null,
  clear: (time: EpochMs, side: Fill['side']) => boolean = () => true,
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
  const room = WORDS_REACH * INTERVAL_MS[interval];
  const marks = [...gathered.values()]
    .toSorted((a, b) => a.time - b.time || a.side.localeCompare(b.side))
    .slice(-MOST_MARKS);
  const times = [...new Set(marks.map(mark => mark.time))];
  const alone = new Set(
    times.filter((time, place) => {
      const before = times[place - 1] ?? -Infinity;
      const after = times[place + 1] ?? Infinity;
      return time - before > room && after - time > room;
    }),
  );
  return marks.map(({ time, side, count, amount }) => {
    const words = wordsOf(side, count, amount);
    return { time, side, words, text: alone.has(time) && clear(time, side) ? words : '' };
  });
}

function wordsOf(side: Fill['side'], count: number, amount: Decimal): string {
  const often = count > 1 ? `${count} × ` : '';
  const total = amount.isZero() ? '' : shortAmount(amount.toFixed());
  return `${side === 'buy' ? 'Buy' : 'Sell'} ${often}${total}`.replace(/[ ×]+$/, '');
}
