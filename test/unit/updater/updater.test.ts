import { Decimal } from 'decimal.js';
import { expect, test, vi } from 'vitest';
import { TenhertzError } from '../../../src/main/engine/errors.ts';
import { createMetrics } from '../../../src/main/engine/health/metrics.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import type { Source } from '../../../src/main/engine/sources/source.ts';
import type { PricedToken } from '../../../src/main/engine/updater/price-writer.ts';
import { createUpdater } from '../../../src/main/engine/updater/updater.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { fakeSource } from './fake-source.ts';

function setUp(names: string[] = ['kraken'], tokens: string[] = ['SOL']) {
  const clock = new ManualClock();
  const metrics = createMetrics();
  const source = (name: string) => fakeSource(name, clock);
  const sources = names.map(source);
  const written: PricedToken[][] = [];
  const write = vi.fn((prices: readonly PricedToken[]) => {
    written.push([...prices]);
    return Promise.resolve();
  });
  const dayOpens = {
    of: vi.fn((_token: string, _source: string, first: () => { price: Decimal; at: number }) => first()),
  };
  const options = {
    sources: (): Source[] => sources,
    tokens: () => tokens,
    everyMs: 500,
    clock,
    log: silentLogger,
    metrics,
    writer: { write },
    dayOpens,
  };
  const updater = createUpdater(options);
  const first = sources[0];
  if (first === undefined) throw new Error('a set-up needs a source');
  const lastPrices = () =>
    Object.fromEntries(
      (written.at(-1) ?? []).map(({ observation: { token, price } }) => [token, price.toFixed()]),
    );
  const counted = async (name: 'sourceQuotes' | 'updaterTicksSkipped' | 'sourceUp') =>
    (await metrics[name].get()).values.map(({ labels, value }) =>
      [...Object.values(labels), value].join(' '),
    );
  return { clock, source, sources, first, options, updater, written, write, dayOpens, lastPrices, counted };
}
const at = (price: string) => ({ price: new Decimal(price) });

test('every 500 ms the newest price of every token is written, changed or not', async () => {
  const { clock, first, updater, written, lastPrices } = setUp(['kraken'], ['SOL', 'RAY', 'BONK']);
  first.says.set('SOL', at('151.2')).set('RAY', at('2.8'));
  updater.start();
  updater.start();
  await clock.advance(0);
  expect(lastPrices()).toEqual({ SOL: '151.2', RAY: '2.8' });
  await clock.advance(499);
  expect(written).toHaveLength(1);
  await clock.advance(1);
  expect(written).toHaveLength(2);
  expect(updater.status()).toEqual({
    state: 'running',
    everyMs: 500,
    lastTickAt: clock.now(),
    message: null,
  });
  await updater.stop();
  await clock.advance(5_000);
  expect(written).toHaveLength(2);
  expect(updater.status().state).toBe('stopped');
  expect(clock.pending).toBe(0);
});

test('a price is not rewritten once nobody stands behind it', async () => {
  const { clock, first, updater, written } = setUp();
  first.says.set('SOL', { ...at('151'), vouchedAt: clock.now(), validUntil: clock.now() + 2_000 });
  updater.start();
  await clock.advance(2_000);
  expect(written).toHaveLength(5);
  await clock.advance(5_000);
  expect(written).toHaveLength(5);
  expect(updater.status()).toMatchObject({
    state: 'waiting',
    message: expect.stringContaining('No source') as string,
  });
  await updater.stop();
});

test('a tick never overlaps itself; the ones left out are counted', async () => {
  const { clock, first, updater, write, counted } = setUp();
  first.says.set('SOL', at('151'));
  let finish: () => void = () => undefined;
  write.mockImplementationOnce(() => new Promise(resolve => (finish = resolve)));
  updater.start();
  await clock.advance(1_500);
  expect(write).toHaveBeenCalledTimes(1);
  expect(await counted('updaterTicksSkipped')).toEqual(['3']);
  expect(updater.status().state).toBe('running');
  await clock.advance(600);
  expect(updater.status()).toMatchObject({
    state: 'waiting',
    message: expect.stringContaining('not answered') as string,
  });
  finish();
  await clock.advance(500);
  expect(write).toHaveBeenCalledTimes(2);
  expect(updater.status().state).toBe('running');
  await updater.stop();
});

