import { afterEach, expect, test } from 'vitest';
import { createMetrics } from '../../../src/main/engine/health/metrics.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { createJupiterSource } from '../../../src/main/engine/sources/jupiter.ts';
import type { ResolvedToken } from '../../../src/main/engine/sources/tokens.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { until } from '../../support/redis-server.ts';
import { startJupiterVenue } from '../../support/venues/index.ts';
import { jupiterSetUp, RAY, SOL } from '../../support/venues/jupiter-set-up.ts';

let running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
  running = [];
});
const setUp: typeof jupiterSetUp = async more => {
  const made = await jupiterSetUp(more);
  running.push(made);
  return made;
};

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
      message: expect.stringContaining(message) as string,
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
  expect(none.source.status()).toMatchObject({
    state: 'off',
    message: expect.stringContaining('none') as string,
  });
  expect(none.venue.requests).toHaveLength(0);
  const hung = await setUp({ before: v => v.answer('hang') });
  await until(() => hung.venue.requests.length === 1, 5_000, 'no call');
  expect(hung.source.status().state).toBe('connecting');
  await hung.source.stop();
  expect(hung.source.status().state).toBe('off');
  expect(hung.clock.pending).toBe(0);
});
