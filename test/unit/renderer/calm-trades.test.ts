import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { calmTrades, FLOOD, LATEST_MS } from '../../../src/renderer/tape/calm-trades.ts';
import { appendLog } from '../../../src/renderer/state/log.ts';
import { EMPTY_SCREEN, type ScreenState } from '../../../src/renderer/state/screen-state.ts';
import type { Trade } from '../../../src/renderer/state/trade.ts';
import { browserClock } from '../../../src/renderer/time/clock.ts';
import { NOON } from './support.ts';

describe('the trades of a tape in a flood', () => {
  const screen = createStore<ScreenState>(() => EMPTY_SCREEN);
  const add = (count: number): void => {
    const trades = appendLog(screen.getState().trades, Array<Trade>(count).fill({} as Trade), 5_000);
    screen.setState({ trades });
  };

  beforeEach(() => {
    vi.useFakeTimers({ now: NOON });
    screen.setState(EMPTY_SCREEN, true);
  });
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('are shown at once while they can be read', () => {
    const calm = calmTrades(screen, browserClock);
    const totals: number[] = [];
    const stop = calm.subscribe(() => totals.push(calm.get().total));
    for (let batch = 0; batch < 3; batch += 1) add(FLOOD - 1);
    stop();
    expect(totals).toEqual([39, 78, 117]);
  });

  it('are shown every so often where each batch fills the tape, the last of them too', () => {
    const calm = calmTrades(screen, browserClock);
    const totals: number[] = [];
    const stop = calm.subscribe(() => totals.push(calm.get().total));
    for (let batch = 0; batch < 7; batch += 1) {
      vi.advanceTimersByTime(100);
      add(100);
    }
    expect(totals).toEqual([100, 400, 700]);
    add(100);
    expect(totals).toHaveLength(3);
    vi.advanceTimersByTime(LATEST_MS);
    expect(totals).toEqual([100, 400, 700, 800]);
    stop();
  });

  it('are shown at once after a snapshot has started them anew, and when somebody looks again', () => {
    add(500);
    const calm = calmTrades(screen, browserClock);
    expect(calm.get().total).toBe(500);
    const totals: number[] = [];
    let stop = calm.subscribe(() => totals.push(calm.get().total));
    screen.setState(EMPTY_SCREEN, true);
    expect(totals).toEqual([0]);
    add(100);
    stop();
    stop = calm.subscribe(() => totals.push(calm.get().total));
    expect(calm.get().total).toBe(100);
    stop();
  });
});
