import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { systemClock } from '../../../src/main/engine/clock.ts';
import type { NewEvent } from '../../../src/main/engine/events/event.ts';
import { createBringUp, type BringUp } from '../../../src/main/engine/ledger/bring-up.ts';
import type { LedgerDatabase } from '../../../src/main/engine/ledger/database.ts';
import { createMarks, type Marks } from '../../../src/main/engine/ledger/mark.ts';
import { createStrictPublisher } from '../../../src/main/engine/ledger/strict-publisher.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import type { Metrics } from '../../../src/main/engine/health/metrics.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import { openTestLedger, type TestLedger } from '../../support/ledger.ts';
import { startTestPostgres, type PostgresKind, type TestPostgres } from '../../support/postgres-server.ts';
import { testPool } from '../../support/redis-pool.ts';
import { startTestRedis, type TestRedis } from '../../support/redis-server.ts';

/** What one process publishes strictly with. */
export interface StrictParts {
  readonly pool: RedisPool;
  readonly metrics: Metrics;
  readonly marks: Marks;
  readonly bringUp: BringUp;
  readonly publisher: ReturnType<typeof createStrictPublisher>;
  stop(): Promise<void>;
}

/** The parts of one process on a Redis and a ledger that are there; `wrap` changes the ledger on its way to the publisher. */
export async function strictParts(
  socketPath: string,
  database: Pick<LedgerDatabase, 'query'>,
): Promise<StrictParts> {
  const { pool, metrics } = testPool({ path: socketPath });
  await pool.ready(30_000);
  const clock = systemClock;
  const marks = createMarks({ database, clock, log: silentLogger });
  const bringUp = createBringUp({ database, pool, metrics, marks });
  const publisher = createStrictPublisher({ database, pool, clock, metrics, marks, bringUp });
  return {
    pool,
    metrics,
    marks,
    bringUp,
    publisher,
    async stop() {
      publisher.stop();
      await marks.flush();
      marks.stop();
      await pool.close();
    },
  };
}

export const id = (number: number): string => `0b9f4d0e-6c1a-4b57-9d2e-${String(number).padStart(12, '0')}`;

export const trade = (number: number, change: Partial<NewEvent> = {}): NewEvent => ({
  channel: 'trade-events',
  type: 'note',
  source: 'test',
  eventId: id(number),
  timestamp: Date.UTC(2026, 10, 21) + number,
  data: { number },
  ...change,
});

/** The entries of a channel's stream as `<sequence> <number of the event>`, oldest first. */
export async function inStream(pool: RedisPool, channel = 'trade-events'): Promise<string[]> {
  const entries = await pool.shared().xrange(`stream:${channel}`, '-', '+');
  return entries.map(([, fields]) => {
    const field = (name: string): string => fields[fields.indexOf(name) + 1] ?? '';
    return `${field('sequence_number')} ${Number(field('event_id').slice(24))}`;
  });
}

/** The ledger's events of a channel as `<sequence> <number of the event>`, by number; `+` where noted as broadcast. */
export async function inLedger(
  database: Pick<LedgerDatabase, 'query'>,
  channel = 'trade-events',
): Promise<string[]> {
  const { rows } = await database.query<{ event_id: string; sequence: string; published: boolean }>({
    text: `SELECT event_id, sequence, published_at IS NOT NULL AND stream_id IS NOT NULL AS published
           FROM event_log WHERE channel = $1 ORDER BY sequence`,
    values: [channel],
  });
  return rows.map(
    ({ event_id, sequence, published }) => `${sequence} ${Number(event_id.slice(24))}${published ? '+' : ''}`,
  );
}

/** What the tests of one file work on. */
export interface StrictScene {
  pg: TestPostgres;
  redis: TestRedis;
  ledger: TestLedger;
  parts: StrictParts;
}

/** The two servers of a suite, and for each test a fresh ledger, an empty Redis and the parts of one process, handed to `ready`. */
export function useStrictParts(kind: PostgresKind, ready: (scene: StrictScene) => void): void {
  let pg: TestPostgres;
  let redis: TestRedis;
  let scene: StrictScene;
  beforeAll(async () => {
    [pg, redis] = await Promise.all([startTestPostgres(kind, { fast: true }), startTestRedis()]);
  }, 120_000);
  afterAll(() => Promise.all([pg.stop(), redis.stop()]));
  beforeEach(async () => {
    const ledger = await openTestLedger(pg);
    const parts = await strictParts(redis.socketPath, ledger);
    await parts.pool.shared().flushall();
    scene = { pg, redis, ledger, parts };
    ready(scene);
  });
  afterEach(async () => {
    await scene.parts.stop();
    await scene.ledger.close();
  });
}
