import { describe, expect, it } from 'vitest';
import { Decimal } from 'decimal.js';
import { createStore } from 'zustand/vanilla';
import { directionTo, levelText, lineWords, stepLevel } from '../../../src/renderer/chart/alert-level.ts';
import { formatMark, readDate } from '../../../src/renderer/chart/axis-time.ts';
import { CHART_ACTIONS, actionOf } from '../../../src/renderer/chart/chart-actions.ts';
import { acceptChart, CHART_DEFAULTS } from '../../../src/renderer/chart/chart-settings.ts';
import { Crosshair, type Pointed } from '../../../src/renderer/chart/crosshair.ts';
import {
  createOwnTrades,
  FILLS_KEPT,
  keepOwnTrades,
  withTrades,
  type Fill,
} from '../../../src/renderer/chart/own-trades.ts';
import { barsIn, rangeWords } from '../../../src/renderer/chart/range-words.ts';
import { MOST_MARKS, marksOf } from '../../../src/renderer/chart/trade-marks.ts';
import { newDraft } from '../../../src/renderer/state/alerts.ts';
import { applyBatch } from '../../../src/renderer/state/apply-batch.ts';
import { EMPTY_SCREEN } from '../../../src/renderer/state/screen-state.ts';
import { tradeOf } from '../../../src/renderer/state/trade.ts';
import { barStart } from '../../../src/shared/bars.ts';
import type { AlertRule, PriceCondition } from '../../../src/shared/alerts.ts';
import { NOON, barOf, batchOf, snapshotOf, tradeEventOf } from './support.ts';

describe('the crosshair all charts share', () => {
  const at = (time: number): Omit<Pointed, 'pane'> => ({ token: 'SOL', time, until: time + 1, level: 1 });

  it('tells the other charts where the pointer is and when it has left, and never the chart it is over', () => {
    const crosshair = new Crosshair();
    const heard: Record<string, (number | null)[]> = { a: [], b: [] };
    for (const pane of ['a', 'b'])
      crosshair.follow(pane, pointed => heard[pane]?.push(pointed?.time ?? null));
    crosshair.move('a', at(1));
    crosshair.move('a', at(2));
    crosshair.move('a', null);
    expect(heard).toEqual({ a: [], b: [1, 2, null] });
  });

  it('passes from one chart to another without anybody taking it away', () => {
    const crosshair = new Crosshair();
    const heard: (number | null)[] = [];
    const stop = crosshair.follow('a', pointed => heard.push(pointed?.time ?? null));
    crosshair.move('b', at(1));
    crosshair.move('a', at(2));
    crosshair.move('b', null);
    expect(crosshair.store.getState().pointed?.pane).toBe('a');
    crosshair.move('a', null);
    stop();
    crosshair.move('b', at(3));
    expect(heard).toEqual([1]);
  });
});

