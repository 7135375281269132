import { describe, expect, it } from 'vitest';
import { readEvent } from '../../../src/main/engine/events/read-event.ts';
import type { TestLedger } from '../../support/ledger.ts';
import { postgresKinds } from '../../support/postgres-server.ts';
import { useRecorders } from './record-scene.ts';
import { id, trade, type StrictParts } from './strict-parts.ts';

describe.each(postgresKinds)('the recorder with the %s PostgreSQL', kind => {
  let ledger: TestLedger;
  let parts: StrictParts;
  const { recorder, written, price, prices, recorded, channelRow } = useRecorders(
    kind,
    scene => ({ ledger, parts } = scene),
  );

  it('records an event as its stream has it', async () => {
    const one = recorder();
    const event = await price(7, { data: '{"token":"SOL","price":141.250,"big":12345678901234567890.5}' });
    one.add([event]);
    await one.flush(30_000);
    const { rows } = await ledger.query({ text: 'SELECT *, data::text AS text FROM event_log' });
    const [ms, seq] = event.entryId.split('-');
    expect(rows).toMatchObject([
      {
        ...{ event_id: id(7), channel: 'price-updates', epoch: 1, sequence: '7', event_type: 'price_update' },
        ...{ source: 'test', occurred_at: new Date('2026-11-21T12:00:00.500Z'), stream_id: event.entryId },
        ...{ received_at: new Date(event.entryTime), published_at: new Date(event.entryTime) },
        ...{ position_ms: ms, position_seq: seq, confirmed_at: expect.any(Date) as Date },
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
      confirmMs: expect.any(Number) as number,
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
    await one.flush(30_000);
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
    await one.flush(30_000);
    expect(await recorded('trade-events')).toContain('-1:3 mine-3');
    expect(await parts.publisher.publish(trade(3))).toMatchObject({ sequence: 3 });
  });

  it('begins a new epoch where Redis gave numbers again', async () => {
    const one = recorder();
    const first = await prices(1, 5);
    one.add(first);
    await one.flush(30_000);
    // Redis lost 4 and 5; they were given again, and once more.
    const again = [
      await price(14, { sequence_number: '4' }),
      await price(15, { sequence_number: '5' }),
      await price(16, { sequence_number: '6' }),
      await price(24, { sequence_number: '5' }),
      await price(25, { sequence_number: '6' }),
    ];
    one.add(again);
    await one.flush(30_000);
    expect(await recorded()).toEqual([
      ...['1:1 1', '1:2 2', '1:3 3', '1:4 4', '1:5 5'],
      ...['2:4 14', '2:5 15', '2:6 16', '3:5 24', '3:6 25'],
    ]);
    expect(await channelRow()).toEqual({ epoch: 3, last_sequence: '6' });
    one.add([...first, ...again, await price(26, { sequence_number: '7' })]);
    await one.flush(30_000);
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
    await one.flush(30_000);
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
    await one.flush(30_000);
    const { rows } = await ledger.query({ text: 'SELECT data FROM event_log ORDER BY position_ms' });
    expect(one.stats()).toMatchObject({ lost: 0, unconfirmed: 0 });
    expect(rows).toEqual([{ data: { a: '\uFFFD\uFFFD' } }, { data: { text: 'a\uFFFDb' } }]);
  });
});
