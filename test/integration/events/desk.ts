import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { ChannelStatus } from '../../../src/shared/contract.ts';
import { systemClock } from '../../../src/main/engine/clock.ts';
import type { StreamEvent } from '../../../src/main/engine/events/event.ts';
import {
  createSubscription,
  type Subscription,
  type SubscriptionDeps,
} from '../../../src/main/engine/events/subscription.ts';
import type { Metrics } from '../../../src/main/engine/health/metrics.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import type { RedisConnectionOptions } from '../../../src/main/engine/redis/settings.ts';
import { testPool } from '../../support/redis-pool.ts';
import { startTestRedis, until, type TestRedis } from '../../support/redis-server.ts';

/** A subscription with a pool of its own that writes down what it applied. */
export interface Desk {
  readonly subscription: Subscription;
  readonly pool: RedisPool;
  readonly metrics: Metrics;
  readonly applied: StreamEvent[];
  readonly phases: Map<string, 'snapshot' | 'live'>;
  /** Event ids in the order they were applied. */
  readonly ids: () => string[];
  /** What the status says of a channel. */
  readonly channel: (name?: string) => ChannelStatus | undefined;
  /** Waits until the subscription follows. */
  readonly following: () => Promise<void>;
  /** Waits until so many events were applied. */
  readonly has: (count: number, timeoutMs?: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export function startDesk(options: RedisConnectionOptions, more: Partial<SubscriptionDeps> = {}): Desk {
  const { pool, metrics } = testPool(options);
  const applied: StreamEvent[] = [];
  const phases = new Map<string, 'snapshot' | 'live'>();
  const subscription = createSubscription({
    pool,
    group: 'desk:test',
    consumer: 'main',
    channels: ['trade-events'],
    clock: systemClock,
    log: silentLogger,
    metrics,
    apply(events, phase) {
      applied.push(...events);
      for (const event of events) phases.set(event.eventId, phase);
    },
    ...more,
  });
  subscription.start();
  const state = (): string => JSON.stringify(subscription.status());
  return {
    subscription,
    pool,
    metrics,
    applied,
    phases,
    ids: () => applied.map(({ eventId }) => eventId),
    channel: (name = 'trade-events') => subscription.status().channels.find(one => one.channel === name),
    following: () =>
      until(
        () => subscription.status().state === 'following',
        8_000,
        () => `not following: ${state()}`,
      ),
    has: (count, timeoutMs = 8_000) =>
      until(
        () => applied.length >= count,
        timeoutMs,
        () => `${applied.length} of ${count} applied: ${state()}`,
      ),
    async stop() {
      await subscription.stop();
      await pool.close();
    },
  };
}

/** A plain client for the part of producers and operators. It connects again by itself. */
export function plainClient(socketPath: string): Redis {
  const client = new Redis(socketPath, { protocol: 2, maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  return client;
}

/** Entries pending for the test group. */
export async function pendingOf(client: Redis, channel = 'trade-events'): Promise<number> {
  return Number((await client.xpending(`stream:${channel}`, 'desk:test'))[0]);
}

/**
 * A server for the tests of one file, and for each test an empty database and a plain client, handed to `ready`. The desks
 * started with the function it returns are stopped after their test.
 */
export function useDesks(
  ready: (scene: { client: Redis; server: TestRedis }) => void,
): (more?: Partial<SubscriptionDeps>) => Desk {
  const desks: Desk[] = [];
  let server: TestRedis;
  let client: Redis;
  beforeAll(async () => {
    server = await startTestRedis();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    client = plainClient(server.socketPath);
    await client.flushall();
    ready({ client, server });
  });
  afterEach(async () => {
    await Promise.all(desks.splice(0).map(started => started.stop()));
    client.disconnect();
  });
  return (more = {}) => {
    const started = startDesk({ path: server.socketPath }, more);
    desks.push(started);
    return started;
  };
}
