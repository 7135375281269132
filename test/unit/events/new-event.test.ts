import { describe, expect, it } from 'vitest';
import { checkEvent, isChannelName } from '../../../src/main/engine/events/new-event.ts';
import type { NewEvent } from '../../../src/main/engine/events/event.ts';

const event: NewEvent = {
  channel: 'trade-events',
  type: 'trade_executed',
  source: 'test',
  data: { amount: '1' },
};
const cycle: Record<string, unknown> = {};
cycle['self'] = cycle;

describe('an event that is to be published', () => {
  it('is taken, and its data written as JSON', () => {
    expect(checkEvent({ ...event, data: { a: [1, 'x', null, true, Object.create(null)] } })).toBe(
      '{"a":[1,"x",null,true,{}]}',
    );
  });

  it.each(['price-updates', 'system:events', 'trades:user_0001', 'prices:coinbase:SKL-USD', 'a.b@c/d'])(
    'may go to the channel %s',
    channel => {
      expect(isChannelName(channel)).toBe(true);
    },
  );

  it.each([
    ['channel', { channel: '' }],
    ['channel', { channel: 'a b' }],
    ['channel', { channel: 'x{y}' }],
    ['channel', { channel: 'trades:*' }],
    ['channel', { channel: 'x'.repeat(129) }],
    ['eventId', { eventId: 'not-a-uuid' }],
    ['type', { type: '' }],
    ['type', { type: 'x'.repeat(129) }],
    ['type', { type: 'say "hi"' }],
    ['source', { source: '' }],
    ['source', { source: 'a\\b' }],
    ['source', { source: 'a\nb' }],
    ['timestamp', { timestamp: Number.NaN }],
    ['timestamp', { timestamp: 9e15 }],
    ['data', { data: undefined }],
    ['data', { data: { a: undefined } }],
    ['data', { data: { a: [Number.NaN] } }],
    ['data', { data: 1n }],
    ['data', { data: { when: new Date(0) } }],
    ['data', { data: cycle }],
    ['data', { data: () => 1 }],
  ])('is refused for its %s: %#', (field, change) => {
    expect(() => checkEvent({ ...event, ...change })).toThrow(
      expect.objectContaining({ code: 'BAD_EVENT', exitCode: 2, facts: { field } }),
    );
  });
});
