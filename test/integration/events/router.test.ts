import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/main/engine/clock.ts';
import { createPublisher } from '../../../src/main/engine/events/publisher.ts';
import { createRouter, type Router } from '../../../src/main/engine/events/router.ts';
import { createMetrics, type Metrics } from '../../../src/main/engine/health/metrics.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import { testPool } from '../../support/redis-pool.ts';
import { startTestRedis, until, type TestRedis } from '../../support/redis-server.ts';

let server: TestRedis;
let pool: RedisPool;
let metrics: Metrics;
let router: Router;
beforeAll(async () => {
  server = await startTestRedis(['--appendonly', 'yes', '--appendfsync', 'always']);
  ({ pool } = testPool({ path: server.socketPath }));
  await pool.ready(5_000);
});
afterAll(async () => {
  router.close();
  await pool.close();
  await server.stop();
});
beforeEach(async () => {
  await pool.shared().flushall();
  metrics = createMetrics();
  router = createRouter({
    publisher: createPublisher({ pool, clock: systemClock, metrics }),
    clock: systemClock,
    metrics,
    log: silentLogger,
  });
});

const note = (n: number, eventId?: string) => ({
  type: 'note',
  source: 'test',
  data: { n },
  ...(eventId === undefined ? {} : { eventId }),
});
const numbers = async (channel: string): Promise<number[]> =>
  (await pool.shared().xrange(`stream:${channel}`, '-', '+')).map(
    ([, fields]) => (JSON.parse(fields[11] ?? '') as { n: number }).n,
  );

describe('the router on a real Redis', () => {
  it('writes several channels at once, each in the order of its calls and without a hole', async () => {
    const results = await Promise.all(
      Array.from({ length: 3_000 }, (_, n) => router.publish(`ch:${n % 3}`, note(n))),
    );
    for (let channel = 0; channel < 3; channel += 1) {
      const own = Array.from({ length: 1_000 }, (_, n) => 3 * n + channel);
      expect(await numbers(`ch:${channel}`)).toEqual(own);
      expect(own.map(n => results[n]).map(one => one?.dropped === false && one.sequence)).toEqual(
        Array.from({ length: 1_000 }, (_, n) => n + 1),
      );
    }
    expect((await metrics.eventsPublished.get()).values.reduce((sum, { value }) => sum + value, 0)).toBe(
      3_000,
    );
  });

  it('writes an event id once within its window, also when both come in one batch', async () => {
    const eventId = randomUUID();
    const [first, second] = await Promise.all([
      router.publish('ui-events', note(1, eventId)),
      router.publish('ui-events', note(2, eventId)),
    ]);
    const third = await router.publish('ui-events', note(3, eventId));
    expect(first).toMatchObject({ sequence: 1, duplicate: false });
    expect(second).toEqual({ ...first, duplicate: true });
    expect(third).toEqual({ ...first, duplicate: true });
    expect(await numbers('ui-events')).toEqual([1]);
  });

  it('rejects what Redis refuses, each for itself', async () => {
    await pool.shared().set('stream:broken', 'text');
    const all = await Promise.allSettled([
      router.publish('broken', note(1)),
      router.publish('broken', note(2)),
      router.publish('fine', note(3)),
    ]);
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    expect(all[1]).toMatchObject({ reason: { code: 'PUBLISH_FAILED' } });
  });

  it('goes on by itself after Redis was killed in the middle: everything once, in order', async () => {
    const sent: Promise<unknown>[] = [];
    for (let n = 0; n < 2_000; n += 1) {
      sent.push(router.publish('trade-events', note(n)));
      if (n % 100 === 0) await new Promise(setImmediate);
      if (n === 1_000) await server.kill();
    }
    await until(() => pool.status().state !== 'up', 5_000, 'the pool did not notice');
    await server.restart();
    await Promise.all(sent);
    expect(await numbers('trade-events')).toEqual(Array.from({ length: 2_000 }, (_, n) => n));
    expect(await pool.shared().get('seq:{stream:trade-events}')).toBe('2000');
  });
});
