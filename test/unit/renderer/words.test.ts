import { describe, expect, it } from 'vitest';
import { pairName, productOf, sourceName } from '../../../src/renderer/state/names.ts';
import {
  formatAge,
  formatClock,
  formatCount,
  formatMoment,
  formatMs,
} from '../../../src/renderer/format/times.ts';
import { badgesFor } from '../../../src/renderer/top-bar/badge.ts';
import { trailPath } from '../../../src/renderer/health/trail-path.ts';
import { sparkPath, sparkPoints } from '../../../src/renderer/watchlist/spark-points.ts';
import { commonPrefix } from '../../../src/renderer/watchlist/price-text.tsx';
import { NOON, barOf } from './support.ts';

const COUNTS = { fresh: 0, delayed: 0, stale: 0, unavailable: 0 };

describe('times in words', () => {
  it('writes ages in one shape per size', () => {
    expect([0, -5, 149, 59_999].map(formatAge)).toEqual(['0.0 s', '0.0 s', '0.1 s', '59.9 s']);
    expect([60_000, 3_599_000, 7_380_000, 277_200_000].map(formatAge)).toEqual([
      '1 m 00 s',
      '59 m 59 s',
      '2 h 03 m',
      '3 d 05 h',
    ]);
  });

  it('writes moments in UTC, durations and counts', () => {
    expect(formatClock(NOON)).toBe('12:00:00');
    expect(formatMoment(NOON)).toBe('Nov 21, 2026, 12:00:00 UTC');
    expect([null, 0.34, 9.96, 500, 1_240].map(formatMs)).toEqual(['—', '0.3 ms', '10 ms', '500 ms', '1.2 s']);
    expect(formatCount(1_234_567)).toBe('1,234,567');
  });
});

describe('names', () => {
  it('are those people use', () => {
    expect([sourceName('kraken'), sourceName('recorded:coinbase'), sourceName('')]).toEqual([
      'Kraken',
      'Recorded · Coinbase',
      '',
    ]);
    expect([pairName('SOL'), pairName('coinbase:SKL-USD'), pairName('kraken:SOL/EUR')]).toEqual([
      'SOL / USD',
      'SKL / USD',
      'SOL / EUR',
    ]);
    expect([productOf('SOL'), productOf('coinbase:SKL-USD')]).toEqual(['SOL', 'SKL-USD']);
  });
});

describe('the badges', () => {
  const texts = (...args: Parameters<typeof badgesFor>): string[] =>
    badgesFor(...args).map(badge => badge.text);

  it('say LIVE only in a live market with every price fresh and batches coming', () => {
    expect(texts('live', { connection: 'live', counts: { ...COUNTS, fresh: 5 } })).toEqual(['LIVE']);
    expect(texts('live', { connection: 'live', counts: { ...COUNTS, fresh: 4, unavailable: 1 } })).toEqual([
      'LIVE',
    ]);
    expect(texts('live', { connection: 'live', counts: { ...COUNTS, fresh: 4, delayed: 1 } })).toEqual([
      'DELAYED 1 of 5',
    ]);
    expect(texts('live', { connection: 'live', counts: { ...COUNTS, fresh: 1, stale: 4 } })).toEqual([
      'STALE 4 of 5',
    ]);
    expect(texts('live', { connection: 'live', counts: { ...COUNTS, unavailable: 5 } })).toEqual([
      'NO PRICES',
    ]);
    expect(texts('live', { connection: 'live', counts: COUNTS })).toEqual(['NO TOKENS']);
    for (const connection of ['reconnecting', 'lost'] as const) {
      expect(texts('live', { connection, counts: { ...COUNTS, fresh: 5 } })).toEqual(['DISCONNECTED']);
    }
    expect(texts(null, { connection: 'connecting', counts: COUNTS })).toEqual(['CONNECTING']);
  });

  it('always say when prices are invented or recorded', () => {
    expect(texts('simulated', { connection: 'live', counts: { ...COUNTS, fresh: 5 } })).toEqual([
      'SIMULATED',
    ]);
    expect(texts('recorded', { connection: 'live', counts: { ...COUNTS, stale: 5 } })).toEqual([
      'RECORDED',
      'STALE 5 of 5',
    ]);
    expect(texts('simulated', { connection: 'lost', counts: COUNTS })).toEqual(['SIMULATED', 'DISCONNECTED']);
  });
});

describe('small curves', () => {
  it('take one close for five seconds, what came live over what was loaded', () => {
    const past = [barOf(NOON - 5_000, '1'), barOf(NOON, '2')];
    const seconds = [barOf(NOON + 1_000, '3'), barOf(NOON + 4_000, '4'), barOf(NOON + 5_000, '5')];
    expect(sparkPoints(past, seconds).map(point => point.close)).toEqual([1, 4, 5]);
    expect(sparkPoints([barOf(NOON - 300_000, '9')], seconds).map(point => point.close)).toEqual([4, 5]);
    expect(sparkPoints([], [])).toEqual([]);
  });

  it('end at the right edge and stay inside their box', () => {
    const path = sparkPath(sparkPoints([], [barOf(NOON, '1'), barOf(NOON + 295_000, '3')]), 76, 22);
    expect(path).toBe('M0.0 21.0L76.0 1.0');
    expect(sparkPath(sparkPoints([], [barOf(NOON, '2'), barOf(NOON + 5_000, '2')]), 76, 22)).toMatch(
      /L76\.0 11\.0$/,
    );
    expect(sparkPath([{ time: NOON, close: 1 }], 76, 22)).toBe('');
  });

  it('of measurements start at zero and leave out what is unknown', () => {
    expect(trailPath([null, 0, null, 10], 4, 90, 20)).toBe('M30.0 19.0L90.0 3.3');
    expect(trailPath([0, 0], 2, 10, 20)).toBe('M0.0 19.0L10.0 19.0');
    expect(trailPath([null, 1], 2, 10, 20)).toBe('');
  });
});

describe('the watchlist', () => {
  it('tints only the digits that changed', () => {
    expect(commonPrefix('151.23', '151.29')).toBe(5);
    expect(commonPrefix('151.2', '151.2')).toBe(5);
    expect(commonPrefix('9', '10')).toBe(0);
  });
});
