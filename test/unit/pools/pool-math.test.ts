import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mainToken, poolDollars, swapCost, tradeCost } from '../../../src/shared/pool-math.ts';
import type { PoolView } from '../../../src/shared/pools.ts';

/** A decimal above zero, of many sizes. */
const amount = fc
  .tuple(fc.integer({ min: 1, max: 999_999_999 }), fc.integer({ min: -12, max: 9 }))
  .map(([digits, exponent]) => new Decimal(digits).times(new Decimal(10).pow(exponent)));
const fee = fc.integer({ min: 0, max: 9_999 }).map(parts => new Decimal(parts).div(10_000));

describe('a trade in a pool of constant product', () => {
  it('gives what the formula says, by hand', () => {
    // 1,000 and 2,000; 100 with 1 % kept: 99 trades, 2000 · 99 / 1099 comes out.
    const cost = swapCost('1000', '2000', '100', '0.01');
    expect(cost?.out.toFixed(12)).toBe('180.163785259327');
    expect(cost?.impact.toFixed(12)).toBe('0.090081892630');
    expect(cost?.cost.toFixed(12)).toBe('0.099181073703');
  });

  it('moves the price more the larger it is', () => {
    fc.assert(
      fc.property(amount, amount, amount, amount, fee, (x, y, one, more, rate) => {
        const small = swapCost(x, y, one, rate);
        const large = swapCost(x, y, one.plus(more), rate);
        expect(large?.impact.gte(small?.impact ?? 1)).toBe(true);
        expect(large?.out.gte(small?.out ?? Infinity)).toBe(true);
      }),
    );
  });

  it('never moves it by all of it, and never takes more than the reserve', () => {
    fc.assert(
      fc.property(amount, amount, amount, fee, (x, y, given, rate) => {
        const cost = swapCost(x, y, given, rate);
        if (cost === null) throw new Error('no cost');
        expect(cost.impact.gte(0) && cost.impact.lte(1)).toBe(true);
        expect(cost.cost.gte(cost.impact) && cost.cost.lte(1)).toBe(true);
        expect(cost.out.lte(y)).toBe(true);
      }),
    );
  });

  it('costs nothing when nothing is traded, whatever the fee', () => {
    fc.assert(
      fc.property(amount, amount, fee, (x, y, rate) => {
        const cost = swapCost(x, y, 0, rate);
        expect([cost?.impact.toFixed(), cost?.cost.toFixed(), cost?.out.toFixed()]).toEqual(['0', '0', '0']);
      }),
    );
  });

  it.each([
    ['an empty pool', ['0', '1', '1', '0']],
    ['nothing on the other side', ['1', '0', '1', '0']],
    ['a negative amount', ['1', '1', '-1', '0']],
    ['a fee of all of it', ['1', '1', '1', '1']],
    ['a negative fee', ['1', '1', '1', '-0.1']],
    ['no number', ['NaN', '1', '1', '0']],
  ] as const)('has no cost for %s', (_, [x, y, given, rate]) => {
    expect(swapCost(x, y, given, rate)).toBeNull();
  });
});

const POOL: PoolView = {
  ...{ name: 'RAY/SOL', address: 'a', tokenA: 'RAY', tokenB: 'SOL', feeRate: '0', concentrated: false },
  problem: null,
  state: {
    // 1,000 RAY of $2 and 10 SOL of $200.
    ...{ liquidity: '4000', reserveA: '1000', reserveB: '10', volume24h: '0', price: '0.01' },
    ...{ source: 'raydium', timestamp: 0, validUntil: 1 },
  },
};
const state = (over: object): PoolView => ({
  ...POOL,
  state: POOL.state === null ? null : { ...POOL.state, ...over },
});

describe('a trade of so many dollars', () => {
  it('values both tokens by the pool itself, with or without a price of the venue', () => {
    for (const pool of [POOL, state({ price: null })]) {
      const worth = poolDollars(pool);
      expect([worth?.a.toFixed(), worth?.b.toFixed()]).toEqual(['2', '200']);
    }
  });

  it('is a buy with the other token and a sale of the main one', () => {
    // $2,000 is as much as a side holds: half of the price.
    expect(tradeCost(POOL, 2_000, 'buy')?.out.toFixed()).toBe('500');
    expect(tradeCost(POOL, 2_000, 'sell')?.out.toFixed()).toBe('5');
    expect(tradeCost({ ...POOL, feeRate: null }, 2_000, 'sell')?.impact.toFixed()).toBe('0.5');
  });

  it('is unknown for a pool that is empty or says nothing', () => {
    expect(tradeCost({ ...POOL, state: null }, 1, 'buy')).toBeNull();
    expect(tradeCost(state({ reserveA: '0' }), 1, 'buy')).toBeNull();
    expect(tradeCost(state({ liquidity: '0' }), 1, 'buy')).toBeNull();
  });

  it.each([
    ['SOL', 'USDC', 'A'],
    ['USDC', 'SOL', 'B'],
    ['SOL', 'RAY', 'B'],
    ['RAY', 'SOL', 'A'],
    [null, 'SOL', 'B'],
    [null, null, 'A'],
  ] as const)('calls %s/%s by its %s', (tokenA, tokenB, main) => {
    expect(mainToken({ tokenA, tokenB })).toBe(main);
  });
});
