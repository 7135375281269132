import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { choose, type Candidate } from '../../../src/main/engine/updater/choose.ts';

const NOW = 1_000_000;
const candidate = (
  source: string,
  price: number | string,
  more: {
    receivedAt?: number;
    vouchedAt?: number;
    validUntil?: number;
    sourceTime?: number;
    published?: number;
  } = {},
): Candidate => {
  const { published, sourceTime = null, vouchedAt = NOW - 100, validUntil = NOW + 1_900, receivedAt } = more;
  return {
    observation: {
      token: 'SOL',
      price: new Decimal(price),
      source,
      sourceTime,
      vouchedAt,
      validUntil,
      ...(receivedAt === undefined ? {} : { receivedAt }),
    },
    publishedSourceTime: published ?? null,
  };
};
const pick = (candidates: Candidate[], outlierBound = 0.1) => {
  const { chosen, refused } = choose(candidates, { now: NOW, outlierBound });
  return {
    chosen: chosen?.observation.source,
    refused: refused
      .map(({ candidate: { observation }, reason }) => `${observation.source} ${reason}`)
      .sort(),
  };
};

test('nothing to choose from is no choice', () => {
  expect(pick([])).toEqual({ chosen: undefined, refused: [] });
});

test('the price that arrived last wins, and a confirmation does not make an old price newer', () => {
  const newer = candidate('kraken', 151, { receivedAt: NOW - 50, vouchedAt: NOW - 50 });
  const confirmed = candidate('coinbase', 150, { receivedAt: NOW - 60_000, vouchedAt: NOW - 1 });
  expect(pick([confirmed, newer]).chosen).toBe('kraken');
  expect(pick([candidate('a', 1), candidate('b', 1, { vouchedAt: NOW })]).chosen).toBe('b');
});

test('among equals the order of the sources decides', () => {
  expect(pick([candidate('jupiter', 1), candidate('kraken', 1)]).chosen).toBe('jupiter');
});

test('a price nobody stands behind now is not taken, to the millisecond', () => {
  expect(pick([candidate('a', 1, { validUntil: NOW - 1 })])).toEqual({
    chosen: undefined,
    refused: ['a expired'],
  });
  expect(pick([candidate('a', 1, { validUntil: NOW })]).chosen).toBe('a');
});

test('a price older than the one published from the same source is not taken', () => {
  expect(pick([candidate('a', 1, { sourceTime: 99, published: 100 })])).toEqual({
    chosen: undefined,
    refused: ['a old'],
  });
  expect(pick([candidate('a', 1, { sourceTime: 100, published: 100 })]).chosen).toBe('a');
  expect(pick([candidate('a', 1, { published: 100 })]).chosen).toBe('a');
});

test('one wild price among three is refused and the good ones are not', () => {
  const wild = candidate('wild', 200, { vouchedAt: NOW });
  expect(pick([candidate('a', 100), candidate('b', 101), wild])).toEqual({
    chosen: 'a',
    refused: ['wild outlier'],
  });
  const low = candidate('low', 1, { vouchedAt: NOW });
  expect(pick([low, candidate('a', 100), candidate('b', 101)])).toEqual({
    chosen: 'a',
    refused: ['low outlier'],
  });
});

test('the bound can be set, and is part of what is allowed', () => {
  const off = candidate('off', 110, { vouchedAt: NOW });
  const others = [candidate('a', 100), candidate('b', 100)];
  expect(pick([...others, off]).chosen).toBe('off');
  expect(pick([...others, off], 0.09).refused).toEqual(['off outlier']);
});

test('with fewer than two others there is nothing to compare with', () => {
  expect(pick([candidate('a', 100), candidate('b', 200, { vouchedAt: NOW })])).toEqual({
    chosen: 'b',
    refused: [],
  });
});

test('expired and old prices are not compared with', () => {
  const gone = [candidate('x', 1, { validUntil: 0 }), candidate('y', 1, { sourceTime: 1, published: 2 })];
  expect(pick([...gone, candidate('a', 100), candidate('b', 200, { vouchedAt: NOW })]).chosen).toBe('b');
});

test('whatever the prices: with three or more close together one is chosen, and every candidate is accounted for once', () => {
  const prices = fc.array(fc.double({ min: 100, max: 109, noNaN: true }), { minLength: 1, maxLength: 7 });
  fc.assert(
    fc.property(prices, fc.double({ min: 0.001, max: 1_000, noNaN: true }), (close, wild) => {
      const candidates = [...close, wild].map((price, index) => candidate(`s${index}`, price));
      const { chosen, refused } = choose(candidates, { now: NOW, outlierBound: 0.1 });
      if (close.length >= 2) expect(chosen).toBeDefined();
      expect(new Set(refused.map(one => one.candidate)).size).toBe(refused.length);
      expect(refused.some(one => one.candidate === chosen)).toBe(false);
    }),
  );
});
