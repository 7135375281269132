import { describe, expect, it } from 'vitest';
import { compareEntryIds, entryTimeOf, laterEntryId } from '../../../src/main/engine/events/entry-id.ts';
import { SequenceWatch } from '../../../src/main/engine/events/sequence-watch.ts';

const watch = (...numbers: number[]): SequenceWatch => {
  const watched = new SequenceWatch();
  for (const number of numbers) watched.next(number, false);
  return watched;
};

describe('SequenceWatch', () => {
  it('has no news while numbers follow each other, wherever they start', () => {
    expect(watch(41, 42).next(43, false)).toBeUndefined();
  });

  it('names the range of a gap, and forgets it number by number as late ones come', () => {
    const watched = watch(1, 2);
    expect(watched.next(6, false)).toEqual({ kind: 'gap', from: 3, to: 5 });
    expect(watched.next(4, false)).toEqual({ kind: 'late' });
    expect(watched.missing).toEqual([
      { from: 3, to: 3 },
      { from: 5, to: 5 },
    ]);
    watched.next(3, false);
    watched.next(5, false);
    expect(watched.missing).toEqual([]);
    expect(watched.next(7, false)).toBeUndefined();
  });

  it('takes numbers that go back for a new epoch', () => {
    const watched = watch(1, 2, 9);
    expect(watched.next(1, false)).toEqual({ kind: 'epoch', from: 9, to: 1 });
    expect(watched.missing).toEqual([]);
    expect(watched.next(2, false)).toBeUndefined();
  });

  it('is not misled by an entry written twice', () => {
    const watched = watch(1, 2, 3);
    expect(watched.next(2, true)).toBeUndefined();
    expect(watched.next(3, false)).toBeUndefined();
    expect(watched.next(4, false)).toBeUndefined();
  });

  it('remembers a bounded number of gaps', () => {
    const watched = new SequenceWatch();
    for (let number = 0; number < 1_000; number += 2) watched.next(number, false);
    expect(watched.missing).toHaveLength(100);
  });
});

describe('entry ids', () => {
  it('are ordered by both halves, exactly beyond the precision of a double', () => {
    expect(compareEntryIds('5-0', '10-0')).toBeLessThan(0);
    expect(compareEntryIds('10-2', '10-10')).toBeLessThan(0);
    expect(compareEntryIds('18446744073709551614-1', '18446744073709551615-0')).toBeLessThan(0);
    expect(compareEntryIds('7-7', '7-7')).toBe(0);
    expect(laterEntryId('9-1', '9-2')).toBe('9-2');
    expect(laterEntryId('9-2', '9-1')).toBe('9-2');
  });

  it('tell their time', () => {
    expect(entryTimeOf('1790000000123-0')).toBe(1_790_000_000_123);
    expect(entryTimeOf('x')).toBeUndefined();
  });
});
