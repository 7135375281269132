import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readSettings, type Settings } from '../../../src/main/engine/config/settings.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { createSettingsDesk } from '../../../src/main/engine/settings/settings-desk.ts';
import { DEFAULT_POOLS } from '../../../src/main/engine/sources/watched-pools.ts';
import type { SettingField, SettingsView } from '../../../src/shared/settings.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'th-pool-settings-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const field = (view: SettingsView, name: string): SettingField | undefined =>
  view.fields.find(one => one.name === name);

it('says which pools are watched, that none may be, and puts others to use at once', async () => {
  const applied: Settings[] = [];
  const settings = createSettingsDesk({
    settings: readSettings({ flags: { dataDir: dir } }),
    log: silentLogger,
    tokens: () => ['SOL'],
    async apply(next) {
      applied.push(next);
      await Promise.resolve();
    },
  });
  const view = await settings.read();
  expect(field(view, 'pools')).toMatchObject({
    ...{ value: null, effective: DEFAULT_POOLS, fallback: DEFAULT_POOLS, from: 'default' },
    ...{ section: 'pools', applies: 'now', min: null, max: 50 },
  });
  expect(field(view, 'tokens')).toMatchObject({ min: 1, max: null });
  expect(field(view, 'poolTtlMs')).toMatchObject({ effective: 2_000, min: 1_000, max: 600_000 });
  const changes = { pools: ['RAY/SOL'], poolTtlMs: 5_000, 'venueUrls.raydium': 'http://127.0.0.1:9' };
  const change = await settings.write(changes);
  expect(change).toMatchObject({ saved: true, now: Object.keys(changes), restart: [] });
  expect(applied[0]).toMatchObject({ pools: ['RAY/SOL'], poolTtlMs: 5_000 });
  expect(field(change.settings, 'pools')?.effective).toEqual(['RAY/SOL']);
  const back = await settings.write({ pools: null, poolTtlMs: null, 'venueUrls.raydium': null });
  expect(field(back.settings, 'pools')?.effective).toEqual(DEFAULT_POOLS);
  expect(field(back.settings, 'poolTtlMs')?.effective).toBe(2_000);
  expect(JSON.parse(readFileSync(join(dir, 'settings.json'), 'utf8'))).toEqual({});
});
