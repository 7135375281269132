import type { BookView, PriceView, TokenBar } from '../../../shared/contract.ts';
import type { Changed } from './candles.ts';
import { textSize } from './json-size.ts';

/** How many of the first items fit, at least one. */
export function fitting(sizes: readonly number[], budget: number): number {
  let left = budget;
  const end = sizes.findIndex((size, index) => {
    left -= size;
    return left < 0 && index > 0;
  });
  return end < 0 ? sizes.length : end;
}

/** A price without its texts: names, punctuation, six numbers of at most 16 digits, and the comma behind it. */
const PRICE_BYTES = 239;

/** At most; counted, because writing every new price for its size would cost as much as writing the batch. */
export function priceBytes({ value }: Changed<PriceView>): number {
  const { token, price, source, dayOpen, eventId } = value;
  return (
    PRICE_BYTES +
    textSize(token) +
    price.length +
    textSize(source) +
    (dayOpen?.length ?? 4) +
    textSize(eventId)
  );
}

/** The same for a bar: names, punctuation, a time of at most 16 digits, and the comma behind it. */
const BAR_BYTES = 89;

/** At most; see {@link priceBytes}. */
export function barBytes({ value }: Changed<TokenBar>): number {
  const { token, open, high, low, close, volume } = value;
  const texts = open.length + high.length + low.length + close.length + (volume?.length ?? 4);
  return BAR_BYTES + textSize(token) + texts;
}

/** The same for a book: names, punctuation, three times, and a count of at most 16 digits. */
const BOOK_BYTES = 232;

/** At most; see {@link priceBytes}. */
export function bookBytes({ value }: Changed<BookView>): number {
  const { amount, cost, flow, fees, amountBefore, flowBefore, channel, token, quote, eventId } = value;
  const sums =
    amount.length + cost.length + flow.length + fees.length + amountBefore.length + flowBefore.length;
  return BOOK_BYTES + sums + textSize(channel) + textSize(token) + (quote?.length ?? 4) + textSize(eventId);
}

/** All sizes together. */
export function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0);
}
