import { randomUUID } from 'node:crypto';
import { systemClock } from '../../../src/main/engine/clock.ts';
import { readSettings } from '../../../src/main/engine/config/settings.ts';
import { createPublisher } from '../../../src/main/engine/events/publisher.ts';
import { createSubscription } from '../../../src/main/engine/events/subscription.ts';
import { startLedgerParts, type LedgerParts } from '../../../src/main/engine/ledger-parts.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import type { TestLedger } from '../../support/ledger.ts';
import { testPool } from '../../support/redis-pool.ts';
import { until, type TestRedis } from '../../support/redis-server.ts';

/** What a desk does with its ledger: publishes through it, and records what it reads. */
export class LedgerDesk {
  private constructor(
    readonly pool: RedisPool,
    readonly ledger: TestLedger,
    readonly parts: LedgerParts,
    readonly close: () => Promise<void>,
  ) {}

  static async open(server: TestRedis, ledger: TestLedger): Promise<LedgerDesk> {
    const { pool, metrics } = testPool({ path: server.socketPath });
    await pool.ready(30_000);
    const deps = { pool, metrics, clock: systemClock, log: silentLogger };
    const parts = await startLedgerParts({
      ...deps,
      settings: readSettings({ flags: { dataDir: server.dir } }),
      database: ledger,
      publisher: createPublisher(deps),
    });
    const subscription = createSubscription({
      ...deps,
      group: 'desk:test',
      consumer: 'test',
      channels: ['trade-events', 'price-updates', 'trades:*'],
      apply: (events, phase) => parts.record(events, phase),
    });
    subscription.start();
    await until(() => subscription.status().state === 'following', 30_000, 'the desk does not follow');
    return new LedgerDesk(pool, ledger, parts, async () => {
      await subscription.stop();
      await parts.stop();
      await pool.close();
    });
  }

  /** Publishes so many trades (strict) and prices (confirm), and waits until all are recorded. */
  async trade(count: number): Promise<void> {
    const before = await this.recorded();
    await Promise.all(
      Array.from({ length: count }, async (_, index) => {
        await this.parts.router.publish('trade-events', {
          type: 'trade_executed',
          source: 'bot',
          eventId: randomUUID(),
          data: {
            ...{
              id: `t${index}`,
              action: 'buy',
              token_pair: 'SOL/USDC',
              amount: '0.000000001234567890123456789',
            },
            price: 1e-9,
          },
        });
        await this.parts.router.publish('price-updates', {
          type: 'price_update',
          source: 'test',
          data: { token: 'SOL', price: `151.${index}` },
        });
      }),
    );
    await until(
      async () => (await this.recorded()) === before + 2 * count,
      30_000,
      'not everything was recorded',
    );
  }

  /** Rows whose place in the stream is known. */
  private async recorded(): Promise<number> {
    const { rows } = await this.ledger.query<{ count: number }>({
      text: 'SELECT count(stream_id)::int AS count FROM event_log',
    });
    return rows[0]?.count ?? 0;
  }
}
