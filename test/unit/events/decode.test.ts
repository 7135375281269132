import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimedSequence, decodeEntry, timestampOf } from '../../../src/main/engine/events/decode.ts';

const ID = '1790000000123-4';
const decode = (fields: Record<string, string>, channel = 'trade-events') =>
  decodeEntry(channel, ID, Object.entries(fields).flat());

describe('decodeEntry', () => {
  it('reads {event_type, timestamp, data} and names the event after its stream and entry', () => {
    expect(
      decode({ event_type: 'trade_executed', timestamp: '2026-11-21T12:00:00.5Z', data: '{"id":"t1"}' }),
    ).toEqual({
      channel: 'trade-events',
      entryId: ID,
      entryTime: 1_790_000_000_123,
      eventId: `stream:trade-events/${ID}`,
      type: 'trade_executed',
      source: 'unknown',
      timestamp: Date.UTC(2026, 10, 21, 12, 0, 0, 500),
      sequence: null,
      data: { id: 't1' },
    });
  });

  it('reads the full envelope, with a channel of its own or without', () => {
    const fields = {
      event_id: 'e-1',
      timestamp: '1790000000000',
      source: 'bot',
      sequence_number: '7',
      data: '{"type":"PositionUpdate","token":"SOL"}',
      channel: 'elsewhere',
    };
    expect(decode(fields, 'positions:user_0001')).toMatchObject({
      channel: 'positions:user_0001',
      eventId: 'e-1',
      type: 'position_update',
      source: 'bot',
      sequence: 7,
      timestamp: 1_790_000_000_000,
    });
  });

  it('reads {data} alone: the channel says what it is, the data or the entry says when', () => {
    expect(decode({ data: '{"amount":"1.5","timestamp":1790000000007}' })).toMatchObject({
      type: 'trade_executed',
      timestamp: 1_790_000_000_007,
    });
    expect(decode({ data: '{"amount":1.5}' }, 'positions:user_0001')).toMatchObject({
      type: 'position_update',
      timestamp: 1_790_000_000_123,
    });
    expect(decode({ data: '{"component":"x"}' }, 'system:events')).toMatchObject({ type: 'system_status' });
    expect(decode({ data: '[1]' }, 'ui-events')).toMatchObject({ type: 'unknown', data: [1] });
  });

  it('reads flat fields as the content', () => {
    const event = decode({ price: '0.00001234', timestamp: '1790000000000', event_id: 'e-2' }, 'prices:bonk');
    expect(event).toMatchObject({
      eventId: 'e-2',
      type: 'price_update',
      data: { price: '0.00001234', timestamp: '1790000000000' },
    });
  });

  it('turns PascalCase tags into snake_case, and passes unknown types through', () => {
    const tag = (type: string) => decode({ data: JSON.stringify({ type }) }, 'ui-events');
    expect(tag('TradeExecuted')).toMatchObject({ type: 'trade_executed' });
    expect(tag('SystemStatus')).toMatchObject({ type: 'system_status' });
    expect(tag('HTTPGone')).toMatchObject({ type: 'http_gone' });
    expect(tag('limit')).toMatchObject({ type: 'limit' });
    expect(decode({ event_type: 'Whale.Alert', data: '1' })).toMatchObject({ type: 'Whale.Alert' });
    expect(decode({ event_type: 'PriceUpdate', data: '{}' })).toMatchObject({ type: 'price_update' });
  });

  it('does not take the kind of a trade for a tag', () => {
    expect(decode({ data: '{"type":"limit","amount":"1"}' })).toMatchObject({ type: 'trade_executed' });
    expect(decode({ type: 'TradeExecuted', amount: '1' }, 'ui-events')).toMatchObject({
      type: 'trade_executed',
    });
  });

  it('calls something a price only where there is one', () => {
    expect(decode({ data: '{"price":"1"}' }, 'price-updates')).toMatchObject({ type: 'price_update' });
    expect(decode({ data: '{"hello":1}' }, 'price-updates')).toMatchObject({ type: 'unknown' });
  });

  it.each([
    ['no fields', {}, 'entry has no fields'],
    ['only an empty name', { '': '' }, 'entry has no fields'],
    ['truncated JSON', { data: '{"price":1' }, 'data is not JSON'],
    [
      'a number out of range',
      { data: '{"price":1e400}' },
      'data has a number out of range, or is nested too deep',
    ],
    [
      'deep nesting',
      { data: '['.repeat(40) + ']'.repeat(40) },
      'data has a number out of range, or is nested too deep',
    ],
    ['huge data', { data: `"${'x'.repeat(300_000)}"` }, 'data is larger than 256 KB'],
    [
      'a sequence that is none',
      { data: '1', sequence_number: '-1' },
      'sequence_number is not a whole number',
    ],
    [
      'a sequence too large',
      { data: '1', sequence_number: '9'.repeat(16) },
      'sequence_number is not a whole number',
    ],
    [
      'a bad time',
      { data: '1', timestamp: 'yesterday' },
      'timestamp is neither RFC 3339 nor epoch milliseconds',
    ],
    ['a long id', { data: '1', event_id: 'x'.repeat(300) }, 'event_id is longer than 256 characters'],
    [
      'a long type',
      { data: '1', event_type: 'x'.repeat(300) },
      'type or source is longer than 128 characters',
    ],
  ])('refuses %s with its reason', (_, fields, reason) => {
    expect(decode(fields)).toEqual({ reason });
  });

  it('refuses an id that is no entry id', () => {
    expect(decodeEntry('x', 'nonsense', ['data', '1'])).toEqual({
      reason: 'entry id is not one of a stream',
    });
  });

  it('never throws, whatever the fields are', () => {
    const name = fc.constantFrom(
      'data',
      'event_id',
      'event_type',
      'type',
      'timestamp',
      'sequence_number',
      'price',
      '__proto__',
    );
    const value = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constantFrom('1e400', '{"type":"A"}', '{"price":-1}', 'null'),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(name, value), { maxLength: 15 }), fields => {
        const event = decodeEntry('price-updates', ID, fields);
        expect('reason' in event || JSON.parse(JSON.stringify(event.data)) !== undefined).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('timestampOf', () => {
  it('reads RFC 3339, epoch milliseconds and epoch seconds', () => {
    const at = Date.UTC(2026, 10, 21, 12);
    expect(timestampOf('2026-11-21T12:00:00Z')).toBe(at);
    expect(timestampOf('2026-11-21 13:00:00.000000000+01:00')).toBe(at);
    expect(timestampOf(at)).toBe(at);
    expect(timestampOf(String(at))).toBe(at);
    expect(timestampOf(at / 1_000)).toBe(at);
    expect(timestampOf(`${at / 1_000}.25`)).toBe(at + 250);
  });

  it('tells "none" from "not a time"', () => {
    expect([undefined, null, ''].map(timestampOf)).toEqual([undefined, undefined, undefined]);
    for (const bad of ['soon', '-5', -5, {}, true, 1e18, '2026-13-45T99:00:00Z'])
      expect(timestampOf(bad)).toBeNaN();
  });
});

describe('claimedSequence', () => {
  it('finds the number of an entry that cannot be read otherwise', () => {
    expect(claimedSequence(['data', '{', 'sequence_number', '12'])).toBe(12);
    expect(claimedSequence(['sequence_number', 'x'])).toBeNull();
    expect(claimedSequence(['data', '{'])).toBeNull();
  });
});
