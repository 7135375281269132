import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import mints from '../../fixtures/tokens.json';
import type { Source } from '../../../src/main/engine/sources/source.ts';
import { createJupiterSource } from '../../../src/main/engine/sources/jupiter.ts';
import type { ResolvedToken } from '../../../src/main/engine/sources/tokens.ts';
import { createMetrics } from '../../../src/main/engine/health/metrics.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { until } from '../../support/redis-server.ts';
import { startJupiterVenue, type JupiterVenue } from '../../support/venues/index.ts';
import { testSource } from '../../support/venues/test-source.ts';

const SOL = mints.SOL.mint;
const RAY = mints.RAY.mint;

let running: (JupiterVenue | Source)[] = [];
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
  running = [];
});

async function setUp(
  more: Parameters<typeof testSource>[2] & { before?: (venue: JupiterVenue) => void } = {},
) {
  const { before, ...options } = more;
  const clock = new ManualClock();
  const venue = await startJupiterVenue({ [SOL]: '76.88143207112346', [RAY]: '0.6213459012' });
  running.push(venue);
  before?.(venue);
  const made = testSource('jupiter', `${venue.url}/`, {
    tokens: ['SOL', 'RAY', 'kraken:SOL/USD'],
    clock,
    ...options,
  });
  running.push(made.source);
  made.source.start();
  made.source.start();
  /** Moves time to the next call and waits until it has been dealt with. */
  const poll = async (ms: number) => {
    const calls = venue.requests.length;
    await clock.advance(ms);
    await until(() => venue.requests.length === calls + 1, 5_000, 'no call');
  };
  const state = (wanted: string) =>
    until(
      () => made.source.status().state === wanted,
      5_000,
      () => made.source.status().state,
    );
  return { clock, venue, poll, state, ...made };
}

test('one call asks for all mints, and prices keep their digits', async () => {
  const { venue, source, price, state, clock } = await setUp();
  await state('live');
  expect(venue.requests).toMatchObject([{ path: '/price/v3', ids: [SOL, RAY], apiKey: undefined }]);
  expect([price('SOL'), price('RAY')]).toEqual(['76.88143207112346', '0.6213459012']);
  const now = clock.now();
  expect(source.observation('SOL')).toMatchObject({
    sourceTime: null,
    vouchedAt: now,
    validUntil: now + 3_000,
  });
  expect(source.status()).toMatchObject({ asked: 2, vouching: 2, accepted: 2 });
});

test('without a key it asks every 2 s, with one every second', async () => {
  const keyless = await setUp();
  await keyless.state('live');
  await keyless.clock.advance(1_999);
  expect(keyless.venue.requests).toHaveLength(1);
  await keyless.poll(1);
  const withKey = await setUp({ jupiterApiKey: 'k-1' });
  await withKey.state('live');
  await withKey.clock.advance(999);
  expect(withKey.venue.requests).toHaveLength(1);
  await withKey.poll(1);
  expect(withKey.venue.requests[1]?.apiKey).toBe('k-1');
  const { vouchedAt = 0, validUntil } = withKey.source.observation('SOL') ?? {};
  expect(validUntil).toBe(vouchedAt + 1_500);
});

test('a mint that is left out, or has no price, is no longer vouched for', async () => {
  const { venue, poll, price, state } = await setUp();
  await state('live');
  venue.prices.delete(RAY);
  await poll(2_000);
  await until(() => price('RAY') === undefined, 5_000, 'RAY is still vouched for');
  expect(price('SOL')).toBeDefined();
  venue.prices.set(RAY, '0.63').set(SOL, 'null');
  await poll(2_000);
  await until(() => price('RAY') === '0.63', 5_000, 'RAY is not back');
  expect(price('SOL')).toBeUndefined();
});

test.each([
  ['a server error', { status: 503 }, 'HTTP 503'],
  ['half a body', 'half-body', 'cannot be asked'],
  ['a body that is not JSON', { status: 200, body: '{"So1' }, 'not a list of prices'],
  ['a body that is no object', { status: 200, body: '[1]' }, 'not a list of prices'],
  ['no body', { status: 200, body: '' }, 'not a list of prices'],
  ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'cannot be asked'],
  ['a huge body', { status: 200, body: `{"x":"${'x'.repeat(2_000_000)}"}` }, 'above 1048576 bytes'],
] as const)(
  '%s vouches for nothing, is told, and the next good answer counts',
  async (_name, answer, message) => {
    const { clock, venue, poll, price, state, source } = await setUp();
    await state('live');
    venue.answer(answer, 1);
    await poll(2_000);
    await state('down');
    expect(price('SOL')).toBeUndefined();
    expect(source.status()).toMatchObject({
      attempt: 1,
      vouching: 0,
      message: expect.stringContaining(message),
    });
    expect(source.status().nextAttemptAt).toBe(clock.now() + 2_000);
    await poll(2_000);
    await state('live');
    expect(price('SOL')).toBeDefined();
    expect(source.status()).toMatchObject({ attempt: 0, nextAttemptAt: null });
  },
);

test('an answer that does not come is given up after 3 s', async () => {
  const { clock, venue, source, state } = await setUp({ before: v => v.answer('hang', 1) });
  await until(() => venue.requests.length === 1, 5_000, 'no call');
  await clock.advance(3_000);
  await state('down');
  expect(source.status().message).toContain('no answer within 3 s');
});

