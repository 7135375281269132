import { Decimal } from 'decimal.js';
import type { StoreApi } from 'zustand/vanilla';
import type { PastPrices, PriceView, Token } from '../../shared/contract.ts';
import { changePercent } from '../../shared/price-format.ts';
import { productOf, sourceName } from '../state/names.ts';
import type { ScreenState } from '../state/screen-state.ts';
import type { Column } from '../table/column.ts';
import { compareDecimals, compareNumbers, compareTexts } from '../table/compare.ts';
import { tableDefaults } from '../table/table-settings.ts';
import type { Past } from './past.ts';
import {
  AgeCell,
  PriceCell,
  SourceCell,
  SparkCell,
  TodayCell,
  TokenCell,
  WindowCell,
} from './watchlist-cells.tsx';

/** One line of the watchlist: what changes in it is subscribed to by its cells. */
export interface Watched {
  readonly token: Token;
}

/** Columns of the windows, by what they are called in the settings. */
export const WINDOWS: readonly [part: keyof PastPrices, title: string, hint: string][] = [
  ['m1', '1 m', 'Change over the last minute'],
  ['m5', '5 m', 'Change over the last five minutes'],
  ['h1', '1 h', 'Change over the last hour'],
  ['h24', '24 h', 'Change over the last 24 hours'],
];

/** Columns that are there for whoever wants them. */
export const WATCHLIST_DEFAULTS = tableDefaults([...WINDOWS.map(([part]) => part), 'source']);

/** The columns of the watchlist. */
export function watchlistColumns(
  screen: StoreApi<ScreenState>,
  past: StoreApi<Past>,
): readonly Column<Watched>[] {
  const price = ({ token }: Watched): PriceView | undefined => screen.getState().prices.get(token);
  const changeFrom = (row: Watched, from: string | null | undefined): Decimal | null =>
    changePercent(price(row)?.price ?? '', from ?? null);
  const decimal = (row: Watched): Decimal | null => {
    const view = price(row);
    return view === undefined ? null : new Decimal(view.price);
  };
  const today = (row: Watched): Decimal | null => changeFrom(row, price(row)?.dayOpen);
  const windows = WINDOWS.map(([part, title, hint]): Column<Watched> => {
    const change = (row: Watched): Decimal | null => changeFrom(row, past.getState()[row.token]?.[part]);
    return {
      ...{ id: part, title, hint, width: 64, number: true, live: true, drop: 2 },
      cell: ({ token }) => <WindowCell token={token} past={past} part={part} />,
      text: row => change(row)?.toFixed(2) ?? '',
      compare: (a, b) => compareDecimals(change(a), change(b)),
    };
  });
  return [
    {
      ...{ id: 'token', title: 'Token', width: 74, header: true },
      cell: ({ token }) => <TokenCell token={token} />,
      text: ({ token }) => token,
      compare: (a, b) => compareTexts(productOf(a.token), productOf(b.token)),
    },
    {
      ...{
        id: 'price',
        title: 'Price',
        hint: 'In US dollars, or the product’s own quote currency',
        width: 80,
      },
      ...{ number: true, live: true },
      cell: ({ token }) => <PriceCell token={token} />,
      text: row => price(row)?.price ?? '',
      compare: (a, b) => compareDecimals(decimal(a), decimal(b)),
    },
    ...windows,
    {
      ...{ id: 'today', title: 'Today', hint: 'Change since the first price of the day (UTC)', width: 62 },
      ...{ number: true, live: true, drop: 1 },
      cell: ({ token }) => <TodayCell token={token} />,
      text: row => today(row)?.toFixed(2) ?? '',
      compare: (a, b) => compareDecimals(today(a), today(b)),
    },
    {
      ...{ id: 'spark', title: '5 min', hint: 'The last five minutes', width: 58, number: true, drop: 3 },
      className: 'spark',
      cell: ({ token }) => <SparkCell token={token} />,
      text: () => '',
    },
    {
      ...{ id: 'source', title: 'Source', hint: 'Who says the price', width: 76, drop: 4 },
      cell: ({ token }) => <SourceCell token={token} />,
      text: row => price(row)?.source ?? '',
      compare: (a, b) => compareTexts(sourceName(price(a)?.source ?? ''), sourceName(price(b)?.source ?? '')),
    },
    {
      ...{ id: 'age', title: 'Age', hint: 'Since the source last vouched for the price', width: 66 },
      ...{ number: true, live: true },
      cell: ({ token }) => <AgeCell token={token} />,
      text: row => timeOf(price(row)),
      compare: (a, b) => compareNumbers(price(b)?.timestamp ?? null, price(a)?.timestamp ?? null),
    },
  ];
}

/** An age is of the moment, so a file gets the time it counts from. */
function timeOf(price: PriceView | undefined): string {
  return price === undefined ? '' : new Date(price.timestamp).toISOString();
}
