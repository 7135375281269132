import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markOf, pairOf } from '../../../src/shared/pair.ts';
import {
  averageOf,
  bookFill,
  EMPTY_BOOK,
  fillOf,
  readBook,
  realisedOf,
  todayOf,
  unrealisedOf,
  writeBook,
  type Book,
  whyNotBooked,
} from '../../../src/shared/positions.ts';
import type { PriceView } from '../../../src/shared/contract.ts';
import { digits, reckon, type PlainTrade } from './rational.ts';

const NOON = Date.UTC(2026, 10, 21, 12);
const DAY = 86_400_000;
const MIDNIGHT = Date.UTC(2026, 10, 21);

function dataOf({ side, amount, price, fee }: PlainTrade): object {
  return { action: side === 1 ? 'buy' : 'SELL', token_pair: 'SOL/USDC', amount, price, fee };
}

function booked(trades: readonly PlainTrade[]): Book {
  return trades.reduce((book, trade) => {
    const fill = fillOf(dataOf(trade), trade.at);
    if (fill === null) throw new Error('not booked');
    return bookFill(book, fill);
  }, EMPTY_BOOK);
}

const trade = (side: 1 | -1, amount: string, price: string, over: Partial<PlainTrade> = {}): PlainTrade => ({
  side,
  amount,
  price,
  fee: '0',
  at: NOON,
  ...over,
});

/** Amounts and prices of very different sizes, times over three days, in order. */
const decimal = fc
  .tuple(fc.bigInt({ min: 1n, max: 10n ** 12n }), fc.integer({ min: 0, max: 12 }))
  .map(([n, places]) => digits(n * 10n ** BigInt(80 - places), places));
const tradesOf = (maxLength: number, minLength = 1): fc.Arbitrary<PlainTrade[]> =>
  fc
    .array(
      fc.record({
        side: fc.constantFrom<1 | -1>(1, -1),
        amount: decimal,
        price: decimal,
        fee: fc.oneof(fc.constant('0'), decimal),
        at: fc.integer({ min: MIDNIGHT - DAY, max: MIDNIGHT + DAY - 1 }),
      }),
      { minLength, maxLength, size: 'max' },
    )
    .map(list => list.sort((a, b) => a.at - b.at));

