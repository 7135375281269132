import { Decimal } from 'decimal.js';
import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { poolColumns } from '../../../../src/renderer/pools/pool-columns.tsx';
import { positionColumns } from '../../../../src/renderer/positions/position-columns.tsx';
import { sourceColumns } from '../../../../src/renderer/sources/source-columns.tsx';
import { positionOf } from '../../../../src/renderer/state/position.ts';
import { EMPTY_SCREEN, type ScreenState } from '../../../../src/renderer/state/screen-state.ts';
import type { Column } from '../../../../src/renderer/table/column.ts';
import type { Past } from '../../../../src/renderer/watchlist/past.ts';
import { watchlistColumns } from '../../../../src/renderer/watchlist/watchlist-columns.tsx';
import type { BookView } from '../../../../src/shared/book-view.ts';
import { joinHoldings, type Holding } from '../../../../src/shared/holdings.ts';
import type { PoolView } from '../../../../src/shared/pools.ts';
import { NOON, positionEventOf, priceOf, sourceOf } from '../support.ts';

/** What a file gets of a row, by column. */
function texts<Row>(columns: readonly Column<Row>[], row: Row): Record<string, string> {
  return Object.fromEntries(columns.map(({ id, text }) => [id, text(row)]));
}

/** The rows from the smallest up by a column, each named. */
function sorted<Row>(
  columns: readonly Column<Row>[],
  id: string,
  rows: readonly Row[],
  name: (row: Row) => string,
): string[] {
  const compare = columns.find(column => column.id === id)?.compare;
  if (compare === undefined) throw new Error(`The column "${id}" does not sort.`);
  return [...rows].sort(compare).map(name);
}

const screenOf = (...prices: ReturnType<typeof priceOf>[]) =>
  createStore<ScreenState>(() => ({ ...EMPTY_SCREEN, prices: new Map(prices.map(one => [one.token, one])) }));

describe('the columns of the watchlist', () => {
  const past = createStore<Past>(() => ({
    SOL: { m1: '150', m5: '100', h1: null, h24: '200' },
    RAY: { m1: '2', m5: '1', h1: null, h24: null },
  }));
  const columns = watchlistColumns(
    screenOf(
      priceOf({ token: 'SOL', price: '150', dayOpen: '120', source: 'kraken' }),
      priceOf({ token: 'RAY', price: '2', dayOpen: '2.5', source: 'coinbase', timestamp: NOON - 5_000 }),
    ),
    past,
  );
  const rows = ['SOL', 'NEW', 'RAY'].map(token => ({ token }));
  const by = (id: string): string[] => sorted(columns, id, rows, ({ token }) => token);

  it('give a file the exact price, changes of two digits, and the time an age counts from', () => {
    expect(texts(columns, { token: 'SOL' })).toEqual({
      ...{ token: 'SOL', price: '150', m1: '0.00', m5: '50.00', h1: '', h24: '-25.00', today: '25.00' },
      ...{ spark: '', source: 'kraken', age: '2026-11-21T12:00:00.000Z' },
    });
  });

  it('leave everything empty for a token without a price', () => {
    expect(texts(columns, { token: 'NEW' })).toEqual({
      ...{
        token: 'NEW',
        price: '',
        m1: '',
        m5: '',
        h1: '',
        h24: '',
        today: '',
        spark: '',
        source: '',
        age: '',
      },
    });
  });

  it('sort by what is shown, and what is not known comes first', () => {
    expect(by('token')).toEqual(['NEW', 'RAY', 'SOL']);
    expect(by('price')).toEqual(['NEW', 'RAY', 'SOL']);
    expect(by('m5')).toEqual(['NEW', 'SOL', 'RAY']);
    expect(by('today')).toEqual(['NEW', 'RAY', 'SOL']);
    expect(by('source')).toEqual(['NEW', 'RAY', 'SOL']);
    // The youngest price has the smallest age; without a price there is none.
    expect(by('age')).toEqual(['SOL', 'RAY', 'NEW']);
  });
});

