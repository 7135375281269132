import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRuntime } from '../../../src/main/engine/config/data-dir.ts';
import type { Engine } from '../../../src/main/engine/engine.ts';
import { plainClient } from '../events/desk.ts';
import { processesOf } from '../../support/processes.ts';
import { startTestRedis, until } from '../../support/redis-server.ts';
import { makeEngine, openWindow, testDir, type TestDir } from './desk.ts';

let dir: TestDir;
const undo: (() => unknown)[] = [];
beforeEach(async () => {
  dir = await testDir();
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
  await dir.remove();
});

/** Starts an engine that is stopped after the test. */
async function started(...args: Parameters<typeof makeEngine>): Promise<Engine> {
  const engine = makeEngine(...args);
  undo.push(() => engine.stop());
  await engine.start({ url: 'http://127.0.0.1:1/' });
  return engine;
}

describe('the engine', () => {
  it('starts on a Redis of its own, gives a window prices and bars, and leaves nothing running', async () => {
    const engine = await started(dir.path);
    expect(await readRuntime(dir.path)).toMatchObject({ pid: process.pid, url: 'http://127.0.0.1:1/' });
    const { batches, line } = await openWindow(engine);
    expect(batches[0]?.kind).toBe('snapshot');
    const priced = (): Set<string> =>
      new Set(batches.flatMap(batch => batch.prices.map(({ token }) => token)));
    await until(() => priced().size === 5, 8_000, 'not every token has a price');
    await until(() => batches.some(({ kind }) => kind === 'update'), 2_000, 'no update');
    expect(batches.flatMap(batch => batch.prices).every(({ source }) => source === 'simulated')).toBe(true);
    expect(engine.status()).toMatchObject({
      mode: 'simulated',
      tokens: ['SOL', 'USDC', 'BONK', 'JitoSOL', 'RAY'],
      redis: { state: 'up', kind: 'embedded' },
      updater: { state: 'running' },
      subscription: { state: 'following', refused: 0 },
      feed: { clients: 1 },
    });
    expect(await line.invoke('app.info', {})).toMatchObject({ version: '1.2.3', host: 'gateway' });
    const bars = await line.invoke('chart.bars', { tokens: ['SOL', 'NOPE'], interval: '1m', limit: 300 });
    expect(bars['SOL']).toHaveLength(300);
    expect(bars['NOPE']).toEqual([]);
    await expect(line.invoke('nope', {})).rejects.toMatchObject({ code: 'UNKNOWN_COMMAND' });

    line.close();
    const began = Date.now();
    await engine.stop();
    expect(Date.now() - began).toBeLessThan(5_000);
    expect(await processesOf(dir.path)).toEqual([]);
    expect(await readRuntime(dir.path)).toBeUndefined();
    const after = batches.length;
    await new Promise(resolve => setTimeout(resolve, 250));
    expect(batches).toHaveLength(after);
  });

  it('shows what other programs publish, in order, and a position to a window that comes later', async () => {
    const redis = await startTestRedis();
    undo.push(() => redis.stop());
    const engine = await started(dir.path, { redis: redis.url });
    const { batches } = await openWindow(engine);
    const client = plainClient(redis.socketPath);
    undo.push(() => client.disconnect());
    await until(() => engine.status().subscription.state === 'following', 8_000, 'it does not follow');
    const position = { token: 'SOL', amount: '3', pnl: '1', timestamp: new Date().toISOString() };
    await client.xadd('stream:position-updates', '*', 'data', JSON.stringify(position));
    for (let index = 0; index < 3; index += 1)
      await client.xadd('stream:trade-events', '*', 'event_id', `t-${index}`, 'data', `{"id":${index}}`);
    // Prices of another program: of a token we price ourselves only those of our own market belong here.
    for (const token of ['SOL', 'WIF']) {
      const price = { token, price: '7', timestamp: new Date().toISOString() };
      await client.xadd('stream:price-updates', '*', 'source', 'bot', 'data', JSON.stringify(price));
    }
    const trades = (): string[] =>
      batches
        .flatMap(({ events }) => events.filter(event => event.type === 'trade_executed'))
        .map(({ eventId }) => eventId);
    await until(() => trades().length === 3, 5_000, 'the trades did not arrive');
    expect(trades()).toEqual(['t-0', 't-1', 't-2']);
    const fromBot = (): string[] =>
      batches
        .flatMap(({ prices }) => prices.filter(({ source }) => source === 'bot'))
        .map(({ token }) => token);
    await until(() => fromBot().length > 0, 5_000, 'the price of another program did not arrive');
    expect(new Set(fromBot())).toEqual(new Set(['WIF']));
    const later = await openWindow(engine);
    expect(later.batches[0]?.positions).toMatchObject([{ channel: 'position-updates', data: position }]);
  });

  it('answers what a screen asks of streams, channels and dead letters', async () => {
    const engine = await started(dir.path);
    const { line } = await openWindow(engine);
    await until(() => engine.status().subscription.state === 'following', 8_000, 'it does not follow');
    await until(
      async () => {
        const { streams } = await line.invoke('streams.list', {});
        return streams.some(({ channel, length }) => channel === 'price-updates' && length > 0);
      },
      8_000,
      'no stream of prices',
    );
    const entries = await line.invoke('streams.entries', {
      channel: 'price-updates',
      before: null,
      limit: 2,
    });
    expect(entries).toHaveLength(2);
    expect(await line.invoke('dead.list', { channel: 'price-updates', limit: 10 })).toEqual([]);
    const letters = { channel: 'price-updates', ids: ['1-0'] };
    expect(await line.invoke('dead.drop', letters)).toEqual({ count: 0 });
    expect(await line.invoke('dead.requeue', letters)).toEqual({ count: 0 });
    expect(await line.invoke('channels.follow', { pattern: 'signals:*' })).toBeNull();
    expect(engine.status().subscription.patterns).toContain('signals:*');
    expect(await line.invoke('channels.unfollow', { pattern: 'signals:*' })).toBeNull();
    expect(engine.status().subscription.patterns).not.toContain('signals:*');
  });

  it('changes the market while running: a snapshot without the old prices, and new ones soon after', async () => {
    const recording = 'recorded:test/recordings/coinbase-exchange-2021-04-17.ndjson';
    const engine = await started(dir.path, { source: recording });
    const { batches, line } = await openWindow(engine);
    const sources = (from: number): Set<string> =>
      new Set(batches.slice(from).flatMap(({ prices }) => prices.map(({ source }) => source)));
    await until(() => sources(0).size > 0, 8_000, 'no recorded price');
    expect([...sources(0)]).toEqual(['recorded:coinbase']);
    const before = batches.length;
    await line.invoke('sources.use', { market: 'simulated' });
    await until(() => batches.slice(before).some(({ kind }) => kind === 'snapshot'), 2_000, 'no snapshot');
    const snapshot = batches.findIndex(({ kind }, index) => index >= before && kind === 'snapshot');
    expect(batches[snapshot]?.prices).toEqual([]);
    await until(() => sources(snapshot).has('simulated'), 8_000, 'no simulated price');
    expect([...sources(snapshot)]).toEqual(['simulated']);
    expect(engine.status().mode).toBe('simulated');
    const token = engine.status().tokens[0] ?? '';
    const bars = await line.invoke('chart.bars', { tokens: [token], interval: '1m', limit: 300 });
    expect(bars[token]?.length).toBe(300);
    const same = batches.length;
    await line.invoke('sources.use', { market: 'simulated' });
    expect(batches.slice(same).some(({ kind }) => kind === 'snapshot')).toBe(false);
  });

  it('says what is not there yet before it is started, and refuses what needs Redis', async () => {
    const engine = makeEngine(dir.path);
    expect(engine.status()).toMatchObject({
      redis: { state: 'connecting', kind: 'embedded', message: 'Redis is being started.' },
      updater: { state: 'stopped' },
      subscription: { state: 'starting', channels: [] },
    });
    expect(makeEngine(dir.path, { redis: 'unix:///nowhere' }).status().redis.kind).toBe('external');
    const line = engine.connect(() => undefined);
    await expect(line.invoke('streams.list', {})).rejects.toMatchObject({ code: 'NOT_STARTED' });
    await engine.stop();
    expect(existsSync(join(dir.path, 'runtime.json'))).toBe(false);
  });
});

