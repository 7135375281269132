import { Decimal } from 'decimal.js';
import type { BookView } from './book-view.ts';
import { pairOf } from './pair.ts';
import {
  averageOf,
  readBook,
  realisedOf,
  startOfDay,
  todayOf,
  unrealisedOf,
  type Book,
} from './positions.ts';
import type { DecimalString, EpochMs } from './units.ts';

/** A position as its producer told it last; what it left out is `null`. */
export interface Told {
  channel: string;
  token: string;
  amount: DecimalString | null;
  /** Profit or loss in dollars as the producer counts it. */
  pnl: DecimalString | null;
  average: DecimalString | null;
  realised: DecimalString | null;
  at: EpochMs;
  eventId: string;
}

/**
 * One line of the portfolio. A position that is told wins over what the trades of the same owner add up to; its book then
 * only fills in what the event does not say, and only while both agree on the amount.
 */
export interface Holding<T extends Told = Told> {
  /** Channel, token and currency; unique. */
  key: string;
  channel: string;
  token: string;
  /** The currency of its money; `null` for dollars. */
  quote: string | null;
  told: T | null;
  book: Book | null;
  /** The book's own facts: how many trades, since when, whether from the channel's first event on. */
  facts: BookView | null;
  at: EpochMs;
  eventId: string;
}

/** What a holding comes to at a price; `null`: cannot be said. Money is in the holding's currency. */
export interface Worth {
  amount: Decimal | null;
  average: Decimal | null;
  value: Decimal | null;
  unrealised: Decimal | null;
  realised: Decimal | null;
  pnl: Decimal | null;
  today: Decimal | null;
}

/** What tells books apart: channel, token, currency. */
export function bookKey({ channel, token, quote }: Pick<BookView, 'channel' | 'token' | 'quote'>): string {
  return `${channel}\n${token}\n${quote ?? ''}`;
}

/** Whose trades or positions a channel holds: `user_0001` of `trades:user_0001`, nobody's in particular of `trade-events`. */
export function ownerOfChannel(channel: string): string {
  return /^(?:trades|positions):(.+)$/.exec(channel)?.[1] ?? '';
}

/**
 * The portfolio: every position that was told, and every book of an owner and token that nobody tells. Closed books stay for the
 * UTC day they were closed on.
 */
export function joinHoldings<T extends Told>(
  told: Iterable<T>,
  books: Iterable<BookView>,
  now: EpochMs,
): Holding<T>[] {
  const holdings: Holding<T>[] = [];
  const bySubject = new Map<string, BookView>();
  for (const book of books) bySubject.set(subject(book.channel, book.token, book.quote), book);
  for (const position of told) {
    const { channel, token, at, eventId } = position;
    const pair = pairOf(token);
    const quote = pair.inDollars ? null : pair.quote;
    const name = subject(channel, pair.base, quote);
    const facts = bySubject.get(name) ?? null;
    bySubject.delete(name);
    const book = facts === null ? null : readBook(facts);
    const agrees = book !== null && position.amount !== null && book.amount.eq(position.amount);
    holdings.push({
      ...{ key: `${channel}\n${token}`, channel, token, quote, told: position, at, eventId },
      book: agrees ? book : null,
      facts: agrees ? facts : null,
    });
  }
  for (const facts of bySubject.values()) {
    const book = readBook(facts);
    const { channel, token, quote, at, eventId } = facts;
    if (book.amount.isZero() && startOfDay(now) > facts.day) continue;
    holdings.push({ key: bookKey(facts), channel, token, quote, told: null, book, facts, at, eventId });
  }
  return holdings;
}

function subject(channel: string, token: string, quote: string | null): string {
  return `${ownerOfChannel(channel)}\n${token}\n${quote ?? ''}`;
}

/**
 * Values a holding.
 *
 * @param mark the newest price of its token in its currency, with the day's first one; `undefined` when there is none
 */
export function worthOf(
  { told, book }: Pick<Holding, 'told' | 'book'>,
  mark: { price: DecimalString; dayOpen: DecimalString | null } | undefined,
  now: EpochMs,
): Worth {
  const price = mark?.price ?? null;
  const today = book === null ? null : todayOf(book, { mark: price, dayOpen: mark?.dayOpen ?? null }, now);
  const kept = {
    average: book === null ? null : averageOf(book),
    unrealised: book === null ? null : unrealisedOf(book, price),
    realised: book === null ? null : realisedOf(book),
  };
  if (told === null) {
    const amount = book?.amount ?? null;
    return {
      amount,
      value: product(amount, price),
      today,
      pnl: sum(kept.unrealised, kept.realised),
      ...kept,
    };
  }
  const amount = decimal(told.amount);
  const average = decimal(told.average) ?? kept.average;
  const open = average === null || amount === null || price === null ? null : amount.times(average);
  const unrealised = open === null ? kept.unrealised : (product(amount, price)?.minus(open) ?? null);
  const realised = decimal(told.realised) ?? kept.realised;
  const pnl = decimal(told.pnl) ?? sum(unrealised, realised);
  return { amount, average, value: product(amount, price), unrealised, realised, pnl, today };
}

function decimal(text: DecimalString | null): Decimal | null {
  return text === null ? null : new Decimal(text);
}

function product(amount: Decimal | null, price: DecimalString | null): Decimal | null {
  if (amount !== null && amount.isZero()) return amount;
  return amount === null || price === null ? null : amount.times(price);
}

function sum(a: Decimal | null, b: Decimal | null): Decimal | null {
  return a === null || b === null ? null : a.plus(b);
}