test('a host that is not there is down, with the reason, and is asked less and less often', async () => {
  const { clock, source, state, venue } = await setUp();
  await state('live');
  await venue.stop();
  const waits: number[] = [];
  await clock.advance(2_000);
  for (let failure = 1; failure <= 6; failure += 1) {
    await until(() => source.status().attempt === failure, 5_000, `failure ${failure} was not noticed`);
    const wait = (source.status().nextAttemptAt ?? 0) - clock.now();
    waits.push(wait);
    await clock.advance(wait);
  }
  expect(waits).toEqual([2_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  expect(source.status().message).toContain('ECONNREFUSED');
  venue.stop = () => Promise.resolve();
});

const limited = (reset?: string) => ({
  status: 429,
  headers: reset === undefined ? undefined : { 'x-ratelimit-reset': reset },
  body: readFileSync('test/fixtures/jupiter_gateway.rate-limited.429.json', 'utf8'),
});

test('after 429 it waits until the second the header names', async () => {
  const { clock, venue, poll, price, state, source } = await setUp();
  await state('live');
  const reset = Math.floor((clock.now() + 17_000) / 1_000);
  venue.answer({ ...limited(), headers: { 'x-ratelimit-reset': String(reset) } }, 1);
  await poll(2_000);
  await state('rate-limited');
  expect(price('SOL')).toBeUndefined();
  expect(source.status().nextAttemptAt).toBe(reset * 1_000);
  await clock.advance(reset * 1_000 - clock.now() - 1);
  expect(venue.requests).toHaveLength(2);
  await poll(1);
  await state('live');
});

test.each([
  ['no header', {}, 2_000],
  ['a header that is no time', { 'x-ratelimit-reset': 'soon' }, 2_000],
  ['a time in the past', { 'x-ratelimit-reset': '1' }, 2_000],
  ['a time next year', { 'x-ratelimit-reset': '99999999999' }, 60_000],
])('after 429 with %s it waits a sensible time', async (_name, headers, wait) => {
  const { clock, source, state } = await setUp({ before: v => v.answer({ status: 429, headers }, 1) });
  await state('rate-limited');
  expect((source.status().nextAttemptAt ?? 0) - clock.now()).toBe(wait);
});

test.each([
  [401, 'k-bad', /Correct JUPITER_API_KEY, or remove it/],
  [403, undefined, /Set JUPITER_API_KEY, or choose other sources/],
])(
  'HTTP %d with the key %s is a refusal that says what to change, without the key',
  async (status, key, message) => {
    const body = readFileSync('test/fixtures/jupiter_gateway.bad-key.401.json', 'utf8');
    const { clock, source, state } = await setUp({
      ...(key === undefined ? {} : { jupiterApiKey: key }),
      before: v => v.answer({ status, body }),
    });
    await state('refused');
    expect(source.status().message).toMatch(message);
    expect(source.status().message).not.toContain('k-bad');
    expect(source.status().nextAttemptAt).toBe(clock.now() + 60_000);
  },
);

test.each([
  ['-1', 'not-positive'],
  ['0', 'not-positive'],
  ['1e400', 'out-of-range'],
  ['"much"', 'malformed'],
  ['true', 'malformed'],
  ['{"a":1}', 'malformed'],
])('the price %s of one mint is refused as %s and the others are taken', async (text, reason) => {
  const { price, state, counted } = await setUp({ before: v => v.prices.set(RAY, text) });
  await state('live');
  expect([price('SOL'), price('RAY')]).toEqual(['76.88143207112346', undefined]);
  expect(await counted()).toEqual({ accepted: 1, [reason]: 1 });
});

test('a price of an older block is refused, one without a block is taken', async () => {
  const { venue, poll, price, state, counted } = await setUp();
  await state('live');
  venue.block = 5;
  venue.prices.set(SOL, '1');
  await poll(2_000);
  await until(async () => (await counted())['old'] === 2, 5_000, 'not refused');
  expect(price('SOL')).toBe('76.88143207112346');
  venue.block = null;
  await poll(2_000);
  await until(() => price('SOL') === '1', 5_000, 'not taken');
});

test('more than 50 tokens are asked in turns of 50, and vouched for until their turn comes again', async () => {
  const clock = new ManualClock();
  const tokens = Array.from({ length: 60 }, (_, n): ResolvedToken => ({
    token: `T${n}`,
    mint: `m${n}`,
    decimals: 6,
    products: {},
  }));
  const venue = await startJupiterVenue(Object.fromEntries(tokens.map(({ mint }) => [mint ?? '', '1.5'])));
  const source = createJupiterSource({
    baseUrl: venue.url,
    tokens,
    clock,
    log: silentLogger,
    metrics: createMetrics(),
  });
  running.push(venue, source);
  source.start();
  await until(() => source.status().vouching === 50, 5_000, 'the first turn was not taken');
  await clock.advance(2_000);
  await until(() => source.status().vouching === 60, 5_000, 'the second turn was not taken');
  expect(venue.requests.map(({ ids }) => ids.length)).toEqual([50, 10]);
  await clock.advance(1_999);
  expect(source.status().vouching).toBe(60);
});

test('without a mint to ask for it is off, and stopping ends a call under way', async () => {
  const none = await setUp({ tokens: ['coinbase:SKL-USD'] });
  expect(none.source.status()).toMatchObject({ state: 'off', message: expect.stringContaining('none') });
  expect(none.venue.requests).toHaveLength(0);
  const hung = await setUp({ before: v => v.answer('hang') });
  await until(() => hung.venue.requests.length === 1, 5_000, 'no call');
  expect(hung.source.status().state).toBe('connecting');
  await hung.source.stop();
  expect(hung.source.status().state).toBe('off');
  expect(hung.clock.pending).toBe(0);
});