describe('the columns of the positions', () => {
  const book: BookView = {
    ...{ channel: 'trades:user_0002', token: 'SOL', quote: null, trades: 12, at: NOON - 9, eventId: 'b' },
    ...{ since: NOON - 99, whole: true, amount: '2', cost: '200', flow: '-200', fees: '0.5' },
    ...{ day: Date.UTC(2026, 10, 21), amountBefore: '0', flowBefore: '0' },
  };
  const told = positionOf(positionEventOf('RAY', { amount: '10' }));
  const bare = positionOf(positionEventOf('BONK', { amount: undefined, pnl: undefined }));
  const holdings = joinHoldings([told, bare], [book], NOON);
  const columns = positionColumns(screenOf(priceOf({ price: '150', dayOpen: '140' })), () => NOON, true);
  const of = (token: string): Holding => {
    const found = holdings.find(one => one.token === token);
    if (found === undefined) throw new Error(`No holding of ${token}.`);
    return found;
  };
  const by = (id: string): string[] => sorted(columns, id, holdings, ({ token }) => token);

  it('give a file what trades add up to, with their fees and number', () => {
    expect(texts(columns, of('SOL'))).toMatchObject({
      ...{ token: 'SOL', amount: '2', average: '100', mark: '150', value: '300', unrealised: '100' },
      ...{ fees: '0.5', trades: '12', owner: 'trades:user_0002' },
    });
  });

  it('leave empty what nobody said, and never invent a number for it', () => {
    expect(texts(columns, of('BONK'))).toMatchObject({
      ...{ amount: '', average: '', mark: '', value: '', unrealised: '', pnl: '', fees: '', trades: '' },
    });
    expect(texts(columns, of('RAY'))).toMatchObject({ amount: '10', pnl: '5.5', fees: '' });
  });

  it('sort by amount, worth, number of trades, channel and age', () => {
    expect(by('amount').slice(1)).toEqual(['SOL', 'RAY']);
    expect(by('value').at(-1)).toBe('SOL');
    expect(by('trades').at(-1)).toBe('SOL');
    expect(by('owner').at(-1)).toBe('SOL');
    expect(by('age').at(-1)).toBe('SOL');
    expect(by('token')).toEqual(['BONK', 'RAY', 'SOL']);
  });
});

describe('the columns of the pools', () => {
  const state = {
    ...{ liquidity: '1000000', reserveA: '3000', reserveB: '500000', volume24h: '25000', price: '166.6' },
    ...{ source: 'raydium', timestamp: NOON, validUntil: NOON + 2_000 },
  };
  const pool = (name: string, over: Partial<PoolView> = {}): PoolView => ({
    ...{ name, address: null, tokenA: 'SOL', tokenB: 'USDC', feeRate: '0.0025', concentrated: false },
    ...{ state, problem: null },
    ...over,
  });
  const known = pool('SOL/USDC');
  const unknown = pool('RAY/SOL', { state: null, tokenA: null, tokenB: null, feeRate: null });
  const columns = poolColumns(new Decimal(10_000), 'buy');
  const by = (id: string): string[] => sorted(columns, id, [known, unknown], ({ name }) => name);

  it('give a file exact reserves and the impact of the trade', () => {
    const row = texts(columns, known);
    expect(row).toMatchObject({
      ...{ liquidity: '1000000', reserveA: '3000', reserveB: '500000', volume24h: '25000' },
      ...{ age: '2026-11-21T12:00:00.000Z', source: 'raydium' },
    });
    expect(Number(row['impact'])).toBeGreaterThan(0);
  });

  it('leave everything empty for a pool nobody has said anything about', () => {
    expect(texts(columns, unknown)).toMatchObject({
      ...{ liquidity: '', reserveA: '', reserveB: '', volume24h: '', impact: '', age: '', source: '' },
    });
  });

  it('sort what is not known first, and by age the other way round', () => {
    for (const id of ['liquidity', 'reserveA', 'reserveB', 'volume24h', 'impact'])
      expect(by(id)).toEqual(['RAY/SOL', 'SOL/USDC']);
    expect(by('pool')).toEqual(['RAY/SOL', 'SOL/USDC']);
    expect(by('age')).toEqual(['SOL/USDC', 'RAY/SOL']);
  });
});

describe('the columns of the sources', () => {
  const columns = sourceColumns(screenOf(priceOf({ source: 'kraken', sourceTime: NOON - 40 })));
  const silent = sourceOf({
    ...{ name: 'jupiter', state: 'down', lastHeardAt: null, nextAttemptAt: NOON + 1_000 },
    ...{ attempt: 3, message: 'HTTP 503', refusedProducts: ['SKL', 'WEN'], refused: 4 },
  });

  it('give a file times as times, and nothing where nothing is known', () => {
    expect(texts(columns, sourceOf())).toMatchObject({
      ...{ vouches: '5/5', heard: '2026-11-21T12:00:00.000Z', delay: '40', attempt: '', message: '' },
    });
    expect(texts(columns, silent)).toMatchObject({
      ...{ heard: '', delay: '', attempt: '2026-11-21T12:00:01.000Z', message: 'HTTP 503' },
      ...{ products: 'SKL, WEN', refused: '4' },
    });
  });

  it('sort by each of the columns that can be sorted', () => {
    const rows = [sourceOf(), silent];
    const by = (id: string): string[] => sorted(columns, id, rows, ({ name }) => name);
    expect(by('source')).toEqual(['jupiter', 'kraken']);
    expect(by('attempt')).toEqual(['kraken', 'jupiter']);
    expect(by('refused')).toEqual(['kraken', 'jupiter']);
    expect(by('delay')).toEqual(['jupiter', 'kraken']);
  });
});
