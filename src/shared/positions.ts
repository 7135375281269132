import { Decimal } from 'decimal.js';
import type { BookSums } from './book-view.ts';
import type { DecimalString, EpochMs } from './units.ts';
import { decimalIn, textIn } from './event-data.ts';
import { DOLLARS, pairOf, type Pair } from './pair.ts';

export type { BookSums } from './book-view.ts';

/**
 * Position keeping from trades by the average price method, in decimals. Pure: a book is never changed in place.
 *
 * A book keeps sums that do not depend on the order of trades (amount, flow), and the cost of what is open, which does.
 * Realised profit is `flow + cost`, unrealised is `amount * mark - cost`; their sum is `flow + amount * mark` to the last digit,
 * however the average was rounded.
 */

/** Sixty significant digits: sums and products of real trades are exact, only an average is ever rounded. */
const Exact = Decimal.clone({ precision: 60, rounding: Decimal.ROUND_HALF_EVEN });
const ZERO = new Exact(0);
const DAY_MS = 86_400_000;

/** One trade as a book takes it. */
export interface Fill extends Pair {
  /** Bought: above zero; sold: below. */
  amount: Decimal;
  price: Decimal;
  /** What the trade cost beside its price, in the quote currency; zero when the event says none. */
  fee: Decimal;
  at: EpochMs;
}

/** The position of one token in one channel and currency, as its trades add up. Money is in the quote currency. */
export interface Book {
  /** Negative for a short position. */
  readonly amount: Decimal;
  /** What the open amount cost, with the sign of the amount: amount times average price. */
  readonly cost: Decimal;
  /** Money received for sales less money spent on purchases and fees. */
  readonly flow: Decimal;
  readonly fees: Decimal;
  /** Start of the UTC day of the newest trade, and the sums as they were then. */
  readonly day: EpochMs;
  readonly amountBefore: Decimal;
  readonly flowBefore: Decimal;
}

/** A book without trades. */
export const EMPTY_BOOK: Book = {
  amount: ZERO,
  cost: ZERO,
  flow: ZERO,
  fees: ZERO,
  day: 0,
  amountBefore: ZERO,
  flowBefore: ZERO,
};

/**
 * Reads a `trade_executed`: data `{action, token_pair, amount, price[, fee[, fee_currency]]}`. `null` for one that cannot be
 * kept: its side is neither buy nor sell, or it lacks a pair, an amount above zero or a price. The side is the action's, so the sign of an amount does not matter. A fee
 * in another currency than the quote is left out, because nothing here says what it is worth.
 */
export function fillOf(data: unknown, at: EpochMs): Fill | null {
  const written = textIn(data, 'token_pair') ?? textIn(data, 'token');
  const action = (textIn(data, 'action') ?? textIn(data, 'side'))?.toLowerCase();
  const [size, paid] = [decimalIn(data, 'amount'), decimalIn(data, 'price')];
  if (written === null || size === null || paid === null || (action !== 'buy' && action !== 'sell'))
    return null;
  const amount = new Exact(size).abs();
  const price = new Exact(paid);
  if (amount.isZero() || price.isNegative()) return null;
  const pair = pairOf(written);
  return { ...pair, amount: action === 'buy' ? amount : amount.negated(), price, fee: feeOf(data, pair), at };
}

/** Why {@link fillOf} cannot keep a trade, as the end of "it …"; `null` of one it keeps. */
export function whyNotBooked(data: unknown): string | null {
  if (fillOf(data, 0) !== null) return null;
  const action = (textIn(data, 'action') ?? textIn(data, 'side'))?.toLowerCase();
  if (action !== 'buy' && action !== 'sell') return 'is neither a buy nor a sell';
  if (textIn(data, 'token_pair') === null && textIn(data, 'token') === null) return 'names no token';
  const amount = decimalIn(data, 'amount');
  if (amount === null || new Exact(amount).isZero()) return 'has no amount';
  return 'has no price';
}

function feeOf(data: unknown, pair: Pair): Decimal {
  const fee = decimalIn(data, 'fee');
  const currency = textIn(data, 'fee_currency')?.toUpperCase();
  const ours = currency === undefined || (pair.inDollars ? DOLLARS.has(currency) : currency === pair.quote);
  return fee === null || !ours ? ZERO : new Exact(fee);
}

