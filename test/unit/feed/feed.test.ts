import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Batch } from '../../../src/shared/contract.ts';
import {
  createFeed,
  type Feed,
  type FeedConnection,
  type FeedDeps,
} from '../../../src/main/engine/feed/feed.ts';
import { createProjections, type Projections } from '../../../src/main/engine/feed/projections.ts';
import { createMetrics, type Metrics } from '../../../src/main/engine/health/metrics.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { emptyStatus, priceEvent, streamEvent } from './events.ts';

interface Desk {
  clock: ManualClock;
  feed: Feed;
  metrics: Metrics;
  projections: Projections;
}

function desk(options: Partial<FeedDeps> & { maxEvents?: number } = {}): Desk {
  const { maxEvents = 20_000, ...feedOptions } = options;
  const clock = new ManualClock();
  const metrics = createMetrics();
  const projections = createProjections({ maxEvents });
  const feed = createFeed({
    projections,
    clock,
    metrics,
    log: silentLogger,
    status: () => emptyStatus(clock.now()),
    ...feedOptions,
  });
  feed.start();
  return { clock, feed, metrics, projections };
}

interface Window {
  batches: Batch[];
  frames: { json: string }[];
  connection: FeedConnection;
  /** Confirms the newest batch. */
  confirm(): void;
  newest(): Batch;
}

function open(feed: Feed, answer: 'at once' | 'by hand' = 'by hand'): Window {
  const batches: Batch[] = [];
  const frames: { json: string }[] = [];
  const newest = (): Batch => {
    const batch = batches.at(-1);
    if (batch === undefined) throw new Error('no batch yet');
    return batch;
  };
  const connection = feed.connect(frame => {
    frames.push(frame);
    batches.push(frame.batch);
    if (answer === 'at once') void Promise.resolve().then(() => connection.confirm(frame.batch.seq));
  });
  connection.follow();
  return { batches, frames, connection, newest, confirm: () => connection.confirm(newest().seq) };
}

