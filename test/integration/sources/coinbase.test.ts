import { resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Source } from '../../../src/main/engine/sources/source.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { until } from '../../support/redis-server.ts';
import {
  startCoinbaseVenue,
  type CoinbaseVenue,
  type CoinbaseVenueOptions,
} from '../../support/venues/index.ts';
import { testSource } from '../../support/venues/test-source.ts';

const recordingFile = resolve('test/recordings/coinbase-exchange-2021-04-17.ndjson');
const TOKENS = ['SKL-USD', 'SKL-BTC', 'BAND-GBP', 'NMR-EUR', 'BAND-BTC'].map(
  product => `coinbase:${product}`,
);

let running: (CoinbaseVenue | Source)[] = [];
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
  running = [];
});

async function setUp(venueOptions: CoinbaseVenueOptions, more: Parameters<typeof testSource>[2] = {}) {
  const venue = await startCoinbaseVenue(venueOptions);
  running.push(venue);
  const made = testSource('coinbase', venue.url, { tokens: TOKENS, ...more });
  running.push(made.source);
  made.source.start();
  const prices = () => new Map(TOKENS.map(token => [token.slice('coinbase:'.length), made.price(token)]));
  const endsWithLastPrices = () =>
    until(
      () => [...venue.lastPrices()].every(([product, price]) => prices().get(product) === price),
      5_000,
      () => `ended with ${JSON.stringify([...prices()])}`,
    );
  return { venue, ...made, prices, endsWithLastPrices };
}
const frame = (sequence: number, fields: object = {}) =>
  JSON.stringify({
    type: 'ticker',
    product_id: 'SKL-USD',
    price: `1.${sequence}`,
    sequence,
    trade_id: sequence,
    time: new Date(1_700_000_000_000 + sequence).toISOString(),
    ...fields,
  });

test('the recording served over a real socket ends with exactly the last price of each of the five products', async () => {
  const { venue, source, endsWithLastPrices, counted } = await setUp({ recordingFile, speed: 4 });
  await venue.finished;
  await endsWithLastPrices();
  expect(await counted()).toEqual({ accepted: 85 });
  expect(source.status()).toMatchObject({
    state: 'live',
    asked: 5,
    vouching: 5,
    accepted: 85,
    refused: 0,
    attempt: 0,
  });
});

test('the same with each frame sent twice: the second says nothing new', async () => {
  const { venue, endsWithLastPrices, counted } = await setUp({ recordingFile, speed: 40, twice: true });
  await venue.finished;
  await endsWithLastPrices();
  expect(await counted()).toEqual({ accepted: 85 });
});

test('the same with the connection closed in the middle: it comes back, subscribes again and goes on', async () => {
  const { venue, endsWithLastPrices, source } = await setUp({ recordingFile, speed: 40, closeAfter: 40 });
  await until(() => source.status().state === 'down', 5_000, 'the close was not noticed');
  expect(source.status()).toMatchObject({ attempt: 1, message: expect.stringContaining('closed') as string });
  expect(source.status().nextAttemptAt).toBeGreaterThan(Date.now() - 1_000);
  await venue.finished;
  await endsWithLastPrices();
  expect(venue.connections()).toBe(2);
  expect(venue.received).toHaveLength(2);
  expect(venue.received[1]).toBe(venue.received[0]);
  expect(source.status().refused).toBe(0);
});

test('when the feed stops nobody stands behind a price after 2 s, and after 5 s the connection is made anew', async () => {
  const clock = new ManualClock();
  const frames = [{ at: 0, text: frame(1) }];
  const { venue, source } = await setUp({ frames, heartbeatMs: 20 }, { clock, tokens: ['coinbase:SKL-USD'] });
  await until(() => source.status().state === 'live', 5_000, 'it never became live');
  // Heartbeats keep vouching for a price that does not change.
  for (let second = 0; second < 4; second += 1) {
    await clock.advance(1_000);
    await until(
      () => source.observation('coinbase:SKL-USD')?.vouchedAt === clock.now(),
      2_000,
      'not confirmed',
    );
  }
  venue.silence();
  await new Promise(done => setTimeout(done, 60));
  await clock.advance(2_001);
  expect(source.observation('coinbase:SKL-USD')?.validUntil).toBeLessThan(clock.now());
  expect(source.status()).toMatchObject({ state: 'silent', vouching: 0 });
  await clock.advance(3_000);
  await until(() => source.status().state === 'down', 5_000, 'the silence was not noticed');
  expect(source.status().message).toContain('nothing heard for 5 s');
  venue.speak();
  await clock.advance(1_000);
  await until(() => source.status().state === 'live', 5_000, 'it did not come back');
  expect(venue.connections()).toBe(2);
});

