// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { ASK_AGAIN_AFTER_MS, keepFollowing } from '../../../src/renderer/app/follow.ts';
import { keepRootAttributes } from '../../../src/renderer/app/root-attributes.ts';
import { createHistory, keepHistory } from '../../../src/renderer/state/history.ts';
import { EMPTY_SCREEN } from '../../../src/renderer/state/screen-state.ts';
import { createView } from '../../../src/renderer/state/view-store.ts';
import { createVitals } from '../../../src/renderer/state/vitals.ts';
import { initialLook, readLook, storeLook } from '../../../src/renderer/theme/theme.ts';
import { browserClock } from '../../../src/renderer/time/clock.ts';
import { TICK_MS, createTicker, writeAttribute, writeText } from '../../../src/renderer/time/ticker.ts';
import { NOON, TestLink, barOf } from './support.ts';

beforeEach(() => void vi.useFakeTimers({ now: NOON }));
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('the ticker', () => {
  it('gives engine time at once and ten times a second, to all from one timer', () => {
    const ticker = createTicker(browserClock, local => local + 5);
    const seen: number[] = [];
    const undo = ticker.add(now => seen.push(now - NOON));
    ticker.add(() => {});
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(2 * TICK_MS);
    ticker.tick();
    undo();
    vi.advanceTimersByTime(TICK_MS);
    expect(seen).toEqual([5, 105, 205, 205]);
    expect(ticker.now() - NOON).toBe(305);
    ticker.stop();
  });

  it('leaves out a tick that comes soon after one out of turn, and goes on when those cease', () => {
    const ticker = createTicker(browserClock, local => local);
    const seen: number[] = [];
    ticker.add(now => seen.push(now - NOON));
    vi.advanceTimersByTime(60);
    ticker.tick();
    vi.advanceTimersByTime(100);
    ticker.tick();
    expect(seen).toEqual([0, 60, 160]);
    vi.advanceTimersByTime(340);
    expect(seen).toEqual([0, 60, 160, 400, 500]);
    ticker.tick();
    vi.setSystemTime(NOON - 60_000);
    vi.advanceTimersByTime(TICK_MS);
    expect(seen).toHaveLength(7);
    ticker.stop();
  });

  it('touches the page only where something differs', () => {
    const element = document.createElement('p');
    writeText(element, 'a');
    const node = element.firstChild;
    writeText(element, 'a');
    expect(element.firstChild).toBe(node);
    writeAttribute(element, 'data-x', '1');
    const set = vi.spyOn(element, 'setAttribute');
    writeAttribute(element, 'data-x', '1');
    expect(set).not.toHaveBeenCalled();
    writeText(null, 'a');
    writeAttribute(null, 'a', 'b');
  });
});

describe('following the feed', () => {
  it('asks after each connect, and again when no batch comes for three seconds', () => {
    const link = new TestLink();
    let lastBatchAt: number | null = null;
    const stop = keepFollowing(link, browserClock, () => lastBatchAt);
    expect(link.count('feed.follow')).toBe(1);
    link.reconnect();
    expect(link.count('feed.follow')).toBe(2);
    vi.advanceTimersByTime(ASK_AGAIN_AFTER_MS);
    expect(link.count('feed.follow')).toBe(3);
    for (let second = 0; second < 10; second += 1) {
      vi.advanceTimersByTime(1_000);
      lastBatchAt = Date.now();
    }
    expect(link.count('feed.follow')).toBe(3);
    stop();
    vi.advanceTimersByTime(60_000);
    expect(link.count('feed.follow')).toBe(3);
  });
});

describe('the look', () => {
  const storage =
    (value: string | null, writes: string[] = []): (() => Storage) =>
    () =>
      ({
        getItem: () => value,
        setItem: (_: string, text: string) => writes.push(text),
      }) as unknown as Storage;
  const closed = (): Storage => {
    throw new Error('storage is off');
  };

  it('is what was stored, else what the system prefers', () => {
    expect(initialLook(storage('{"theme":"light"}'), false).theme).toBe('light');
    expect(initialLook(storage('{"theme":"dark","density":"compact"}'), true)).toEqual({
      theme: 'dark',
      colours: 'teal-red',
      density: 'compact',
      region: { locale: null, timeZone: null },
    });
    expect(initialLook(storage('{"theme":"blue","colours":7}'), true).theme).toBe('light');
    expect(initialLook(storage('{half'), true).theme).toBe('light');
    expect(initialLook(closed, false).theme).toBe('dark');
  });

  it('is stored where that is possible', () => {
    const german = { locale: 'de-DE', timeZone: 'Europe/Berlin' };
    const writes: string[] = [];
    const look = { theme: 'light', colours: 'blue-orange', density: 'compact', region: german } as const;
    storeLook(storage(null, writes), look);
    storeLook(closed, look);
    expect(writes).toEqual([JSON.stringify(look)]);
    expect(readLook(JSON.parse(writes[0] ?? ''))).toEqual(look);
    expect(readLook(null)).toEqual({});
    expect(readLook({ region: { locale: 7, timeZone: 'UTC' } })).toEqual({
      region: { locale: null, timeZone: 'UTC' },
    });
  });
});

describe("the root's attributes", () => {
  it('follow the stores until undone', () => {
    const root = document.createElement('div');
    const stores = {
      screen: createStore(() => EMPTY_SCREEN),
      vitals: createVitals(),
      view: createView({ theme: 'dark' }),
    };
    const undo = keepRootAttributes(root, stores);
    stores.screen.setState({ seq: 12 });
    stores.vitals.setState({ connection: 'live' });
    stores.view.setState({ theme: 'light', density: 'compact' });
    undo();
    stores.screen.setState({ seq: 13 });
    expect([
      root.dataset['seq'],
      root.dataset['connection'],
      root.dataset['theme'],
      root.dataset['density'],
    ]).toEqual(['12', 'live', 'light', 'compact']);
  });
});

describe('the past of the sparklines', () => {
  it('is loaded after each snapshot, and the last answer counts', async () => {
    const link = new TestLink();
    const screen = createStore(() => EMPTY_SCREEN);
    const store = createHistory();
    let close = 0;
    link.answers['chart.bars'] = () => {
      close += 1;
      return { SOL: [barOf(NOON, String(close))] };
    };
    const undo = keepHistory(store, { link, screen });
    screen.setState({ generation: 1 });
    expect(link.calls).toEqual([]);
    screen.setState({ tokens: ['SOL'] });
    screen.setState({ generation: 2 });
    screen.setState({ seq: 3 });
    await vi.advanceTimersByTimeAsync(0);
    expect(link.count('chart.bars')).toBe(2);
    expect(store.getState().fiveSeconds['SOL']?.[0]?.close).toBe('2');
    link.answers['chart.bars'] = () => {
      throw new Error('no');
    };
    screen.setState({ generation: 3 });
    await vi.advanceTimersByTimeAsync(0);
    expect(store.getState().fiveSeconds['SOL']?.[0]?.close).toBe('2');
    undo();
  });
});
