import { describe, expect, it } from 'vitest';
import { changedBars, mergeBar } from '../../../src/renderer/state/merge-bars.ts';
import { barOf } from './support.ts';

describe('merging a bar into a series', () => {
  const series = [barOf(1, 'a'), barOf(3, 'c'), barOf(5, 'e')];
  const closes = (bar: ReturnType<typeof barOf>): string =>
    mergeBar(series, bar, 10)
      .map(one => one.close)
      .join('');

  it('replaces the bar of the same time, wherever it stands', () => {
    expect(closes(barOf(5, 'E'))).toBe('acE');
    expect(closes(barOf(3, 'C'))).toBe('aCe');
  });

  it('appends a newer one and slots a late one into its place', () => {
    expect(closes(barOf(7, 'g'))).toBe('aceg');
    expect(closes(barOf(4, 'd'))).toBe('acde');
    expect(closes(barOf(0, '0'))).toBe('0ace');
    expect(mergeBar([], barOf(1, 'a'), 10)).toHaveLength(1);
  });

  it('keeps the newest', () => {
    expect(mergeBar(series, barOf(7, 'g'), 2).map(bar => bar.close)).toEqual(['e', 'g']);
  });

  it('tells what changed since by identity', () => {
    const next = mergeBar(mergeBar(series, barOf(5, 'E'), 10), barOf(6, 'f'), 10);
    expect(changedBars(series, next).map(bar => bar.close)).toEqual(['E', 'f']);
    expect(changedBars(next, next)).toEqual([]);
  });
});
