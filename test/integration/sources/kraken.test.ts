import { afterEach, expect, test } from 'vitest';
import type { Source } from '../../../src/main/engine/sources/source.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { until } from '../../support/redis-server.ts';
import { startKrakenVenue, type KrakenTicker, type KrakenVenue } from '../../support/venues/index.ts';
import { testSource } from '../../support/venues/test-source.ts';

const TICKERS = {
  'SOL/USD': { bid: '76.88', ask: '76.89', last: '76.88' },
  'JITOSOL/USD': { bid: '97.60', ask: '97.69', last: '97.64' },
};

let running: (KrakenVenue | Source)[] = [];
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
  running = [];
});

async function setUp(
  more: Parameters<typeof testSource>[2] = {},
  tickers: Record<string, KrakenTicker> = TICKERS,
  heartbeatMs = 20,
) {
  const venue = await startKrakenVenue({ tickers, heartbeatMs });
  running.push(venue);
  const made = testSource('kraken', venue.url, { tokens: ['SOL', 'JitoSOL'], ...more });
  running.push(made.source);
  made.source.start();
  await until(() => venue.received.length === 1, 5_000, 'no subscription');
  return { venue, ...made };
}

test('it asks for tickers by best bid and offer, with a snapshot', async () => {
  const { venue } = await setUp();
  expect(JSON.parse(venue.received[0] ?? '')).toEqual({
    method: 'subscribe',
    params: { channel: 'ticker', symbol: ['SOL/USD', 'JITOSOL/USD'], event_trigger: 'bbo', snapshot: true },
    req_id: 1,
  });
});

test('a snapshot with heartbeats is not a live market; an update is, and keeps its digits', async () => {
  const { venue, source, price } = await setUp();
  await until(() => source.status().lastHeardAt !== null, 5_000, 'nothing heard');
  await new Promise(done => setTimeout(done, 100));
  expect(price('SOL')).toBeUndefined();
  expect(source.status()).toMatchObject({ state: 'connecting', vouching: 0 });
  venue.tick('SOL/USD', { last: '76.880000000000000001', timestamp: '2026-11-21T01:05:00.000456Z' });
  await until(() => price('SOL') !== undefined, 5_000, 'no price');
  expect(source.observation('SOL')).toMatchObject({
    source: 'kraken',
    sourceTime: Date.UTC(2026, 10, 21, 1, 5),
  });
  expect(price('SOL')).toBe('76.880000000000000001');
  expect(price('JitoSOL')).toBeUndefined();
  expect(source.status()).toMatchObject({ state: 'live', vouching: 1, asked: 2 });
});

test('a partial update is merged with what is known', async () => {
  const { venue, price } = await setUp();
  venue.tick('JITOSOL/USD', { bid: '97.66' });
  await until(() => price('JitoSOL') === '97.66', 5_000, 'the last trade is not held inside the book');
  venue.tick('JITOSOL/USD', { last: '97.68' });
  await until(() => price('JitoSOL') === '97.68', 5_000, 'not merged');
});

test('on a busy connection without heartbeats the other tickers confirm a quiet product', async () => {
  const clock = new ManualClock();
  const { venue, source, price } = await setUp({ clock }, TICKERS, 60_000);
  venue.tick('JITOSOL/USD', { last: '97.65' });
  await until(() => price('JitoSOL') === '97.65', 5_000, 'no price');
  for (let step = 1; step <= 5; step += 1) {
    await clock.advance(1_000);
    venue.tick('SOL/USD', { bid: `76.8${step}` });
    await until(() => source.observation('JitoSOL')?.vouchedAt === clock.now(), 5_000, 'not confirmed');
  }
  const { receivedAt = 0, vouchedAt = 0 } = source.observation('JitoSOL') ?? {};
  expect(vouchedAt - receivedAt).toBe(5_000);
});

test('when the feed stops nobody stands behind a price after 2 s; a new connection needs a live update of its own', async () => {
  const clock = new ManualClock();
  const { venue, source, price } = await setUp({ clock });
  venue.tick('SOL/USD', { last: '76.89' });
  await until(() => price('SOL') === '76.89', 5_000, 'no price');
  venue.silence();
  await new Promise(done => setTimeout(done, 50));
  await clock.advance(2_001);
  expect(source.status()).toMatchObject({ state: 'silent', vouching: 0 });
  await clock.advance(3_100);
  await until(() => source.status().state === 'down', 5_000, 'the silence was not noticed');
  venue.speak();
  await clock.advance(1_000);
  await until(() => venue.received.length === 2, 5_000, 'it did not subscribe again');
  await new Promise(done => setTimeout(done, 100));
  expect(source.status().vouching).toBe(0);
  venue.tick('SOL/USD', { bid: '76.88' });
  await until(() => source.status().state === 'live', 5_000, 'not live again');
});

test('a symbol Kraken does not list is refused by name and the others are served', async () => {
  const { venue, source, price } = await setUp({ tokens: ['kraken:NOPE/USD', 'SOL'] });
  venue.tick('SOL/USD', { last: '76.89' });
  await until(() => price('SOL') === '76.89', 5_000, 'no price');
  expect(source.status()).toMatchObject({ state: 'live', refusedProducts: ['NOPE/USD'], asked: 2 });
  venue.closeClients();
  await until(() => venue.received.length === 2, 5_000, 'it did not subscribe again');
  expect(venue.received[1]).not.toContain('NOPE');
});

test('maintenance withdraws every price and is told', async () => {
  const { venue, source, price } = await setUp();
  venue.tick('SOL/USD', { last: '76.89' });
  await until(() => price('SOL') === '76.89', 5_000, 'no price');
  venue.system('maintenance');
  await until(() => price('SOL') === undefined, 5_000, 'still priced');
  expect(source.status()).toMatchObject({
    vouching: 0,
    message: expect.stringContaining('maintenance') as string,
  });
});

test('an error that concerns no product is told, and nothing is refused for it', async () => {
  const { venue, source } = await setUp();
  venue.inject('{"method":"subscribe","success":false,"error":"Exceeded msg rate"}');
  await until(
    () => source.status().message === 'Exceeded msg rate',
    5_000,
    () => String(source.status().message),
  );
  expect(source.status().refusedProducts).toEqual([]);
});

test('bad input is refused, counted, and the rest goes on', async () => {
  const { venue, source, price, counted } = await setUp();
  venue.tick('SOL/USD', { last: '76.89' });
  await until(() => price('SOL') === '76.89', 5_000, 'no price');
  venue.inject('{"channel":"ticker","type":"update","data":[{"symbol":"SOL/USD"');
  for (const last of ['-1', '0', '1e400']) {
    venue.inject(`{"channel":"ticker","type":"update","data":[{"symbol":"SOL/USD","last":${last}}]}`);
  }
  venue.inject('{"channel":"ticker","type":"update","data":[{"symbol":"XXX/USD","last":1}]}');
  venue.tick('SOL/USD', { last: '76.88' });
  await until(() => price('SOL') === '76.88', 5_000, 'the good frame was not taken');
  expect(await counted()).toEqual({
    accepted: 2,
    malformed: 1,
    'not-positive': 2,
    'out-of-range': 1,
    'unknown-product': 1,
  });
  expect(source.status().refused).toBe(5);
});