test('stop waits for the tick under way', async () => {
  const { first, updater, write } = setUp();
  first.says.set('SOL', at('151'));
  let finish: () => void = () => undefined;
  write.mockImplementationOnce(() => new Promise(resolve => (finish = resolve)));
  updater.start();
  let stopped = false;
  const stopping = updater.stop().then(() => (stopped = true));
  await new Promise(resolve => setImmediate(resolve));
  expect(stopped).toBe(false);
  finish();
  await stopping;
});

test('while Redis is away the state says so in plain words, and prices are written again by themselves', async () => {
  const { clock, first, updater, write } = setUp();
  first.says.set('SOL', at('151'));
  write.mockRejectedValue(new TenhertzError('REDIS_DOWN', 'Redis cannot be reached.'));
  updater.start();
  await clock.advance(1_000);
  expect(updater.status()).toMatchObject({
    state: 'waiting',
    lastTickAt: null,
    message: 'Prices are not being written: Redis cannot be reached. It is tried again every 500 ms.',
  });
  write.mockRejectedValue('gone');
  await clock.advance(500);
  expect(updater.status().message).toBe(
    'Prices are not being written: gone. It is tried again every 500 ms.',
  );
  write.mockResolvedValue(undefined);
  await clock.advance(500);
  expect(updater.status()).toMatchObject({ state: 'running', message: null });
  await updater.stop();
});

test('a source that throws or has nothing delays no other', async () => {
  const { sources, updater, lastPrices } = setUp(['broken', 'dead', 'coinbase']);
  const [broken, , coinbase] = sources;
  vi.spyOn(broken ?? setUp().first, 'observation').mockImplementation(() => {
    throw new Error('oops');
  });
  coinbase?.says.set('SOL', at('151'));
  await updater.tick();
  expect(lastPrices()).toEqual({ SOL: '151' });
});

test('a price older than the one published from the same source is refused and counted once', async () => {
  const { first, updater, written, counted, clock } = setUp();
  first.says.set('SOL', { ...at('151'), sourceTime: 200 });
  await updater.tick();
  const old = {
    ...at('99'),
    sourceTime: 100,
    receivedAt: 5,
    vouchedAt: clock.now(),
    validUntil: clock.now() + 2_000,
  };
  first.says.set('SOL', old);
  await updater.tick();
  await updater.tick();
  expect(written).toHaveLength(1);
  expect(await counted('sourceQuotes')).toEqual(['kraken old 1']);
});

test('a source that is made anew under the same name begins a new past', async () => {
  const { first, source, options, written, clock } = setUp(['recorded:coinbase']);
  let sources: Source[] = [first];
  const updater = createUpdater({ ...options, sources: () => sources });
  first.says.set('SOL', { ...at('151'), sourceTime: 200 });
  await updater.tick();
  const again = source('recorded:coinbase');
  again.says.set('SOL', { ...at('150'), sourceTime: 100 });
  sources = [again];
  await updater.tick();
  expect(written).toHaveLength(2);
  expect(clock.pending).toBe(0);
});

test('an outlier is refused, counted once per price, and the others are written', async () => {
  const { sources, updater, lastPrices, counted } = setUp(['jupiter', 'kraken', 'coinbase']);
  for (const source of sources) source.says.set('SOL', at('151'));
  sources[1]?.says.set('SOL', { ...at('302'), receivedAt: 10 });
  await updater.tick();
  await updater.tick();
  expect(lastPrices()).toEqual({ SOL: '151' });
  expect(await counted('sourceQuotes')).toEqual(['kraken outlier 1']);
});

test('the gauge of each source says whether it vouches now, and goes with the source', async () => {
  const { sources, options, counted } = setUp(['kraken', 'coinbase']);
  let inUse: Source[] = sources;
  const updater = createUpdater({ ...options, sources: () => inUse });
  sources[0]?.says.set('SOL', at('151'));
  await updater.tick();
  expect(await counted('sourceUp')).toEqual(['kraken 1', 'coinbase 0']);
  inUse = sources.slice(0, 1);
  sources[0]?.says.clear();
  await updater.tick();
  expect(await counted('sourceUp')).toEqual(['kraken 0']);
});

test("the day's first price is what the source says now, or knows of midnight", async () => {
  const { clock, first, updater, written } = setUp();
  first.says.set('SOL', at('151'));
  await updater.tick();
  expect(written[0]?.[0]?.dayOpen).toEqual({ price: new Decimal('151'), at: clock.now() });
  const midnight = Date.UTC(2026, 10, 21);
  first.history = (_token, from) => [{ at: from, price: new Decimal('140') }];
  await updater.tick();
  expect(written[1]?.[0]?.dayOpen).toEqual({ price: new Decimal('140'), at: midnight });
});
