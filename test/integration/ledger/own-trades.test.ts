import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/main/engine/engine.ts';
import { ownTrades } from '../../../src/main/engine/ledger/own-trades.ts';
import { openTestLedger, type TestLedger } from '../../support/ledger.ts';
import { postgresKinds, startTestPostgres, type TestPostgres } from '../../support/postgres-server.ts';
import { startTestRedis, type TestRedis } from '../../support/redis-server.ts';
import { makeEngine, openWindow, testDir, type TestDir } from '../engine/desk.ts';
import { toLedger, type Written } from './rows.ts';

const NOON = Date.UTC(2026, 10, 20, 12);
const trade = (id: string, at: number, more: Partial<Written> & { pair?: string } = {}): Written => {
  const { pair = 'SOL/USDC', ...rest } = more;
  const data = { action: 'buy', token_pair: pair, amount: '1.5', price: '150.25' };
  return { channel: 'trades:user_0001', id, at: NOON + at, sequence: null, data, ...rest };
};

describe.each(postgresKinds)("the trader's own trades in the ledger (%s)", kind => {
  let postgres: TestPostgres;
  let redis: TestRedis;
  let database: TestLedger;
  let dir: TestDir;
  const engines: Engine[] = [];
  beforeAll(async () => {
    [redis, postgres] = await Promise.all([startTestRedis(), startTestPostgres(kind, { fast: true })]);
  }, 120_000);
  afterAll(() => Promise.all([redis.stop(), postgres.stop()]));
  beforeEach(async () => {
    database = await openTestLedger(postgres);
    dir = await testDir();
  });
  afterEach(async () => {
    await Promise.all(engines.splice(0).map(engine => engine.stop()));
    await Promise.all([database.close(), dir.remove()]);
  });

  it('are those of one token in a stretch of time, oldest first, and of too many the newest', async () => {
    await toLedger(database, [
      trade('before', -1),
      trade('first', 0),
      trade('other-token', 1, { pair: 'SOLX/USDC' }),
      trade('of-everybody', 2, { channel: 'trade-events' }),
      trade('unfollowed', 3, { channel: 'trades:x' }),
      trade('never-sent', 4, { unmarked: true }),
      trade('second', 5, { channel: 'trades:user_0002', pair: 'SOL-USD' }),
      trade('no-trade', 6, { type: 'note' }),
      trade('third', 7, { data: { side: 'sell', token: 'SOL' } }),
      trade('end', 8),
    ]);
    const ask = async (limit: number): Promise<string[]> => {
      const asked = { token: 'SOL', since: NOON, until: NOON + 8, limit };
      const found = await ownTrades(database, asked, channel => channel !== 'trades:x');
      return found.map(({ eventId }) => eventId);
    };
    expect(await ask(500)).toEqual(['first', 'second', 'third']);
    expect(await ask(2)).toEqual(['second', 'third']);
  });

  it('are told to a chart after a restart, and none are without a ledger', async () => {
    await toLedger(database, [trade('kept', 0), trade('of-a-simulation', 1, { source: 'simulated' })]);
    const args = { token: 'SOL', since: 0, until: Number.MAX_SAFE_INTEGER, limit: 500 };
    const asked: string[][] = [];
    for (const ledger of [database.url, 'off']) {
      const engine = makeEngine(
        dir.path,
        { redis: redis.url, postgres: ledger, source: 'kraken' },
        { TENHERTZ_KRAKEN_URL: 'ws://127.0.0.1:9' },
      );
      engines.push(engine);
      await engine.start({ url: null });
      const { line } = await openWindow(engine);
      asked.push((await line.invoke('chart.trades', args)).map(({ eventId }) => eventId));
      await engine.stop();
    }
    expect(asked).toEqual([['kept'], []]);
  });
});
