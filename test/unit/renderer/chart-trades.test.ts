import { Decimal } from 'decimal.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { FeedEvent } from '../../../src/shared/contract.ts';
import { BarWindow } from '../../../src/renderer/chart/bar-window.ts';
import {
  ChartTrades,
  joinFills,
  MOST_TRADES,
  type Stretch,
} from '../../../src/renderer/chart/chart-trades.ts';
import type { Fill, OwnTrades } from '../../../src/renderer/chart/own-trades.ts';
import { browserClock } from '../../../src/renderer/time/clock.ts';
import { barOf, NOON, TestLink, tradeEventOf } from './support.ts';

const fill = (offset: number, count = 1, side: Fill['side'] = 'buy'): Fill => ({
  ...{ time: NOON + offset, side, count },
  amount: new Decimal(count),
});

describe('own trades of ledger and tape', () => {
  it('follow each other, the ledger up to where the tape begins', () => {
    expect(joinFills([fill(0), fill(5_000)], [fill(3_000), fill(4_000)])).toEqual([
      fill(0),
      fill(3_000),
      fill(4_000),
    ]);
    expect(joinFills([fill(0)], [])).toEqual([fill(0)]);
    expect(joinFills([], [fill(0)])).toEqual([fill(0)]);
  });

  it('of a second that both know are those of the one that knows more of it', () => {
    expect(joinFills([fill(0, 3), fill(0, 1, 'sell')], [fill(0, 2), fill(1_000)])).toEqual([
      fill(0, 3),
      fill(0, 1, 'sell'),
      fill(1_000),
    ]);
    expect(joinFills([fill(0, 1)], [fill(0, 2)])).toEqual([fill(0, 2)]);
  });
});

describe('the own trades of a chart', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function start() {
    const link = new TestLink();
    const live = createStore<OwnTrades>(() => new Map());
    const trades = new ChartTrades({ link, live, clock: browserClock });
    const window = new BarWindow('1s');
    window.reset([barOf(NOON, '1'), barOf(NOON + 5_000, '1')], []);
    const look = async (over: Partial<Stretch> = {}): Promise<void> => {
      trades.look({ token: 'SOL', window, attached: true, generation: 1, ...over });
      await vi.advanceTimersByTimeAsync(0);
    };
    const times = (): number[] => (trades.store.getState().get('SOL') ?? []).map(({ time }) => time - NOON);
    const answer = (...offsets: number[]): void => {
      link.answers['chart.trades'] = (): FeedEvent[] =>
        offsets.map(offset =>
          tradeEventOf(`t${offset}`, {}, { channel: 'trades:me', timestamp: NOON + offset }),
        );
    };
    return { link, live, trades, window, look, times, answer };
  }

  it('are asked for as far as bars are held, once, and joined with what the tape tells', async () => {
    const { link, live, trades, window, look, times, answer } = start();
    answer(0, 2_000);
    await look({ token: null });
    expect(link.calls).toEqual([]);
    await look();
    await look();
    expect(link.calls).toEqual([
      {
        command: 'chart.trades',
        args: { token: 'SOL', since: NOON, until: Number.MAX_SAFE_INTEGER, limit: MOST_TRADES },
      },
    ]);
    live.setState(new Map([['SOL', [fill(4_000)]]]), true);
    expect(times()).toEqual([0, 2_000, 4_000]);
    answer(-60_000, 0, 2_000);
    window.prepend([barOf(NOON - 60_000, '1')]);
    await look();
    expect(times()).toEqual([-60_000, 0, 2_000, 4_000]);
    trades.stop();
    live.setState(new Map(), true);
    expect(times()).toHaveLength(4);
  });

  it('are asked for anew when the tape has begun anew, and end with the bars of a stretch of the past', async () => {
    const { link, look, answer } = start();
    answer(0);
    await look();
    await look({ generation: 2 });
    expect(link.count('chart.trades')).toBe(2);
    await look({ token: 'BONK', attached: false });
    expect(link.calls.at(-1)?.args).toMatchObject({ token: 'BONK', until: NOON + 6_000 });
  });

  it('of another token are never shown, not even while its own are on their way', async () => {
    const { trades, look, answer, times } = start();
    answer(0);
    await look();
    expect(times()).toEqual([0]);
    void look({ token: 'BONK' });
    expect(trades.store.getState().size).toBe(0);
    trades.stop();
    await vi.advanceTimersByTimeAsync(0);
    expect(trades.store.getState().size).toBe(0);
  });

  it('stay when the ledger does not answer, and are asked for again after a while', async () => {
    const { link, look, answer, times } = start();
    answer(0);
    await look();
    link.answers['chart.trades'] = () => {
      throw new Error('away');
    };
    await look({ generation: 2 });
    await look({ generation: 2 });
    expect([link.count('chart.trades'), times()]).toEqual([2, [0]]);
    vi.advanceTimersByTime(5_000);
    answer(0, 1_000);
    await look({ generation: 2 });
    expect(times()).toEqual([0, 1_000]);
  });
});
