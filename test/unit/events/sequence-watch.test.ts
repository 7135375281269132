import { describe, expect, it } from 'vitest';
import { compareEntryIds, entryTimeOf } from '../../../src/main/engine/events/entry-id.ts';
import { SequenceWatch, type SequenceNews } from '../../../src/main/engine/events/sequence-watch.ts';

const at = (now = 0) => ({ entryId: '2-0', previousId: '1-0', now });
const see = (watched: SequenceWatch, sequence: number, known = false, now = 0): SequenceNews | undefined =>
  watched.next(sequence, known, at(now));
const watch = (...numbers: number[]): SequenceWatch => {
  const watched = new SequenceWatch();
  for (const number of numbers) see(watched, number);
  return watched;
};

describe('SequenceWatch', () => {
  it('has no news while numbers follow each other, wherever they start', () => {
    expect(see(watch(41, 42), 43)).toBeUndefined();
  });

  it('names the range of a gap and its neighbours, and heals it number by number as late ones come', () => {
    const watched = watch(1, 2);
    expect(see(watched, 6, false, 7)).toMatchObject({
      kind: 'gap',
      gap: { from: 3, to: 5, state: 'open', missing: 3, noticedAt: 7, after: '1-0', before: '2-0', epoch: 1 },
    });
    expect(see(watched, 4)).toMatchObject({ kind: 'late', gap: { missing: 2, state: 'open' } });
    see(watched, 3);
    expect(see(watched, 5, false, 9)).toMatchObject({ gap: { missing: 0, state: 'healed', closedAt: 9 } });
    expect(watched.open).toEqual([]);
    expect(watched.counts).toEqual({ healed: 1, lost: 0 });
    expect(see(watched, 7)).toBeUndefined();
  });

  it('declares a gap lost after a time, not before it was searched for', () => {
    const watched = watch(1, 4);
    expect(watched.expire(10_000, 10_000)).toEqual([]);
    for (const gap of watched.open) gap.searches = 1;
    expect(watched.expire(9_999, 10_000)).toEqual([]);
    expect(watched.expire(10_000, 10_000)).toMatchObject([{ from: 2, to: 3, state: 'lost', missing: 2 }]);
    expect(watched.counts).toEqual({ healed: 0, lost: 1 });
    expect(watched.expire(99_999, 10_000)).toEqual([]);
  });

  it('heals what was declared lost when it comes after all', () => {
    const watched = watch(1, 3);
    for (const gap of watched.open) gap.searches = 1;
    watched.expire(10_000, 10_000);
    expect(see(watched, 2)).toMatchObject({ kind: 'late', gap: { state: 'healed' } });
    expect(watched.counts).toEqual({ healed: 1, lost: 0 });
  });

  it('has nothing missing while other consumers are given the numbers', () => {
    const watched = watch(1, 5, 9);
    expect(watched.excuse(7)).toBe(2);
    expect(watched.open).toEqual([]);
    watched.skip(40);
    expect(see(watched, 41)).toBeUndefined();
    expect(watched.counts).toEqual({ healed: 2, lost: 0 });
  });

  it('takes numbers that start anew for a new epoch', () => {
    const watched = watch(1, 2, 9);
    expect(see(watched, 1)).toEqual({ kind: 'epoch', from: 9, to: 1 });
    expect(watched.epoch).toBe(2);
    expect(see(watched, 2)).toBeUndefined();
  });

  it('takes numbers that go back for a new epoch when a second one follows, and a single one for a stray', () => {
    const watched = watch(101, 102, 103, 104);
    expect(see(watched, 102)).toBeUndefined();
    expect(see(watched, 105)).toBeUndefined();
    expect(watched.epoch).toBe(1);
    expect(see(watched, 103)).toBeUndefined();
    expect(see(watched, 104)).toEqual({ kind: 'epoch', from: 105, to: 103 });
    expect(see(watched, 105)).toBeUndefined();
    expect(watched.epoch).toBe(2);
  });

  it('fills only gaps of its own epoch', () => {
    const watched = watch(1, 5, 1, 2);
    expect(see(watched, 3)).toBeUndefined();
    expect(watched.open).toMatchObject([{ from: 2, to: 4, missing: 3 }]);
  });

  it('is not misled by an entry written twice', () => {
    const watched = watch(1, 2, 3);
    expect(see(watched, 2, true)).toBeUndefined();
    expect(see(watched, 3, true)).toBeUndefined();
    expect(see(watched, 1, true)).toBeUndefined();
    expect(see(watched, 4)).toBeUndefined();
  });

  it('remembers a bounded number of gaps, in a bounded number of pieces', () => {
    const watched = new SequenceWatch();
    for (let number = 0; number < 2_000; number += 2) see(watched, number);
    expect(watched.open).toHaveLength(500);
    expect(watched.counts.lost).toBe(499);
    const torn = watch(1, 10_000);
    for (let number = 2; number < 9_999; number += 2) see(torn, number);
    expect(torn.open).toHaveLength(1);
  });
});

describe('entry ids', () => {
  it('are ordered by both halves, exactly beyond the precision of a double', () => {
    expect(compareEntryIds('5-0', '10-0')).toBeLessThan(0);
    expect(compareEntryIds('10-2', '10-10')).toBeLessThan(0);
    expect(compareEntryIds('18446744073709551614-1', '18446744073709551615-0')).toBeLessThan(0);
    expect(compareEntryIds('7-7', '7-7')).toBe(0);
  });

  it('tell their time', () => {
    expect(entryTimeOf('1790000000123-0')).toBe(1_790_000_000_123);
    expect(entryTimeOf('x')).toBeUndefined();
  });
});
