import { Decimal } from 'decimal.js';
import { DOLLARS } from './pair.ts';
import type { PoolView } from './pools.ts';

/** Forty digits: reserves have up to thirty, and a small trade in a large pool needs the rest. */
const Exact = Decimal.clone({ precision: 40 });

/** What a trade does to a pool of constant product, and what it costs. */
export interface SwapCost {
  /** What comes out, in units of the other token. */
  out: Decimal;
  /** How much worse than the pool's price the trade is because it moves it; part of one, without the fee. */
  impact: Decimal;
  /** Impact and fee together; part of one. */
  cost: Decimal;
}

/**
 * What giving `amount` to a pool of constant product (`x · y = k`) brings. Of the amount the fee is kept, so `a = amount · (1 − fee)`
 * trades: `out = y · a / (x + a)`. Against the price before it, `y / x`, that is worse by `impact = a / (x + a)`.
 * Source: Adams, Zinsmeister, Robinson, "Uniswap v2 Core" (2020), sections 2 and 3.2.1; Raydium's standard pools reckon alike.
 *
 * The impact is 0 for no trade, rises with the amount, and never reaches 1. For a pool of concentrated liquidity it is an upper
 * bound while the trade stays within the ranges: there the pool acts as one of larger reserves.
 *
 * @param reserveIn what the pool holds of the token given; `reserveOut` of the one taken
 * @param feeRate part of one, from 0 up to below 1
 * @returns `null` for an empty pool, a negative amount or a fee that is none
 */
export function swapCost(
  reserveIn: Decimal.Value,
  reserveOut: Decimal.Value,
  amount: Decimal.Value,
  feeRate: Decimal.Value,
): SwapCost | null {
  const [x, y, given, fee] = [reserveIn, reserveOut, amount, feeRate].map(value => new Exact(value));
  if (x === undefined || y === undefined || given === undefined || fee === undefined) return null;
  const all = [x, y, given, fee];
  if (all.some(value => !value.isFinite()) || x.lte(0) || y.lte(0) || given.lt(0) || fee.lt(0) || fee.gte(1))
    return null;
  if (given.isZero()) return { out: new Exact(0), impact: new Exact(0), cost: new Exact(0) };
  const traded = given.times(new Exact(1).minus(fee));
  const impact = traded.div(x.plus(traded));
  // (1 − fee)(1 − impact) of the worth comes out; written so that rounding never makes it less than the impact.
  const cost = impact.plus(fee.times(new Exact(1).minus(impact)));
  return { out: y.times(impact), impact, cost };
}

/** Which way a trade goes, seen from the pool's main token. */
export type PoolSide = 'buy' | 'sell';

/**
 * Which token of a pool a trader would call it by: not the dollars, and SOL only beside dollars. The other one is what it is
 * paid with.
 */
export function mainToken({ tokenA, tokenB }: Pick<PoolView, 'tokenA' | 'tokenB'>): 'A' | 'B' {
  const rank = (token: string | null): number =>
    token === null || DOLLARS.has(token) ? 2 : token === 'SOL' ? 1 : 0;
  return rank(tokenB) < rank(tokenA) ? 'B' : 'A';
}

/**
 * What one A and one B are worth in dollars by the pool itself: the two reserves at the pool's own price make up its liquidity.
 * Without a price of the venue it is that of the reserves, as constant product has it. `null` for an empty pool.
 */
export function poolDollars({ state }: Pick<PoolView, 'state'>): { a: Decimal; b: Decimal } | null {
  if (state === null) return null;
  const reserveA = new Exact(state.reserveA);
  const reserveB = new Exact(state.reserveB);
  if (reserveA.lte(0) || reserveB.lte(0)) return null;
  const price = state.price === null ? reserveB.div(reserveA) : new Exact(state.price);
  const b = new Exact(state.liquidity).div(reserveA.times(price).plus(reserveB));
  return b.gt(0) && price.gt(0) ? { a: b.times(price), b } : null;
}

/** What a trade of so many dollars in or out of the pool's main token costs; `null` where the pool does not say enough. */
export function tradeCost(pool: PoolView, dollars: Decimal.Value, side: PoolSide): SwapCost | null {
  const worth = poolDollars(pool);
  const { state, feeRate } = pool;
  if (worth === null || state === null) return null;
  // A buyer gives the other token, a seller the main one.
  const givesA = (mainToken(pool) === 'A') === (side === 'sell');
  const [x, y, unit] = givesA
    ? [state.reserveA, state.reserveB, worth.a]
    : [state.reserveB, state.reserveA, worth.b];
  return swapCost(x, y, new Exact(dollars).div(unit), feeRate ?? 0);
}
