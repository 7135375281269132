import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/main/engine/clock.ts';
import type { StreamEvent } from '../../../src/main/engine/events/event.ts';
import { readEvent } from '../../../src/main/engine/events/read-event.ts';
import { createMetrics, type Metrics } from '../../../src/main/engine/health/metrics.ts';
import { channelModes } from '../../../src/main/engine/ledger/channel-modes.ts';
import {
  createRecorder,
  type Recorder,
  type RecorderDeps,
} from '../../../src/main/engine/ledger/recorder.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { openTestLedger, type TestLedger } from '../../support/ledger.ts';
import { postgresKinds, startTestPostgres, type TestPostgres } from '../../support/postgres-server.ts';
import { startTestRedis, until, type TestRedis } from '../../support/redis-server.ts';
import { id, inStream, strictParts, trade, type StrictParts } from './strict-parts.ts';

describe.each(postgresKinds)('the recorder with the %s PostgreSQL', kind => {
  let pg: TestPostgres;
  let redis: TestRedis;
  let ledger: TestLedger;
  let parts: StrictParts;
  let metrics: Metrics;
  /** One connection, so that entries are in the order they were written. */
  let client: Redis;
  const recorders: Recorder[] = [];

  beforeAll(async () => {
    [pg, redis] = await Promise.all([startTestPostgres(kind, { fast: true }), startTestRedis()]);
  }, 60_000);
  afterAll(() => Promise.all([pg.stop(), redis.stop()]));
  beforeEach(async () => {
    ledger = await openTestLedger(pg);
    parts = await strictParts(redis.socketPath, ledger);
    await parts.pool.shared().flushall();
    client = parts.pool.shared();
    metrics = createMetrics();
  });
  afterEach(async () => {
    for (const recorder of recorders.splice(0)) recorder.stop();
    await parts.stop();
    await ledger.close();
  });

  const recorder = (more: Partial<RecorderDeps> = {}): Recorder => {
    const made = createRecorder({
      database: ledger,
      pool: parts.pool,
      clock: systemClock,
      log: silentLogger,
      metrics,
      modeOf: channelModes([{ pattern: 'quiet', mode: 'off' }]),
      ...more,
    });
    recorders.push(made);
    return made;
  };

  /** Puts an entry into a stream and gives it as a desk would read it. */
  const written = async (channel: string, fields: Record<string, string>, at = '*'): Promise<StreamEvent> => {
    const flat = Object.entries(fields).flat();
    const entryId = (await client.xadd(`stream:${channel}`, at, ...flat)) ?? '';
    const event = readEvent(channel, entryId, flat);
    if ('reason' in event) throw new Error(event.reason);
    return event;
  };
  const price = (
    n: number,
    more: Record<string, string> = {},
    channel = 'price-updates',
  ): Promise<StreamEvent> =>
    written(channel, {
      ...{ event_id: id(n), event_type: 'price_update', source: 'test', timestamp: '2026-11-21T12:00:00.5Z' },
      ...{ sequence_number: String(n), data: `{"token":"SOL","price":"${n}.50"}`, ...more },
    });
  const prices = (from: number, to: number, channel?: string): Promise<StreamEvent[]> =>
    Promise.all(Array.from({ length: to - from + 1 }, (_, index) => price(from + index, {}, channel)));

  /** `<epoch>:<sequence> <number of the event>` in the order of replay. */
  const recorded = async (channel = 'price-updates'): Promise<string[]> => {
    const { rows } = await ledger.query<{ event_id: string; epoch: number; sequence: string | null }>({
      text: `SELECT event_id, epoch, sequence FROM event_log WHERE channel = $1 AND published_at IS NOT NULL
             AND confirmed_at IS NOT NULL ORDER BY position_ms, position_seq`,
      values: [channel],
    });
    return rows.map(
      ({ event_id, epoch, sequence }) =>
        `${epoch}:${sequence ?? '-'} ${Number(event_id.slice(24)) || event_id}`,
    );
  };
  const channelRow = async (channel = 'price-updates'): Promise<unknown> =>
    (
      await ledger.query({
        text: 'SELECT epoch, last_sequence FROM channel WHERE channel = $1',
        values: [channel],
      })
    ).rows[0];

  it('records an event as its stream has it', async () => {
    const one = recorder();
    const event = await price(7, { data: '{"token":"SOL","price":141.250,"big":12345678901234567890.5}' });
    one.add([event]);
    await one.flush(5_000);
    const { rows } = await ledger.query({ text: 'SELECT *, data::text AS text FROM event_log' });
    const [ms, seq] = event.entryId.split('-');
    expect(rows).toMatchObject([
      {
        ...{ event_id: id(7), channel: 'price-updates', epoch: 1, sequence: '7', event_type: 'price_update' },
        ...{ source: 'test', occurred_at: new Date('2026-11-21T12:00:00.500Z'), stream_id: event.entryId },
        ...{ received_at: new Date(event.entryTime), published_at: new Date(event.entryTime) },
        ...{ position_ms: ms, position_seq: seq, confirmed_at: expect.any(Date) },
        text: '{"big": 12345678901234567890.5, "price": 141.250, "token": "SOL"}',
      },
    ]);
    expect(await channelRow()).toEqual({ epoch: 1, last_sequence: '7' });
    const latest = await ledger.query({
      text: 'SELECT channel, event_type, token, event_id, sequence FROM latest_event',
    });
    expect(latest.rows).toEqual([
      { channel: 'price-updates', event_type: 'price_update', token: 'SOL', event_id: id(7), sequence: '7' },
    ]);
    expect(one.stats()).toMatchObject({
      unconfirmed: 0,
      confirmFailures: 0,
      lost: 0,
      confirmMs: expect.any(Number),
    });
    expect(one.highest().get('price-updates')).toBe(7);
  });

  it('records each event once, however often and by how many desks it is told', async () => {
    const [one, other] = [recorder(), recorder()];
    const events = await prices(1, 2_500);
    one.add(events.slice(0, 1_500), 'snapshot');
    other.add(events);
    one.add(events, 'snapshot');
    await Promise.all([one.flush(9_000), other.flush(9_000)]);
    expect(await recorded()).toEqual(events.map((_, index) => `1:${index + 1} ${index + 1}`));
    expect(one.stats()).toMatchObject({ confirmFailures: 0, lost: 0, confirmMs: null });
  });

  it('leaves channels alone whose mode is off', async () => {
    const one = recorder();
    one.add([await price(1, {}, 'quiet')]);
    expect(one.stats().unconfirmed).toBe(0);
    await one.flush(1_000);
    expect(await recorded('quiet')).toEqual([]);
  });

  it('fills in where a committed event stands, and records what others wrote in strict channels', async () => {
    const one = recorder();
    const published = await parts.publisher.publish(trade(1));
    const [entry] = await parts.pool.shared().xrange('stream:trade-events', '-', '+');
    const event = readEvent('trade-events', published.entryId, entry?.[1] ?? []);
    if ('reason' in event) throw new Error(event.reason);
    // Its note did not get through.
    const foreign = [
      await written('trade-events', { data: '{"a":1}' }),
      await written('trade-events', { event_id: 'mine-1', sequence_number: '1', data: '{"a":2}' }),
      await written('trade-events', { event_id: 'mine-1b', sequence_number: '1', data: '{"a":3}' }),
      await written('trade-events', { event_id: 'mine-2', sequence_number: '2', data: '{"a":4}' }),
    ];
    one.add([event, ...foreign]);
    await one.flush(5_000);
    expect(await recorded('trade-events')).toEqual([
      '1:1 1',
      `0:- ${foreign[0]?.eventId ?? ''}`,
      '0:1 mine-1',
      '-1:1 mine-1b',
      '-1:2 mine-2',
    ]);
    // The ledger's own numbers go on.
    expect(await parts.publisher.publish(trade(2))).toMatchObject({ sequence: 2 });
    one.add([await written('trade-events', { event_id: 'mine-3', sequence_number: '3', data: '1' })]);
    await one.flush(5_000);
    expect(await recorded('trade-events')).toContain('-1:3 mine-3');
    expect(await parts.publisher.publish(trade(3))).toMatchObject({ sequence: 3 });
  });

  it('begins a new epoch where Redis gave numbers again', async () => {
    const one = recorder();
    const first = await prices(1, 5);
    one.add(first);
    await one.flush(5_000);
    // Redis lost 4 and 5; they were given again, and once more.
    const again = [
      await price(14, { sequence_number: '4' }),
      await price(15, { sequence_number: '5' }),
      await price(16, { sequence_number: '6' }),
      await price(24, { sequence_number: '5' }),
      await price(25, { sequence_number: '6' }),
    ];
    one.add(again);
    await one.flush(5_000);
    expect(await recorded()).toEqual([
      ...['1:1 1', '1:2 2', '1:3 3', '1:4 4', '1:5 5'],
      ...['2:4 14', '2:5 15', '2:6 16', '3:5 24', '3:6 25'],
    ]);
    expect(await channelRow()).toEqual({ epoch: 3, last_sequence: '6' });
    one.add([...first, ...again, await price(26, { sequence_number: '7' })]);
    await one.flush(5_000);
    expect((await recorded()).at(-1)).toBe('3:7 26');
    expect(await channelRow()).toEqual({ epoch: 3, last_sequence: '7' });
    expect(one.stats()).toMatchObject({ confirmFailures: 0, lost: 0 });
  });

  it('records numbers that make no sense at all', async () => {
    const one = recorder();
    const events = await Promise.all(
      Array.from({ length: 30 }, (_, n) => price(n + 1, { sequence_number: '1' })),
    );
    one.add(events);
    await one.flush(5_000);
    const lines = await recorded();
    expect(lines).toHaveLength(30);
    expect(lines.slice(-2)).toEqual(['21:- 29', '21:- 30']);
  });

  it('stores what jsonb cannot hold with the sign for it, and entry ids beyond 63 bits', async () => {
    const one = recorder();
    one.add([
      await written('ui-events', { data: '{"a":"\\u0000\\ud800"}' }, '5-1'),
      await written('ui-events', { text: 'a\u0000b' }, '18446744073709551000-18446744073709551000'),
    ]);
    await one.flush(5_000);
    const { rows } = await ledger.query({ text: 'SELECT data FROM event_log ORDER BY position_ms' });
    expect(one.stats()).toMatchObject({ lost: 0, unconfirmed: 0 });
    expect(rows).toEqual([{ data: { a: '\uFFFD\uFFFD' } }, { data: { text: 'a\uFFFDb' } }]);
  });

  it('leaves out an event that cannot be stored, and counts it', async () => {
    await ledger.query({ text: `ALTER TABLE event_log ADD CHECK (data::text NOT LIKE '%poison%')` });
    const one = recorder();
    one.add([
      ...(await prices(1, 9)),
      await price(10, { data: '{"token":"X","price":"1","n":"poison"}' }),
      await price(11),
    ]);
    await one.flush(5_000);
    expect(await recorded()).toHaveLength(10);
    expect(one.stats()).toMatchObject({ lost: 1, confirmFailures: 1, unconfirmed: 0 });
    expect((await metrics.ledgerLost.get()).values).toMatchObject([
      { labels: { reason: 'refused' }, value: 1 },
    ]);
  });

  it('keeps events while the ledger is away, and records them when it is back', async () => {
    const one = recorder();
    await pg.halt();
    one.add(await prices(1, 1_500));
    await until(() => one.stats().confirmFailures > 1, 5_000, 'no failure was counted');
    expect(one.stats()).toMatchObject({ unconfirmed: 1_500, lost: 0 });
    expect((await metrics.ledgerConfirmFailures.get()).values[0]?.value).toBe(one.stats().confirmFailures);
    await pg.restart();
    await until(
      () => one.stats().unconfirmed === 0,
      10_000,
      () => JSON.stringify(one.stats()),
    );
    expect(await recorded()).toHaveLength(1_500);
  });

  it('reads from the streams what had no room in memory', async () => {
    const one = recorder({ maxEvents: 500 });
    await pg.halt();
    const events = await prices(1, 3_000);
    one.add(events.slice(0, 400));
    one.add(await prices(10_001, 10_050, 'ui-events'));
    one.add(events.slice(400));
    expect(one.stats().unconfirmed).toBe(3_050);
    await pg.restart();
    await until(
      () => one.stats().unconfirmed === 0,
      10_000,
      () => JSON.stringify(one.stats()),
    );
    one.add([await price(3_001)]);
    await one.flush(5_000);
    expect(await recorded()).toEqual(Array.from({ length: 3_001 }, (_, n) => `1:${n + 1} ${n + 1}`));
    expect(await recorded('ui-events')).toHaveLength(50);
    expect(one.stats().lost).toBe(0);
  });

  it('counts what was trimmed before it could be read as lost', async () => {
    const one = recorder({ maxBytes: 10_000 });
    await pg.halt();
    one.add(await prices(1, 300));
    await parts.pool.shared().xtrim('stream:price-updates', 'MAXLEN', '=', 100);
    await pg.restart();
    await until(
      () => one.stats().unconfirmed === 0,
      10_000,
      () => JSON.stringify(one.stats()),
    );
    expect(await recorded()).toHaveLength(100);
    expect(one.stats().lost).toBe(200);
    expect((await metrics.ledgerLost.get()).values).toMatchObject([
      { labels: { reason: 'trimmed' }, value: 200 },
    ]);
    expect(await inStream(parts.pool, 'price-updates')).toHaveLength(100);
  });

  it('a flush ends in time while the ledger is away', async () => {
    const one = recorder();
    await pg.halt();
    one.add([await price(1)]);
    const began = Date.now();
    await one.flush(300);
    expect(Date.now() - began).toBeLessThan(1_500);
    expect(one.stats().unconfirmed).toBe(1);
    await pg.restart();
    await ledger.ready(10_000);
  });
});
