import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { binance } from '../../../src/main/engine/sources/binance.ts';
import { coinbase } from '../../../src/main/engine/sources/coinbase.ts';
import { kraken } from '../../../src/main/engine/sources/kraken.ts';
import { okx } from '../../../src/main/engine/sources/okx.ts';
import type { Said, Venue } from '../../../src/main/engine/sources/venue.ts';

/** What was said, with prices as text. */
const plain = (said: Said[]) =>
  said.map(one => ('price' in one ? { ...one, price: one.price.toFixed() } : one));
const fixture = (name: string) =>
  readFileSync(`test/fixtures/${name}`, 'utf8')
    .split('\n')
    .filter(line => line !== '');
const prices = (venue: Venue, frames: string[]) => {
  const session = venue.openSession();
  session.subscribe([]);
  return frames
    .flatMap(frame => plain(session.read(frame)))
    .flatMap(one => (one.kind === 'price' ? [[one.product, one.price]] : []));
};
const time = Date.UTC(2026, 10, 21, 1, 5, 0);
const ticker = (fields: object) =>
  JSON.stringify({
    type: 'ticker',
    product_id: 'SOL-USD',
    price: '76.88',
    sequence: 10,
    trade_id: 7,
    ...fields,
  });
const update = (fields: string, type = 'update') =>
  `{"channel":"ticker","type":"${type}","data":[{"symbol":"RAY/USD",${fields}}]}`;

test('Coinbase: the documented frames give the prices as they are written', () => {
  expect(prices(coinbase, fixture('coinbase_exchange_ws.ndjson'))).toEqual([
    ['SOL-USD', '76.88'],
    ['BONK-USD', '0.00000304'],
    ['JITOSOL-USD', '97.64'],
    ['RAY-USD', '0.6213'],
  ]);
});

test('Coinbase: a heartbeat confirms the last trade, unless it knows a newer one', () => {
  const session = coinbase.openSession();
  const heartbeat = (last_trade_id?: number) =>
    session.read(JSON.stringify({ type: 'heartbeat', product_id: 'SOL-USD', sequence: 11, last_trade_id }));
  expect(heartbeat(7)).toEqual([]);
  expect(plain(session.read(ticker({ time: '2026-11-21T01:05:00.000456Z' })))).toEqual([
    { kind: 'price', product: 'SOL-USD', price: '76.88', sourceTime: time },
  ]);
  const confirmed = [{ kind: 'confirmed', products: ['SOL-USD'] }];
  expect(heartbeat(7)).toEqual(confirmed);
  expect(heartbeat()).toEqual(confirmed);
  expect(heartbeat(8)).toEqual([]);
});

test('Coinbase: the same frame again confirms, an older sequence is refused', () => {
  const session = coinbase.openSession();
  session.read(ticker({}));
  expect(session.read(ticker({}))).toEqual([{ kind: 'confirmed', products: ['SOL-USD'] }]);
  expect(session.read(ticker({ sequence: 9, price: '1' }))).toMatchObject([
    { kind: 'refused', reason: 'old' },
  ]);
  expect(session.read(ticker({ sequence: 1, product_id: 'RAY-USD' }))).toMatchObject([{ kind: 'price' }]);
});

test('Coinbase: a product is refused by the name in the error, other errors are passed on', () => {
  const session = coinbase.openSession();
  session.subscribe(['PE-USD', 'NOPE-USD']);
  const error = (fields: object) => session.read(JSON.stringify({ type: 'error', ...fields }));
  expect(error({ message: 'Failed to subscribe', reason: 'NOPE-USD is not a valid product' })).toEqual([
    { kind: 'no-such-product', product: 'NOPE-USD' },
  ]);
  expect(error({ message: 'rate limit exceeded' })).toEqual([
    { kind: 'trouble', message: 'rate limit exceeded' },
  ]);
  expect(error({ message: 3 })).toEqual([{ kind: 'trouble', message: 'an error without words' }]);
});

test.each([
  ['{"type":"tick', 'malformed'],
  ['[]', 'malformed'],
  ['null', 'malformed'],
  [ticker({ price: 76.88 }), 'malformed'],
  [ticker({ price: '' }), 'malformed'],
  [ticker({ price: '76.88 USD' }), 'malformed'],
  [ticker({ sequence: 'x' }), 'malformed'],
  [ticker({ product_id: 'X'.repeat(100) }), 'malformed'],
  [ticker({ price: '-1' }), 'not-positive'],
  [ticker({ price: '0.00' }), 'not-positive'],
  [ticker({ price: '1e400' }), 'out-of-range'],
  ['{"type":"heartbeat"}', 'malformed'],
])('Coinbase refuses %s as %s', (frame, reason) => {
  expect(coinbase.openSession().read(frame)).toMatchObject([{ kind: 'refused', reason }]);
});

test('Kraken: snapshots are no live ticks, the first update is', () => {
  expect(prices(kraken, fixture('kraken_ws_v2.ndjson'))).toEqual([['SOL/USD', '76.9']]);
});

test('Kraken: an update may carry only what changed, and digits are kept', () => {
  const session = kraken.openSession();
  expect(session.read(update('"bid":0.62100,"ask":0.62160,"last":0.62130', 'snapshot'))).toEqual([]);
  const said = session.read(update('"bid":0.6213000001,"timestamp":"2026-11-21T01:05:00.000456Z"'));
  expect(plain(said)).toEqual([
    { kind: 'price', product: 'RAY/USD', price: '0.6213000001', sourceTime: time },
  ]);
});

