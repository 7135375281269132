import { expect, test } from 'vitest';
import { createSimulatedSource } from '../../../src/main/engine/sources/simulated.ts';
import { resolveTokens } from '../../../src/main/engine/sources/tokens.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const HOUR = 3_600_000;
const market = (options: { seed?: number; tokens?: string[] } = {}) => {
  const clock = new ManualClock();
  const source = createSimulatedSource({ tokens: resolveTokens(options.tokens), clock, seed: options.seed });
  const history = (token: string, ms = HOUR, stepMs = 1_000) =>
    (source.history?.(token, clock.now() - ms, clock.now(), stepMs) ?? []).map(({ price }) =>
      price.toNumber(),
    );
  return { clock, source, history };
};

test('it is named simulated, says nothing before it is started and nothing after it is stopped', async () => {
  const { source } = market();
  expect(source.observation('SOL')).toBeUndefined();
  expect(source.status()).toMatchObject({ name: 'simulated', state: 'off', vouching: 0, asked: 5 });
  source.start();
  expect(source.observation('SOL')).toMatchObject({ source: 'simulated' });
  expect(source.observation('NOPE')).toBeUndefined();
  expect(source.status()).toMatchObject({
    state: 'live',
    vouching: 5,
    message: expect.stringContaining('made up') as string,
  });
  await source.stop();
  expect(source.observation('SOL')).toBeUndefined();
});

test.each([
  ['SOL', 151, 0.15],
  ['USDC', 1, 0.01],
  ['BONK', 0.00003, 0.3],
  ['JitoSOL', 187.9, 0.15],
  ['RAY', 2.84, 0.3],
])('%s stays near %d over a week', (token, start, bound) => {
  const prices = market().history(token, 7 * 24 * HOUR, 60_000);
  for (const price of prices) expect(Math.abs(price / start - 1)).toBeLessThan(bound);
});

test('a price moves every 100 ms and stands still between', async () => {
  const { clock, source } = market();
  source.start();
  const price = () => source.observation('SOL')?.price.toFixed();
  const first = price();
  await clock.advance(99);
  expect(price()).toBe(first);
  let changes = 0;
  for (let step = 0; step < 50; step += 1) {
    const before = price();
    await clock.advance(100);
    if (price() !== before) changes += 1;
  }
  expect(changes).toBeGreaterThan(45);
});

test('the live price is on the line that history shows, and the seed makes the market', async () => {
  const one = market();
  one.source.start();
  const live = one.source.observation('BONK')?.price.toNumber();
  await one.clock.advance(100);
  expect(one.history('BONK', 100, 100)).toEqual([live]);
  expect(market().history('SOL')).toEqual(market().history('SOL'));
  expect(market({ seed: 2 }).history('SOL')).not.toEqual(market().history('SOL'));
});

test('history is oldest first, in whole steps, and does not depend on how it is asked', () => {
  const { source, clock } = market();
  const now = clock.now();
  const points = source.history?.('SOL', now - 9_500, now, 1_000) ?? [];
  expect(points.map(({ at }) => at - now)).toEqual([-9, -8, -7, -6, -5, -4, -3, -2, -1].map(s => s * 1_000));
  const again = [...points]
    .reverse()
    .map(({ at }) => source.history?.('SOL', at, at + 1, 1_000)[0]?.price.toFixed());
  expect(again.reverse()).toEqual(points.map(({ price }) => price.toFixed()));
  expect(source.history?.('NOPE', 0, 10_000, 1_000)).toEqual([]);
});

test('calm and wild minutes come in clusters, at about 80 % a year', () => {
  const prices = market().history('SOL', 24 * HOUR);
  const returns = prices.slice(1).map((price, index) => Math.log(price / (prices[index] ?? price)));
  const variance = (part: number[]) => part.reduce((sum, value) => sum + value * value, 0) / part.length;
  const deviation = Math.sqrt(variance(returns));
  expect(deviation).toBeGreaterThan(0.7e-4);
  expect(deviation).toBeLessThan(3e-4);
  const minutes = Array.from({ length: 1_400 }, (_, minute) =>
    variance(returns.slice(minute * 60, minute * 60 + 60)),
  );
  const mean = minutes.reduce((sum, value) => sum + value, 0) / minutes.length;
  const together = minutes
    .slice(1)
    .reduce((sum, value, i) => sum + (value - mean) * ((minutes[i] ?? mean) - mean), 0);
  const alone = minutes.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  expect(together / alone).toBeGreaterThan(0.2);
});

test('any other token gets a start of its own', () => {
  const { history } = market({ tokens: ['coinbase:SKL-USD', 'kraken:ETH/USD'] });
  const [skl, eth] = [history('coinbase:SKL-USD', 1_000)[0], history('kraken:ETH/USD', 1_000)[0]];
  expect(skl).toBeGreaterThan(0);
  expect(skl).not.toBe(eth);
});
