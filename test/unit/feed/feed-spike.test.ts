import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { StreamEvent } from '../../../src/main/engine/events/event.ts';
import { createProjections } from '../../../src/main/engine/feed/projections.ts';
import { desk, ids, open } from './desk.ts';
import { priceEvent, streamEvent } from './events.ts';

const MiB = 2 ** 20;
const TOKENS = ['SOL', 'USDC', 'BONK', 'JitoSOL', 'RAY'];

/** The n-th event of a spike: a price, a trade and a position in turn. */
function spikeEvent(index: number, at: number): StreamEvent {
  const token = TOKENS[index % TOKENS.length] ?? '';
  const timestamp = new Date(at).toISOString();
  if (index % 3 === 0) return priceEvent(token, `${index + 1}`, { timestamp: at });
  const text =
    index % 3 === 1
      ? `{"id":"t-${index}","action":"buy","token_pair":"${token}/USDC","amount":"12.5","price":"151.2","timestamp":"${timestamp}"}`
      : `{"token":"${token}","amount":"${index}","pnl":"-3.25","timestamp":"${timestamp}"}`;
  // Read from JSON, as the subscription does: every event has texts of its own.
  const data = JSON.parse(text) as unknown;
  return streamEvent(
    index % 3 === 1
      ? { channel: 'trades:user_0001', data }
      : { channel: 'position-updates', type: 'position_update', data },
  );
}

/** Bytes in use after a full collection. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

describe('a spike of 50,000 events in a second', () => {
  it('reaches a window that confirms whole and in order, in batches below 64 KB, with prices conflated', async () => {
    const { clock, feed, projections } = desk();
    const window = open(feed);
    const dead = open(feed);
    const sent: string[] = [];
    let mostQueued = 0;
    // A window that paints 60 times a second confirms about six batches between two ticks.
    const paint = (): void => {
      for (let frame = 0; frame < 6; frame += 1) window.confirm();
    };
    for (let tick = 0; tick < 10; tick += 1) {
      const events = Array.from({ length: 5_000 }, (_, index) =>
        spikeEvent(tick * 5_000 + index, clock.now()),
      );
      sent.push(...events.filter(({ type }) => type !== 'price_update').map(({ eventId }) => eventId));
      for (let from = 0; from < events.length; from += 100)
        projections.apply(events.slice(from, from + 100), 'live');
      await clock.advance(100);
      paint();
      mostQueued = Math.max(mostQueued, feed.stats().queued);
    }
    expect(dead.batches).toHaveLength(1);
    expect(feed.stats().queued).toBe(sent.length);
    dead.connection.close();
    expect(mostQueued).toBeGreaterThan(10_000);
    let ticks = 0;
    while (feed.stats().queued > 0 && (ticks += 1) < 100) {
      await clock.advance(100);
      paint();
    }
    expect(sent).toHaveLength(33_333);
    expect(ids(window.batches)).toEqual(sent);
    expect(window.batches.slice(1).every(({ kind, missed }) => kind === 'update' && missed === 0)).toBe(true);
    expect(Math.max(...window.frames.map(({ json }) => Buffer.byteLength(json)))).toBeLessThanOrEqual(
      64 * 1024,
    );
    // 16,667 prices came as the newest of five tokens.
    const prices = window.batches.flatMap(batch => batch.prices);
    expect(prices.length).toBeLessThan(5 * window.batches.length);
    expect(new Map(prices.map(({ token, price }) => [token, price]))).toEqual(
      new Map(projections.prices().map(({ token, price }) => [token, price])),
    );
    // Back to normal in a few seconds at six batches a tick.
    expect(ticks).toBeLessThan(30);
  });

  it('leaves a window that stops answering a snapshot after ten seconds, with the count of what it missed', async () => {
    const { clock, feed, projections } = desk();
    const window = open(feed);
    const all = Array.from({ length: 50_000 }, (_, index) => spikeEvent(index, clock.now()));
    projections.apply(all, 'live');
    const events = all.filter(({ type }) => type !== 'price_update');
    await clock.advance(9_900);
    expect(window.batches).toHaveLength(1);
    await clock.advance(100);
    const snapshot = window.newest();
    expect(snapshot).toMatchObject({ kind: 'snapshot', missed: events.length - 500 });
    expect(snapshot.positions.map(({ data }) => data)).toEqual(
      events
        .filter(({ type }) => type === 'position_update')
        .slice(-5)
        .map(({ data }) => data),
    );
    for (let round = 0; round < 10; round += 1) window.confirm();
    expect(ids(window.batches)).toEqual(events.slice(-500).map(({ eventId }) => eventId));
    expect(feed.stats().queued).toBe(0);
  });

  it('does not grow memory: four spikes need no more of it than the ring holds', () => {
    const projections = createProjections();
    const before = heapUsed();
    let most = 0;
    for (let spike = 0; spike < 4; spike += 1) {
      for (let index = 0; index < 50_000; index += 1)
        projections.apply(
          [spikeEvent(spike * 50_000 + index, Date.UTC(2026, 10, 21) + spike * 1_000)],
          'live',
        );
      most = Math.max(most, heapUsed() - before);
    }
    expect(projections.events.head - projections.events.start).toBeLessThanOrEqual(100_000);
    expect(projections.events.bytes).toBeLessThanOrEqual(32 * MiB);
    expect(most).toBeGreaterThan(20 * MiB);
    expect(most).toBeLessThan(64 * MiB);
  }, 30_000);

  it('does not grow memory with large events either', () => {
    const large = createProjections();
    const empty = heapUsed();
    let most = 0;
    for (let index = 0; index < 20_000; index += 1) {
      large.apply([streamEvent({ data: JSON.parse(`"${'x'.repeat(10_000)}${index}"`) })], 'live');
      if (index % 1_000 === 0) most = Math.max(most, heapUsed() - empty);
    }
    expect(large.events.bytes).toBeLessThanOrEqual(32 * MiB);
    expect(most).toBeGreaterThan(30 * MiB);
    expect(most).toBeLessThan(40 * MiB);
  }, 30_000);
});
