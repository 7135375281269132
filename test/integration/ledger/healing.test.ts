import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SubscriptionDeps } from '../../../src/main/engine/events/subscription.ts';
import { TenhertzError } from '../../../src/main/engine/errors.ts';
import { createLedgerSearch } from '../../../src/main/engine/ledger/search-ledger.ts';
import { openTestLedger, type TestLedger } from '../../support/ledger.ts';
import { postgresKinds, startTestPostgres, type TestPostgres } from '../../support/postgres-server.ts';
import { startTestRedis, until, type TestRedis } from '../../support/redis-server.ts';
import { plainClient, startDesk, type Desk } from '../events/desk.ts';
import { entryId, toLedger, toStream, type Written } from './rows.ts';

const CHANNEL = 'trade-events';
const STREAM = 'stream:trade-events';

describe.each(postgresKinds)('a gap the stream cannot fill (%s)', kind => {
  let redis: TestRedis;
  let postgres: TestPostgres;
  let database: TestLedger;
  let client: Redis;
  const desks: Desk[] = [];
  beforeAll(async () => {
    [redis, postgres] = await Promise.all([startTestRedis(), startTestPostgres(kind, { fast: true })]);
    database = await openTestLedger(postgres);
  }, 120_000);
  afterAll(async () => {
    await database.close();
    await Promise.all([redis.stop(), postgres.stop()]);
  });
  beforeEach(async () => {
    client = plainClient(redis.socketPath);
    await client.flushall();
    await database.query({ text: 'TRUNCATE event_log' });
  });
  afterEach(async () => {
    await Promise.all(desks.splice(0).map(desk => desk.stop()));
    client.disconnect();
  });

  const start = (more: Partial<SubscriptionDeps> = {}): Desk => {
    const desk = startDesk(
      { path: redis.socketPath },
      { searchElsewhere: createLedgerSearch(database), ...more },
    );
    desks.push(desk);
    return desk;
  };
  const now = Date.now();
  const numbered = (from: number, to: number, more: Partial<Written> = {}): Written[] =>
    Array.from({ length: to - from + 1 }, (_, index) => ({
      channel: CHANNEL,
      id: `e${from + index}`,
      at: now + from + index,
      sequence: from + index,
      ...more,
    }));
  const names = (from: number, to: number): string[] => numbered(from, to).map(({ id }) => id);
  /** Adds entries of which the stream keeps only the newest, at once, so that nobody reads the others. */
  const addTrimmed = async (list: readonly Written[], keep: number): Promise<void> => {
    await toStream(client, []);
    const transaction = client.multi();
    for (const one of list)
      transaction.xadd(
        STREAM,
        entryId(one),
        ...['event_id', one.id, 'sequence_number', String(one.sequence), 'data', '{}'],
      );
    transaction.xtrim(STREAM, 'MAXLEN', keep);
    await transaction.exec();
  };
  const gap = (desk: Desk) => desk.subscription.status().gapsSeen[0];

  it('is filled from the ledger: each event once, in order, and the tape is told where it was found', async () => {
    const desk = start();
    await desk.following();
    await toStream(client, numbered(1, 1));
    await desk.has(1);
    await toLedger(database, numbered(1, 40));
    await addTrimmed(numbered(2, 40), 3);
    await desk.has(40);
    expect(desk.ids()).toEqual(['e1', ...names(38, 40), ...names(2, 37)]);
    expect(gap(desk)).toMatchObject({
      from: 2,
      to: 37,
      state: 'healed',
      missing: 0,
      healedFrom: 'ledger',
    });
    expect(desk.applied[4]).toMatchObject({
      entryId: `${now + 2}-0`,
      sequence: 2,
      source: 'bot',
    });
    // What comes after all is known already.
    await client.xadd(STREAM, '*', 'event_id', 'e7', 'sequence_number', '7', 'data', '{}');
    await until(() => desk.subscription.status().duplicates === 1, 30_000, 'it was not dropped');
    expect(desk.applied).toHaveLength(40);
  });

  it('is filled also where it is larger than what is asked for at once', async () => {
    const desk = start();
    await desk.following();
    await toStream(client, numbered(1, 1));
    await desk.has(1);
    await toLedger(database, numbered(1, 12_001));
    await addTrimmed(numbered(2, 12_001), 1);
    await desk.has(12_001, 20_000);
    expect(desk.ids().slice(2)).toEqual(names(2, 12_000));
    expect(gap(desk)?.state).toBe('healed');
  }, 120_000);

  it('is filled with rows that are not marked as broadcast yet', async () => {
    const desk = start();
    await desk.following();
    await toStream(client, numbered(1, 1));
    await toLedger(database, numbered(2, 4, { unmarked: true }));
    await addTrimmed(numbered(2, 5), 1);
    await desk.has(5);
    expect(gap(desk)).toMatchObject({ state: 'healed', healedFrom: 'ledger' });
  });

  it('never takes the same numbers of an earlier epoch, and is lost when there are no others', async () => {
    const desk = start({ gapAfterMs: 1_500 });
    await desk.following();
    const old = (prefix: string, list: Written[]): Written[] =>
      list.map(one => ({ ...one, id: `${prefix}-${one.id}` }));
    await toLedger(database, old('far', numbered(1, 9, { at: now - 60_000 })));
    await toLedger(database, old('near', numbered(2, 3)), 2);
    await toLedger(database, numbered(4, 4), 3);
    await toStream(client, numbered(1, 1));
    await desk.has(1);
    await addTrimmed(numbered(2, 4), 1);
    await until(() => gap(desk)?.state === 'lost', 30_000, 'it is not declared lost');
    expect(gap(desk)).toMatchObject({ from: 2, to: 3, missing: 2, healedFrom: null });
    expect(desk.ids()).toEqual(['e1', 'e4']);
  }, 120_000);

  it('stays open while the ledger is away, and is filled when it is back', async () => {
    const search = createLedgerSearch(database);
    let away = true;
    let asked = 0;
    const desk = start({
      gapAfterMs: 600,
      searchElsewhere(...args) {
        asked += 1;
        if (away) return Promise.reject(new TenhertzError('LEDGER_DOWN', 'away'));
        return search(...args);
      },
    });
    await desk.following();
    await toStream(client, numbered(1, 1));
    await desk.has(1);
    await addTrimmed(numbered(2, 6), 1);
    await until(
      () => asked >= 3,
      30_000,
      () => `asked ${asked} times`,
    );
    expect(gap(desk)).toMatchObject({ state: 'open', missing: 4 });
    await toLedger(database, numbered(2, 6));
    away = false;
    await until(() => gap(desk)?.state === 'healed', 30_000, 'it was not healed');
    expect(desk.ids()).toEqual(['e1', 'e6', 'e2', 'e3', 'e4', 'e5']);
  }, 120_000);

  it('is found also where a desk was away for longer than the stream reaches', async () => {
    const first = start();
    await first.following();
    await toStream(client, numbered(1, 3));
    await first.has(3);
    await first.stop();
    desks.length = 0;
    const foreign = { channel: CHANNEL, id: `${STREAM}/${now + 4}-7`, at: now + 4, seq: 7, sequence: null };
    await toLedger(database, [...numbered(1, 200), foreign]);
    await addTrimmed(numbered(4, 200), 5);
    const second = start();
    await second.has(198);
    expect(second.ids()).toEqual([...names(196, 200), 'e4', foreign.id, ...names(5, 195)]);
    expect(second.subscription.status()).toMatchObject({ gaps: 1 });
    expect(gap(second)).toMatchObject({ from: 4, to: 195, state: 'healed', healedFrom: 'ledger' });
  });

  it('is not looked for where nothing is known to be missing', async () => {
    let asked = 0;
    const searchElsewhere: SubscriptionDeps['searchElsewhere'] = () => {
      asked += 1;
      return Promise.resolve([]);
    };
    const first = start({ searchElsewhere });
    await first.following();
    await toStream(client, numbered(1, 3));
    await first.has(3);
    await first.stop();
    desks.length = 0;
    const second = start({ searchElsewhere });
    await toStream(client, numbered(4, 6));
    await second.has(6);
    expect(asked).toBe(0);
    expect(second.subscription.status().gaps).toBe(0);
  });
});
