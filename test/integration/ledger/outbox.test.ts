import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/main/engine/clock.ts';
import { createPublisher } from '../../../src/main/engine/events/publisher.ts';
import { channelModes } from '../../../src/main/engine/ledger/channel-modes.ts';
import { createOutboxRelay, type OutboxRelay } from '../../../src/main/engine/ledger/outbox-relay.ts';
import { createCounters } from '../../../src/main/engine/ledger/raise-counters.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { openTestLedger, type TestLedger } from '../../support/ledger.ts';
import { postgresKinds, startTestPostgres, type TestPostgres } from '../../support/postgres-server.ts';
import { startTestRedis, until, type TestRedis } from '../../support/redis-server.ts';
import { id, inLedger, inStream, strictParts, trade, type StrictParts } from './strict-parts.ts';

describe.each(postgresKinds)('the outbox with the %s PostgreSQL', kind => {
  let server: TestPostgres;
  let redis: TestRedis;
  let ledger: TestLedger;
  let parts: StrictParts;
  let bot: pg.Client;
  const relays: OutboxRelay[] = [];

  beforeAll(async () => {
    [server, redis] = await Promise.all([startTestPostgres(kind, { fast: true }), startTestRedis()]);
  }, 120_000);
  afterAll(() => Promise.all([server.stop(), redis.stop()]));
  beforeEach(async () => {
    ledger = await openTestLedger(server);
    parts = await strictParts(redis.socketPath, ledger);
    await parts.pool.shared().flushall();
    bot = new pg.Client({ connectionString: ledger.url });
    bot.on('error', () => undefined);
    await bot.connect();
  });
  afterEach(async () => {
    await Promise.all(relays.splice(0).map(relay => relay.stop()));
    await bot.end();
    await parts.stop();
    await ledger.close();
  });

  const relay = (): OutboxRelay => {
    const made = createOutboxRelay({ ...parts, database: ledger, clock: systemClock, log: silentLogger });
    relays.push(made);
    made.start();
    return made;
  };
  const append = (number: number, channel = 'trade-events'): Promise<unknown> =>
    bot
      .query<{ n: string }>('SELECT tenhertz_append($1, $2, $3, $4, $5, $6) AS n', [
        ...[channel, id(number), 'note', 'bot', '2026-11-21T12:00:00.123456Z', { number }],
      ])
      .then(({ rows }) => Number(rows[0]?.n));
  const has = (lines: string[], channel?: string): Promise<void> =>
    until(
      async () =>
        JSON.stringify(await inStream(parts.pool, channel).catch(() => [])) === JSON.stringify(lines),
      30_000,
      `not ${lines.join(', ')}`,
    );

  it('broadcasts what another program committed in a transaction of its own', async () => {
    const one = relay();
    await bot.query('BEGIN');
    expect([await append(1), await append(2), await append(1)]).toEqual([1, 2, 1]);
    // It holds its place: who comes after it waits, and is numbered after it.
    const next = parts.publisher.publish(trade(3));
    expect(await inStream(parts.pool)).toEqual([]);
    await bot.query('COMMIT');
    expect(await next).toMatchObject({ sequence: 3, duplicate: false });
    await append(4, 'trades:bot');
    await has(['1 4'], 'trades:bot');
    expect(await inStream(parts.pool)).toEqual(['1 1', '2 2', '3 3']);
    const [entry] = await parts.pool.shared().xrange('stream:trade-events', '-', '+', 'COUNT', 1);
    expect(entry?.[1]).toEqual([
      ...['event_id', id(1), 'event_type', 'note', 'source', 'bot', 'timestamp', '2026-11-21T12:00:00.123Z'],
      ...['sequence_number', '1', 'data', '{"number": 1}'],
    ]);
    await parts.marks.flush();
    expect(await inLedger(ledger)).toEqual(['1 1+', '2 2+', '3 3+']);
    await until(() => one.pending() === 0, 30_000, 'the outbox is not empty');
  });

  it('never shows what was rolled back, and gives its number to the next', async () => {
    relay();
    await bot.query('BEGIN');
    await append(1);
    await append(2);
    await bot.query('ROLLBACK');
    await append(3);
    await has(['1 3']);
    expect(await inLedger(ledger)).toHaveLength(1);
  });

  it('refuses what cannot be broadcast', async () => {
    const refused = (values: unknown[]): Promise<string> =>
      bot.query('SELECT tenhertz_append($1, $2, $3, $4, now(), $5)', values).then(
        () => 'taken',
        (error: unknown) => String(error),
      );
    expect(await refused(['a b', id(1), 'note', 'bot', '{}'])).toContain('channel cannot be a b');
    expect(await refused(['a', 'seven', 'note', 'bot', '{}'])).toContain(
      'event_id cannot be seven: give a UUID',
    );
    expect(await refused(['a', id(1), 'no"te', 'bot', '{}'])).toContain('event_type cannot be');
    expect(await refused(['a', id(1), 'note', 'b\\t', '{}'])).toContain('source cannot be');
    expect(await refused(['a', id(1), 'note', 'bot', null])).toContain('data must be JSON');
    expect(await refused(['a', id(1), 'note', 'bot', JSON.stringify('x'.repeat(262_144))])).toContain(
      'at most 256 KB',
    );
    await append(1);
    expect(await refused(['a', id(1), 'note', 'bot', '{}'])).toContain(
      'recorded in channel trade-events already',
    );
  });

  it('goes on with the other channels when one cannot be broadcast, and says how much waits', async () => {
    await parts.pool.shared().set('stream:trade-events', 'no stream');
    await append(1);
    await append(2, 'trades:bot');
    const one = relay();
    await has(['1 2'], 'trades:bot');
    await until(
      () => one.pending() === 1,
      30_000,
      () => `${one.pending()} pending`,
    );
    await until(
      async () => (await parts.metrics.ledgerOutboxPending.get()).values[0]?.value === 1,
      30_000,
      'the gauge does not say so',
    );
    await parts.pool.shared().del('stream:trade-events');
    await has(['1 1']);
    await until(() => one.pending() === 0, 30_000, 'still pending');
  });

  it('broadcasts once both servers are back', async () => {
    await append(1);
    await redis.kill();
    await until(() => parts.pool.status().state !== 'up', 30_000, 'Redis is not missed');
    const one = relay();
    expect(one.pending()).toBe(0);
    await redis.restart();
    await has(['1 1']);
    await server.halt();
    await until(() => ledger.status().state !== 'up', 30_000, 'PostgreSQL is not missed');
    await server.restart();
    await ledger.ready(30_000);
    bot = new pg.Client({ connectionString: ledger.url });
    bot.on('error', () => undefined);
    await bot.connect();
    await append(2);
    await has(['1 1', '2 2']);
  });

  describe('the counters of Redis', () => {
    const counters = (highest: [string, number][] = []) =>
      createCounters({
        ...{ ...parts, database: ledger, clock: systemClock, log: silentLogger, modeOf: channelModes() },
        highest: () => new Map(highest),
      });
    const counter = async (channel: string): Promise<number> =>
      Number(await parts.pool.shared().get(`seq:{stream:${channel}}`));

    it('are raised to the ledger, never lowered, before anything is published', async () => {
      await ledger.query({
        text: `INSERT INTO channel (channel, last_sequence) VALUES ('price-updates', 500), ('ui-events', 5), ('prices:btc', 7)`,
      });
      await parts.pool.shared().set('seq:{stream:ui-events}', 9);
      await parts.pool.shared().set('seq:{stream:prices:btc}', 'broken');
      await counters().raise();
      expect(await counter('price-updates')).toBe(500);
      expect(await counter('ui-events')).toBe(9);
      const plain = createPublisher({ pool: parts.pool, clock: systemClock, metrics: parts.metrics });
      expect(await plain.publish(trade(1, { channel: 'price-updates' }))).toMatchObject({ sequence: 501 });
    });

    it('of a strict channel are raised by what is published again', async () => {
      await parts.publisher.publishMany([trade(1), trade(2), trade(3)]);
      await parts.marks.flush();
      await parts.pool.shared().flushall();
      await append(4);
      await counters().raise();
      expect(await inStream(parts.pool)).toEqual(['1 1', '2 2', '3 3', '4 4']);
    });

    it('are raised again when Redis comes back without its newest numbers', async () => {
      await ledger.query({ text: `INSERT INTO channel (channel, last_sequence) VALUES ('ui-events', 40)` });
      const forget = counters([
        ['price-updates', 90],
        ['trade-events', 90],
      ]).watch();
      await redis.restart();
      await until(
        async () => (await counter('price-updates').catch(() => 0)) === 90,
        30_000,
        'not raised from memory',
      );
      await until(
        async () => (await counter('ui-events').catch(() => 0)) === 40,
        30_000,
        'not raised from the ledger',
      );
      expect(await counter('trade-events')).toBe(0);
      await server.halt();
      await until(() => ledger.status().state !== 'up', 30_000, 'PostgreSQL is not missed');
      await parts.pool.shared().flushall();
      await server.restart();
      await until(
        async () => (await counter('ui-events')) === 40,
        30_000,
        'not raised when the ledger came back',
      );
      forget();
    });
  });
});
