import type { Decimal } from 'decimal.js';
import { describe, expect, it } from 'vitest';
import type { BookView, PriceView } from '../../../src/shared/contract.ts';
import { bookKey, joinHoldings, worthOf, type Holding, type Told } from '../../../src/shared/holdings.ts';
import { bookFill, EMPTY_BOOK, fillOf, writeBook } from '../../../src/shared/positions.ts';

const NOON = Date.UTC(2026, 10, 21, 12);

function bookOf(
  trades: [side: string, amount: string, price: string][],
  over: Partial<BookView> = {},
): BookView {
  const book = trades.reduce((before, [action, amount, price]) => {
    const fill = fillOf({ action, token_pair: 'SOL/USDC', amount, price }, over.at ?? NOON);
    return fill === null ? before : bookFill(before, fill);
  }, EMPTY_BOOK);
  return {
    ...{ channel: 'trades:user_0001', token: 'SOL', quote: null, trades: trades.length },
    ...{ at: NOON, eventId: 'e', since: NOON, whole: true },
    ...writeBook(book),
    ...over,
  };
}
const told = (over: Partial<Told> = {}): Told => ({
  ...{ channel: 'positions:user_0001', token: 'SOL', amount: '2', pnl: '7', average: null, realised: null },
  ...{ at: NOON, eventId: 'p' },
  ...over,
});
const join = (positions: Told[], books: BookView[], now = NOON): Holding[] =>
  joinHoldings(positions, books, now);
const worth = (holding: Holding | undefined, price?: string, dayOpen: string | null = null) => {
  if (holding === undefined) throw new Error('no holding');
  const mark = price === undefined ? undefined : ({ price, dayOpen } as PriceView);
  return Object.fromEntries(
    Object.entries<Decimal | null>({ ...worthOf(holding, mark, NOON) }).map(([name, value]) => [
      name,
      value?.toFixed() ?? null,
    ]),
  );
};

describe('the portfolio', () => {
  it('takes what is told over what the trades of the same owner add up to', () => {
    const holdings = join(
      [told()],
      [bookOf([['buy', '5', '100']]), bookOf([['buy', '1', '9']], { token: 'RAY' })],
    );
    expect(holdings.map(({ token, told: one }) => [token, one?.pnl ?? null])).toEqual([
      ['SOL', '7'],
      ['RAY', null],
    ]);
    // The trades come to another amount, so nothing of them is taken.
    expect(worth(holdings[0], '110', '105')).toEqual({
      ...{
        amount: '2',
        average: null,
        value: '220',
        unrealised: null,
        realised: null,
        pnl: '7',
        today: null,
      },
    });
  });

  it('fills in from the trades what a position event leaves out, while both agree on the amount', () => {
    const [holding] = join(
      [told({ pnl: null })],
      [
        bookOf([
          ['buy', '3', '100'],
          ['sell', '1', '130'],
        ]),
      ],
    );
    expect(worth(holding, '110', '105')).toEqual({
      ...{
        amount: '2',
        average: '100',
        value: '220',
        unrealised: '20',
        realised: '30',
        pnl: '50',
        today: '50',
      },
    });
  });

  it('believes the average and the realised profit of a producer that says them', () => {
    const [holding] = join([told({ average: '90', realised: '4', pnl: null })], []);
    expect(worth(holding, '110')).toMatchObject({ unrealised: '40', realised: '4', pnl: '44' });
  });

  it('keeps owners, currencies and channels apart', () => {
    const books = [
      bookOf([['buy', '1', '1']], { channel: 'trades:user_0002' }),
      bookOf([['buy', '1', '1']], { channel: 'trade-events' }),
      bookOf([['buy', '1', '1']], { quote: 'EUR' }),
    ];
    const positions = [told(), told({ channel: 'position-updates', token: 'SOL/USD' })];
    expect(join(positions, books).map(({ key }) => key)).toEqual([
      'positions:user_0001\nSOL',
      'position-updates\nSOL/USD',
      'trades:user_0002\nSOL\n',
      'trades:user_0001\nSOL\nEUR',
    ]);
    expect(new Set(books.map(bookKey)).size).toBe(3);
  });

  it('shows what was closed today, and no longer tomorrow', () => {
    const closed = bookOf([
      ['buy', '1', '5'],
      ['sell', '1', '6'],
    ]);
    expect(worth(join([], [closed])[0])).toEqual({
      ...{ amount: '0', average: null, value: '0', unrealised: '0', realised: '1', pnl: '1', today: '1' },
    });
    expect(join([], [closed], NOON + 86_400_000)).toEqual([]);
  });

  it('cannot say what an open position is worth without a price', () => {
    expect(worth(join([], [bookOf([['buy', '2', '5']])])[0])).toEqual({
      ...{ amount: '2', average: '5', value: null, unrealised: null, realised: '0', pnl: null, today: null },
    });
    expect(worth(join([told({ amount: null, pnl: null })], [])[0], '3')).toMatchObject({
      amount: null,
      pnl: null,
    });
  });

  it('has a position told in another currency than dollars in that currency', () => {
    expect(join([told({ token: 'SOL/EUR' })], [])[0]).toMatchObject({ token: 'SOL/EUR', quote: 'EUR' });
  });
});
