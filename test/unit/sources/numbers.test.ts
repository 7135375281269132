import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMs } from '../../../src/main/engine/sources/backoff.ts';
import { parseJsonWithDecimals } from '../../../src/main/engine/sources/decimal-json.ts';
import { readPrice, readTime } from '../../../src/main/engine/sources/read-price.ts';

test('every number keeps the digits it was written with', () => {
  const text = String.raw`{"bid":76.90,"deep":[{"n":0.000003040},-1.50e-7,1e400],"s":"12 \"34\" \\","x":12345678901234567.125,"ok":true,"no":null}`;
  expect(parseJsonWithDecimals(text)).toEqual({
    bid: '76.90',
    deep: [{ n: '0.000003040' }, '-1.50e-7', '1e400'],
    s: '12 "34" \\',
    x: '12345678901234567.125',
    ok: true,
    no: null,
  });
});

test('any JSON comes out as JSON.parse gives it, with the text of each number in its place', () => {
  const withTexts = (value: unknown): unknown => {
    if (typeof value === 'number') return JSON.stringify(value);
    if (Array.isArray(value)) return value.map(withTexts);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withTexts(inner)]));
  };
  fc.assert(
    fc.property(fc.json(), text => {
      expect(parseJsonWithDecimals(JSON.stringify(JSON.parse(text)))).toEqual(withTexts(JSON.parse(text)));
    }),
  );
});

test.each(['{"a":01}', '{"a":1', '{"a":.5}', '{"a":NaN}', '{"a":1.}', '', '{"a":- 1}', '{"a":"x}'])(
  'what is not JSON stays an error: %s',
  text => expect(() => parseJsonWithDecimals(text)).toThrow(SyntaxError),
);

test('a string of half a million escapes is read without trouble', () => {
  const text = `{"s":"${'\\"'.repeat(500_000)}","n":1.10}`;
  expect(parseJsonWithDecimals(text)).toMatchObject({ n: '1.10' });
});

test.each([
  ['76.90', '76.9'],
  ['0.000003040', '0.00000304'],
  ['3.04e-6', '0.00000304'],
  ['12345678901234.123456789', '12345678901234.123456789'],
])('%s is the price %s, exactly', (text, price) => {
  const reading = readPrice(text);
  expect(reading.ok && reading.price.toFixed()).toBe(price);
});

test.each([
  ['-1', 'not-positive'],
  ['0', 'not-positive'],
  ['0.000', 'not-positive'],
  ['-0', 'not-positive'],
  ['1e400', 'out-of-range'],
  ['1e-30', 'out-of-range'],
  ['1e9999', 'out-of-range'],
  ['Infinity', 'malformed'],
  ['NaN', 'malformed'],
  ['', 'malformed'],
  ['1,5', 'malformed'],
  ['0x10', 'malformed'],
  ['1'.repeat(500), 'malformed'],
])('%s is no price: %s', (text, reason) => {
  expect(readPrice(text)).toEqual({ ok: false, reason });
});

test('times of venues are read to the millisecond, and anything else is no time', () => {
  expect(readTime('2021-04-17T16:43:30.244075Z')).toBe(Date.UTC(2021, 3, 17, 16, 43, 30, 244));
  for (const text of [undefined, '', 'yesterday', '12', '2021-99-99T00:00:00Z'])
    expect(readTime(text)).toBeNull();
});

test('the wait doubles up to its cap, and half of it is chance', () => {
  expect([1, 2, 3, 9].map(attempt => backoffMs(attempt, 0.999_999))).toEqual([500, 1_000, 2_000, 10_000]);
  expect([1, 2, 3, 9].map(attempt => backoffMs(attempt, 0))).toEqual([250, 500, 1_000, 5_000]);
  expect(backoffMs(5_000, 0, { baseMs: 1, capMs: 8 })).toBe(4);
  expect(backoffMs(0, 0)).toBe(250);
});
