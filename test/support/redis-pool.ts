import { systemClock } from '../../src/main/engine/clock.ts';
import { createMetrics, type Metrics } from '../../src/main/engine/health/metrics.ts';
import { silentLogger } from '../../src/main/engine/logger.ts';
import { createRedisPool, type RedisPoolDeps } from '../../src/main/engine/redis/create-pool.ts';
import type { RedisPool } from '../../src/main/engine/redis/pool.ts';
import type { RedisConnectionOptions } from '../../src/main/engine/redis/settings.ts';

/** A pool as the program makes it, quiet, with instruments of its own. */
export function testPool(
  options: RedisConnectionOptions,
  more: Partial<RedisPoolDeps> = {},
): { pool: RedisPool; metrics: Metrics } {
  const metrics = createMetrics();
  const pool = createRedisPool({
    options,
    kind: 'external',
    address: options.path ?? `redis://127.0.0.1:${options.port ?? 0}`,
    clock: systemClock,
    log: silentLogger,
    metrics,
    ...more,
  });
  return { pool, metrics };
}