test('a product the venue does not know is refused by name, and the rest is asked for again', async () => {
  const tokens = ['coinbase:NOPE-USD', 'coinbase:SKL-USD', 'coinbase:ALSO-NOPE'];
  const frames = [{ at: 0, text: frame(1) }];
  const { venue, source, price } = await setUp({ frames }, { tokens });
  await until(() => price('coinbase:SKL-USD') === '1.1', 5_000, 'the good product has no price');
  expect(source.status()).toMatchObject({
    state: 'live',
    refusedProducts: ['NOPE-USD', 'ALSO-NOPE'],
    asked: 3,
  });
  expect(venue.received.map(text => (JSON.parse(text) as { product_ids: string[] }).product_ids)).toEqual([
    ['NOPE-USD', 'SKL-USD', 'ALSO-NOPE'],
    ['SKL-USD', 'ALSO-NOPE'],
    ['SKL-USD'],
  ]);
  venue.closeClients();
  await until(() => venue.received.length === 4, 5_000, 'it did not subscribe again');
  expect(venue.received[3]).toBe(venue.received[2]);
});

test('when every product is refused it says so and does not go on asking', async () => {
  const { venue, source } = await setUp({ products: [] }, { tokens: ['coinbase:NOPE-USD'] });
  await until(() => source.status().state === 'refused', 5_000, 'not refused');
  expect(source.status()).toMatchObject({
    refusedProducts: ['NOPE-USD'],
    message: expect.stringContaining('none') as string,
  });
  await until(() => venue.clients() === 0, 5_000, 'still connected');
  source.start();
  expect(venue.connections()).toBe(1);
});

test('bad input is refused, counted, and the rest goes on', async () => {
  const frames = [{ at: 0, text: frame(1) }];
  const { venue, source, price, counted } = await setUp({ frames }, { tokens: ['coinbase:SKL-USD'] });
  await until(() => price('coinbase:SKL-USD') === '1.1', 5_000, 'no first price');
  const bad = [
    frame(2).slice(0, 50),
    frame(3, { price: '-1' }),
    frame(4, { price: '0' }),
    frame(5, { price: '1e400' }),
    frame(6, { price: 'NaN' }),
    frame(7, { product_id: 'XXX-USD' }),
    frame(0),
    frame(8, { time: '2001-01-01T00:00:00Z' }),
  ];
  for (const one of bad) venue.inject(one);
  venue.inject(Buffer.from([1, 2, 3]));
  venue.inject(frame(20));
  await until(
    () => price('coinbase:SKL-USD') === '1.2',
    5_000,
    'the good frame after the bad ones was not taken',
  );
  expect(await counted()).toEqual({
    accepted: 2,
    malformed: 3,
    'not-positive': 2,
    'out-of-range': 1,
    'unknown-product': 1,
    old: 2,
  });
  expect(source.status()).toMatchObject({ state: 'live', refused: 9 });
  expect(venue.connections()).toBe(1);
});

test('a 10 MB frame is refused and counted, and the connection is made anew', async () => {
  const frames = [{ at: 0, text: frame(1) }];
  const { venue, source, price, counted } = await setUp({ frames }, { tokens: ['coinbase:SKL-USD'] });
  await until(() => price('coinbase:SKL-USD') === '1.1', 5_000, 'no first price');
  venue.inject(frame(2, { padding: 'x'.repeat(10 * 1024 * 1024) }));
  await until(() => venue.connections() === 2 && venue.clients() === 1, 5_000, 'it did not come back');
  await until(() => venue.received.length === 2, 5_000, 'it did not subscribe again');
  venue.inject(frame(3));
  await until(() => price('coinbase:SKL-USD') === '1.3', 5_000, 'no price after the large frame');
  expect(await counted()).toMatchObject({ 'too-large': 1 });
  expect(source.status().state).toBe('live');
});

test('a client that does not subscribe in time is closed, as by the real venue', async () => {
  const { WebSocket } = await import('ws');
  const venue = await startCoinbaseVenue({ subscribeWithinMs: 30 });
  running.push(venue);
  await venue.finished;
  const client = new WebSocket(venue.url);
  const code = await new Promise<number>(done => client.on('close', done));
  expect(code).toBe(1008);
});

test('a venue that lists none of the tokens is left alone', async () => {
  const { venue, source } = await setUp({}, { tokens: ['USDC'] });
  expect(source.status()).toMatchObject({
    state: 'off',
    asked: 0,
    message: expect.stringContaining('none') as string,
  });
  expect(venue.connections()).toBe(0);
});
