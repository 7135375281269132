import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeenIds } from '../../../src/shared/seen-ids.ts';

describe('SeenIds', () => {
  it('knows the newest ids, forgets the oldest, and says which are new', () => {
    const seen = new SeenIds(2);
    expect([seen.add('a'), seen.add('a'), seen.add('b'), seen.add('c')]).toEqual([true, false, true, true]);
    expect([seen.has('a'), seen.has('b'), seen.has('c'), seen.size]).toEqual([false, true, true, 2]);
  });

  it('remembers exactly the newest of many', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.nat(9), { maxLength: 60 }),
        (capacity, numbers) => {
          const seen = new SeenIds(capacity);
          let model: string[] = [];
          for (const id of numbers.map(String)) {
            expect(seen.add(id)).toBe(!model.includes(id));
            if (!model.includes(id)) model = [...model, id].slice(-capacity);
            expect(model.every(known => seen.has(known))).toBe(true);
            expect(seen.size).toBe(model.length);
          }
        },
      ),
    );
  });

  it('does not become slow when it is full', () => {
    const seen = new SeenIds(100_000);
    for (let id = 0; id < 100_000; id += 1) seen.add(`id-${id}`);
    const start = performance.now();
    for (let id = 100_000; id < 300_000; id += 1) seen.add(`id-${id}`);
    // 0.2 µs an id where it is right; it was 60 µs, 12 s in all, where it walked over deleted ones.
    expect(performance.now() - start).toBeLessThan(3_000);
  });

  it('refuses a capacity that is no memory', () => {
    expect(() => new SeenIds(0)).toThrow(RangeError);
    expect(() => new SeenIds(1.5)).toThrow(RangeError);
  });
});
