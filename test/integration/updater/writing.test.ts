import { resolve } from 'node:path';
import { Decimal } from 'decimal.js';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createPriceCache } from '../../../src/main/engine/cache/price-cache.ts';
import { systemClock } from '../../../src/main/engine/clock.ts';
import { createPublisher } from '../../../src/main/engine/events/publisher.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import type { Source } from '../../../src/main/engine/sources/source.ts';
import { createDayOpens } from '../../../src/main/engine/updater/day-open.ts';
import { createPriceWriter, type PricedToken } from '../../../src/main/engine/updater/price-writer.ts';
import { createUpdater } from '../../../src/main/engine/updater/updater.ts';
import { testPool } from '../../support/redis-pool.ts';
import { startTestRedis, until, type TestRedis } from '../../support/redis-server.ts';
import { startCoinbaseVenue } from '../../support/venues/index.ts';
import { testSource } from '../../support/venues/test-source.ts';

let redis: TestRedis;
let pool: RedisPool;
let metrics: ReturnType<typeof testPool>['metrics'];
let undo: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.stop());
beforeEach(async () => {
  ({ pool, metrics } = testPool({ path: redis.socketPath }));
  await pool.ready(5_000);
  // The server is this file's own.
  await pool.shared().flushall();
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
  undo = [];
  await pool.close();
});

const writerOf = () =>
  createPriceWriter({
    pool,
    cache: createPriceCache({ pool, clock: systemClock, metrics }),
    publisher: createPublisher({ pool, clock: systemClock, metrics }),
    clock: systemClock,
    metrics,
  });
const AT = Date.UTC(2026, 10, 21, 12);
const priced = (token: string, price: string, dayOpen: PricedToken['dayOpen'] = null): PricedToken => ({
  observation: {
    token,
    price: new Decimal(price),
    source: 'kraken',
    sourceTime: null,
    vouchedAt: AT,
    validUntil: AT + 2_000,
  },
  dayOpen,
});
/** The stream's entries, oldest first: the fields, with `data` read. */
async function entries(): Promise<(Record<string, string> & { data: Record<string, unknown> })[]> {
  const found = await pool.shared().xrange('stream:price-updates', '-', '+');
  return found.map(([, flat]) => {
    const pairs = Array.from({ length: flat.length / 2 }, (_, pair) => [flat[pair * 2], flat[pair * 2 + 1]]);
    const fields = Object.fromEntries(pairs) as Record<string, string>;
    return { ...fields, data: JSON.parse(fields['data'] ?? '{}') as Record<string, unknown> } as never;
  });
}

test('a tick writes every price to its key with the TTL and to the stream, in order', async () => {
  const dayOpen = { price: new Decimal('0.00003'), at: AT - 60_000 };
  await writerOf().write([priced('SOL', '151.20'), priced('BONK', '3.0412e-5', dayOpen)]);
  const client = pool.shared();
  expect(JSON.parse((await client.get('price:BONK')) ?? '')).toEqual({
    token: 'BONK',
    price: '0.000030412',
    timestamp: '2026-11-21T12:00:00.000Z',
    source: 'kraken',
  });
  expect(await client.pttl('price:SOL')).toBeGreaterThan(1_000);
  expect(await client.pttl('price:SOL')).toBeLessThanOrEqual(2_000);
  expect(await entries()).toMatchObject([
    {
      event_type: 'price_update',
      source: 'kraken',
      sequence_number: '1',
      data: {
        token: 'SOL',
        price: '151.2',
        timestamp: '2026-11-21T12:00:00.000Z',
        valid_until: '2026-11-21T12:00:02.000Z',
        source_time: null,
        day_open: null,
        day_open_at: null,
      },
    },
    {
      sequence_number: '2',
      data: {
        token: 'BONK',
        price: '0.000030412',
        day_open: '0.00003',
        day_open_at: '2026-11-21T11:59:00.000Z',
      },
    },
  ]);
});

test('nothing to write is nothing written', async () => {
  await writerOf().write([]);
  expect(await pool.shared().exists('stream:price-updates')).toBe(0);
});

test('what Redis refuses is an error with a code, and the rest is written', async () => {
  await pool.shared().set('stream:price-updates', 'no stream');
  await expect(writerOf().write([priced('SOL', '151')])).rejects.toMatchObject({
    code: 'PRICES_NOT_WRITTEN',
    facts: { failed: 1, of: 2 },
  });
  expect(await pool.shared().exists('price:SOL')).toBe(1);
  await pool.shared().del('stream:price-updates');
});

test('a full server refuses the SETs too, and each refusal counts', async () => {
  await pool.shared().config('SET', 'maxmemory', '1');
  await expect(writerOf().write([priced('SOL', '151')])).rejects.toMatchObject({
    code: 'PRICES_NOT_WRITTEN',
  });
  await pool.shared().config('SET', 'maxmemory', '0');
});

