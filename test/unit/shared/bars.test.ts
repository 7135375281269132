import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addVolume, barStart, foldBar, foldBars } from '../../../src/shared/bars.ts';
import type { Bar } from '../../../src/shared/contract.ts';

describe('bars', () => {
  it('start at whole multiples of their interval', () => {
    expect(barStart(61_999, '1s')).toBe(61_000);
    expect(barStart(61_999, '5s')).toBe(60_000);
    expect(barStart(61_999, '1m')).toBe(60_000);
  });

  it('keep the exact text of every price, and compare prices as decimals and not as text', () => {
    let bar = foldBar(undefined, 0, '9.50');
    bar = foldBar(bar, 0, '10.0');
    bar = foldBar(bar, 0, '9.499999999999999999');
    bar = foldBar(bar, 0, '9.6');
    expect(bar).toEqual({
      time: 0,
      open: '9.50',
      high: '10.0',
      low: '9.499999999999999999',
      close: '9.6',
      volume: null,
    });
  });

  it('never change the bar they are folded from', () => {
    const bar = Object.freeze(foldBar(undefined, 0, '1'));
    foldBar(bar, 0, '2');
    expect(bar.high).toBe('1');
  });

  it('add up the volumes they know exactly, and know none where no part knows one', () => {
    const bar = (time: number, volume: string | null): Bar => ({ ...foldBar(undefined, time, '1'), volume });
    const parts = [bar(0, '0.1'), bar(1_000, null), bar(2_000, '0.2'), bar(5_000, null), bar(9_000, null)];
    expect(foldBars(parts, '5s').map(({ volume }) => volume)).toEqual(['0.3', null]);
    expect(addVolume('1000000000000000000.1', '0.000000000000000001')).toBe(
      '1000000000000000000.100000000000000001',
    );
  });

  it('of a second fold into the same longer bars as the prices themselves', () => {
    const points = fc.array(fc.tuple(fc.nat(300_000), fc.integer({ min: 1, max: 500 })), { minLength: 1 });
    fc.assert(
      fc.property(points, list => {
        const ordered = [...list].sort((a, b) => a[0] - b[0]);
        const fold = (interval: '1s' | '5s' | '1m'): Bar[] => {
          const bars = new Map<number, Bar>();
          for (const [at, cents] of ordered) {
            const start = barStart(at, interval);
            bars.set(start, foldBar(bars.get(start), start, (cents / 100).toFixed(2)));
          }
          return [...bars.values()];
        };
        expect(foldBars(fold('1s'), '5s')).toEqual(fold('5s'));
        expect(foldBars(fold('1s'), '1m')).toEqual(fold('1m'));
      }),
    );
  });
});