describe('own trades', () => {
  const trade = (id: string, offset: number, over: object = {}, channel = 'trades:user_0001') =>
    tradeOf(tradeEventOf(id, over, { channel, timestamp: NOON + offset }));

  it('are gathered by token, second and side; trades of everybody are left out', () => {
    const fills = withTrades(new Map(), [
      trade('1', 0),
      trade('2', 900, { amount: '0.5' }),
      trade('3', 950, { action: 'sell' }),
      trade('4', 100, { amount: '1' }),
      trade('5', 1_000),
      trade('6', 1_000, { action: 'mint' }),
      trade('7', 1_000, { token_pair: 'BONK/USDC', amount: 'many' }),
      trade('8', 1_000, {}, 'trade-events'),
    ]);
    const told = (list: readonly Fill[] | undefined): string[] =>
      (list ?? []).map(fill => `${fill.time - NOON} ${fill.side} ${fill.count} ${fill.amount.toFixed()}`);
    expect(told(fills.get('SOL'))).toEqual(['0 buy 3 3.5', '0 sell 1 2', '1000 buy 1 2']);
    expect(told(fills.get('BONK'))).toEqual(['1000 buy 1 0']);
    expect(withTrades(fills, [trade('9', 1, {}, 'trade-events')])).toBe(fills);
  });

  it('are bounded', () => {
    const many = Array.from({ length: FILLS_KEPT + 10 }, (_, index) => trade(`${index}`, index * 1_000));
    expect(withTrades(new Map(), many).get('SOL')).toHaveLength(FILLS_KEPT);
  });

  it('are taken from the tape once each, and start over with a snapshot', () => {
    const screen = createStore(() => EMPTY_SCREEN);
    const store = createOwnTrades();
    const stop = keepOwnTrades(store, screen);
    const apply = (batch: ReturnType<typeof batchOf>): void =>
      screen.setState(applyBatch(screen.getState(), { batch, duplicates: 0 }, NOON), true);
    const own = (id: string, offset: number) =>
      tradeEventOf(id, {}, { channel: 'trades:u', timestamp: NOON + offset });
    const counts = (): number[] => (store.getState().get('SOL') ?? []).map(fill => fill.count);
    apply(snapshotOf({ events: [own('1', 0), own('2', 0)] }));
    apply(batchOf({ events: [own('3', 0), own('4', 5_000)] }));
    apply(batchOf());
    expect(counts()).toEqual([3, 1]);
    apply(snapshotOf({ events: [own('4', 5_000)] }));
    expect(counts()).toEqual([1]);
    stop();
    apply(batchOf({ events: [own('5', 0)] }));
    expect(counts()).toEqual([1]);
  });

  it('stand at their bar, gathered by side, with their number and size', () => {
    const fill = (offset: number, side: 'buy' | 'sell', count: number, amount: string): Fill => ({
      time: NOON + offset,
      side,
      count,
      amount: new Decimal(amount),
    });
    const marks = marksOf(
      [
        fill(2_000, 'sell', 1, '4'),
        fill(3_000, 'buy', 1, '12.5'),
        fill(4_000, 'sell', 2, '0.25'),
        fill(61_000, 'buy', 3, '0'),
        fill(-1_000, 'buy', 1, '1'),
        fill(180_000, 'buy', 1, '1'),
      ],
      '1m',
      at => (at < NOON || at > NOON + 120_000 ? null : barStart(at, '1m')),
    );
    // So near to one another no words stand beside them; the legend has them.
    expect(marks).toEqual([
      { time: NOON, side: 'buy', words: 'Buy 12.5', text: '' },
      { time: NOON, side: 'sell', words: 'Sell 3 × 4.25', text: '' },
      { time: NOON + 60_000, side: 'buy', words: 'Buy 3', text: '' },
    ]);
    const apart = [fill(0, 'buy', 1, '2'), fill(10 * 60_000, 'sell', 1, '3')];
    const texts = (clear?: () => boolean): string[] =>
      marksOf(apart, '1m', at => barStart(at, '1m'), clear).map(mark => mark.text);
    expect(texts()).toEqual(['Buy 2', 'Sell 3']);
    expect(texts(() => false)).toEqual(['', '']);
    expect(marksOf([fill(0, 'buy', 3, '0')], '1m', () => NOON)[0]?.text).toBe('Buy 3');
    const many = Array.from({ length: MOST_MARKS + 5 }, (_, index) => fill(index * 1_000, 'buy', 1, '1'));
    const kept = marksOf(many, '1s', at => at);
    expect(kept).toHaveLength(MOST_MARKS);
    expect(kept[0]?.time).toBe(NOON + 5_000);
  });
});

