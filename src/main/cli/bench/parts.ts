import type { Redis } from 'ioredis';
import type { Clock } from '../../engine/clock.ts';
import type { Metrics } from '../../engine/health/metrics.ts';
import type { Logger } from '../../engine/logger.ts';
import type { RedisPool } from '../../engine/redis/pool.ts';

/** What a benchmark gets: our pool, and one plain client to the same server as the baseline. */
export interface BenchParts {
  pool: RedisPool;
  raw: Redis;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
}
