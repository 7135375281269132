import type { Clock } from '../clock.ts';
import type { Settings } from '../config/settings.ts';
import type { Metrics } from '../health/metrics.ts';
import type { Logger } from '../logger.ts';
import { createRedisPool } from './create-pool.ts';
import { createEmbeddedRedis } from './embedded-server.ts';
import type { RedisPool } from './pool.ts';
import { readRedisSettings } from './settings.ts';

/** The Redis the program uses, and how to let go of it. */
export interface OpenRedis {
  readonly pool: RedisPool;
  /** As `--redis` takes it, without user name or password. */
  readonly address: string;
  /** Closes the pool, then stops the embedded server if it is ours. */
  close(): Promise<void>;
}

/** How long a start waits for a server of the user's before it goes on without it; the screen says that it is away. */
const READY_WITHIN_MS = 3_000;

/**
 * Starts the embedded server in `dir`, or connects to the one the settings name. Rejects with `BAD_REDIS_SETTINGS` or
 * `REDIS_BINARY_MISSING`; a server of the user's that does not answer is no error, the pool goes on trying.
 */
export async function openRedis(deps: {
  settings: Settings;
  dir: string;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
}): Promise<OpenRedis> {
  const { settings, clock, log, metrics } = deps;
  const wanted = readRedisSettings({
    flag: settings.redis,
    env: settings.env,
    file: settings.redisInFile,
  });
  if (wanted.kind === 'external') {
    const { options, address } = wanted;
    const pool = createRedisPool({ options, address, kind: 'external', clock, log, metrics });
    await pool.ready(READY_WITHIN_MS).catch((error: unknown) => log.warn({ err: error }, 'Redis is away'));
    return { pool, address, close: () => pool.close() };
  }
  const binary = settings.redisServerPath;
  const server = createEmbeddedRedis({
    dir: deps.dir,
    clock,
    log,
    ...(binary === undefined ? {} : { binary }),
  });
  const { options, address } = await server.start();
  const pool = createRedisPool({ options, address, kind: 'embedded', clock, log, metrics });
  const close = async (): Promise<void> => {
    await pool.close();
    await server.stop();
  };
  try {
    await pool.ready(READY_WITHIN_MS);
  } catch (error) {
    await close();
    throw error;
  }
  return { pool, address, close };
}