describe('an engine that cannot start', () => {
  it('leaves the data directory to the one that has it', async () => {
    const first = await started(dir.path);
    const second = makeEngine(dir.path);
    await expect(second.start()).rejects.toMatchObject({
      code: 'DATA_DIR_IN_USE',
      facts: { pid: process.pid, url: 'http://127.0.0.1:1/' },
    });
    await second.stop();
    expect(first.status().redis.state).toBe('up');
    expect(await readRuntime(dir.path)).toMatchObject({ pid: process.pid });
  });

  it('says how to get a Redis where there is none, and frees the data directory', async () => {
    const engine = makeEngine(dir.path, {}, { TENHERTZ_REDIS_SERVER: join(dir.path, 'no-such-server') });
    await expect(engine.start()).rejects.toMatchObject({ code: 'REDIS_BINARY_MISSING', exitCode: 4 });
    await engine.stop();
    expect(await readRuntime(dir.path)).toBeUndefined();
    await started(dir.path);
  });

  it('half-way stops what it had started', async () => {
    // Redis runs by the time the runtime file turns out to have no place.
    const engine = makeEngine(dir.path);
    const made = engine.start();
    await until(() => existsSync(join(dir.path, 'install-id')), 5_000, 'the data directory was not opened');
    await mkdir(join(dir.path, 'runtime.json', 'in-the-way'), { recursive: true });
    await expect(made).rejects.toThrow();
    await engine.stop();
    expect(await processesOf(dir.path)).toEqual([]);
  });
});
