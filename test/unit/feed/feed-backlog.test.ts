import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Metrics } from '../../../src/main/engine/health/metrics.ts';
import { ids, desk, open } from './desk.ts';
import { priceEvent, streamEvent } from './events.ts';

const count = async (counter: Metrics['batchesConflated']) => (await counter.get()).values[0]?.value ?? 0;

describe('a window that is behind', () => {
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

  it('never makes a batch larger than its limit, whatever prices are called and however long their numbers are', async () => {
    const text = fc.oneof(
      fc.string({ minLength: 1, maxLength: 20 }),
      fc.string({ minLength: 1, maxLength: 20, unit: 'binary' }),
      fc.constantFrom('SOL', '"', '\\', '\u0001'.repeat(20)),
    );
    const price = fc.record({
      token: text,
      source: text,
      eventId: text,
      digits: fc.integer({ min: 1, max: 25 }),
      full: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(price, { minLength: 60, maxLength: 120 }), async prices => {
        const { clock, feed, projections } = desk({ maxBatchBytes: 8_192 });
        const window = open(feed);
        const timestamp = 253_402_300_799_999;
        projections.apply(
          prices.map(({ token, source, eventId, digits, full }) =>
            priceEvent(token, '1'.repeat(digits), {
              source,
              eventId,
              timestamp,
              entryTime: timestamp,
              sequence: Number.MAX_SAFE_INTEGER,
              data: {
                token,
                price: '1'.repeat(digits),
                timestamp,
                ...(full
                  ? { source_time: timestamp, day_open: '2'.repeat(digits), day_open_at: timestamp }
                  : {}),
              },
            }),
          ),
          'live',
        );
        expect(projections.prices().length).toBeGreaterThan(0);
        for (let round = 0; round < 20; round += 1) {
          window.confirm();
          await clock.advance(100);
        }
        expect(window.batches.length).toBeGreaterThan(1);
        for (const { json } of window.frames) expect(Buffer.byteLength(json)).toBeLessThanOrEqual(8_192);
      }),
      { numRuns: 30 },
    );
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

  it('never lets the numbers of a window go back, even where another window had the same batch earlier', async () => {
    const { clock, feed, projections } = desk({ maxEventsPerBatch: 10 });
    projections.apply(
      Array.from({ length: 30 }, () => streamEvent()),
      'live',
    );
    const ahead = open(feed);
    const behind = open(feed);
    await clock.advance(100);
    ahead.confirm();
    await clock.advance(100);
    ahead.confirm();
    behind.confirm();
    behind.confirm();
    expect(behind.batches.map(batch => batch.events.length)).toEqual([10, 10, 10]);
    expect(behind.batches.map(({ seq }) => seq)).toEqual([1, 4, 5]);
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
