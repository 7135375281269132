import { describe, expect, it } from 'vitest';
import { BarWindow, SLACK_BARS } from '../../../src/renderer/chart/bar-window.ts';
import type { Bar, Interval } from '../../../src/shared/contract.ts';
import { NOON, barOf } from './support.ts';

const SECOND = 1_000;

function windowOf(past: readonly Bar[], interval: Interval = '1s', seconds: readonly Bar[] = []): BarWindow {
  const window = new BarWindow(interval);
  window.reset(past, seconds);
  return window;
}

const series = (from: number, count: number): Bar[] =>
  Array.from({ length: count }, (_, index) => barOf(NOON + (from + index) * SECOND, String(from + index)));

describe('laying live seconds over the bars of a chart', () => {
  it('does nothing when nothing changed', () => {
    expect(windowOf([barOf(NOON, '1')]).absorb([])).toEqual({ kind: 'nothing' });
  });

  it('updates the last bar and appends new ones, oldest first', () => {
    const window = windowOf([barOf(NOON, '1')]);
    const change = window.absorb([barOf(NOON + SECOND, '3'), barOf(NOON, '2')]);
    expect(change).toEqual({ kind: 'update', bars: [barOf(NOON, '2'), barOf(NOON + SECOND, '3')] });
    expect(window.bars.map(bar => bar.close)).toEqual(['2', '3']);
  });

  it('widens the bar of a longer interval by its seconds, whose past it need not know', () => {
    const window = windowOf([barOf(NOON, '10', { open: '9', high: '12', low: '8' })], '5s');
    const seconds = [3, 4, 5].map((at, index) => barOf(NOON + at * SECOND, ['13', '7', '6'][index] ?? ''));
    expect(window.absorb(seconds)).toEqual({
      kind: 'update',
      bars: [barOf(NOON, '7', { open: '9', high: '13', low: '7' }), barOf(NOON + 5 * SECOND, '6')],
    });
  });

  it('does not let a late second set the close of its bar', () => {
    const window = windowOf([], '5s');
    window.absorb([barOf(NOON + 2 * SECOND, '5')]);
    window.absorb([barOf(NOON + SECOND, '9')]);
    expect(window.bars).toEqual([barOf(NOON, '5', { open: '5', high: '9', low: '5' })]);
  });

  it('states a bar anew that is not the last, and asks to be drawn anew when one comes between others', () => {
    const window = windowOf([barOf(NOON, '1'), barOf(NOON + 2 * SECOND, '3')]);
    expect(window.absorb([barOf(NOON, '1.5')])).toEqual({ kind: 'update', bars: [barOf(NOON, '1.5')] });
    expect(window.absorb([barOf(NOON + SECOND, '2')])).toEqual({ kind: 'rebuild' });
    expect(window.bars.map(bar => bar.close)).toEqual(['1.5', '2', '3']);
  });

  it('leaves out what belongs before its first bar', () => {
    const window = windowOf([barOf(NOON, '1')]);
    expect(window.absorb([barOf(NOON - SECOND, '0')])).toEqual({ kind: 'nothing' });
  });
});

describe('the volume of a bar', () => {
  it('counts what was traded in a second once, however often the second is told', () => {
    const window = windowOf([barOf(NOON, '5', { volume: '10' })], '1m', [
      barOf(NOON + SECOND, '5', { volume: '2' }),
    ]);
    expect(window.last?.volume).toBe('10');
    window.absorb([barOf(NOON + SECOND, '5', { volume: '2.5' })]);
    window.absorb([barOf(NOON + SECOND, '5', { volume: '2.75' }), barOf(NOON + 2 * SECOND, '5')]);
    expect(window.last?.volume).toBe('10.75');
  });

  it('is the sum of its seconds where all of them are at hand', () => {
    const seconds = [0, 1, 2].map(at => barOf(NOON + at * SECOND, '5', { volume: '0.1' }));
    expect(windowOf([barOf(NOON, '5', { volume: '0.15' })], '1m', seconds).last?.volume).toBe('0.3');
  });

  it('stays unknown where no trade is', () => {
    const window = windowOf([barOf(NOON, '5')], '1m');
    window.absorb([barOf(NOON + SECOND, '6')]);
    expect(window.last?.volume).toBeNull();
    window.absorb([barOf(NOON + SECOND, '6', { volume: '1' })]);
    expect(window.last?.volume).toBe('1');
  });

  it('forgets seconds that are long past', () => {
    const window = windowOf([barOf(Date.UTC(2026, 10, 21), '5', { volume: '1' })], '1d');
    window.absorb([barOf(NOON + SECOND, '5', { volume: '2' })]);
    window.absorb([barOf(NOON + 700 * SECOND, '5', { volume: '1' })]);
    expect(window.last?.volume).toBe('4');
    window.absorb([barOf(NOON + SECOND, '5', { volume: '2' })]);
    expect(window.last?.volume).toBe('6');
  });
});

describe('a bounded stretch of bars', () => {
  it('takes older bars in front and drops the newest that are too many', () => {
    const window = new BarWindow('1s', 10);
    window.reset(series(0, 6), []);
    expect(window.prepend(series(-4, 5))).toEqual({ shift: 4, cut: false });
    expect(window.prepend(series(-7, 3))).toEqual({ shift: 3, cut: true });
    expect(window.bars.map(bar => bar.close)).toEqual(series(-7, 10).map(bar => bar.close));
  });

  it('takes newer bars behind and drops the oldest that are too many', () => {
    const window = new BarWindow('1s', 10);
    window.reset(series(0, 8), []);
    expect(window.append(series(6, 4))).toEqual({ shift: 0, added: 2 });
    expect(window.append(series(10, 3))).toEqual({ shift: -3, added: 3 });
    expect(window.first?.close).toBe('3');
    expect(window.append(series(3, 4))).toEqual({ shift: 0, added: 0 });
  });

  it('lets live bars grow past it for a while and then cuts many at once', () => {
    const window = new BarWindow('1s', 10);
    window.reset(series(0, 10), []);
    window.absorb(series(10, SLACK_BARS));
    expect(window.trim()).toBe(0);
    window.absorb(series(10 + SLACK_BARS, 1));
    expect(window.trim()).toBe(-(SLACK_BARS + 1));
    expect(window.bars).toHaveLength(10);
  });

  it('finds bars by time, also between them', () => {
    const window = windowOf([barOf(NOON, '1'), barOf(NOON + 3 * SECOND, '2')]);
    expect([-1, 0, 1, 3, 9].map(at => window.placeOf(NOON + at * SECOND))).toEqual([-1, 0, 0, 1, 1]);
    expect(window.at(NOON + SECOND)).toBeUndefined();
    expect(window.at(NOON + 3 * SECOND)?.close).toBe('2');
  });
});
