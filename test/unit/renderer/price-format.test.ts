import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  axisDecimals,
  changePercent,
  decimalsOf,
  directionOf,
  exponentOf,
  padDecimals,
  roundPrice,
} from '../../../src/shared/price-format.ts';
import { compactPrice, formatChange, fullPrice, tablePrice } from '../../../src/renderer/format/prices.ts';

const digits = (min: number, max: number): fc.Arbitrary<string> =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: min, maxLength: max }).map(list => list.join(''));

/** Plain decimals as the engine writes them: no leading zeros, 0 to 24 decimals. */
const price = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 15n }), digits(0, 24))
  .map(([whole, decimals]) => (decimals === '' ? String(whole) : `${whole}.${decimals}`));

/** Undoes the grouping and the counted zeros. */
function expand(text: string): string {
  const plain = text.replaceAll(',', '');
  return plain.replace(/^0\.0([₀-₉]+)/, (_, count: string) => {
    const zeros = Number(count.replace(/./g, digit => String(digit.charCodeAt(0) - 0x2080)));
    return `0.${'0'.repeat(zeros)}`;
  });
}

describe('writing prices', () => {
  it('counts the zeros of very small prices and writes the digits after them', () => {
    expect(compactPrice('0.0000030412')).toBe('0.0₅30412');
    expect(compactPrice('0.00002')).toBe('0.0₄2');
    expect(compactPrice('0.000000000000012')).toBe('0.0₁₃12');
    expect(compactPrice('0.0001234')).toBe('0.0001234');
  });

  it('groups thousands and leaves the decimals alone', () => {
    expect(fullPrice('68412.50')).toBe('68,412.50');
    expect(fullPrice('1234567')).toBe('1,234,567');
    expect(fullPrice('0.0000030412')).toBe('0.0000030412');
  });

  it('never loses, adds or moves a digit, and never writes an exponent', () => {
    fc.assert(
      fc.property(price, value => {
        for (const text of [fullPrice(value), compactPrice(value)]) {
          expect(expand(text)).toBe(value);
          expect(text).not.toMatch(/e/i);
        }
      }),
    );
  });

  it('keeps eight significant digits in a table and every digit of the whole part', () => {
    expect(tablePrice('147.4789340738336')).toBe('147.47893');
    expect(tablePrice('0.00003041234567890')).toBe('0.0₄30412346');
    expect(tablePrice('1234567891.25')).toBe('1,234,567,891');
    fc.assert(
      fc.property(price, value => {
        const rounded = new Decimal(expand(tablePrice(value)));
        const exact = new Decimal(value);
        expect(
          rounded
            .minus(exact)
            .abs()
            .lte(exact.times('5e-8').plus(exact.gte(1e8) ? 0.5 : 0)),
        ).toBe(true);
      }),
    );
  });

  it('pads to the decimals of the market so that a column keeps its width', () => {
    expect(tablePrice('151.2', 4)).toBe('151.2000');
    expect(tablePrice('7', 2)).toBe('7.00');
    expect(padDecimals('7.123', 2)).toBe('7.123');
    // Padding stops at the digits a table shows at most.
    expect(tablePrice('68412.5', 12)).toBe('68,412.500');
  });

  it('hands back what is not a plain decimal', () => {
    for (const odd of ['1e-7', '-3', 'abc', '', '1.']) {
      expect(fullPrice(odd)).toBe(odd);
      expect(tablePrice(odd, 4)).toBe(odd);
      expect(decimalsOf(odd)).toBe(0);
      expect(exponentOf(odd)).toBe(0);
    }
  });

  it('rounds half up', () => {
    expect(roundPrice('1.00000005')).toBe('1.0000001');
    expect(roundPrice('1.5', 1)).toBe('2');
  });
});

describe('the price scale', () => {
  it('fits 0.00002 as well as 200 and 68000', () => {
    expect(axisDecimals('0.00002', 9)).toBe(9);
    expect(axisDecimals('0.0000030412', 12)).toBe(11);
    expect(axisDecimals('200.1234', 4)).toBe(3);
    expect(axisDecimals('68412.5', 1)).toBe(2);
    expect(axisDecimals('0', 0)).toBe(2);
  });

  it('finds the power of ten of the first digit', () => {
    expect([exponentOf('151.2'), exponentOf('0.0000030412'), exponentOf('0.00'), exponentOf('007')]).toEqual([
      2, -6, 0, 0,
    ]);
  });
});

describe('change since the first price of the day', () => {
  it('is a percentage with two decimals and a sign of its own width', () => {
    expect(formatChange(changePercent('151.2348', '146.23'))).toBe('+3.42 %');
    expect(formatChange(changePercent('0.99981', '0.99997'))).toBe('−0.02 %');
    expect(formatChange(changePercent('7', '7.0'))).toBe('0.00 %');
  });

  it('is unknown without a first price, and for a first price of nothing', () => {
    for (const open of [null, '0', 'x']) expect(formatChange(changePercent('7', open))).toBe('—');
    expect(changePercent('x', '7')).toBeNull();
  });

  it('points up, down or nowhere', () => {
    expect(directionOf(changePercent('2', '1'))).toBe('up');
    expect(directionOf(changePercent('1', '2'))).toBe('down');
    expect(directionOf(changePercent('1', '1'))).toBe('flat');
    expect(directionOf(null)).toBe('flat');
  });
});
