import { describe, expect, it } from 'vitest';
import { MOST_BARS } from '../../../src/renderer/chart/bar-window.ts';
import { openFeed, settle } from './chart-feed-support.ts';
import { NOON, barOf, snapshotOf } from './support.ts';

/** A chart of seconds on a market that began `age` seconds before noon, with its newest thousand bars. */
async function opened(age: number) {
  const set = openFeed();
  set.market(age);
  set.send(snapshotOf());
  set.feed.show('SOL', '1s');
  await settle();
  const asked = (): unknown[] =>
    set.link.calls.filter(call => call.command === 'chart.history').map(call => call.args);
  /** Looks at the oldest bars until nothing more is asked for. */
  const toOldest = async (pages: number): Promise<void> => {
    for (let page = 0; page < pages; page += 1) {
      set.chart.setSpan({ from: 0, to: 100 });
      await settle();
    }
  };
  return { ...set, asked, toOldest };
}

describe('scrolling back', () => {
  it('loads one page at a time, and the bars in view stay where they are', async () => {
    const { chart, feed, asked, times } = await opened(2_500);
    expect(times()[0]).toBe(-999);
    chart.setSpan({ from: 400, to: 500 });
    expect(asked()).toEqual([]);
    chart.setSpan({ from: 40, to: 140 });
    chart.setSpan({ from: 30, to: 130 });
    chart.setSpan({ from: 20, to: 120 });
    expect(asked()).toEqual([{ token: 'SOL', interval: '1s', before: NOON - 999_000, limit: 1_000 }]);
    const inView = times()[20];
    await settle();
    expect(times()[0]).toBe(-1_999);
    expect(chart.span()).toEqual({ from: 1_020, to: 1_120 });
    expect(feed.window.bars[1_020]?.time).toBe(NOON + (inView ?? 0) * 1_000);
    expect(chart.told.at(-1)).toBe('replace 2000 by 1000');
  });

  it('stops where there is nothing older', async () => {
    const { toOldest, phases, asked, times } = await opened(2_500);
    await toOldest(5);
    expect(times()[0]).toBe(-2_500);
    expect(phases.at(-1)?.complete).toBe(true);
    expect(asked()).toHaveLength(2);
  });

  it('stops as well when the engine has nothing to add', async () => {
    const { link, toOldest, phases, asked } = await opened(2_500);
    link.answers['chart.history'] = () => ({ bars: [], complete: false });
    await toOldest(3);
    expect(phases.at(-1)?.complete).toBe(true);
    expect(asked()).toHaveLength(1);
  });

  it('says that a page failed, asks no more until it is tried again, and goes on then', async () => {
    const { link, chart, phases, timers, market, times } = await opened(2_500);
    link.answers['chart.history'] = () => Promise.reject(new Error('ledger is away'));
    chart.setSpan({ from: 0, to: 100 });
    await settle();
    chart.setSpan({ from: 1, to: 101 });
    expect(link.count('chart.history')).toBe(1);
    expect(phases.at(-1)).toMatchObject({ phase: 'drawn', load: { failed: 'ledger is away' } });
    market(2_500);
    timers[0]?.run();
    await settle();
    expect(times()[0]).toBe(-1_999);
    expect(phases.at(-1)?.load.failed).toBeNull();
  });

  it('holds a bounded number of bars; live ones wait outside while the newest are let go', async () => {
    const { toOldest, feed, phases, chart, send, second, times } = await opened(20_000);
    await toOldest(12);
    expect(feed.window.bars).toHaveLength(MOST_BARS);
    expect(times().at(-1)).toBeLessThan(0);
    expect(phases.at(-1)).toMatchObject({ attached: false, complete: false });
    const before = chart.told.length;
    send(second(1, '7'));
    expect(chart.told).toHaveLength(before);
    expect(times().at(-1)).toBeLessThan(0);
  });

  it('loads the newer bars again on the way forward, up to now, and follows from there', async () => {
    const { toOldest, feed, phases, chart, send, second, times, link } = await opened(14_000);
    await toOldest(13);
    expect(phases.at(-1)?.attached).toBe(false);
    for (let page = 0; page < 4 && phases.at(-1)?.attached === false; page += 1) {
      chart.setSpan({ from: MOST_BARS - 101, to: MOST_BARS - 1 });
      await settle();
    }
    expect(phases.at(-1)).toMatchObject({ attached: true, complete: false });
    const all = times();
    expect(all).toEqual(all.map((_, index) => (all[0] ?? 0) + index));
    expect(all.at(-1)).toBe(0);
    expect(feed.window.bars).toHaveLength(MOST_BARS);
    send(second(1, '7'));
    expect(chart.told.at(-1)).toBe('update 7');
    expect(link.count('chart.bars')).toBe(2);
  });

  it('goes back to now with the newest bars when they were let go', async () => {
    const { toOldest, feed, phases, link, times } = await opened(20_000);
    feed.goToNow();
    expect(link.count('chart.bars')).toBe(1);
    await toOldest(12);
    feed.goToNow();
    await settle();
    expect(link.count('chart.bars')).toBe(2);
    expect(phases.at(-1)?.attached).toBe(true);
    expect(times().at(-1)).toBe(0);
  });

  it('jumps to now over a silence of more than a page', async () => {
    const { toOldest, chart, phases, link, feed } = await opened(20_000);
    await toOldest(16);
    link.answers['chart.history'] = () => ({ bars: [], complete: false });
    chart.setSpan({ from: MOST_BARS - 101, to: MOST_BARS - 1 });
    await settle();
    await settle();
    expect(phases.at(-1)?.attached).toBe(true);
    expect(feed.window.bars).toHaveLength(1_000);
  });

  it('keeps the place of a trader who looks at older bars when a snapshot comes', async () => {
    const { chart, send, feed, link, toOldest } = await opened(20_000);
    chart.setSpan({ from: 300, to: 400 });
    const inView = feed.window.bars[300]?.time;
    send(snapshotOf({ seq: 9 }));
    await settle();
    expect(feed.window.bars[chart.span()?.from ?? 0]?.time).toBe(inView);
    await toOldest(12);
    const asked = link.calls.length;
    send(snapshotOf({ seq: 10 }));
    await settle();
    expect(link.calls).toHaveLength(asked);
  });
});

