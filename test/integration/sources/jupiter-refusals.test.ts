import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { until } from '../../support/redis-server.ts';
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
