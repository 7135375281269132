import { Decimal } from 'decimal.js';
import type { PoolState, PoolView } from '../../shared/contract.ts';
import { tradeCost, type PoolSide } from '../../shared/pool-math.ts';
import { fullPrice, shortAmount, shortDollars } from '../format/prices.ts';
import type { Column } from '../table/column.ts';
import { compareDecimals, compareNumbers, compareTexts } from '../table/compare.ts';
import { Aged, ImpactCell, PoolAge, PoolCell, poolName, poolSourceName } from './pool-cells.tsx';
import { shortSize } from './pool-settings.ts';

type Amount = 'liquidity' | 'volume24h' | 'reserveA' | 'reserveB';

/** The columns of the pools, for a trade of `size` dollars. */
export function poolColumns(size: Decimal, side: PoolSide): readonly Column<PoolView>[] {
  const impact = (pool: PoolView): Decimal | null => tradeCost(pool, size, side)?.impact ?? null;
  return [
    {
      ...{ id: 'pool', title: 'Pool', width: 92, header: true },
      cell: pool => <PoolCell pool={pool} />,
      text: poolName,
      compare: (a, b) => compareTexts(poolName(a), poolName(b)),
    },
    dollars('liquidity', 'Liquidity', 'What lies in the pool, in dollars', 66),
    reserve('reserveA', 'Reserve A', 'What the pool holds of its first token', 'tokenA'),
    reserve('reserveB', 'Reserve B', 'What the pool holds of its second token', 'tokenB'),
    { ...dollars('volume24h', '24 h volume', 'Traded in the last 24 hours, in dollars', 72), drop: 1 },
    {
      ...{ id: 'impact', title: `Impact ${shortSize(size)}`, width: 86, number: true },
      hint: `How far a ${side === 'buy' ? 'buy' : 'sale'} of this size moves the price, from the reserves, without the fee`,
      cell: pool => <ImpactCell {...{ pool, size, side }} />,
      text: pool => impact(pool)?.toSignificantDigits(12).toFixed() ?? '',
      compare: (a, b) => compareDecimals(impact(a), impact(b)),
    },
    {
      ...{ id: 'age', title: 'Age', hint: 'Since the venue was heard; it caches by itself', width: 74 },
      ...{ number: true, drop: 2 },
      cell: pool => <PoolAge pool={pool} />,
      text: ({ state }) => (state === null ? '' : new Date(state.timestamp).toISOString()),
      compare: (a, b) => compareNumbers(b.state?.timestamp ?? null, a.state?.timestamp ?? null),
    },
    {
      ...{ id: 'source', title: 'Source', hint: 'Who says it', width: 70, drop: 5 },
      cell: poolSourceName,
      text: ({ state }) => state?.source ?? '',
      compare: (a, b) => compareTexts(poolSourceName(a), poolSourceName(b)),
    },
  ];
}

function dollars(id: Amount, title: string, hint: string, width: number): Column<PoolView> {
  return amount(id, title, hint, width, ({ state }) =>
    state === null ? '' : shortDollars(new Decimal(state[id])),
  );
}

function reserve(id: Amount, title: string, hint: string, token: 'tokenA' | 'tokenB'): Column<PoolView> {
  const column = amount(id, title, hint, 96, pool =>
    pool.state === null ? '' : `${shortAmount(pool.state[id])} ${pool[token] ?? ''}`,
  );
  return { ...column, drop: token === 'tokenA' ? 3 : 4 };
}

function amount(
  id: Amount,
  title: string,
  hint: string,
  width: number,
  shown: (pool: PoolView) => string,
): Column<PoolView> {
  const value = ({ state }: PoolView): Decimal | null => (state === null ? null : new Decimal(state[id]));
  return {
    ...{ id, title, hint, width, number: true },
    cell: pool => (
      <Aged pool={pool} part={id} exact={exactly(pool.state, id)}>
        {shown(pool)}
      </Aged>
    ),
    text: ({ state }) => state?.[id] ?? '',
    compare: (a, b) => compareDecimals(value(a), value(b)),
  };
}

function exactly(state: PoolState | null, id: Amount): string | undefined {
  return state === null ? undefined : fullPrice(state[id]);
}
