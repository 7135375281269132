import { resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Batch } from '../../../src/shared/contract.ts';
import { systemClock } from '../../../src/main/engine/clock.ts';
import { createSubscription } from '../../../src/main/engine/events/subscription.ts';
import { createFeed, type Feed } from '../../../src/main/engine/feed/feed.ts';
import { createProjections } from '../../../src/main/engine/feed/projections.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { nodeScript, type NodeScript } from '../../support/node-child.ts';
import { testPool } from '../../support/redis-pool.ts';
import { startTestRedis, until, type TestRedis } from '../../support/redis-server.ts';
import { emptyStatus } from '../../unit/feed/events.ts';
import { CHANNELS, channelOf, eventIdOf, EVENTS } from './spike-events.ts';

/** A frame of a screen: how long a window takes to paint a batch and confirm it. */
const FRAME_MS = 16;

let redis: TestRedis;
let script: NodeScript;
const undo: (() => unknown)[] = [];
beforeAll(async () => {
  redis = await startTestRedis();
  script = await nodeScript(`
    import { publishSpike } from ${JSON.stringify(resolve('test/integration/feed/spike-events.ts'))};
    console.log(await publishSpike(process.argv[2]));
  `);
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});
afterAll(async () => {
  await script.remove();
  await redis.stop();
});

/** A window that confirms each batch a frame after it came (or never), and what it was sent. */
function openWindow(feed: Feed, answers: boolean): { batches: Batch[]; bytes: number[] } {
  const batches: Batch[] = [];
  const bytes: number[] = [];
  const line = feed.connect(({ batch, json }) => {
    batches.push(batch);
    bytes.push(Buffer.byteLength(json));
    if (answers) setTimeout(() => line.confirm(batch.seq), FRAME_MS);
  });
  line.follow();
  undo.push(() => line.close());
  return { batches, bytes };
}

it('50,000 events in a second through Redis reach a window that confirms, whole and in order, whatever another does', async () => {
  const { pool, metrics } = testPool({ path: redis.socketPath });
  undo.push(() => pool.close());
  await pool.ready(5_000);
  const projections = createProjections();
  const feed = createFeed({
    projections,
    clock: systemClock,
    metrics,
    log: silentLogger,
    status: () => ({ ...emptyStatus(Date.now()), feed: feed.stats() }),
    patienceMs: 3_000,
  });
  feed.start();
  undo.push(() => feed.stop());
  const subscription = createSubscription({
    pool,
    group: 'desk:spike',
    consumer: 'desk',
    channels: CHANNELS,
    clock: systemClock,
    log: silentLogger,
    metrics,
    apply: (events, phase) => projections.apply(events, phase),
  });
  subscription.start();
  undo.push(() => subscription.stop());
  await until(() => subscription.status().state === 'following', 5_000, 'it does not follow');

  const window = openWindow(feed, true);
  const dead = openWindow(feed, false);
  const publisher = script.run([redis.socketPath]);
  undo.push(() => publisher.kill());
  expect(Number(await publisher.line())).toBeGreaterThan(990);

  const all = Array.from({ length: EVENTS }, (_, index) => index);
  const expected = all.filter(index => channelOf(index) !== 'price-updates').length;
  const events = (): Batch['events'] => window.batches.flatMap(batch => batch.events);
  await until(
    () => projections.applied === EVENTS,
    15_000,
    () => `${projections.applied} applied: ${JSON.stringify(subscription.status())}`,
  );
  await until(
    () => events().length >= expected,
    15_000,
    () => `${events().length} of ${expected} arrived`,
  );
  expect(events()).toHaveLength(expected);
  for (const channel of CHANNELS.slice(1)) {
    const ids = all.filter(index => channelOf(index) === channel).map(eventIdOf);
    expect(
      events()
        .filter(event => event.channel === channel)
        .map(event => event.eventId),
    ).toEqual(ids);
  }
  expect(window.batches.slice(1).every(({ kind }) => kind === 'update')).toBe(true);
  expect(Math.max(...window.bytes)).toBeLessThanOrEqual(64 * 1024);
  const prices = window.batches.flatMap(batch => batch.prices);
  expect(prices.length).toBeLessThan((EVENTS - expected) / 2);
  const seen = new Map(prices.map(({ token, eventId }) => [token, eventId]));
  expect(seen).toEqual(new Map(projections.prices().map(({ token, eventId }) => [token, eventId])));
  // The queue was there to be seen.
  const queues = window.batches.flatMap(({ status }) => (status === null ? [] : [status.feed.queued]));
  expect(Math.max(...queues)).toBeGreaterThan(1_000);

  // The one that never answers is given a fresh snapshot, with the count of what it missed.
  await until(() => dead.batches.length >= 2, 10_000, 'no snapshot for the window that does not answer');
  const [first, second] = dead.batches;
  expect([first?.kind, second?.kind]).toEqual(['snapshot', 'snapshot']);
  const from = events().findIndex(({ eventId }) => eventId === second?.events[0]?.eventId);
  expect(from).toBeGreaterThan(0);
  expect(second?.missed).toBe(from);
  expect(second?.positions).toHaveLength(10);
}, 60_000);