const ids = (batches: Batch[]) => batches.flatMap(batch => batch.events.map(event => event.eventId));
const count = async (counter: Metrics['batchesConflated']) => (await counter.get()).values[0]?.value ?? 0;

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

  it('waits for a slow window with one unconfirmed batch, counts the ticks it skips, then gives it everything', async () => {
    const { clock, feed, metrics, projections } = desk();
    const slow = open(feed);
    const quick = open(feed, 'at once');
    for (let tick = 0; tick < 30; tick += 1) {
      projections.apply([priceEvent('SOL', `${tick + 1}`), streamEvent({ eventId: String(tick) })], 'live');
      await clock.advance(100);
    }
    expect(slow.batches).toHaveLength(1);
    expect(quick.batches.length).toBeGreaterThan(29);
    expect(await count(metrics.batchesConflated)).toBe(30);
    expect(feed.stats()).toMatchObject({ clients: 2, queued: 30 });
    slow.connection.confirm(999_999);
    await clock.advance(100);
    expect(slow.batches).toHaveLength(1);
    slow.confirm();
    await clock.advance(100);
    expect(slow.newest().prices.map(({ price }) => price)).toEqual(['30']);
    expect(slow.newest().events).toHaveLength(30);
    expect(slow.newest().missed).toBe(0);
  });

  it('gives a window whose place fell off the ring a snapshot that says how many events it missed', async () => {
    const { clock, feed, projections } = desk({ maxEvents: 100, snapshotEvents: 50 });
    const slow = open(feed);
    for (let index = 0; index < 130; index += 1)
      projections.apply([streamEvent({ eventId: String(index) })], 'live');
    slow.confirm();
    await clock.advance(100);
    expect(slow.newest()).toMatchObject({ kind: 'snapshot', missed: 80 });
    expect(slow.newest().events.map(({ eventId }) => eventId)).toEqual(
      Array.from({ length: 50 }, (_, i) => String(i + 80)),
    );
  });

  it('gives a window that does not answer for ten seconds a snapshot, and tries less often after that', async () => {
    const { clock, feed, projections } = desk({ snapshotEvents: 10 });
    const dead = open(feed);
    for (let index = 0; index < 25; index += 1) projections.apply([streamEvent()], 'live');
    await clock.advance(9_900);
    expect(dead.batches).toHaveLength(1);
    await clock.advance(100);
    expect(dead.newest()).toMatchObject({ kind: 'snapshot', missed: 15 });
    await clock.advance(19_900);
    expect(dead.batches).toHaveLength(2);
    await clock.advance(100);
    expect(dead.batches).toHaveLength(3);
    dead.confirm();
    projections.apply([streamEvent()], 'live');
    await clock.advance(100);
    expect(dead.newest().kind).toBe('update');
    await clock.advance(10_000);
    expect(dead.newest().kind).toBe('snapshot');
  });

  it('cuts a backlog into batches below the limit, which follow each other as fast as they are confirmed', async () => {
    const { clock, feed, projections } = desk({ maxBatchBytes: 16_384 });
    const window = open(feed);
    const events = Array.from({ length: 2_000 }, (_, index) =>
      streamEvent({ eventId: String(index), data: { text: 'x'.repeat(100) } }),
    );
    projections.apply(events, 'live');
    projections.apply(
      Array.from({ length: 400 }, (_, index) => priceEvent(`T${index}`, '1.5')),
      'live',
    );
    window.confirm();
    await clock.advance(100);
    let rounds = 0;
    while (ids(window.batches).length < 2_000 && (rounds += 1) < 500) window.confirm();
    for (let more = 0; more < 20; more += 1) window.confirm();
    expect(ids(window.batches)).toEqual(events.map(({ eventId }) => eventId));
    expect(new Set(window.batches.flatMap(({ prices }) => prices.map(({ token }) => token))).size).toBe(400);
    expect(new Set(window.batches.flatMap(({ bars }) => bars.map(({ token }) => token))).size).toBe(400);
    expect(Math.max(...window.frames.map(({ json }) => Buffer.byteLength(json)))).toBeLessThanOrEqual(16_384);
    expect(Math.max(...window.batches.map(batch => batch.events.length))).toBeLessThan(100);
  });

  it('lets neither prices starve events nor events starve prices', async () => {
    const { clock, feed, projections } = desk({ maxBatchBytes: 16_384 });
    const window = open(feed);
    projections.apply(
      Array.from({ length: 400 }, (_, index) => priceEvent(`T${index}`, '1.5')),
      'live',
    );
    for (let index = 0; index < 400; index += 1) projections.apply([streamEvent()], 'live');
    window.confirm();
    await clock.advance(100);
    expect(window.newest().events.length).toBeGreaterThan(5);
    expect(window.newest().prices.length).toBeGreaterThan(5);
    expect(window.newest().bars.length).toBeGreaterThan(5);
  });

  it('sends an event larger than a batch all the same', async () => {
    const { clock, feed, projections } = desk({ maxBatchBytes: 4_096 });
    const window = open(feed, 'at once');
    projections.apply(
      [streamEvent({ eventId: 'big', data: 'x'.repeat(9_000) }), streamEvent({ eventId: 'next' })],
      'live',
    );
    await clock.advance(200);
    expect(ids(window.batches)).toEqual(['big', 'next']);
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

  it('tells a window the newest prices and every event, whatever order things happen in', async () => {
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ do: fc.constant('apply' as const), prices: fc.nat(5), events: fc.nat(30) }),
      },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('tick' as const) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('confirm' as const), window: fc.nat(2) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async steps => {
        const { clock, feed, projections } = desk({ maxBatchBytes: 2_500, patienceMs: 1e9 });
        const windows = [open(feed), open(feed), open(feed)];
        const sent: string[] = [];
        let number = 0;
        for (const one of steps) {
          if (one.do === 'tick') await clock.advance(100);
          else if (one.do === 'confirm') windows[one.window]?.confirm();
          else {
            for (let index = 0; index < one.prices; index += 1) {
              projections.apply(
                [priceEvent(`T${number % 3}`, String((number += 1)), { timestamp: clock.now() })],
                'live',
              );
            }
            for (let index = 0; index < one.events; index += 1) {
              const event = streamEvent();
              sent.push(event.eventId);
              projections.apply([event], 'live');
            }
          }
        }
        for (const window of windows) {
          for (let round = 0; round < 400 && ids(window.batches).length < sent.length; round += 1) {
            window.confirm();
            if (round % 10 === 0) await clock.advance(100);
          }
          for (let round = 0; round < 10; round += 1) {
            window.confirm();
            await clock.advance(100);
          }
          const prices = new Map(
            window.batches.flatMap(batch => batch.prices.map(price => [price.token, price] as const)),
          );
          const bars = new Map(
            window.batches.flatMap(batch =>
              batch.bars.map(bar => [`${bar.token} ${bar.time}`, bar] as const),
            ),
          );
          expect(ids(window.batches)).toEqual(sent);
          expect([...prices.values()].sort(byToken)).toEqual(projections.prices().sort(byToken));
          for (const bar of projections.candles.newest())
            expect(bars.get(`${bar.token} ${bar.time}`)).toEqual(bar);
          const seqs = window.batches.map(({ seq }) => seq);
          expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
        }
      }),
      { numRuns: 60 },
    );
  });
});

function byToken(a: { token: string }, b: { token: string }): number {
  return a.token < b.token ? -1 : 1;
}