test.each([
  ['"bid":9,"ask":11,"last":10', '10', 'inside the book it is the last trade'],
  ['"bid":9,"ask":11,"last":5', '9', 'the book has moved up past an old trade: the bid'],
  ['"bid":9,"ask":11,"last":20', '11', 'the book has moved down past an old trade: the ask'],
  ['"bid":9,"ask":11', '10', 'no trade within a day: the middle'],
  ['"bid":9,"ask":11,"last":null', '10', 'the same, as null'],
  ['"bid":12,"ask":11,"last":10', '10', 'a crossed book says nothing'],
  ['"last":10', '10', 'no book'],
])('Kraken: %s is the price %s (%s)', (fields, price) => {
  expect(plain(kraken.openSession().read(update(fields)))).toMatchObject([{ kind: 'price', price }]);
});

test('Kraken: a heartbeat, and any other ticker, confirms every live product and only those', () => {
  const session = kraken.openSession();
  const heartbeat = () => session.read('{"channel":"heartbeat"}');
  session.read(update('"last":10', 'snapshot'));
  expect(heartbeat()).toEqual([]);
  session.read(update('"last":10'));
  expect(heartbeat()).toEqual([{ kind: 'confirmed', products: ['RAY/USD'] }]);
  expect(session.read(update('"last":5').replace('RAY', 'SOL'))).toMatchObject([
    { kind: 'confirmed', products: ['RAY/USD'] },
    { kind: 'price', product: 'SOL/USD' },
  ]);
  expect(session.read(update('"last":-5'))).toMatchObject([{ kind: 'refused', reason: 'not-positive' }]);
  expect(heartbeat()).toEqual([{ kind: 'confirmed', products: ['RAY/USD', 'SOL/USD'] }]);
});

test('Kraken: a market that is not open has no live prices', () => {
  const session = kraken.openSession();
  const status = (system: string) => session.read(`{"channel":"status","data":[{"system":"${system}"}]}`);
  expect(status('online')).toEqual([]);
  session.read(update('"last":10'));
  expect(status('maintenance')).toMatchObject([
    { kind: 'closed', message: expect.stringContaining('maintenance') as string },
  ]);
  expect(session.read('{"channel":"heartbeat"}')).toEqual([]);
  expect(session.read(update('"last":10'))).toEqual([]);
  status('online');
  expect(session.read(update('"last":10'))).toMatchObject([{ kind: 'price' }]);
});

test('Kraken: answers to a subscription', () => {
  const session = kraken.openSession();
  const answer = (fields: object) =>
    session.read(JSON.stringify({ method: 'subscribe', success: false, ...fields }));
  const nope = [{ kind: 'no-such-product', product: 'NOPE/USD' }];
  expect(answer({ success: true })).toEqual([]);
  expect(answer({ error: 'Currency pair not supported NOPE/USD', symbol: 'NOPE/USD' })).toEqual(nope);
  expect(answer({ error: 'Currency pair not supported NOPE/USD' })).toEqual(nope);
  expect(answer({ error: 'Already subscribed' })).toEqual([]);
  expect(answer({ error: 'Exceeded msg rate' })).toEqual([{ kind: 'trouble', message: 'Exceeded msg rate' }]);
  expect(answer({})).toMatchObject([{ kind: 'trouble' }]);
  expect(session.read('{"method":"pong","req_id":1}')).toEqual([]);
});

test.each([
  ['{"channel":"ticker","type":"update","data":[{"symbol":"RAY/USD","bid":1', 'malformed'],
  ['{"channel":"ticker","type":"update","data":[]}', 'malformed'],
  ['{"channel":"ticker","type":"update","data":[{"bid":1}]}', 'malformed'],
  ['{"channel":"status","data":[]}', 'malformed'],
  ['{"method":"subscribe","success":"no"}', 'malformed'],
  ['7', 'malformed'],
  [update('"bid":true'), 'malformed'],
  [update('"bid":"x"'), 'malformed'],
  [update('"last":0'), 'not-positive'],
  [update('"ask":-0.1'), 'not-positive'],
  [update('"last":1e400'), 'out-of-range'],
])('Kraken refuses %s as %s', (frame, reason) => {
  expect(kraken.openSession().read(frame)).toMatchObject([{ kind: 'refused', reason }]);
});

const book = (fields: object) =>
  JSON.stringify({ stream: 'solusdt@bookTicker', data: { s: 'SOLUSDT', b: '1.0', a: '2.0', ...fields } });
const okxTicker = (fields: object) =>
  JSON.stringify({
    arg: { channel: 'tickers' },
    data: [{ instId: 'BTC-USDT', last: '30227.6', ts: '1652459235637', ...fields }],
  });

test('Binance bookTicker is the middle of its sides, OKX tickers the last trade', () => {
  expect(prices(binance, [book({})])).toEqual([['SOLUSDT', '1.5']]);
  expect(plain(okx.openSession().read(okxTicker({})))).toEqual([
    { kind: 'price', product: 'BTC-USDT', price: '30227.6', sourceTime: 1_652_459_235_637 },
  ]);
  expect(binance.openSession().read('{"stream":"solusdt@aggTrade","data":{}}')).toEqual([]);
  expect(okx.openSession().read('{"event":"subscribe","arg":{"channel":"tickers"}}')).toEqual([]);
  expect(binance.openSession().subscribe([])).toEqual([]);
  expect(okx.openSession().subscribe([])).toEqual([]);
});

test.each([
  [binance, '{', 'malformed'],
  [binance, book({ b: 1 }), 'malformed'],
  [binance, book({ b: '0' }), 'not-positive'],
  [binance, book({ a: '-1' }), 'not-positive'],
  [okx, '{', 'malformed'],
  [okx, okxTicker({ ts: 'now' }), 'malformed'],
  [okx, okxTicker({ last: '1e400' }), 'out-of-range'],
] as const)('%o refuses %s as %s', (venue, frame, reason) => {
  expect(venue.openSession().read(frame)).toMatchObject([{ kind: 'refused', reason }]);
});
