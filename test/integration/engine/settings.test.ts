import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../../src/main/engine/clock.ts';
import { readSettings } from '../../../src/main/engine/config/settings.ts';
import { createEngine } from '../../../src/main/engine/create-engine.ts';
import type { Engine } from '../../../src/main/engine/engine.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { plainClient } from '../events/desk.ts';
import mints from '../../fixtures/tokens.json';
import { poolJson, startRaydiumVenue } from '../../support/venues/raydium-server.ts';
import { startTestRedis, until, type TestRedis } from '../../support/redis-server.ts';
import { openWindow, testDir, type TestDir } from './desk.ts';

let dir: TestDir;
let redis: TestRedis;
const undo: (() => unknown)[] = [];
beforeEach(async () => {
  dir = await testDir();
  redis = await startTestRedis();
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
  await redis.stop();
  await dir.remove();
});

const RECORDING = join(import.meta.dirname, '..', '..', 'recordings', 'coinbase-exchange-2021-04-17.ndjson');

/** An engine that is told its sources by the file alone. */
function made(env: Record<string, string> = {}): Engine {
  const flags = { dataDir: dir.path, postgres: 'off', redis: redis.url };
  const engine = createEngine({
    settings: readSettings({ flags, env }),
    ...{
      dataDir: dir.path,
      clock: systemClock,
      log: silentLogger,
      host: 'gateway' as const,
      version: '1.2.3',
    },
  });
  undo.push(() => engine.stop());
  return engine;
}

it('puts rates, tokens and sources to use while running, and begins with them next time', async () => {
  await writeFile(join(dir.path, 'settings.json'), JSON.stringify({ sources: 'simulated' }));
  const engine = made();
  const { batches, line } = await openWindow(engine);
  const early = await line.invoke('settings.write', { changes: { priceTtlMs: 5_000 } });
  expect(early).toMatchObject({ saved: true, now: ['priceTtlMs'] });
  await engine.start({ url: null });
  expect(engine.status().updater.everyMs).toBe(500);
  const client = plainClient(redis.url);
  undo.push(() => client.disconnect());
  await until(async () => (await client.pttl('price:SOL')) > 3_000, 5_000, 'the life of prices');

  const changes = {
    updateEveryMs: 200,
    batchEveryMs: 500,
    priceTtlMs: 60_000,
    tokens: ['SOL', 'coinbase:skl-usd'],
  };
  const change = await line.invoke('settings.write', { changes });
  expect(change).toMatchObject({ saved: true, problems: [], restart: [] });
  expect(engine.status().updater.everyMs).toBe(200);
  expect(engine.status().tokens).toEqual(['SOL', 'coinbase:SKL-USD']);
  await until(async () => (await client.pttl('price:coinbase:SKL-USD')) > 30_000, 5_000, 'the new token');
  const count = batches.length;
  await until(() => batches.length > count + 3, 8_000, 'batches');
  const [before, after] = batches.slice(-2);
  expect((after?.at ?? 0) - (before?.at ?? 0)).toBeGreaterThan(350);

  const wrong = await line.invoke('settings.write', { changes: { sources: 'recorded:/nowhere' } });
  expect(wrong).toMatchObject({ saved: false, problems: [{ field: 'sources' }] });
  expect(engine.status().sources.map(({ name }) => name)).toEqual(['simulated']);
  await line.invoke('settings.write', { changes: { sources: `recorded:${RECORDING}`, tokens: null } });
  expect(engine.status().sources.map(({ name }) => name)).toEqual(['recorded:coinbase']);
  expect(engine.status().tokens).toContain('BONK');

  const kept: unknown = JSON.parse(await readFile(join(dir.path, 'settings.json'), 'utf8'));
  expect(kept).toEqual({
    sources: `recorded:${RECORDING}`,
    updateEveryMs: 200,
    batchEveryMs: 500,
    priceTtlMs: 60_000,
  });
  await engine.stop();
  const again = made();
  expect(again.status().updater.everyMs).toBe(200);
  expect(again.status().sources.map(({ name }) => name)).toEqual(['recorded:coinbase']);
}, 60_000);

it('watches other pools, of another address and with another life in Redis, while running', async () => {
  const venue = await startRaydiumVenue();
  undo.push(() => venue.stop());
  const address = 'RAYSoL1111111111111111111111111111111111111';
  venue.pools.set(address, poolJson({ id: address, mintA: mints.RAY.mint, mintB: mints.SOL.mint }));
  venue.pairs.set([mints.RAY.mint, mints.SOL.mint].toSorted().join(','), address);
  const written = { sources: 'simulated', pools: [] };
  await writeFile(join(dir.path, 'settings.json'), JSON.stringify(written));
  const engine = made({ TENHERTZ_JUPITER_URL: 'http://127.0.0.1:9' });
  const { batches, line } = await openWindow(engine);
  await engine.start({ url: null });
  const shown = () => batches.findLast(({ pools }) => pools !== null)?.pools ?? [];
  expect(engine.status().poolSource).toBeNull();

  await line.invoke('settings.write', { changes: { pools: ['SOL/USDC', 'ray/sol'] } });
  await until(() => shown().length === 2, 5_000, 'the pools of the simulated market');
  expect(shown().map(({ name }) => name)).toEqual(['SOL/USDC', 'RAY/SOL']);

  const live = { sources: 'jupiter', pools: ['RAY/SOL'], poolTtlMs: 60_000, 'venueUrls.raydium': venue.url };
  expect(await line.invoke('settings.write', { changes: live })).toMatchObject({ saved: true, problems: [] });
  await until(() => shown().some(pool => pool.state?.source === 'raydium'), 8_000, 'the state of the pool');
  expect(shown().map(pool => pool.address)).toEqual([address]);
  const client = plainClient(redis.url);
  undo.push(() => client.disconnect());
  await until(async () => (await client.pttl(`pool:${address}`)) > 30_000, 5_000, 'the life of the state');

  const none = await line.invoke('settings.write', { changes: { pools: [] } });
  expect(none).toMatchObject({ saved: true, now: ['pools'] });
  await until(() => shown().length === 0, 8_000, 'no pools');
  expect(engine.status().poolSource).toBeNull();
}, 60_000);