describe('the level of an alert', () => {
  it('moves by one in the fifth significant digit, and stays above zero', () => {
    expect(stepLevel('151.85', 1)).toBe('151.86');
    expect(stepLevel('151.85', -10)).toBe('151.75');
    expect(stepLevel('68412.5', 1)).toBe('68413.5');
    expect(stepLevel('0.0000030412', 0.1)).toBe('0.00000304121');
    expect(new Decimal(stepLevel('0.0001', -20_000)).gt(0)).toBe(true);
  });

  it('is written with the decimals of the scale, and never with fewer than it has', () => {
    expect(levelText('155', 3)).toBe('155.000');
    expect(levelText('155.12345', 3)).toBe('155.12345');
  });

  it('waits for the price to come from where it is', () => {
    expect([directionTo('10', '9'), directionTo('9', '9'), directionTo('8', '9')]).toEqual([
      'above',
      'above',
      'below',
    ]);
    expect(directionTo('10', undefined)).toBe('cross');
  });

  it('is told in words, with what keeps it from ringing', () => {
    const condition: PriceCondition = { kind: 'price', token: 'SOL', direction: 'above', level: '1' };
    const rule: AlertRule = {
      ...newDraft(condition),
      id: '1',
      snoozedUntil: null,
      createdAt: 0,
      updatedAt: 0,
    };
    expect(lineWords(rule, condition, 'armed')).toBe('crosses above');
    expect(lineWords({ ...rule, name: 'Out' }, condition, 'snoozed')).toBe('Out, snoozed');
  });
});

describe('the time of a chart', () => {
  it('is written in its zone', () => {
    const at = Date.UTC(2026, 10, 21, 4, 5, 6);
    expect((['year', 'month', 'day', 'minute', 'second'] as const).map(mark => formatMark(at, mark))).toEqual(
      ['2026', 'Nov', '21', '04:05', '04:05:06'],
    );
  });

  it('is read from what a trader types', () => {
    expect(readDate('2026-11-20', NOON)).toBe(Date.UTC(2026, 10, 20));
    expect(readDate(' 2026-11-20 9:30 ', NOON)).toBe(Date.UTC(2026, 10, 20, 9, 30));
    expect(readDate('2026-11-20T09:30:15', NOON)).toBe(Date.UTC(2026, 10, 20, 9, 30, 15));
    expect(readDate('09:30', NOON)).toBe(Date.UTC(2026, 10, 21, 9, 30));
    expect(['', 'soon', '2026-13-40', '25:00', '20.11.2026'].map(text => readDate(text, NOON))).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('the keys of a chart', () => {
  const key = (name: string, over: object = {}) =>
    actionOf({ key: name, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...over })?.id;

  it('are each of one action, in either case, and leave those with modifiers to the screen', () => {
    const keys = CHART_ACTIONS.map(action => action.key);
    expect(new Set(keys).size).toBe(keys.length);
    expect([key('g'), key('G', { shiftKey: true }), key('='), key('+', { shiftKey: true })]).toEqual([
      'go-to-date',
      'go-to-date',
      'zoom-in',
      'zoom-in',
    ]);
    expect([key('ArrowLeft'), key('ArrowLeft', { shiftKey: true }), key('Shift')]).toEqual([
      'left',
      'left-10',
      undefined,
    ]);
    expect([key('g', { ctrlKey: true }), key('g', { altKey: true }), key('F6')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('come with settings that are refused when they make no sense', () => {
    expect(acceptChart(CHART_DEFAULTS)).toBe(true);
    expect(acceptChart({ ...CHART_DEFAULTS, interval: '2m' as '1m' })).toBe(false);
    expect(acceptChart({ ...CHART_DEFAULTS, shape: 'bars' as 'line' })).toBe(false);
  });
});

describe('the stretch in view in words', () => {
  it('says from when to when, and what happened', () => {
    const bars = [0, 1, 2].map(at =>
      barOf(NOON + at * 1_000, `${150 + at}`, { high: `${155 - at}`, low: `${140 + at}` }),
    );
    expect(rangeWords(barsIn(bars, { from: -20, to: 1.2 }), '1s')).toBe(
      '3 bars of 1s from Nov 21, 2026, 12:00:00 UTC to Nov 21, 2026, 12:00:02 UTC: opens at 150, closes at 152 (+1.33 %), high 155, low 140.',
    );
    expect(rangeWords(barsIn(bars, { from: -20, to: 0 }), '1s')).toContain('1 bar of 1s');
    expect(rangeWords(barsIn(bars, null), '1s')).toBe('No bars are in view.');
  });
});