describe('a book of trades', () => {
  it('averages what is bought, and books the difference to the average when some of it is sold', () => {
    const book = booked([trade(1, '10', '100'), trade(1, '10', '110'), trade(-1, '5', '120')]);
    expect(book.amount.toFixed()).toBe('15');
    expect(averageOf(book)?.toFixed()).toBe('105');
    expect(realisedOf(book).toFixed()).toBe('75');
    expect(unrealisedOf(book, '104')?.toFixed()).toBe('-15');
  });

  it('closes all of it and opens the rest at the price of the trade that crosses zero', () => {
    const long = booked([trade(1, '10', '100'), trade(-1, '15', '120')]);
    expect(long.amount.toFixed()).toBe('-5');
    expect(averageOf(long)?.toFixed()).toBe('120');
    expect(realisedOf(long).toFixed()).toBe('200');
    expect(unrealisedOf(long, '110')?.toFixed()).toBe('50');
  });

  it('has no average and nothing unrealised once closed, whatever the price', () => {
    const closed = booked([trade(1, '3', '7'), trade(-1, '3', '8')]);
    expect([averageOf(closed), unrealisedOf(closed, null)?.toFixed()]).toEqual([null, '0']);
    expect(realisedOf(closed).toFixed()).toBe('3');
    expect(todayOf(closed, { mark: null, dayOpen: null }, NOON)?.toFixed()).toBe('3');
  });

  it('takes fees off what is realised', () => {
    const book = booked([trade(1, '1', '100', { fee: '0.25' }), trade(-1, '1', '101', { fee: '0.25' })]);
    expect(realisedOf(book).toFixed()).toBe('0.5');
    expect(book.fees.toFixed()).toBe('0.5');
  });

  it('counts today from midnight: what was held then at the day’s first price, what was traded since at its own', () => {
    const book = booked([trade(1, '10', '90', { at: MIDNIGHT - 5 }), trade(-1, '4', '105')]);
    // 4 sold at 105 and 6 worth 103, against 10 worth 100 at midnight.
    expect(todayOf(book, { mark: '103', dayOpen: '100' }, NOON)?.toFixed()).toBe('38');
    expect(todayOf(book, { mark: '103', dayOpen: null }, NOON)).toBeNull();
    expect(todayOf(book, { mark: null, dayOpen: '100' }, NOON)).toBeNull();
    // On the next day nothing was traded yet.
    expect(todayOf(book, { mark: '103', dayOpen: '101' }, NOON + DAY)?.toFixed()).toBe('12');
  });

  it('equals an independent reckoning in whole numbers for 10,000 random trades', () => {
    fc.assert(
      fc.property(tradesOf(10_000, 10_000), decimal, decimal, (trades, mark, dayOpen) => {
        const now = MIDNIGHT + DAY - 1;
        const book = readBook(writeBook(booked(trades)));
        const due = reckon(trades, mark, dayOpen, now);
        expect(book.amount.toFixed(12)).toBe(digits(due.amount, 12));
        expect(realisedOf(book).toFixed(9)).toBe(digits(due.realised, 9));
        expect(unrealisedOf(book, mark)?.toFixed(9)).toBe(digits(due.unrealised, 9));
        expect(todayOf(book, { mark, dayOpen }, now)?.toFixed(24)).toBe(digits(due.today, 24));
        const average = averageOf(book);
        expect(average === null).toBe(due.average === null);
        if (average !== null && due.average !== null) expect(average.toFixed(9)).toBe(digits(due.average, 9));
      }),
      { numRuns: 2, endOnFailure: true },
    );
  }, 60_000);

  it('adds up to the last digit: realised and unrealised are all the money and all that is held', () => {
    fc.assert(
      fc.property(tradesOf(60), decimal, (trades, mark) => {
        const book = readBook(writeBook(booked(trades)));
        const total = realisedOf(book).plus(unrealisedOf(book, mark) ?? 0);
        expect(total.toFixed()).toBe(book.flow.plus(book.amount.times(mark)).toFixed());
      }),
    );
  });

  it('comes to the same amount, money and profit of the day in whatever order the trades come', () => {
    fc.assert(
      fc.property(
        tradesOf(40).chain(list =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        decimal,
        ([inOrder, shuffled], mark) => {
          const [one, other] = [booked(inOrder), booked(shuffled)];
          expect(other.amount.toFixed()).toBe(one.amount.toFixed());
          expect(other.flow.toFixed()).toBe(one.flow.toFixed());
          const now = MIDNIGHT + DAY - 1;
          const today = (book: Book): string | undefined =>
            todayOf(book, { mark, dayOpen: mark }, now)?.toFixed();
          expect(today(other)).toBe(today(one));
        },
      ),
    );
  });
});

describe('a trade as it is read', () => {
  it.each([
    ['SOL/USDC', 'SOL', 'USDC', true],
    ['SOL-USDT', 'SOL', 'USDT', true],
    ['SOL', 'SOL', null, true],
    ['coinbase:SKL-USD', 'SKL', 'USD', true],
    ['SOL/eur', 'SOL', 'EUR', false],
    ['BONK/SOL', 'BONK', 'SOL', false],
    ['SOL/', 'SOL', null, true],
    ['/USD', '/USD', 'USD', true],
  ])('%s is %s in %s', (written, base, quote, inDollars) => {
    expect(pairOf(written)).toEqual({ base, quote, inDollars });
  });

  it.each([
    ['no pair', { token_pair: undefined }],
    ['another action', { action: 'swap' }],
    ['no action', { action: undefined }],
    ['no amount', { amount: 'lots' }],
    ['an amount of zero', { amount: '0' }],
    ['no price', { price: null }],
    ['a price below zero', { price: '-1' }],
  ])('is not booked with %s', (_, over) => {
    expect(
      fillOf({ action: 'buy', token_pair: 'SOL/USDC', amount: '1', price: '2', ...over }, NOON),
    ).toBeNull();
  });

  it('takes `token` and `side` where a producer writes those, and the size of an amount that has a sign', () => {
    const fill = fillOf({ side: 'Sell', token: 'SOL', amount: -2, price: 1.5 }, NOON);
    expect([fill?.base, fill?.amount.toFixed(), fill?.price.toFixed()]).toEqual(['SOL', '-2', '1.5']);
  });

  it.each([
    ['SOL/USDC', undefined, '0.1'],
    ['SOL/USDC', 'usd', '0.1'],
    ['SOL/USDC', 'SOL', '0'],
    ['SOL/EUR', 'EUR', '0.1'],
    ['SOL/EUR', 'USD', '0'],
    ['SOL/EUR', undefined, '0.1'],
  ])('of %s takes a fee in %s as %s', (token_pair, fee_currency, fee) => {
    const data = { action: 'buy', token_pair, amount: '1', price: '2', fee: '0.1', fee_currency };
    expect(fillOf(data, NOON)?.fee.toFixed()).toBe(fee);
  });
});

it.each<[string, object | null, string | null]>([
  ['fits', { action: 'buy', token_pair: 'SOL/USDC', amount: '1', price: '2' }, null],
  [
    'swaps',
    { action: 'swap', token_pair: 'SOL/USDC', amount: '1', price: '2' },
    'is neither a buy nor a sell',
  ],
  ['is empty', null, 'is neither a buy nor a sell'],
  ['names nothing', { side: 'sell', amount: '1', price: '2' }, 'names no token'],
  ['is of nothing', { action: 'sell', token: 'SOL', amount: '0', price: '2' }, 'has no amount'],
  ['has no size', { action: 'sell', token: 'SOL', price: '2' }, 'has no amount'],
  ['is free', { action: 'buy', token: 'SOL', amount: '1' }, 'has no price'],
])('a trade that %s is booked or says why not', (_name, data, why) => {
  expect(whyNotBooked(data)).toBe(why);
  expect(fillOf(data, NOON) === null).toBe(why !== null);
});

describe('the price that marks a position', () => {
  const prices = new Map(
    ['SOL', 'kraken:SOL/EUR', 'coinbase:SKL-USD'].map(token => [token, { token } as PriceView] as const),
  );

  it.each([
    ['SOL', null, 'SOL'],
    ['SOL/USDC', null, 'SOL'],
    ['SOL', 'EUR', 'kraken:SOL/EUR'],
    ['SKL', null, 'coinbase:SKL-USD'],
    ['SKL-USD', null, 'coinbase:SKL-USD'],
    ['coinbase:SKL-USD', null, 'coinbase:SKL-USD'],
    ['SOL', 'BTC', undefined],
    ['RAY', null, undefined],
  ])('of %s in %s is that of %s', (token, quote, marked) => {
    expect(markOf(prices, token, quote)?.token).toBe(marked);
  });
});
