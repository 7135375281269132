import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePrice, encodePrice, type CachedPrice } from '../../../src/main/engine/cache/cached-price.ts';

const at = Date.UTC(2026, 10, 21, 9, 30, 0, 7);
const price: CachedPrice = { token: 'BONK', price: '0.0000030412', timestamp: at, source: 'kraken' };

describe('a price on the wire', () => {
  it('is the documented JSON', () => {
    expect(encodePrice(price)).toBe(
      '{"token":"BONK","price":"0.0000030412","timestamp":"2026-11-21T09:30:00.007Z","source":"kraken"}',
    );
  });

  it('comes back as it went', () => {
    const digits = fc.stringMatching(/^[1-9]\d{0,12}(\.\d{1,18})?$/);
    const prices = fc.record({
      token: fc.string({ minLength: 1 }),
      price: digits,
      timestamp: fc.integer({ min: 0, max: 4e12 }),
      source: fc.string({ minLength: 1 }),
    });
    fc.assert(
      fc.property(prices, one => {
        expect(decodePrice(one.token, encodePrice(one))).toEqual(one);
      }),
    );
  });

  it('may carry its time in epoch milliseconds or with an offset', () => {
    const text = (timestamp: unknown) => JSON.stringify({ ...price, timestamp });
    expect(decodePrice('BONK', text(at))).toEqual(price);
    expect(decodePrice('BONK', text('2026-11-21T10:30:00.007+01:00'))).toEqual(price);
    expect(decodePrice('BONK', text('2026-11-21T09:30:00.007000Z'))).toEqual(price);
  });

  it.each([
    ['{"token":"BONK","price":"1', /not JSON/],
    ['', /not JSON/],
    ['null', /not a JSON object/],
    ['"1.5"', /not a JSON object/],
    ['[1]', /token/],
    [JSON.stringify({ ...price, token: 'SOL' }), /token is not/],
    ...[
      '0',
      '0.000',
      '-1',
      '+1',
      '1e400',
      '1e-5',
      'NaN',
      'Infinity',
      '',
      '.5',
      '1.',
      ' 1',
      '1'.repeat(101),
    ].map((bad): [string, RegExp] => [JSON.stringify({ ...price, price: bad }), /price is not/]),
    [JSON.stringify({ ...price, price: 1.5 }), /price is not/],
    [JSON.stringify({ ...price, timestamp: 'yesterday' }), /timestamp/],
    [JSON.stringify({ ...price, timestamp: '2026-99-99T00:00:00Z' }), /timestamp/],
    [JSON.stringify({ ...price, timestamp: -1 }), /timestamp/],
    [JSON.stringify({ ...price, timestamp: 1e300 }), /timestamp/],
    [JSON.stringify({ ...price, timestamp: null }), /timestamp/],
    [JSON.stringify({ ...price, source: '' }), /source/],
    [JSON.stringify({ token: 'BONK', price: '1', timestamp: at }), /source/],
  ])('is refused with a reason when it is %s', (text, reason) => {
    expect(decodePrice('BONK', text)).toMatch(reason);
  });

  it.each([
    { price: '0' },
    { price: '-1' },
    { price: '1e9' },
    { token: '' },
    { source: '' },
    { timestamp: NaN },
  ])('is never written with %o', wrong => {
    expect(() => encodePrice({ ...price, ...wrong })).toThrow(expect.objectContaining({ code: 'BAD_PRICE' }));
  });

  it('never breaks on what other programs write', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), text => typeof decodePrice('SOL', text) === 'string'),
    );
  });
});
