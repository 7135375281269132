import { join } from 'node:path';
import { sleep, type Clock } from '../engine/clock.ts';
import { openDataDir, readRuntime, type DataDir } from '../engine/config/data-dir.ts';
import type { Settings } from '../engine/config/settings.ts';
import { TenhertzError } from '../engine/errors.ts';
import type { Metrics } from '../engine/health/metrics.ts';
import type { Logger } from '../engine/logger.ts';
import { createRedisPool } from '../engine/redis/create-pool.ts';
import { openRedis, type OpenRedis } from '../engine/redis/open-redis.ts';
import { readRedisSettings, type RedisSettings } from '../engine/redis/settings.ts';

interface ToolRedisDeps {
  settings: Settings;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  /** Ends the waiting for a data directory that is in use. */
  signal: AbortSignal;
}

/** The Redis of a command. */
export interface ToolRedis extends OpenRedis {
  /** It is the embedded one, started for the command, which holds the data directory until it is closed. */
  readonly holdsDataDir: boolean;
}

/** How long a server that is there may take to answer. */
const READY_WITHIN_MS = 3_000;
/** How long an app that is starting may take to say where its Redis is, and another command to be done. */
export const FREE_WITHIN_MS = 10_000;

/**
 * The Redis of a command that runs beside the app: the one that flags, environment or settings name; else the one of the
 * app that runs on the data directory; else the embedded one, started for as long as the command runs. While it runs, the
 * data directory is held; another command waits for it.
 *
 * Rejects with `REDIS_DOWN` (exit code 4) when the server does not answer, `REDIS_BINARY_MISSING` (4), `DATA_DIR_IN_USE`.
 */
export async function openToolRedis(deps: ToolRedisDeps): Promise<ToolRedis> {
  const { settings, clock, log, metrics } = deps;
  const wanted = readRedisSettings({ flag: settings.redis, env: settings.env, file: settings.redisInFile });
  if (wanted.kind === 'external') return connectTo(wanted, 'external', deps);
  const end = clock.monotonic() + FREE_WITHIN_MS;
  for (;;) {
    const app = await readRuntime(settings.dataDir);
    if (app !== undefined) {
      const found = readRedisSettings({ flag: app.redis, env: {} });
      if (found.kind === 'external') return connectTo(found, 'embedded', deps);
    }
    const dataDir = await freeDataDir(settings.dataDir, clock.monotonic() < end && !deps.signal.aborted);
    if (dataDir === undefined) {
      await sleep(clock, 100);
      continue;
    }
    try {
      const redis = await openRedis({ settings, dir: join(dataDir.path, 'redis'), clock, log, metrics });
      const close = async (): Promise<void> => {
        await redis.close();
        await dataDir.close();
      };
      return { ...redis, close, holdsDataDir: true };
    } catch (error) {
      await dataDir.close();
      throw error;
    }
  }
}

async function connectTo(
  { options, address }: Extract<RedisSettings, { kind: 'external' }>,
  kind: 'embedded' | 'external',
  { clock, log, metrics }: ToolRedisDeps,
): Promise<ToolRedis> {
  const pool = createRedisPool({ options, address, kind, clock, log, metrics, shared: 1 });
  try {
    await pool.ready(READY_WITHIN_MS);
  } catch (error) {
    await pool.close();
    throw error;
  }
  return { pool, address, close: () => pool.close(), holdsDataDir: false };
}

/** The data directory, or `undefined` while another holds it and there is `time` to wait. */
export async function freeDataDir(path: string, time: boolean): Promise<DataDir | undefined> {
  try {
    return await openDataDir(path);
  } catch (error) {
    if (time && error instanceof TenhertzError && error.code === 'DATA_DIR_IN_USE') return undefined;
    throw error;
  }
}
