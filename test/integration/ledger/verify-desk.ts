import { Redis } from 'ioredis';
import { systemClock } from '../../../src/main/engine/clock.ts';
import { channelModes, type ModeRule } from '../../../src/main/engine/ledger/channel-modes.ts';
import type { Difference } from '../../../src/main/engine/ledger/difference.ts';
import { verify, type VerifyQuery, type VerifySummary } from '../../../src/main/engine/ledger/verify.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import { openTestLedger, type TestLedger } from '../../support/ledger.ts';
import { startTestPostgres, type PostgresKind, type TestPostgres } from '../../support/postgres-server.ts';
import { testPool } from '../../support/redis-pool.ts';
import { startTestRedis, type TestRedis } from '../../support/redis-server.ts';
import { toLedger, toStream, type Written } from './rows.ts';

export const NOW = Date.now();
/** When the first of {@link events} happened. */
export const START = NOW - 3_600_000;

/** Numbered events, one each 10 ms. */
export function events(channel: string, count: number, more: Partial<Written> = {}): Written[] {
  return Array.from({ length: count }, (_, index) => ({
    channel,
    id: `${channel}-${index + 1}`,
    at: START + index * 10,
    sequence: index + 1,
    data: { id: `t${index + 1}`, amount: '0.000000001234567890123456789', tiny: 1e-9 },
    ...more,
  }));
}

export function without(list: readonly Written[], ...sequences: number[]): Written[] {
  return list.filter(({ sequence }) => !sequences.includes(sequence ?? 0));
}

/** Differences in short: kind, number, field. */
export function kinds(found: readonly Difference[]): string[] {
  return found.map(one => [one.kind, one.sequence_number, one.field].filter(Boolean).join(' '));
}

/** A Redis and a ledger to be compared. */
export class VerifyDesk {
  private constructor(
    readonly server: TestRedis,
    readonly client: Redis,
    readonly pool: RedisPool,
    readonly pg: TestPostgres,
    readonly ledger: TestLedger,
  ) {}

  static async start(kind: PostgresKind): Promise<VerifyDesk> {
    const server = await startTestRedis();
    const client = new Redis({ path: server.socketPath });
    const { pool } = testPool({ path: server.socketPath });
    await pool.ready(30_000);
    const pg = await startTestPostgres(kind, { fast: true });
    return new VerifyDesk(server, client, pool, pg, await openTestLedger(pg));
  }

  async stop(): Promise<void> {
    this.client.disconnect();
    await this.pool.close();
    await this.server.stop();
    await this.ledger.close();
    await this.pg.stop();
  }

  async clear(): Promise<void> {
    await this.client.flushall();
    await this.alter('TRUNCATE event_log, channel');
  }

  /** Both sides as given, the ledger's counters at its highest numbers. */
  async write(stream: readonly Written[], rows: readonly Written[] = stream): Promise<void> {
    await toStream(this.client, stream);
    await toLedger(this.ledger, rows);
    await this.alter(
      'INSERT INTO channel SELECT channel, max(epoch), coalesce(max(sequence), 0) FROM event_log GROUP BY channel',
    );
  }

  async alter(text: string, ...values: unknown[]): Promise<void> {
    await this.ledger.query({ text, values });
  }

  async verify(
    query: Partial<VerifyQuery> = {},
    options: { rules?: ModeRule[]; keptSince?: (type: string) => number; signal?: AbortSignal } = {},
  ): Promise<{ found: Difference[]; summary: VerifySummary }> {
    const found: Difference[] = [];
    const { rules = [], keptSince = () => 0, signal = new AbortController().signal } = options;
    const { pool, ledger } = this;
    const summary = await verify(
      { pool, ledger, clock: systemClock, modeOf: channelModes(rules), keptSince },
      { since: START - 1_000, until: null, channels: [], delayMs: 2_000, ...query },
      { signal, report: difference => Promise.resolve(void found.push(difference)) },
    );
    return { found, summary };
  }
}
