import { Decimal } from 'decimal.js';
import { describe, expect, it } from 'vitest';
import {
  formatDollars,
  shortAmount,
  shortDollars,
  shortPrice,
  tableAmount,
} from '../../../src/renderer/format/prices.ts';

describe('amounts', () => {
  it('are grouped, with a real minus sign, and never lose a digit of their whole part', () => {
    expect(['212.500', '-1150.00', '182000000', '-0.0000012', 'many'].map(tableAmount)).toEqual([
      '212.500',
      '−1,150.00',
      '182,000,000',
      '−0.0₅12',
      'many',
    ]);
  });

  it('are shortened from a million on where room is scarce', () => {
    expect(['961207', '21935123', '-1500000000', '2000000000000', 'many'].map(shortAmount)).toEqual([
      '961,207',
      '21.94 M',
      '−1.50 B',
      '2.00 T',
      'many',
    ]);
  });
});

describe('dollars', () => {
  const dollars = (text: string): Decimal => new Decimal(text);

  it('are written with cents, half up, and with a sign where asked', () => {
    expect(formatDollars(dollars('32137.395'))).toBe('$32,137.40');
    expect(formatDollars(dollars('-5.57'))).toBe('−$5.57');
    expect(formatDollars(dollars('5.57'), { signed: true })).toBe('+$5.57');
    expect(formatDollars(dollars('-0.001'), { signed: true })).toBe('$0.00');
  });

  it('are short on the tape', () => {
    expect(['7946.4', '1', '0.994', '0.0099', '0'].map(text => shortDollars(dollars(text)))).toEqual([
      '$7,946',
      '$1',
      '$0.99',
      '<$0.01',
      '$0.00',
    ]);
  });
});

it('a price on the tape keeps seven digits, five where its zeros are counted', () => {
  expect(['151.22931', '0.999917', '68412.50', '0.0000283857200', '0.00012345678'].map(shortPrice)).toEqual([
    '151.2293',
    '0.999917',
    '68,412.50',
    '0.0₄28386',
    '0.0001234568',
  ]);
});

it('amounts and dollars stay short enough for their column of the tape, however large', () => {
  expect(['144.80123', '117951234', '422000000', '1100000', '-2500000'].map(shortAmount)).toEqual([
    '144.801',
    '118.0 M',
    '422.0 M',
    '1.10 M',
    '−2.50 M',
  ]);
  const dollars = ['9999', '11986.20', '250000', '1250000'].map(text => shortDollars(new Decimal(text)));
  expect(dollars).toEqual(['$9,999', '$12.0K', '$250.0K', '$1.25M']);
});
