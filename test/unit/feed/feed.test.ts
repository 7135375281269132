import { describe, expect, it, vi } from 'vitest';
import { ids, desk, open } from './desk.ts';
import { priceEvent, streamEvent } from './events.ts';

describe('the feed', () => {
  it('starts a window with a snapshot: prices, newest bars, events, status', () => {
    const { feed, projections } = desk();
    projections.apply(
      [priceEvent('SOL', '1'), priceEvent('SOL', '2'), streamEvent({ eventId: 'a' })],
      'snapshot',
    );
    const { batches } = open(feed);
    expect(batches).toHaveLength(1);
    expect(batches[0]).toMatchObject({
      kind: 'snapshot',
      prices: [{ token: 'SOL', price: '2' }],
      bars: [{ token: 'SOL', open: '1', close: '2' }],
      events: [{ eventId: 'a' }],
      status: { mode: 'live' },
      pools: [],
      missed: 0,
    });
  });

  it('sends a window that has not asked nothing', async () => {
    const { clock, feed, projections } = desk();
    const send = vi.fn();
    feed.connect(send);
    projections.apply([priceEvent('SOL', '1')], 'live');
    await clock.advance(1_000);
    expect(send).not.toHaveBeenCalled();
  });

  it('conflates prices to the newest of each token and delivers all events, in order, once', async () => {
    const { clock, feed, projections } = desk();
    const { batches } = open(feed, 'at once');
    for (let tick = 0; tick < 20; tick += 1) {
      for (let index = 0; index < 7; index += 1) {
        projections.apply(
          [priceEvent('SOL', `${tick}.${index + 1}`), streamEvent({ eventId: `${tick}/${index}` })],
          'live',
        );
      }
      await clock.advance(100);
      expect(batches.at(-1)?.prices.map(({ price }) => price)).toEqual([`${tick}.7`]);
      expect(batches.at(-1)?.events).toHaveLength(7);
    }
    const expected = Array.from({ length: 140 }, (_, index) => `${Math.floor(index / 7)}/${index % 7}`);
    expect(ids(batches)).toEqual(expected);
    expect(batches.map(({ seq }) => seq)).toEqual([...batches.map(({ seq }) => seq)].sort((a, b) => a - b));
  });

  it('sends only the bars that changed since the last batch', async () => {
    const { clock, feed, projections } = desk();
    const at = clock.now();
    projections.apply([priceEvent('SOL', '1', { timestamp: at })], 'live');
    const { newest } = open(feed, 'at once');
    projections.apply(
      [priceEvent('SOL', '2', { timestamp: at + 500 }), priceEvent('SOL', '3', { timestamp: at + 1_000 })],
      'live',
    );
    await clock.advance(100);
    expect(newest().bars.map(bar => [bar.time - at, bar.close])).toEqual([
      [0, '2'],
      [1_000, '3'],
    ]);
    projections.apply([priceEvent('SOL', '4', { timestamp: at + 1_500 })], 'live');
    await clock.advance(100);
    expect(newest().bars.map(bar => bar.time - at)).toEqual([1_000]);
  });

  it('says nothing when there is nothing, except that it lives, twice a second', async () => {
    const { clock, feed } = desk();
    const { batches } = open(feed, 'at once');
    await clock.advance(3_000);
    expect(batches).toHaveLength(7);
    expect(batches.every(batch => batch.status !== null)).toBe(true);
  });

  it('builds and serialises a batch once for a thousand windows', async () => {
    const { clock, feed, metrics, projections } = desk();
    const windows = Array.from({ length: 1_000 }, () => open(feed, 'at once'));
    await clock.advance(100);
    const stringify = vi.spyOn(JSON, 'stringify');
    projections.apply([priceEvent('SOL', '1'), streamEvent()], 'live');
    await clock.advance(100);
    const texts = new Set(windows.map(({ frames }) => frames.at(-1)?.json));
    const whole = stringify.mock.calls.filter(
      ([value]) => typeof value === 'object' && value !== null && 'kind' in value,
    );
    stringify.mockRestore();
    expect(texts.size).toBe(1);
    expect(whole).toHaveLength(1);
    expect(new Set(windows.map(({ frames }) => frames.at(-1))).size).toBe(1);
    const built = (await metrics.batchSeconds.get()).values.find(({ metricName }) =>
      metricName?.endsWith('_count'),
    );
    expect(built?.value).toBe(2);
  });

  it('gives every window a snapshot when prices were forgotten, and at once when asked to', async () => {
    const { clock, feed, projections } = desk();
    projections.apply([priceEvent('SOL', '1', { source: 'simulated' })], 'live');
    const window = open(feed, 'at once');
    const slow = open(feed);
    const idle = feed.connect(() => {
      throw new Error('it does not follow');
    });
    await clock.advance(100);
    projections.forgetPrices();
    await clock.advance(100);
    expect(window.newest()).toMatchObject({ kind: 'snapshot', prices: [], bars: [] });
    const before = window.batches.length;
    feed.refresh();
    expect(window.batches).toHaveLength(before + 1);
    expect(window.newest()).toMatchObject({ kind: 'snapshot', status: { mode: 'live' } });
    expect(slow.batches).toHaveLength(1);
    slow.confirm();
    await clock.advance(100);
    expect(slow.newest().kind).toBe('snapshot');
    idle.close();
  });

  it('lets a window go whose line is broken, and goes on with the others', async () => {
    const { clock, feed, projections } = desk();
    const broken = feed.connect(() => {
      throw new Error('gone');
    });
    broken.follow();
    const window = open(feed, 'at once');
    projections.apply([streamEvent({ eventId: 'a' })], 'live');
    await clock.advance(100);
    broken.follow();
    broken.confirm(1);
    expect(ids(window.batches)).toEqual(['a']);
    expect(feed.stats().clients).toBe(1);
    window.connection.close();
    expect(feed.stats()).toMatchObject({ clients: 0, queued: 0 });
  });

  it('measures its own rates over the last second', async () => {
    const { clock, feed, projections } = desk();
    open(feed, 'at once');
    for (let tick = 0; tick < 30; tick += 1) {
      projections.apply([priceEvent('SOL', '1'), streamEvent()], 'live');
      await clock.advance(100);
    }
    expect(feed.stats()).toMatchObject({ batchesPerSecond: 10, eventsPerSecond: 20 });
    await clock.advance(2_000);
    expect(feed.stats()).toMatchObject({ batchesPerSecond: 2, eventsPerSecond: 0 });
  });

  it('leaves no timer behind', () => {
    const { clock, feed } = desk();
    feed.start();
    expect(clock.pending).toBe(1);
    feed.stop();
    feed.stop();
    expect(clock.pending).toBe(0);
  });
});
