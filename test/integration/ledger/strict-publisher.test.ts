import { describe, expect, it } from 'vitest';
import { TenhertzError } from '../../../src/main/engine/errors.ts';
import type { TestLedger } from '../../support/ledger.ts';
import { postgresKinds, type TestPostgres } from '../../support/postgres-server.ts';
import { id, inLedger, inStream, trade, useStrictParts, type StrictParts } from './strict-parts.ts';

describe.each(postgresKinds)('strict publishing with the %s PostgreSQL', kind => {
  let pg: TestPostgres;
  let ledger: TestLedger;
  let parts: StrictParts;

  useStrictParts(kind, scene => ({ pg, ledger, parts } = scene));

  const failure = async (work: Promise<unknown>): Promise<TenhertzError> => {
    const error: unknown = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof TenhertzError)) throw new Error(`not refused: ${String(error)}`);
    return error;
  };

  it('commits and broadcasts with one number, and notes it', async () => {
    const published = await parts.publisher.publish(trade(1, { data: { price: '1.10', n: 2 } }));
    expect(published).toMatchObject({ eventId: id(1), sequence: 1, duplicate: false });
    const [[entryId, fields] = ['', []]] = await parts.pool.shared().xrange('stream:trade-events', '-', '+');
    expect(published.entryId).toBe(entryId);
    expect(fields).toEqual([
      ...['event_id', id(1), 'event_type', 'note', 'source', 'test', 'timestamp', '2026-11-21T00:00:00.001Z'],
      ...['sequence_number', '1', 'data', '{"price":"1.10","n":2}'],
    ]);
    await parts.marks.flush();
    const { rows } = await ledger.query({ text: 'SELECT * FROM event_log' });
    const [ms, seq] = entryId.split('-');
    expect(rows).toMatchObject([
      {
        ...{
          event_id: id(1),
          channel: 'trade-events',
          epoch: 1,
          sequence: '1',
          event_type: 'note',
          source: 'test',
        },
        ...{ data: { price: '1.10', n: 2 }, stream_id: entryId, position_ms: ms, position_seq: seq },
        occurred_at: new Date('2026-11-21T00:00:00.001Z'),
      },
    ]);
    expect(rows[0]).toMatchObject({
      published_at: expect.any(Date) as Date,
      confirmed_at: expect.any(Date) as Date,
    });
  });

  it('answers an id it knows with its first result, with neither a number nor an entry more', async () => {
    const [first, second, again] = await parts.publisher.publishMany([trade(1), trade(2), trade(1)]);
    expect(again).toEqual({ ...first, duplicate: true });
    await parts.marks.flush();
    // The idempotency window of Redis is over; the ledger still knows.
    await parts.pool.shared().del(`published:{stream:trade-events}:${id(2)}`);
    expect(await parts.publisher.publishMany([trade(2), trade(3), trade(1)])).toEqual([
      { ...second, duplicate: true },
      expect.objectContaining({ eventId: id(3), sequence: 3, duplicate: false }),
      { ...first, duplicate: true },
    ]);
    expect(await inStream(parts.pool)).toEqual(['1 1', '2 2', '3 3']);
    expect(await inLedger(ledger)).toHaveLength(3);
  });

  it('publishes several channels at once, each with numbers of its own', async () => {
    const published = await parts.publisher.publishMany([
      trade(1),
      trade(2, { channel: 'trades:me' }),
      ...Array.from({ length: 250 }, (_, index) => trade(index + 3)),
    ]);
    expect(published.map(({ sequence }) => sequence)).toEqual([
      1,
      1,
      ...Array.from({ length: 250 }, (_, n) => n + 2),
    ]);
    await parts.marks.flush();
    expect(await inStream(parts.pool)).toHaveLength(251);
    expect(await inLedger(ledger)).toEqual((await inStream(parts.pool)).map(line => `${line}+`));
    const count = (await parts.metrics.eventsPublished.get()).values;
    expect(count.map(({ labels, value }) => [labels.channel, value])).toEqual([
      ['trade-events', 251],
      ['trades:me', 1],
    ]);
  });

  it('refuses an event that cannot be before anything is committed', async () => {
    const error = await failure(parts.publisher.publishMany([trade(1), trade(2, { channel: 'no channel' })]));
    expect(error).toMatchObject({ code: 'BAD_EVENT', facts: { field: 'channel' } });
    expect(await inLedger(ledger)).toEqual([]);
  });

  it('refuses an id that was recorded in another channel', async () => {
    await parts.publisher.publish(trade(1));
    const error = await failure(parts.publisher.publish(trade(1, { channel: 'trades:me' })));
    expect(error).toMatchObject({ code: 'BAD_EVENT', facts: { field: 'eventId', channel: 'trade-events' } });
    expect(await inStream(parts.pool, 'trades:me')).toEqual([]);
    // Its number was not used up.
    expect(await parts.publisher.publish(trade(2, { channel: 'trades:me' }))).toMatchObject({ sequence: 1 });
  });

  it('stores what jsonb cannot hold with the sign for it', async () => {
    await parts.publisher.publish(trade(1, { data: { text: 'a\u0000b\ud800' } }));
    const { rows } = await ledger.query({ text: 'SELECT data FROM event_log' });
    expect(rows).toEqual([{ data: { text: 'a\uFFFDb\uFFFD' } }]);
  });

  it('refuses data the ledger cannot store, alone', async () => {
    // The stream would take it; numeric has no room for its exponent.
    await ledger.query({ text: `ALTER TABLE event_log ADD CHECK (data::text NOT LIKE '%poison%')` });
    const error = await failure(parts.publisher.publish(trade(1, { data: 'poison' })));
    expect(error).toMatchObject({ code: 'PUBLISH_FAILED', facts: { answered: true, eventId: id(1) } });
    expect(await parts.publisher.publish(trade(2))).toMatchObject({ sequence: 1 });
  });

  it('says LEDGER_DOWN while the ledger is away, and nothing is published', async () => {
    await pg.halt();
    expect(await failure(parts.publisher.publish(trade(1)))).toMatchObject({ code: 'LEDGER_DOWN' });
    expect(await inStream(parts.pool)).toEqual([]);
    await pg.restart();
    await ledger.ready(30_000);
  });
});
