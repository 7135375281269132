import { describe, expect, it } from 'vitest';
import { EventRing } from '../../../src/main/engine/feed/event-ring.ts';
import { createProjections } from '../../../src/main/engine/feed/projections.ts';
import type { StreamEvent } from '../../../src/main/engine/events/event.ts';
import { priceEvent, streamEvent } from './events.ts';

describe('projections', () => {
  it('keep the newest price of each token, and say which changed since a version', () => {
    const projections = createProjections();
    projections.apply(
      [priceEvent('SOL', '1'), priceEvent('USDC', '1.0'), priceEvent('SOL', '2')],
      'snapshot',
    );
    const version = projections.version;
    expect(projections.prices().map(({ token, price }) => [token, price])).toEqual([
      ['SOL', '2'],
      ['USDC', '1.0'],
    ]);
    projections.apply([priceEvent('USDC', '1.1')], 'live');
    expect(projections.pricesSince(version).map(({ value }) => value.price)).toEqual(['1.1']);
    expect(projections.pricesSince(projections.version)).toEqual([]);
    expect(projections.price('SOL')?.price).toBe('2');
    expect(projections.applied).toBe(4);
  });

  it('never let an entry that comes late replace a newer price, but fold it into its bar', () => {
    const projections = createProjections();
    const late = priceEvent('SOL', '9', { timestamp: Date.UTC(2026, 10, 21, 11) });
    projections.apply([priceEvent('SOL', '10')], 'live');
    const version = projections.version;
    projections.apply([late], 'live');
    expect(projections.price('SOL')?.price).toBe('10');
    expect(projections.version).toBe(version);
    expect(projections.candles.bars('SOL', '1s', 10).map(bar => bar.close)).toEqual(['9', '10']);
  });

  it('keep every other event in order, without the parts only the reader needs', () => {
    const projections = createProjections();
    const event = streamEvent({ type: 'whale_alert', data: [1] });
    projections.apply([event], 'live');
    expect(projections.events.at(0)?.event).toEqual({
      eventId: event.eventId,
      channel: 'trade-events',
      type: 'whale_alert',
      source: 'test',
      timestamp: event.timestamp,
      sequence: event.sequence,
      data: [1],
    });
  });

  it('never mix the bars of two markets: a late price of the old one does not come back either', () => {
    const projections = createProjections();
    const lateSimulated = priceEvent('SOL', '3', { source: 'simulated' });
    projections.apply(
      [priceEvent('SOL', '1', { source: 'simulated' }), priceEvent('SOL', '150')],
      'snapshot',
    );
    projections.apply([{ ...lateSimulated, entryId: '1-1' }], 'live');
    expect(projections.candles.bars('SOL', '1m', 10)).toMatchObject([{ open: '150', close: '150' }]);
    expect(projections.price('SOL')?.source).toBe('kraken');
  });

  it('add trades to the volume of their token, whichever way its pair is written, and only in its own market', () => {
    const projections = createProjections();
    const trade = (token_pair: unknown, amount: unknown, source = 'bot'): StreamEvent =>
      streamEvent({ type: 'trade_executed', source, data: { token_pair, amount, price: '1' } });
    projections.apply([priceEvent('SOL', '150'), priceEvent('coinbase:SKL-USD', '2')], 'live');
    const version = projections.candles.version;
    projections.apply(
      [
        ...[trade('SOL/USDC', '1.1'), trade('SOL-USDC', 2), trade('SOL', '0.000000000000000000001')],
        ...[
          trade('BONK/USDC', '9'),
          trade(undefined, '9'),
          trade('SOL/USDC', 'many'),
          trade('SOL/USDC', '0'),
        ],
        ...[trade('SOL/USDC', '9', 'simulated'), trade('coinbase:SKL-USD', '5'), trade('SOL/USD', '-1')],
      ],
      'live',
    );
    const volumes = projections.candles.newest().map(({ token, volume }) => [token, volume]);
    expect(volumes).toEqual([
      ['SOL', '4.100000000000000000001'],
      ['coinbase:SKL-USD', '5'],
    ]);
    expect(projections.candles.changedSince(version)).toHaveLength(2);
    projections.renew();
    expect(projections.generation).toBe(1);
    expect(projections.prices()).toHaveLength(2);
  });

  it('forget prices and bars when told to, and start a new generation', () => {
    const projections = createProjections();
    projections.apply([priceEvent('SOL', '1'), streamEvent()], 'live');
    projections.forgetPrices();
    expect(projections.prices()).toEqual([]);
    expect(projections.candles.newest()).toEqual([]);
    expect(projections.events.head).toBe(1);
    expect(projections.generation).toBe(1);
  });

  it('are not upset by a price that is none', () => {
    const projections = createProjections();
    projections.apply([priceEvent('SOL', '-1')], 'live');
    expect(projections.prices()).toEqual([]);
  });
});

describe('EventRing', () => {
  const push = (ring: EventRing, data: unknown): void => {
    const { eventId, channel, type, source, timestamp, sequence } = streamEvent();
    ring.push({ eventId, channel, type, source, timestamp, sequence, data });
  };

  it('keeps the newest events under indices that never change', () => {
    const ring = new EventRing(3_000, 1e9);
    for (let index = 0; index < 10_000; index += 1) push(ring, index);
    expect([ring.start, ring.head]).toEqual([7_000, 10_000]);
    expect(ring.at(6_999)).toBeUndefined();
    expect(ring.at(7_000)?.event.data).toBe(7_000);
    expect(ring.at(9_999)?.event.data).toBe(9_999);
    expect(ring.at(10_000)).toBeUndefined();
  });

  it('is bounded in bytes too, and always keeps the newest event', () => {
    const ring = new EventRing(1_000, 10_000);
    for (let index = 0; index < 20; index += 1) push(ring, 'x'.repeat(1_000));
    expect(ring.head - ring.start).toBeLessThan(10);
    push(ring, 'x'.repeat(20_000));
    expect(ring.head - ring.start).toBe(1);
  });
});
