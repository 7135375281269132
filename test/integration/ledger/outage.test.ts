import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock as clock } from '../../../src/main/engine/clock.ts';
import { TenhertzError } from '../../../src/main/engine/errors.ts';
import { createPublisher } from '../../../src/main/engine/events/publisher.ts';
import { createSubscription, type Subscription } from '../../../src/main/engine/events/subscription.ts';
import { createMetrics } from '../../../src/main/engine/health/metrics.ts';
import { startLedgerParts, type LedgerParts } from '../../../src/main/engine/ledger-parts.ts';
import { readSettings } from '../../../src/main/engine/config/settings.ts';
import { canonicalJson } from '../../../src/main/engine/ledger/ledger-json.ts';
import { silentLogger as log } from '../../../src/main/engine/logger.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import { openTestLedger, type TestLedger } from '../../support/ledger.ts';
import type { NodeScript } from '../../support/node-child.ts';
import { postgresKinds, startTestPostgres, type TestPostgres } from '../../support/postgres-server.ts';
import { testPool } from '../../support/redis-pool.ts';
import { startTestRedis, until, type TestRedis } from '../../support/redis-server.ts';
import { crashScript } from './crash-process.ts';
import { inLedger, inStream } from './strict-parts.ts';

/** How long PostgreSQL is away, ms; the events do not stop meanwhile. */
const AWAY_MS = Number(process.env['OUTAGE_MS'] ?? 2_000);
const EVENTS = 20_000;
const STRICT = ['trade-events', 'trades:me', 'position-updates'];
const CONFIRM = ['price-updates', 'prices:sol', 'ui-events', 'system:events'];

let script: NodeScript;
beforeAll(async () => {
  script = await crashScript();
}, 60_000);
afterAll(() => script.remove());