describe('going to a date', () => {
  it('moves to bars that are held, and loads around those that are not', async () => {
    const { feed, chart, asked, times, phases } = await opened(9_000);
    feed.goTo(NOON - 500_000);
    expect(chart.span()).toEqual({ from: 499 - 50, to: 499 + 50 });
    expect(asked()).toEqual([]);
    feed.goTo(NOON - 6_000_000);
    await settle();
    expect(phases.at(-1)?.attached).toBe(false);
    const middle = ((chart.span()?.from ?? 0) + (chart.span()?.to ?? 0)) / 2;
    expect(times()[middle]).toBe(-6_000);
  });

  it('loads up to now for a date not far back', async () => {
    const { feed, phases, times, chart } = await opened(9_000);
    feed.goTo(NOON - 1_200_000);
    await settle();
    feed.goTo(NOON - 6_000_000);
    await settle();
    feed.goTo(NOON - 300_000);
    await settle();
    expect(phases.at(-1)?.attached).toBe(true);
    expect(times().at(-1)).toBe(0);
    const middle = ((chart.span()?.from ?? 0) + (chart.span()?.to ?? 0)) / 2;
    expect(times()[middle]).toBe(-300);
  });

  it('shows the beginning for a date before everything, and now for one to come', async () => {
    const { feed, chart, link, toOldest, times } = await opened(1_500);
    link.answers['chart.history'] = () => ({ bars: [], complete: true });
    feed.goTo(NOON - 86_400_000);
    await settle();
    expect(times()[Math.round(((chart.span()?.from ?? 0) + (chart.span()?.to ?? 0)) / 2)]).toBe(-999);
    await toOldest(1);
    const asked = link.count('chart.history');
    feed.goTo(NOON - 86_400_000);
    expect(link.count('chart.history')).toBe(asked);
    feed.goTo(NOON + 1_000_000);
    expect(chart.told.at(-1)).toBe('now');
  });
});

describe('a chart that is hidden', () => {
  it('draws nothing, misses nothing, and makes it good with updates when it is shown', async () => {
    const { feed, chart, send, second } = await opened(500);
    feed.setVisible(false);
    const told = chart.told.length;
    for (let at = 1; at <= 20; at += 1) send(second(at, String(at)));
    expect(chart.told).toHaveLength(told);
    expect(feed.window.last?.close).toBe('20');
    feed.setVisible(true);
    expect(chart.told.slice(told)).toEqual([
      `update ${Array.from({ length: 20 }, (_, index) => index + 1).join(' ')}`,
    ]);
    feed.setVisible(false);
    feed.setVisible(true);
    expect(chart.told).toHaveLength(told + 1);
  });

  it('is drawn anew when too much came meanwhile, or something between older bars', async () => {
    const { feed, chart, send, second } = await opened(500);
    feed.setVisible(false);
    for (let at = 1; at <= 310; at += 1) send(second(at, String(at)));
    feed.setVisible(true);
    expect(chart.told.at(-1)).toBe('replace 811 by 0');
    send(second(400, '1'));
    feed.setVisible(false);
    send(second(390, '1'));
    send(second(401, '1'));
    feed.setVisible(true);
    expect(chart.told.at(-1)).toBe('replace 814 by 0');
    expect(chart.drawn.map(bar => bar.time)).toEqual(feed.window.bars.map(bar => bar.time));
  });
});

describe('late data', () => {
  it('redraws only when a bar comes between others', async () => {
    const { send, second, chart, feed } = await opened(10);
    send(second(2, '1'));
    send(second(2, '2'));
    send(second(0, '9'));
    expect(chart.told.at(-1)).toBe('update 9');
    send(second(1, '3'));
    expect(chart.told.at(-1)).toBe(`replace ${feed.window.bars.length} by 0`);
    expect(feed.window.bars.slice(-3)).toEqual([
      barOf(NOON, '9'),
      barOf(NOON + 1_000, '3'),
      barOf(NOON + 2_000, '2'),
    ]);
  });
});
