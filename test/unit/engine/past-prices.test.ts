import { describe, expect, it } from 'vitest';
import { createCandles } from '../../../src/main/engine/feed/candles.ts';
import { pastPrices } from '../../../src/main/engine/past-prices.ts';

const NOW = Date.UTC(2026, 10, 21, 12, 0, 0);
const MINUTE = 60_000;

describe('prices of some time ago', () => {
  it('are the close of the last bar that was over by then', () => {
    const candles = createCandles();
    const prices: [minutesAgo: number, price: string][] = [
      [1_441, '1'],
      [1_440 - 0.5, '2'],
      [61, '3'],
      [59.9, '4'],
      [5.2, '5'],
      [4.9, '6'],
      [1.2, '7'],
      [0.9, '8'],
    ];
    for (const [ago, price] of prices) candles.add('SOL', NOW - ago * MINUTE, price);
    expect(pastPrices(candles, ['SOL'], NOW)).toEqual({ SOL: { m1: '7', m5: '5', h1: '3', h24: '1' } });
  });

  it('are not known where the candles do not reach that far, or stood still for long before', () => {
    const candles = createCandles();
    candles.add('SOL', NOW - 30 * MINUTE, '9');
    candles.add('SOL', NOW, '10');
    const nothing = { m1: null, m5: null, h1: null, h24: null };
    expect(pastPrices(candles, ['SOL', 'NEW'], NOW)).toEqual({ SOL: nothing, NEW: nothing });
    expect(pastPrices(candles, ['SOL'], NOW + 65 * MINUTE)).toMatchObject({ SOL: { h1: '10' } });
    expect(pastPrices(candles, ['SOL'], NOW + 85 * MINUTE)).toMatchObject({ SOL: { h1: null } });
  });
});