test("the day's first price is kept by whoever is first, and everybody reads that one", async () => {
  const opens = () => createDayOpens({ pool, clock: systemClock, log: silentLogger });
  const [one, two] = [opens(), opens()];
  const first = { price: new Decimal('151.20'), at: AT };
  expect(one.of('SOL', 'kraken', () => first)).toBeNull();
  await until(() => one.of('SOL', 'kraken', () => first) !== null, 5_000, 'the first price was not kept');
  const later = () => ({ price: new Decimal('160'), at: AT + 1 });
  await until(() => two.of('SOL', 'coinbase', later) !== null, 5_000, 'the first price was not read');
  expect(two.of('SOL', 'coinbase', later)).toEqual({ price: new Decimal('151.2'), at: AT });
  const [key = ''] = await pool.shared().keys('day-open:*');
  expect(key).toBe(`day-open:SOL:${new Date().toISOString().slice(0, 10)}`);
  expect(await pool.shared().ttl(key)).toBeGreaterThan(172_000);
});

test('simulated and recorded days are kept apart from the live one', async () => {
  const opens = createDayOpens({ pool, clock: systemClock, log: silentLogger });
  for (const source of ['kraken', 'simulated', 'recorded:coinbase']) {
    opens.of('SOL', source, () => ({ price: new Decimal(1), at: AT }));
  }
  await until(async () => (await pool.shared().keys('day-open:*')).length === 3, 5_000, 'not three days');
  const day = new Date().toISOString().slice(0, 10);
  expect((await pool.shared().keys('*')).sort()).toEqual([
    `day-open:SOL:${day}`,
    `day-open:recorded:SOL:${day}`,
    `day-open:simulated:SOL:${day}`,
  ]);
});

test('the recording served by a local Coinbase ends in Redis with the last price of each product, each event once', async () => {
  const recordingFile = resolve('test/recordings/coinbase-exchange-2021-04-17.ndjson');
  const venue = await startCoinbaseVenue({ recordingFile, speed: 20 });
  undo.push(() => venue.stop());
  const tokens = [...venue.lastPrices().keys()].map(product => `coinbase:${product}`);
  const { source } = testSource('coinbase', venue.url, { tokens });
  undo.push(() => source.stop());
  const updater = startUpdater([source], tokens, 50);
  source.start();
  await venue.finished;
  const cached = async () =>
    (await pool.shared().mget(tokens.map(token => `price:${token}`))).map(text =>
      text === null ? null : (JSON.parse(text) as { price: string }).price,
    );
  const last = [...venue.lastPrices().values()];
  await until(
    async () => (await cached()).join() === last.join(),
    5_000,
    'the last prices are not in the cache',
  );
  await updater.stop();
  const written = await entries();
  expect(written.map(entry => Number(entry['sequence_number']))).toEqual(
    written.map((_, index) => index + 1),
  );
  expect(new Set(written.map(entry => entry['event_id'])).size).toBe(written.length);
  expect(written.every(entry => entry['source'] === 'coinbase' && entry.data['source_time'] !== null)).toBe(
    true,
  );

  // The feed stops: nothing is rewritten after 2 s, and the keys expire.
  venue.silence();
  const again = startUpdater([source], tokens, 50);
  await until(() => again.status().state === 'waiting', 4_000, 'prices are still rewritten');
  expect(source.status().vouching).toBe(0);
  await until(
    async () => (await cached()).every(price => price === null),
    4_000,
    'prices are still in the cache',
  );
});

test('with redis-server killed and started again, prices are written again by themselves', async () => {
  const { createSimulatedSource } = await import('../../../src/main/engine/sources/simulated.ts');
  const { resolveTokens } = await import('../../../src/main/engine/sources/tokens.ts');
  const source = createSimulatedSource({ tokens: resolveTokens(['SOL']), clock: systemClock });
  source.start();
  const updater = startUpdater([source], ['SOL'], 50);
  await until(
    () => updater.status().state === 'running' && updater.status().lastTickAt !== null,
    5_000,
    'not running',
  );
  await redis.kill();
  await until(() => updater.status().state === 'waiting', 10_000, 'the loss was not noticed');
  expect(updater.status().message).toMatch(/Prices are not being written|not answered/);
  await redis.restart();
  await until(() => updater.status().state === 'running', 15_000, 'it did not go on');
  await until(async () => (await pool.shared().exists('price:SOL')) === 1, 5_000, 'no price');
});

function startUpdater(sources: Source[], tokens: string[], everyMs: number) {
  const updater = createUpdater({
    sources: () => sources,
    tokens: () => tokens,
    everyMs,
    clock: systemClock,
    log: silentLogger,
    metrics,
    writer: writerOf(),
    dayOpens: createDayOpens({ pool, clock: systemClock, log: silentLogger }),
  });
  updater.start();
  undo.push(() => updater.stop());
  return updater;
}
