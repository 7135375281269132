import { Decimal } from 'decimal.js';
import { describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { BarWindow } from '../../../src/renderer/chart/bar-window.ts';
import type { ChartColors } from '../../../src/renderer/chart/chart-colors.ts';
import { candleLook, chartLook, lineLook, markerOf } from '../../../src/renderer/chart/chart-look.ts';
import { MarkKeeper } from '../../../src/renderer/chart/mark-keeper.ts';
import { OpenCharts } from '../../../src/renderer/chart/open-charts.ts';
import type { OwnTrades } from '../../../src/renderer/chart/own-trades.ts';
import { IDLE, PageLoader, type LoadState } from '../../../src/renderer/chart/page-loader.ts';
import { paintWatch } from '../../../src/renderer/chart/paint-watch.ts';
import {
  atSecond,
  fromSecond,
  inColors,
  toCandle,
  toColumn,
  toPoint,
} from '../../../src/renderer/chart/points.ts';
import type { TradeMark } from '../../../src/renderer/chart/trade-marks.ts';
import { browserClock } from '../../../src/renderer/time/clock.ts';
import { NOON, barOf } from './support.ts';

const settle = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 0));

const COLORS: ChartColors = {
  pane: '#000001',
  grid: '#000002',
  line: '#000003',
  text: '#000004',
  raised: '#000005',
  up: '#000006',
  down: '#000007',
  volumeUp: '#00000659',
  volumeDown: '#00000759',
  accent: '#000008',
  warn: '#000009',
  faint: '#00000a',
  font: 'Inter',
};

describe('one question at a time', () => {
  it('drops the answer and the failure of a question that was replaced', async () => {
    const states: LoadState[] = [];
    const got: string[] = [];
    const loader = new PageLoader(browserClock, state => states.push(state));
    loader.ask(
      () => Promise.resolve('old'),
      answer => got.push(answer),
    );
    loader.ask(
      () => Promise.reject(new Error('old')),
      () => got.push('never'),
      () => got.push('missed'),
    );
    loader.ask(
      () => Promise.resolve('new'),
      answer => got.push(answer),
    );
    await settle();
    expect(got).toEqual(['new']);
    expect(states.at(-1)).toEqual(IDLE);
  });

  it('is not over while its answer asks the next one', async () => {
    const states: LoadState[] = [];
    const loader = new PageLoader(browserClock, state => states.push(state));
    loader.ask(
      () => Promise.resolve(1),
      () =>
        loader.ask(
          () => new Promise<number>(() => {}),
          () => {},
        ),
    );
    await settle();
    expect(loader.engaged).toBe(true);
    expect(states.at(-1)?.busy).toBe(true);
  });

  it('waits longer after each failure, half a minute at most, and forgets it when cancelled', async () => {
    const waits: number[] = [];
    const runs: (() => void)[] = [];
    const clock = {
      ...browserClock,
      after: (ms: number, run: () => void) => {
        waits.push(ms);
        runs.push(run);
        return () => {};
      },
    };
    const loader = new PageLoader(clock, () => {});
    // A refusal that is no Error is told as it is.
    const refused: unknown = 'no';
    loader.ask(
      () => Promise.reject(refused as Error),
      () => {},
    );
    for (let time = 0; time < 6; time += 1) {
      await settle();
      runs.at(-1)?.();
    }
    await settle();
    expect(waits).toEqual([2_000, 5_000, 15_000, 30_000, 30_000, 30_000, 30_000]);
    loader.cancel();
    expect(loader.engaged).toBe(false);
    loader.retry();
    expect(loader.engaged).toBe(false);
  });
});

describe('the keeper of marks', () => {
  it('draws again only when trades or bars changed, all that came within a moment at once', () => {
    vi.useFakeTimers();
    const trades = createStore<OwnTrades>(() => new Map());
    const drawn: (readonly TradeMark[])[] = [];
    const told: string[] = [];
    const window = new BarWindow('1s');
    window.reset([barOf(NOON, '1'), barOf(NOON + 5_000, '1')], []);
    const keeper = new MarkKeeper({
      trades,
      clock: browserClock,
      chart: { setTrades: marks => drawn.push(marks) },
      shown: () => ({ token: 'SOL', window }),
      onMarks: () => told.push(keeper.wordsAt(NOON)),
    });
    const own = (...offsets: number[]): void =>
      trades.setState(
        new Map([
          [
            'SOL',
            offsets.map(offset => ({
              time: NOON + offset,
              side: 'buy' as const,
              count: 1,
              amount: new Decimal(1),
            })),
          ],
        ]),
        true,
      );
    const pass = (): unknown => vi.advanceTimersByTime(300);
    own(0);
    own(0, 2_000, 6_000, -1_000);
    pass();
    // Two seconds after noon nobody gave a price: the trade stands at the bar before. The others have no bar.
    expect(drawn).toEqual([[{ time: NOON, side: 'buy', words: 'Buy 2 × 2', text: 'Buy 2 × 2' }]]);
    expect(told).toEqual(['Buy 2 × 2']);
    expect(keeper.wordsAt(NOON + 5_000)).toBe('');
    keeper.touch();
    pass();
    expect(drawn).toHaveLength(1);
    window.absorb([barOf(NOON + 6_000, '1')]);
    keeper.touch();
    pass();
    expect(drawn[1]).toHaveLength(2);
    // A bar that reaches past the one of the trade leaves no room for words below it.
    own(0, 2_000);
    pass();
    window.absorb([barOf(NOON + 7_000, '0.5')]);
    keeper.touch();
    pass();
    expect(drawn.slice(2).map(marks => marks[0]?.text)).toEqual(['Buy 2 × 2', '']);
    keeper.touch();
    keeper.stop();
    own();
    pass();
    expect(drawn).toHaveLength(4);
    vi.useRealTimers();
  });
});

