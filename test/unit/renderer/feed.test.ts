import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FRAME_PATIENCE_MS, createFeed, type Feed } from '../../../src/renderer/state/feed.ts';
import { PaintMeter } from '../../../src/renderer/state/paint-meter.ts';
import { browserClock } from '../../../src/renderer/time/clock.ts';
import { filterNewest } from '../../../src/renderer/state/log.ts';
import { NOON, batchOf, eventOf, priceOf, snapshotOf } from './support.ts';

describe('painting batches', () => {
  let frames: (() => void)[] = [];
  let hidden = false;
  let confirmed: number[] = [];
  let feed: Feed;
  let updates = 0;

  const frame = (): void => {
    const due = frames;
    frames = [];
    for (const run of due) run();
  };

  beforeEach(() => {
    vi.useFakeTimers({ now: NOON });
    frames = [];
    hidden = false;
    confirmed = [];
    updates = 0;
    feed = createFeed({
      clock: browserClock,
      requestFrame: run => {
        frames.push(run);
        return () => {
          frames = frames.filter(other => other !== run);
        };
      },
      isHidden: () => hidden,
      confirm: seq => confirmed.push(seq),
    });
    feed.store.subscribe(() => {
      updates += 1;
    });
  });

  afterEach(() => {
    feed.stop();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('changes the store ahead of the frame that draws it, and confirms in that frame', () => {
    feed.receive(snapshotOf({ prices: [priceOf()] }));
    expect(updates).toBe(1);
    expect(feed.store.getState().seq).toBe(1);
    expect(confirmed).toEqual([]);
    frame();
    expect(updates).toBe(1);
    expect(confirmed).toEqual([1]);
  });

  it('paints after a snapshot what it paints anew, whatever was painted before it, and counts no duplicate', () => {
    feed.receive(snapshotOf({ events: [eventOf('a'), eventOf('b'), eventOf('c')] }));
    frame();
    // The engine fills a snapshot up to its size; the rest of it follows as an update.
    feed.receive(snapshotOf({ seq: 2, events: [eventOf('a'), eventOf('b')] }));
    feed.receive(batchOf({ seq: 3, events: [eventOf('c'), eventOf('b')] }));
    frame();
    const { trades, duplicates } = feed.store.getState();
    expect(filterNewest(trades, () => true).map(trade => trade.eventId)).toEqual(['c', 'b', 'a']);
    expect(duplicates).toBe(1);
  });

  it('changes the store once for all batches that come before the frame of the first, and confirms each', () => {
    feed.receive(snapshotOf());
    feed.receive(batchOf({ seq: 2, prices: [priceOf({ price: '1' })] }));
    feed.receive(batchOf({ seq: 3, prices: [priceOf({ token: 'BONK', price: '2' })] }));
    expect(frames).toHaveLength(1);
    expect(updates).toBe(1);
    frame();
    expect(updates).toBe(2);
    expect(confirmed).toEqual([1, 2, 3]);
    expect(feed.store.getState().prices.size).toBe(2);
  });

  it('does not wait for a frame that does not come', () => {
    feed.receive(snapshotOf());
    feed.receive(batchOf({ seq: 2 }));
    vi.advanceTimersByTime(FRAME_PATIENCE_MS - 1);
    expect(confirmed).toEqual([]);
    expect(feed.store.getState().seq).toBe(1);
    vi.advanceTimersByTime(1);
    expect(confirmed).toEqual([1, 2]);
    expect(feed.store.getState().seq).toBe(2);
    frame();
    expect(updates).toBe(2);
  });

  it('takes batches at once while the page is hidden, so that nothing piles up', () => {
    hidden = true;
    feed.receive(snapshotOf());
    feed.receive(batchOf({ seq: 2 }));
    expect(confirmed).toEqual([1, 2]);
  });

  it('paints nothing after it was stopped', () => {
    feed.receive(snapshotOf());
    feed.receive(batchOf({ seq: 2 }));
    feed.stop();
    frame();
    vi.advanceTimersByTime(1_000);
    expect(updates).toBe(1);
    expect(confirmed).toEqual([]);
  });

  it('measures ten batches a second as ten', () => {
    for (let seq = 1; seq <= 40; seq += 1) {
      feed.receive(batchOf({ seq }));
      frame();
      vi.advanceTimersByTime(100);
    }
    expect(feed.meter.rate(Date.now())).toBe(10);
  });
});

describe('the paint meter', () => {
  it('does not invent a rate from a window that is not full', () => {
    const meter = new PaintMeter();
    expect(meter.rate(0)).toBe(0);
    for (let at = 0; at <= 1_000; at += 100) meter.painted(at);
    expect(meter.rate(1_000)).toBe(10);
  });

  it('falls to zero when painting stops', () => {
    const meter = new PaintMeter();
    for (let at = 0; at <= 5_000; at += 100) meter.painted(at);
    expect(meter.rate(5_000)).toBe(10);
    expect(meter.rate(5_500)).toBeLessThan(10);
    expect(meter.rate(6_000)).toBeLessThan(6);
    expect(meter.rate(8_000)).toBe(0);
  });
});
