import { describe, expect, it } from 'vitest';
import { appendLog, emptyLog, filterNewest, fromNewest } from '../../../src/renderer/state/log.ts';

const numbers = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => from + index);

describe('a log', () => {
  it('gives its items from the newest back, and nothing outside', () => {
    const log = appendLog(appendLog(emptyLog<number>(), numbers(0, 300), 5_000), numbers(300, 7), 5_000);
    expect([0, 1, 6, 7, 306].map(back => fromNewest(log, back))).toEqual([306, 305, 300, 299, 0]);
    expect(fromNewest(log, 307)).toBeUndefined();
    expect(fromNewest(log, -1)).toBeUndefined();
    expect(filterNewest(log, item => item % 100 === 0)).toEqual([300, 200, 100, 0]);
  });

  it('keeps what it promises, at most a piece more, and counts all that ever came', () => {
    let log = emptyLog<number>();
    for (let at = 0; at < 20_000; at += 37) log = appendLog(log, numbers(at, 37), 1_000);
    expect(log.size).toBeGreaterThanOrEqual(1_000);
    expect(log.size).toBeLessThan(1_256);
    expect(log.total).toBe(37 * Math.ceil(20_000 / 37));
    expect(filterNewest(log, () => true)).toEqual(numbers(log.total - log.size, log.size).reverse());
  });

  it('leaves an older one as it was and shares every full piece with it', () => {
    const before = appendLog(emptyLog<number>(), numbers(0, 5_000), 5_000);
    const after = appendLog(before, numbers(5_000, 1_000), 10_000);
    expect(before.size).toBe(5_000);
    expect(fromNewest(before, 0)).toBe(4_999);
    const full = before.pieces.slice(0, -1);
    expect(after.pieces.slice(0, full.length).every((piece, index) => piece === full[index])).toBe(true);
    expect(appendLog(after, [], 10_000)).toBe(after);
  });
});
