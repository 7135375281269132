import { Decimal } from 'decimal.js';
import { describe, expect, it } from 'vitest';
import { percentText, shortSize, sizeOf } from '../../../src/renderer/pools/pool-settings.ts';

describe('the size of a trade', () => {
  it('is read as it is typed and written short', () => {
    expect(['10k', '$2,500', '1.5m', '0', 'lots'].map(text => sizeOf(text)?.toFixed() ?? null)).toEqual([
      '10000',
      '2500',
      '1500000',
      null,
      null,
    ]);
    expect([10_000, 2_500, 1_500_000, 750].map(size => shortSize(new Decimal(size)))).toEqual([
      '$10k',
      '$2.5k',
      '$1.5m',
      '$750',
    ]);
  });

  it('moves the price by a percentage with as many digits as help', () => {
    expect(['0', '0.000001', '0.001085', '0.124'].map(part => percentText(new Decimal(part)))).toEqual([
      '0 %',
      '<0.001 %',
      '0.109 %',
      '12.40 %',
    ]);
  });
});
