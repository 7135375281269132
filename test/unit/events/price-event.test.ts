import { describe, expect, it } from 'vitest';
import type { StreamEvent } from '../../../src/main/engine/events/event.ts';
import { priceOf } from '../../../src/main/engine/events/price-event.ts';

const AT = 1_790_000_000_000;
const event = (data: unknown, channel = 'price-updates'): StreamEvent => ({
  channel,
  entryId: `${AT}-0`,
  entryTime: AT,
  eventId: 'e-1',
  type: 'price_update',
  source: 'kraken',
  timestamp: AT,
  sequence: 3,
  data,
});
const price = (value: unknown) => priceOf(event({ token: 'SOL', price: value, timestamp: AT }));

describe('priceOf', () => {
  it('reads everything our updater writes', () => {
    const data = {
      token: 'SOL',
      price: '151.20',
      timestamp: '2026-09-21T14:13:19.000Z',
      valid_until: AT + 1_500,
      source_time: AT - 40,
      day_open: '150',
      day_open_at: '2026-09-21T00:00:00Z',
    };
    expect(priceOf(event(data))).toEqual({
      token: 'SOL',
      price: '151.20',
      source: 'kraken',
      timestamp: Date.UTC(2026, 8, 21, 14, 13, 19),
      validUntil: AT + 1_500,
      publishedAt: AT,
      sourceTime: AT - 40,
      dayOpen: '150',
      dayOpenAt: Date.UTC(2026, 8, 21),
      eventId: 'e-1',
      sequence: 3,
    });
  });

  it('vouches two seconds for a producer that sends only token, price and timestamp', () => {
    expect(price('1')).toMatchObject({
      timestamp: AT,
      validUntil: AT + 2_000,
      sourceTime: null,
      dayOpen: null,
    });
    expect(priceOf(event({ token: 'SOL', price: '1' }))).toMatchObject({ timestamp: AT });
  });

  it('takes the token from a channel prices:btc', () => {
    expect(priceOf(event({ price: '68000' }, 'prices:btc'))).toMatchObject({ token: 'BTC' });
  });

  it('keeps plain decimal texts exactly, and writes all others as plain decimals', () => {
    expect(price('0.00001234000')).toMatchObject({ price: '0.00001234000' });
    expect(price('123456789012345678.123456789')).toMatchObject({ price: '123456789012345678.123456789' });
    expect(price(1e-7)).toMatchObject({ price: '0.0000001' });
    expect(price('1.5E-3')).toMatchObject({ price: '0.0015' });
    expect(price('007.5')).toMatchObject({ price: '7.5' });
  });

  it.each([
    0,
    '0',
    -1,
    '-1',
    '0.000',
    '1e400',
    '1e-400',
    'NaN',
    'Infinity',
    '',
    ' 1',
    '1,5',
    null,
    undefined,
    {},
    '9'.repeat(70),
  ])('refuses %j as a price', value => {
    expect(price(value)).toEqual({ reason: 'price is not a decimal above zero' });
  });

  it.each([
    [{ price: '1' }, 'price without a token'],
    [{ token: '', price: '1' }, 'price without a token'],
    [{ token: 'T'.repeat(65), price: '1' }, 'price without a token'],
    [null, 'price without a token'],
    [{ token: 'SOL', price: '1', valid_until: 'later' }, 'price with a bad time'],
    [{ token: 'SOL', price: '1', timestamp: AT + 2 * 86_400_000 }, 'price from the future'],
    [{ token: 'SOL', price: '1', day_open: '-4' }, 'day_open is not a decimal above zero'],
  ])('refuses %j', (data, reason) => {
    expect(priceOf(event(data))).toEqual({ reason });
  });

  it('parses an event once', () => {
    const one = event({ token: 'SOL', price: '1' });
    expect(priceOf(one)).toBe(priceOf(one));
  });
});
