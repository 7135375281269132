import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bar } from '../../../src/shared/contract.ts';
import { createCandles, type Candles } from '../../../src/main/engine/feed/candles.ts';

const T = Date.UTC(2026, 10, 21, 12);

describe('candles', () => {
  it('build one bar per second, five seconds and minute that saw a price', () => {
    const candles = createCandles();
    candles.add('SOL', T + 100, '10');
    candles.add('SOL', T + 900, '12');
    candles.add('SOL', T + 6_000, '9');
    expect(candles.bars('SOL', '1s', 10)).toEqual([
      { time: T, open: '10', high: '12', low: '10', close: '12', volume: null },
      { time: T + 6_000, open: '9', high: '9', low: '9', close: '9', volume: null },
    ]);
    expect(candles.bars('SOL', '5s', 10).map(bar => bar.time)).toEqual([T, T + 5_000]);
    expect(candles.bars('SOL', '1m', 10)).toEqual([
      { time: T, open: '10', high: '12', low: '9', close: '9', volume: null },
    ]);
    expect(candles.bars('SOL', '1s', 1)).toHaveLength(1);
    expect(candles.bars('nothing', '1s', 10)).toEqual([]);
  });

  it('put a late price into the bar of its own time, and let it neither close nor reorder anything', () => {
    const candles = createCandles();
    candles.add('SOL', T + 2_500, '10');
    candles.add('SOL', T + 2_100, '14');
    candles.add('SOL', T + 4_000, '11');
    candles.add('SOL', T + 1_000, '8');
    candles.add('SOL', T + 2_300, '7');
    expect(candles.bars('SOL', '1s', 10)).toEqual([
      { time: T + 1_000, open: '8', high: '8', low: '8', close: '8', volume: null },
      { time: T + 2_000, open: '14', high: '14', low: '7', close: '10', volume: null },
      { time: T + 4_000, open: '11', high: '11', low: '11', close: '11', volume: null },
    ]);
  });

  it('keep a bounded number of bars, the newest, and leave out what is older than all of them', () => {
    const candles = createCandles({ keep: { '1s': 10 } });
    for (let second = 0; second < 500; second += 1) candles.add('SOL', T + second * 1_000, '1');
    candles.add('SOL', T, '99');
    const bars = candles.bars('SOL', '1s', 5_000);
    expect(bars).toHaveLength(10);
    expect(bars[0]?.time).toBe(T + 490_000);
  });

  it('say which bars changed since a version, the one that closed in between included', () => {
    const candles = createCandles();
    candles.add('SOL', T, '1');
    const version = candles.version;
    candles.add('SOL', T + 500, '2');
    candles.add('SOL', T + 1_000, '3');
    candles.add('USDC', T, '1');
    expect(candles.changedSince(version).map(({ value }) => [value.token, value.time, value.close])).toEqual([
      ['SOL', T, '2'],
      ['SOL', T + 1_000, '3'],
      ['USDC', T, '1'],
    ]);
    expect(candles.changedSince(candles.version)).toEqual([]);
  });

  it('never leave out a changed bar, however late prices come and whatever history is seeded', () => {
    const step = fc.record({
      at: fc.nat(40_000),
      cents: fc.integer({ min: 1, max: 99 }),
      look: fc.boolean(),
      seed: fc.option(fc.nat(60_000), { freq: 8 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const candles = createCandles({ keep: { '1s': 30 } });
        const known = new Map<number, string>();
        let version = 0;
        const look = (): void => {
          for (const { value } of candles.changedSince(version)) known.set(value.time, JSON.stringify(value));
          version = candles.version;
        };
        for (const { at, cents, look: looks, seed } of steps) {
          if (seed !== null) candles.seed('SOL', [{ at: T + seed, price: '5' }]);
          candles.add('SOL', T + at, `0.${cents}`);
          if (looks) look();
        }
        look();
        const bars = candles.bars('SOL', '1s', 100);
        const times = bars.map(bar => bar.time);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        for (const bar of bars) {
          const seeded = bar.open === '5' && bar.high === '5' && !known.has(bar.time);
          expect(seeded ? '' : known.get(bar.time)).toBe(
            seeded ? '' : JSON.stringify({ token: 'SOL', ...bar }),
          );
        }
      }),
    );
  });

  it('add up what was traded in each bar, exactly, and tell it as a change', () => {
    const candles = createCandles();
    candles.trade('SOL', T, '5');
    candles.add('SOL', T + 100, '10');
    const version = candles.version;
    candles.trade('SOL', T + 200, '0.1');
    candles.trade('SOL', T + 300, '0.2');
    candles.trade('SOL', T + 1_500, '7');
    expect(candles.changedSince(version).map(({ value }) => value.volume)).toEqual(['0.3']);
    candles.add('SOL', T + 1_600, '11');
    candles.trade('SOL', T + 400, '0.000000000000000001');
    candles.trade('SOL', T - 60_000, '9');
    expect(candles.bars('SOL', '1s', 10).map(({ volume }) => volume)).toEqual(['0.300000000000000001', '7']);
    expect(candles.bars('SOL', '15s', 10).map(({ volume }) => volume)).toEqual(['7.300000000000000001']);
    expect(candles.bars('SOL', '1d', 10).map(({ volume }) => volume)).toEqual(['7.300000000000000001']);
    const late = candles.version;
    candles.trade('SOL', T + 500, '1');
    expect(candles.changedSince(late).map(({ value }) => value.time)).toEqual([T]);
  });

  it('keep what was traded before a bar has a price for few bars only', () => {
    const candles = createCandles();
    candles.add('SOL', T, '10');
    for (let second = 1; second <= 200; second += 1) candles.trade('SOL', T + second * 1_000, '1');
    for (let second = 1; second <= 200; second += 1) candles.add('SOL', T + second * 1_000, '10');
    const known = candles.bars('SOL', '1s', 500).filter(({ volume }) => volume !== null);
    expect(known).toHaveLength(64);
  });

  it('lie over bars that were stored: the stored beginning, the extremes of both, the newer end, nothing counted twice', () => {
    const bar = (time: number, prices: string, volume: string | null): Bar => {
      const [open = '', high = '', low = '', close = ''] = prices.split(' ');
      return { time, open, high, low, close, volume };
    };
    const candles = createCandles();
    candles.add('SOL', T + 1_600, '11');
    candles.trade('SOL', T + 1_700, '2');
    candles.add('SOL', T + 3_000, '12');
    const version = candles.version;
    candles.seedBars('SOL', '1s', [
      bar(T, '1 4 1 3', '7'),
      bar(T + 1_000, '9 12 8 10', '5'),
      bar(T + 2_000, '5 5 5 5', null),
    ]);
    expect(candles.bars('SOL', '1s', 10)).toEqual([
      bar(T, '1 4 1 3', '7'),
      bar(T + 1_000, '9 12 8 11', '5'),
      bar(T + 2_000, '5 5 5 5', null),
      bar(T + 3_000, '12 12 12 12', null),
    ]);
    expect(candles.changedSince(version)).toEqual([]);
    expect(candles.oldest('SOL', '1s')).toBe(T);
    expect(candles.oldest('BONK', '1s')).toBeUndefined();
    // The stream tells again what the stored volume holds already, and then more.
    candles.trade('SOL', T + 1_800, '3');
    expect(candles.bars('SOL', '1s', 10)[1]?.volume).toBe('5');
    candles.trade('SOL', T + 1_900, '0.5');
    candles.trade('SOL', T + 2_100, '1');
    expect(candles.bars('SOL', '1s', 10).map(({ volume }) => volume)).toEqual(['7', '5.5', '1', null]);
    expect(candles.changedSince(version).map(({ value }) => value.time)).toEqual([T + 1_000, T + 2_000]);
    candles.add('SOL', T + 900, '6');
    candles.add('SOL', T + 100, '0.5');
    expect(candles.bars('SOL', '1s', 1_000)[0]).toEqual(bar(T, '1 6 0.5 6', '7'));
  });

  it('leave out a longer bar of which they know only the end, when there may be more of it elsewhere', () => {
    const minute = 60_000;
    const add = (candles: Candles, from: number, to: number): void => {
      for (let at = from; at <= to; at += 1) candles.add('SOL', T + at * minute, '1');
    };
    const young = createCandles();
    add(young, 2, 12);
    expect(young.bars('SOL', '5m', 10).map(({ time }) => time - T)).toEqual([0, 5 * minute, 10 * minute]);
    young.seedBars('SOL', '1m', young.bars('SOL', '1m', 100));
    expect(young.bars('SOL', '5m', 10).map(({ time }) => time - T)).toEqual([5 * minute, 10 * minute]);
    expect(young.bars('SOL', '1h', 10)).toHaveLength(1);
    const long = createCandles({ keep: { '1m': 100 } });
    add(long, 0, 299);
    const [first] = long.bars('SOL', '1h', 24);
    expect(first?.time).toBe(T + 4 * 60 * minute);
  });

  it('are seeded with history under the live bars, without calling it news', () => {
    const candles = createCandles();
    candles.add('SOL', T + 3_000, '10');
    const version = candles.version;
    candles.seed('SOL', [
      { at: T, price: new Decimal('0.00000001') },
      { at: T + 1_000, price: '8' },
      { at: T + 3_500, price: '1' },
      { at: T + 9_000, price: '1' },
    ]);
    expect(candles.bars('SOL', '1s', 10).map(bar => [bar.time - T, bar.close])).toEqual([
      [0, '0.00000001'],
      [1_000, '8'],
      [3_000, '10'],
    ]);
    expect(candles.changedSince(version)).toEqual([]);
    expect(candles.newest()).toEqual([
      { token: 'SOL', time: T + 3_000, open: '10', high: '10', low: '10', close: '10', volume: null },
    ]);
    candles.clear('SOL');
    expect(candles.bars('SOL', '1s', 10)).toEqual([]);
    candles.seed('SOL', [{ at: T, price: '1' }]);
    candles.clear();
    expect(candles.newest()).toEqual([]);
  });
});