/** The book after one more trade. A trade of an earlier day than the newest counts to the time before that day. */
export function bookFill(before: Book, fill: Fill): Book {
  const day = startOfDay(fill.at);
  const book = day > before.day ? openDay(before, day) : before;
  const spent = fill.amount.times(fill.price);
  const paid = spent.plus(fill.fee);
  const amount = book.amount.plus(fill.amount);
  const late = day < book.day;
  return {
    amount,
    cost: costAfter(book, fill, amount, spent),
    flow: book.flow.minus(paid),
    fees: fill.fee.isZero() ? book.fees : book.fees.plus(fill.fee),
    day: book.day,
    amountBefore: late ? book.amountBefore.plus(fill.amount) : book.amountBefore,
    flowBefore: late ? book.flowBefore.minus(paid) : book.flowBefore,
  };
}

/** Adding to a position adds its cost; taking away leaves the average as it is; what crosses zero is bought at its own price. */
function costAfter(book: Book, fill: Fill, amount: Decimal, spent: Decimal): Decimal {
  if (book.amount.isZero() || book.amount.isNegative() === fill.amount.isNegative())
    return book.cost.plus(spent);
  if (amount.isZero()) return ZERO;
  if (amount.isNegative() !== book.amount.isNegative()) return amount.times(fill.price);
  return book.cost.times(amount).div(book.amount);
}

/** Start of the UTC day that `at` belongs to. */
export function startOfDay(at: EpochMs): EpochMs {
  return Math.floor(at / DAY_MS) * DAY_MS;
}

function openDay(book: Book, day: EpochMs): Book {
  return { ...book, day, amountBefore: book.amount, flowBefore: book.flow };
}

/** The average price of what is open; `null` of a closed position. */
export function averageOf(book: Book): Decimal | null {
  return book.amount.isZero() ? null : book.cost.div(book.amount);
}

/** Profit of what was closed, fees taken off. */
export function realisedOf(book: Book): Decimal {
  return book.flow.plus(book.cost);
}

/** Profit of what is open at `mark`; zero of a closed position, `null` without a mark. */
export function unrealisedOf(book: Book, mark: DecimalString | null): Decimal | null {
  if (book.amount.isZero()) return ZERO;
  return mark === null ? null : book.amount.times(mark).minus(book.cost);
}

/**
 * Profit since UTC midnight before `now`: what the position is worth now, and the money that flowed since, less what it was
 * worth at midnight. `null` when it needs a price that is not known: the mark of an open position, the day's first price of one
 * that was open at midnight.
 *
 * @param prices `mark`: the newest price; `dayOpen`: the first price of that day
 */
export function todayOf(
  book: Book,
  prices: { mark: DecimalString | null; dayOpen: DecimalString | null },
  now: EpochMs,
): Decimal | null {
  const day = startOfDay(now);
  const { amount, flow, amountBefore, flowBefore } = day > book.day ? openDay(book, day) : book;
  const worth = valueAt(amount, prices.mark);
  const before = valueAt(amountBefore, prices.dayOpen);
  return worth === null || before === null ? null : flow.minus(flowBefore).plus(worth).minus(before);
}

function valueAt(amount: Decimal, price: DecimalString | null): Decimal | null {
  if (amount.isZero()) return ZERO;
  return price === null ? null : amount.times(price);
}

/** Digits of a cost as it crosses: the sums are written in full. */
const COST_DIGITS = 40;

/** Writes a book for the wire. The cost is rounded to 40 digits; profit realised and unrealised still add up exactly. */
export function writeBook(book: Book): BookSums {
  return {
    amount: book.amount.toFixed(),
    cost: book.cost.toSignificantDigits(COST_DIGITS).toFixed(),
    flow: book.flow.toFixed(),
    fees: book.fees.toFixed(),
    day: book.day,
    amountBefore: book.amountBefore.toFixed(),
    flowBefore: book.flowBefore.toFixed(),
  };
}

/** Reads what {@link writeBook} wrote. */
export function readBook(sums: BookSums): Book {
  return {
    amount: new Exact(sums.amount),
    cost: new Exact(sums.cost),
    flow: new Exact(sums.flow),
    fees: new Exact(sums.fees),
    day: sums.day,
    amountBefore: new Exact(sums.amountBefore),
    flowBefore: new Exact(sums.flowBefore),
  };
}
