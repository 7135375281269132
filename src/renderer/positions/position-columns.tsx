import type { Decimal } from 'decimal.js';
import type { StoreApi } from 'zustand/vanilla';
import type { EpochMs } from '../../shared/contract.ts';
import type { Holding } from '../../shared/holdings.ts';
import type { ScreenState } from '../state/screen-state.ts';
import { productOf } from '../state/names.ts';
import { ownerOf } from '../state/position.ts';
import type { Column } from '../table/column.ts';
import { compareDecimals, compareNumbers, compareTexts } from '../table/compare.ts';
import { tableDefaults } from '../table/table-settings.ts';
import { AmountCell, HoldingAge, MarkCell, TokenCell, WorthCell, type WorthPart } from './position-cells.tsx';
import { holdingMark, holdingWorth } from './position-values.ts';

/** Columns that are there for whoever wants them. */
export const POSITION_DEFAULTS = tableDefaults(['owner', 'fees', 'trades']);

const WORTH: readonly [part: WorthPart, title: string, hint: string, width: number, drop: number][] = [
  ['average', 'Average', 'Average price of what is open', 80, 6],
  ['value', 'Value', 'Amount at the mark', 92, 2],
  ['unrealised', 'Unrealised', 'Profit or loss of what is open, at the mark', 88, 5],
  ['realised', 'Realised', 'Profit or loss of what was closed, less fees', 84, 7],
  ['pnl', 'PnL', 'As the position event says it, else realised and unrealised together', 88, 0],
  ['today', 'Today', 'Profit or loss since midnight UTC', 80, 4],
];

/** The columns of the positions. `several`: there is more than one channel, so rows say whose they are. */
export function positionColumns(
  screen: StoreApi<ScreenState>,
  now: () => EpochMs,
  several: boolean,
): readonly Column<Holding>[] {
  const worth = (holding: Holding, part: WorthPart): Decimal | null =>
    holdingWorth(holding, screen.getState().prices, now())[part];
  const amount = ({ told, book }: Holding): string => told?.amount ?? book?.amount.toFixed() ?? '';
  const [average, ...sums] = WORTH.map(([part, title, hint, width, drop]): Column<Holding> => ({
    ...{ id: part, title, hint, width, drop, number: true, live: true },
    cell: holding => <WorthCell holding={holding} part={part} />,
    text: holding => worth(holding, part)?.toFixed() ?? '',
    compare: (a, b) => compareDecimals(worth(a, part), worth(b, part)),
  }));
  const mark = (holding: Holding): string => holdingMark(screen.getState().prices, holding)?.price ?? '';
  return [
    {
      ...{ id: 'token', title: 'Token', width: 120, header: true },
      cell: holding => <TokenCell holding={holding} several={several} />,
      text: ({ token }) => token,
      compare: (a, b) => compareTexts(productOf(a.token), productOf(b.token)),
    },
    {
      ...{ id: 'amount', title: 'Amount', width: 92, number: true },
      cell: holding => <AmountCell holding={holding} />,
      text: amount,
      compare: (a, b) => compareNumbers(Number(amount(a)), Number(amount(b))),
    },
    ...(average === undefined ? [] : [average]),
    {
      ...{ id: 'mark', title: 'Mark', hint: 'The newest price of the token', width: 92, drop: 3 },
      number: true,
      cell: holding => <MarkCell holding={holding} />,
      text: mark,
    },
    ...sums,
    {
      ...{ id: 'fees', title: 'Fees', hint: 'Fees the trades named', width: 70, number: true },
      cell: ({ facts }) => facts?.fees ?? '—',
      text: ({ facts }) => facts?.fees ?? '',
    },
    {
      ...{ id: 'trades', title: 'Trades', hint: 'How many trades it is kept from', width: 60, number: true },
      cell: ({ facts }) => facts?.trades ?? '—',
      text: ({ facts }) => String(facts?.trades ?? ''),
      compare: (a, b) => compareNumbers(a.facts?.trades ?? null, b.facts?.trades ?? null),
    },
    {
      ...{ id: 'owner', title: 'Channel', width: 100 },
      cell: ({ channel }) => ownerOf(channel),
      text: ({ channel }) => channel,
      compare: (a, b) => compareTexts(a.channel, b.channel),
    },
    {
      ...{
        id: 'age',
        title: 'Age',
        hint: 'Since it was told, or since its newest trade',
        width: 84,
        number: true,
        drop: 1,
      },
      cell: holding => <HoldingAge holding={holding} />,
      text: ({ at }) => new Date(at).toISOString(),
      compare: (a, b) => compareNumbers(b.at, a.at),
    },
  ];
}
