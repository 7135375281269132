import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../../src/main/engine/clock.ts';
import { readSettings } from '../../../src/main/engine/config/settings.ts';
import { createEngine } from '../../../src/main/engine/create-engine.ts';
import type { Engine } from '../../../src/main/engine/engine.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { plainClient } from '../events/desk.ts';
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
function made(): Engine {
  const flags = { dataDir: dir.path, postgres: 'off', redis: redis.url };
  const engine = createEngine({
    settings: readSettings({ flags }),
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
