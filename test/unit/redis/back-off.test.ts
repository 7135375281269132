import { describe, expect, it } from 'vitest';
import { backOffMs } from '../../../src/main/engine/redis/back-off.ts';

describe('the back-off', () => {
  it('doubles up to its cap, and half of it is random', () => {
    const least = [0, 1, 2, 5, 9, 5_000].map(attempt =>
      backOffMs(attempt, { baseMs: 50, capMs: 2_000, random: () => 0 }),
    );
    expect(least).toEqual([25, 50, 100, 800, 1_000, 1_000]);
    expect(backOffMs(1, { baseMs: 50, capMs: 2_000, random: () => 0.5 })).toBe(75);
    expect(backOffMs(40, { baseMs: 50, capMs: 2_000, random: () => 0.999 })).toBeLessThan(2_000);
  });
});