describe('the charts on the screen', () => {
  it('are meant by their pane, else the one used last, else the first', () => {
    const charts = new OpenCharts();
    const ran: string[] = [];
    expect(charts.meant('chart-1')).toBeNull();
    const closeFirst = charts.add('chart-1', id => ran.push(`1 ${id}`));
    charts.add('chart-2', id => ran.push(`2 ${id}`));
    charts.meant('chart-2')?.('fit');
    charts.meant('tape')?.('fit');
    charts.use('chart-2');
    charts.meant(null)?.('log');
    closeFirst();
    charts.add('chart-2', id => ran.push(`again ${id}`));
    closeFirst();
    charts.meant('chart-1')?.('now');
    expect(ran).toEqual(['2 fit', '1 fit', '2 log', 'again now']);
  });
});

describe('what the chart library is given', () => {
  it('is seconds and floats, and nothing for a volume nobody knows', () => {
    const bar = barOf(NOON + 999, '0.5', { open: '0.4', high: '0.6', low: '0.3', volume: '2.5' });
    const time = NOON / 1_000;
    expect(fromSecond(atSecond(NOON))).toBe(NOON);
    expect(toCandle(bar)).toEqual({ time, open: 0.4, high: 0.6, low: 0.3, close: 0.5 });
    expect(toPoint(bar)).toEqual({ time, value: 0.5 });
    expect(toColumn(bar, COLORS)).toEqual({ time, value: 2.5, color: COLORS.volumeUp });
    expect(toColumn({ ...bar, open: '1' }, COLORS)).toMatchObject({ color: COLORS.volumeDown });
    expect(toColumn({ ...bar, volume: null }, COLORS)).toEqual({ time });
  });

  it('keeps the direction of each column when the colours change, and columns without volume as they are', () => {
    const bars = [
      barOf(NOON, '1', { open: '2', volume: '3' }),
      barOf(NOON + 1_000, '2', { open: '1', volume: null }),
      barOf(NOON + 2_000, '2', { open: '2', volume: '4' }),
    ];
    const columns = bars.map(bar => toColumn(bar, COLORS));
    const colors = { volumeUp: 'new up', volumeDown: 'new down' };
    expect(inColors(columns, bars.map(toCandle), colors)).toEqual(bars.map(bar => toColumn(bar, colors)));
  });

  it('is in the colours of the theme; a price that does not hold takes the warning colour', () => {
    expect(chartLook(COLORS).layout?.background).toEqual({ color: COLORS.pane });
    expect(candleLook(COLORS, true)).toMatchObject({ upColor: COLORS.up, priceLineColor: '' });
    expect(candleLook(COLORS, false).priceLineColor).toBe(COLORS.warn);
    expect(lineLook(COLORS, true)).toEqual({ color: COLORS.accent, priceLineColor: '' });
    expect(lineLook(COLORS, false)).toEqual({ color: COLORS.warn, priceLineColor: COLORS.warn });
    const mark = { time: NOON, side: 'buy' as const, words: 'Buy 1', text: 'Buy 1' };
    expect(markerOf(mark, COLORS)).toMatchObject({ position: 'belowBar', color: COLORS.up });
    expect(markerOf({ ...mark, side: 'sell' }, COLORS)).toMatchObject({ position: 'aboveBar' });
  });

  it('includes something that tells of each painting and draws nothing', () => {
    let painted = 0;
    const views = paintWatch(() => (painted += 1)).paneViews?.() ?? [];
    expect(views[0]?.zOrder?.()).toBe('bottom');
    views[0]?.renderer()?.draw({} as never, {} as never);
    expect(painted).toBe(1);
  });
});
