import { afterEach, expect, test } from 'vitest';
import { readRecording } from '../../../src/main/engine/sources/recording.ts';
import { createRecordedSource } from '../../../src/main/engine/sources/recorded.ts';
import { createMetrics } from '../../../src/main/engine/health/metrics.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import type { Source } from '../../../src/main/engine/sources/source.ts';
import { resolveTokens } from '../../../src/main/engine/sources/tokens.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { until } from '../../support/redis-server.ts';
import { startKrakenVenue } from '../../support/venues/index.ts';
import { jupiterSetUp, RAY, SOL } from '../../support/venues/jupiter-set-up.ts';
import { testSource } from '../../support/venues/test-source.ts';

const TICKERS = {
  'SOL/USD': { bid: '76.88', ask: '76.89', last: '76.88' },
  'RAY/USD': { bid: '0.62', ask: '0.63', last: '0.62' },
};
let running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.reverse()) await one.stop();
  running = [];
});

/** A started Kraken source, and the method and symbols of every frame it has sent. */
async function krakenOf(tokens: string[]) {
  const venue = await startKrakenVenue({ tickers: TICKERS, heartbeatMs: 20 });
  running.push(venue);
  const made = testSource('kraken', venue.url, { tokens });
  running.push(made.source);
  made.source.start();
  await until(() => venue.received.length > 0, 5_000, 'no subscription');
  const sent = () =>
    venue.received.map(text => {
      const { method, params } = JSON.parse(text) as { method: string; params: { symbol: string[] } };
      return `${method} ${params.symbol.join(' ')}`;
    });
  return { venue, sent, ...made };
}

test('a token is added and removed on the connection there is, and the quotes of others stay', async () => {
  const { venue, source, sent, price } = await krakenOf(['SOL']);
  venue.tick('SOL/USD', { last: '76.885' });
  await until(() => price('SOL') === '76.885', 5_000, 'no price');
  const before = source.observation('SOL')?.receivedAt;

  source.ask(resolveTokens(['SOL', 'RAY']));
  await until(
    () => sent().length === 2,
    5_000,
    () => sent().join(),
  );
  expect(sent()[1]).toBe('subscribe RAY/USD');
  venue.tick('RAY/USD', { last: '0.625' });
  await until(() => price('RAY') === '0.625', 5_000, 'no price of the new token');
  expect(source.observation('SOL')?.receivedAt).toBe(before);
  expect(source.status()).toMatchObject({ asked: 2, vouching: 2 });

  source.ask(resolveTokens(['RAY']));
  await until(
    () => sent().length === 3,
    5_000,
    () => sent().join(),
  );
  expect(sent()[2]).toBe('unsubscribe SOL/USD');
  expect(price('SOL')).toBeUndefined();
  expect(price('RAY')).toBe('0.625');
  expect(source.status()).toMatchObject({ asked: 1, vouching: 1, refused: 0 });
});

test('with nothing left to ask the connection is closed, and opened again for the next token', async () => {
  const { venue, source, sent, price } = await krakenOf(['SOL']);
  source.ask(resolveTokens(['coinbase:SKL-USD']));
  expect(source.status()).toMatchObject({ state: 'off', asked: 0 });
  source.ask(resolveTokens(['RAY']));
  await until(
    () => sent().length === 2,
    5_000,
    () => sent().join(),
  );
  venue.tick('RAY/USD', { last: '0.628' });
  await until(() => price('RAY') === '0.628', 5_000, 'no price');
});

test('what is asked before the start is what is subscribed, and a stopped source sends nothing', async () => {
  const venue = await startKrakenVenue({ tickers: TICKERS, heartbeatMs: 20 });
  running.push(venue);
  const { source } = testSource('kraken', venue.url, { tokens: ['SOL'] });
  source.ask(resolveTokens(['RAY']));
  source.start();
  await until(() => venue.received.length === 1, 5_000, 'no subscription');
  expect(venue.received[0]).toContain('RAY/USD');
  await source.stop();
  source.ask(resolveTokens(['SOL', 'RAY']));
  expect(venue.received).toHaveLength(1);
});

test('Jupiter is asked for the new list at its next call, and not at all while there is nothing to ask', async () => {
  const { source, venue, poll, clock, price, stop } = await jupiterSetUp({ tokens: ['SOL'] });
  running.push({ stop });
  await until(() => price('SOL') !== undefined, 5_000, 'no price');
  source.ask(resolveTokens(['SOL', 'RAY']));
  expect(price('SOL')).toBe('76.88143207112346');
  await poll(2_000);
  await until(() => price('RAY') !== undefined, 5_000, 'no price of the new token');
  expect(venue.requests.at(-1)?.ids).toContain(RAY);

  source.ask(resolveTokens(['coinbase:SKL-USD']));
  expect(source.status()).toMatchObject({ state: 'off', asked: 0 });
  const calls = venue.requests.length;
  await clock.advance(20_000);
  expect(venue.requests).toHaveLength(calls);
  source.ask(resolveTokens(['SOL']));
  await until(() => price('SOL') !== undefined, 5_000, 'not asked again');
  expect(venue.requests.at(-1)?.ids).toContain(SOL);
});

test('a recording plays the products of the new list from where it is', () => {
  const clock = new ManualClock();
  const recording = readRecording('test/recordings/coinbase-exchange-2021-04-17.ndjson');
  const options = { recording, clock, log: silentLogger, metrics: createMetrics(), loop: true };
  const source: Source = createRecordedSource({ ...options, tokens: resolveTokens(['RAY']) });
  running.push(source);
  source.start();
  source.ask(resolveTokens(['coinbase:BTC-USD', 'coinbase:ETH-USD']));
  expect(source.status()).toMatchObject({ asked: 2 });
});
