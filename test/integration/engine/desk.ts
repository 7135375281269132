import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Batch } from '../../../src/shared/contract.ts';
import { systemClock } from '../../../src/main/engine/clock.ts';
import { readSettings, type Environment } from '../../../src/main/engine/config/settings.ts';
import type { SettingsFlags } from '../../../src/main/engine/config/settings-flags.ts';
import { createEngine } from '../../../src/main/engine/create-engine.ts';
import type { Engine, EngineConnection } from '../../../src/main/engine/engine.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';

/** An empty data directory of a test, removed with {@link TestDir.remove}. */
export interface TestDir {
  path: string;
  remove(): Promise<void>;
}

export async function testDir(): Promise<TestDir> {
  const path = await mkdtemp(join(tmpdir(), 'th-engine-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** An engine as the hosts make it: simulated market, embedded Redis and no ledger, unless told otherwise. */
export function makeEngine(dataDir: string, flags: SettingsFlags = {}, env: Environment = {}): Engine {
  // A test speaks to this machine alone: pools are asked for nowhere unless it says where.
  const nobody = { TENHERTZ_RAYDIUM_URL: 'http://127.0.0.1:9' };
  const settings = readSettings({
    flags: { dataDir, source: 'simulated', postgres: 'off', ...flags },
    env: { ...nobody, ...env },
  });
  return createEngine({
    settings,
    dataDir,
    clock: systemClock,
    log: silentLogger,
    host: 'gateway',
    version: '1.2.3',
  });
}

/** A window that follows and confirms every batch at once, and what it was sent. */
export interface TestWindow {
  batches: Batch[];
  line: EngineConnection;
}

export async function openWindow(engine: Engine): Promise<TestWindow> {
  const batches: Batch[] = [];
  const line = engine.connect(({ batch }) => {
    batches.push(batch);
    queueMicrotask(() => void line.invoke('feed.confirm', { seq: batch.seq }));
  });
  await line.invoke('feed.follow', {});
  return { batches, line };
}
