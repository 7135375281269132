import { describe, expect, it } from 'vitest';
import { ageMs, freshnessOf, marketOf } from '../../../src/shared/freshness.ts';

describe('the freshness of a price', () => {
  const price = { timestamp: 10_000, validUntil: 13_000 };

  it('goes from fresh to delayed to stale with time alone', () => {
    expect([10_000, 12_000, 12_001, 13_000, 13_001].map(now => freshnessOf(price, now))).toEqual([
      'fresh',
      'fresh',
      'delayed',
      'delayed',
      'stale',
    ]);
    expect(freshnessOf(undefined, 0)).toBe('unavailable');
  });

  it('has an age that is never negative', () => {
    expect(ageMs(10, 25)).toBe(15);
    expect(ageMs(25, 10)).toBe(0);
  });
});

describe('the market of a source', () => {
  it('is told from its name', () => {
    expect(['simulated', 'recorded:coinbase', 'kraken'].map(marketOf)).toEqual([
      'simulated',
      'recorded',
      'live',
    ]);
  });
});