describe.each(postgresKinds)('with the %s PostgreSQL', kind => {
  let server: TestPostgres;
  let redis: TestRedis;
  let ledger: TestLedger;
  let pool: RedisPool;
  let parts: LedgerParts;
  let desk: Subscription;

  beforeAll(async () => {
    server = await startTestPostgres(kind);
  }, 120_000);
  afterAll(() => server.stop());
  beforeEach(async () => {
    redis = await startTestRedis();
    ledger = await openTestLedger(server);
    const made = testPool({ path: redis.socketPath });
    pool = made.pool;
    await pool.ready(30_000);
    const { metrics } = made;
    parts = await startLedgerParts({
      ...{ settings: readSettings(), database: ledger, pool, clock, log, metrics },
      publisher: createPublisher({ pool, clock, metrics, maxLen: 1_000_000 }),
      policies: [{ pattern: '*', atLimit: 'wait', timeoutMs: AWAY_MS + 60_000 }],
    });
    desk = createSubscription({
      ...{ pool, group: 'desk:test', consumer: 'desk', channels: [...STRICT, ...CONFIRM], clock, log },
      metrics: createMetrics(),
      apply: (events, phase) => parts.record(events, phase),
    });
    desk.start();
  });
  afterEach(async () => {
    await desk.stop();
    await parts.stop();
    await pool.close();
    await ledger.close();
    await redis.stop();
  });

  /** Every entry of a stream as the ledger should have it, and the ledger's rows. */
  const sides = async (channel: string): Promise<[stream: string[], ledger: string[]]> => {
    const entries = await pool.shared().xrange(`stream:${channel}`, '-', '+');
    const stream = entries.map(([entryId, fields]) => {
      const field = (name: string): string => fields[fields.indexOf(name) + 1] ?? '';
      const [time, data] = [field('timestamp'), canonicalJson(field('data'))];
      return [entryId, field('event_id'), field('sequence_number'), field('event_type'), time, data].join(
        ' ',
      );
    });
    const { rows } = await ledger.query<Record<string, string> & { occurred_at: Date }>({
      text: `SELECT stream_id, event_id, sequence, event_type, occurred_at, data::text AS data FROM event_log
             WHERE channel = $1 AND published_at IS NOT NULL AND confirmed_at IS NOT NULL ORDER BY position_ms, position_seq`,
      values: [channel],
    });
    const recorded = rows.map(({ stream_id, event_id, sequence, event_type, occurred_at, data }) =>
      [stream_id, event_id, sequence, event_type, occurred_at.toISOString(), canonicalJson(data ?? '')].join(
        ' ',
      ),
    );
    return [stream, recorded];
  };

  it(
    `${EVENTS} events in strict and confirm channels, with PostgreSQL away in the middle, are all in both in the end`,
    async () => {
      const channels = [...STRICT, ...CONFIRM];
      let sent = 0;
      let answered = 0;
      const failures = new Map<string, number>();
      let away: Promise<void> | undefined;
      let waited = 0;
      const outage = async (): Promise<void> => {
        await server.kill();
        const [before, began] = [answered, Date.now()];
        // Prices go on while the ledger is away.
        await until(
          () => Date.now() - began >= AWAY_MS && answered > before + 500,
          AWAY_MS + 10_000,
          'nothing goes on',
        );
        waited = parts.router.stats().inFlight + parts.router.stats().queued;
        await server.restart();
      };
      const publisher = async (own: number): Promise<void> => {
        while (sent < EVENTS) {
          const n = (sent += 1);
          const channel = channels[(n + own) % channels.length] ?? '';
          if (n === EVENTS / 4) away = outage();
          try {
            await parts.router.publish(channel, {
              type: 'note',
              source: 'test',
              data: { n, own, price: `${n}.50` },
            });
            answered += 1;
          } catch (error) {
            const code = error instanceof TenhertzError ? error.code : String(error);
            failures.set(code, (failures.get(code) ?? 0) + 1);
          }
        }
      };
      // One publisher alone would wait at its first trade; the prices of the others go on.
      const waiters = Array.from({ length: 600 }, (_, own) => publisher(own));
      const prices = (async () => {
        await until(() => away !== undefined, 60_000, 'no outage');
        const state = { back: false };
        void away?.then(() => (state.back = true));
        while (!state.back) {
          await parts.router.publish('ui-events', { type: 'note', source: 'test', data: { while: 'away' } });
          answered += 1;
        }
      })();
      await Promise.all([...waiters, prices]);
      await away;
      // Strict publishers waited, and were not refused.
      expect(Object.fromEntries(failures)).toEqual({});
      expect(waited).toBeGreaterThan(0);
      await until(
        () => parts.work().unconfirmed === 0 && parts.work().outbox === 0,
        30_000,
        () => JSON.stringify(parts.work()),
      );
      await until(() => desk.status().applied >= answered, 30_000, 'the desk is behind');
      await until(
        () => parts.work().unconfirmed === 0,
        30_000,
        () => JSON.stringify(parts.work()),
      );
      let total = 0;
      for (const channel of channels) {
        await until(
          async () => {
            const [a, b] = await sides(channel);
            return a.length === b.length;
          },
          15_000,
          channel,
        ).catch(() => undefined);
        const [stream, recorded] = await sides(channel);
        expect(recorded).toEqual(stream);
        expect(stream.map(line => line.split(' ')[2])).toEqual(stream.map((_, index) => String(index + 1)));
        total += stream.length;
      }
      expect(total).toBe(answered);
      expect(parts.work().lost).toBe(0);
    },
    AWAY_MS + 120_000,
  );

  it('two processes that publish strictly to one channel at once give 1 to n, each once, in order', async () => {
    const children = [
      script.run([redis.socketPath, ledger.url, 'trades:two', '1', '300', '0', '']),
      script.run([redis.socketPath, ledger.url, 'trades:two', '1001', '1300', '0', '']),
    ];
    const lines: string[] = [];
    await Promise.all(
      children.map(async child => {
        for (let line = ''; line !== 'done';) lines.push((line = await child.line()));
      }),
    );
    await Promise.all(children.map(child => child.kill()));
    expect(lines.filter(line => line.startsWith('published'))).toHaveLength(600);
    const stream = await inStream(pool, 'trades:two');
    expect(stream.map(line => Number(line.split(' ')[0]))).toEqual(
      Array.from({ length: 600 }, (_, n) => n + 1),
    );
    const events = stream.map(line => Number(line.split(' ')[1]));
    expect(new Set(events).size).toBe(600);
    // Each in its own order, and both at the same time.
    expect(events.filter(n => n < 1_000)).toEqual(Array.from({ length: 300 }, (_, n) => n + 1));
    await until(
      async () => (await inLedger(ledger, 'trades:two')).every(line => line.endsWith('+')),
      30_000,
      'not marked',
    );
    expect(await inLedger(ledger, 'trades:two')).toEqual(stream.map(line => `${line}+`));
  }, 120_000);
});
