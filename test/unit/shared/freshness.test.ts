import { describe, expect, it } from 'vitest';
import { ageMs, freshnessOf, marketOf } from '../../../src/shared/freshness.ts';
import { SeenIds } from '../../../src/shared/seen-ids.ts';

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

describe('SeenIds', () => {
  it('knows the newest ids, forgets the oldest, and says which are new', () => {
    const seen = new SeenIds(2);
    expect([seen.add('a'), seen.add('a'), seen.add('b'), seen.add('c')]).toEqual([true, false, true, true]);
    expect([seen.has('a'), seen.has('b'), seen.has('c'), seen.size]).toEqual([false, true, true, 2]);
  });

  it('refuses a capacity that is no memory', () => {
    expect(() => new SeenIds(0)).toThrow(RangeError);
    expect(() => new SeenIds(1.5)).toThrow(RangeError);
  });
});
