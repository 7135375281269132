import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Engine } from '../../../src/main/engine/engine.ts';
import { plainClient } from '../events/desk.ts';
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

async function started(...args: Parameters<typeof makeEngine>): Promise<Engine> {
  const engine = makeEngine(...args);
  undo.push(() => engine.stop());
  await engine.start({ url: null });
  return engine;
}

it('prices a token that is added while it runs, stops writing one that is removed, and begins with the list next time', async () => {
  const engine = await started(dir.path);
  const { batches, line } = await openWindow(engine);
  const priced = (token: string, since = 0): boolean =>
    batches.slice(since).some(batch => batch.prices.some(price => price.token === token));
  expect(await line.invoke('tokens.check', { name: 'coinbase:skl-usd' })).toEqual({
    token: 'coinbase:SKL-USD',
    mint: null,
    sources: ['simulated'],
  });
  const change = await line.invoke('tokens.add', { name: 'coinbase:skl-usd' });
  expect(change).toMatchObject({ kept: true, note: null });
  expect(change.tokens.at(-1)).toBe('coinbase:SKL-USD');
  await until(() => priced('coinbase:SKL-USD'), 8_000, 'no price of the token that was added');
  const bars = await line.invoke('chart.bars', { tokens: ['coinbase:SKL-USD'], interval: '1m', limit: 60 });
  expect(bars['coinbase:SKL-USD']).toHaveLength(60);
  const past = await line.invoke('tokens.past', { tokens: ['coinbase:SKL-USD', 'SOL'] });
  expect(past['coinbase:SKL-USD']).toMatchObject({ m5: expect.any(String) as string, h24: null });

  await line.invoke('tokens.remove', { token: 'RAY' });
  await line.invoke('tokens.order', { tokens: ['coinbase:SKL-USD', 'BONK'] });
  const wanted = ['coinbase:SKL-USD', 'BONK', 'SOL', 'USDC', 'JitoSOL'];
  expect(engine.status().tokens).toEqual(wanted);
  // What was on its way when the token went may still arrive.
  const there = batches.length + 4;
  await until(() => batches.length > there + 6, 10_000, 'batches stopped');
  expect([priced('RAY', there), priced('SOL', there)]).toEqual([false, true]);
  await expect(line.invoke('tokens.add', { name: 'bonk' })).rejects.toMatchObject({ code: 'ALREADY_THERE' });
  await engine.stop();
  expect(makeEngine(dir.path).status().tokens).toEqual(wanted);
}, 40_000);

it('keeps a position from the trades of other programs, each once however often it is delivered', async () => {
  const redis = await startTestRedis();
  undo.push(() => redis.stop());
  const client = plainClient(redis.url);
  undo.push(() => client.disconnect());
  const engine = await started(dir.path, { redis: redis.url });
  const { batches } = await openWindow(engine);
  const write = async (sequence: number, action: string, amount: string, price: string): Promise<void> => {
    const eventId = randomUUID();
    for (let times = 0; times < 2; times += 1)
      await client.xadd(
        ...(['stream:trades:user_0001', '*', 'event_id', eventId, 'event_type', 'trade_executed'] as const),
        ...['sequence_number', String(sequence), 'timestamp', new Date().toISOString(), 'source', 'test'],
        ...['data', JSON.stringify({ id: eventId, action, token_pair: 'SOL/USDC', amount, price })],
      );
  };
  await write(1, 'buy', '2', '100');
  await write(2, 'sell', '0.5', '110');
  const newest = () => batches.flatMap(batch => batch.books).at(-1);
  await until(
    () => newest()?.trades === 2,
    10_000,
    () => JSON.stringify(newest()),
  );
  expect(newest()).toMatchObject({
    ...{ channel: 'trades:user_0001', token: 'SOL', quote: null, amount: '1.5', cost: '150', flow: '-145' },
    whole: true,
  });
}, 40_000);
