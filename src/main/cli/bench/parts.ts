import type { Redis } from 'ioredis';
import type { Clock } from '../../engine/clock.ts';
import type { Metrics } from '../../engine/health/metrics.ts';
import type { Logger } from '../../engine/logger.ts';
import type { RedisPool } from '../../engine/redis/pool.ts';

/** How much work a run does. */
export interface BenchSizes {
  /** Blocks of single reads, and reads in each. */
  reads: { blocks: number; perBlock: number };
  /** Rounds of publishing and of reading, and events in each, a multiple of 100. */
  events: { rounds: number; perRound: number };
  /** Batches built. */
  batches: number;
  /** Rounds; in each: events published one by one, and at once, and rows recorded. Events replayed. */
  ledger: { rounds: number; single: number; concurrent: number; rows: number; replay: number };
}

/** Some minutes on a small machine, and as exact as a shared one allows. */
export const FULL_SIZES: BenchSizes = {
  reads: { blocks: 20, perBlock: 500 },
  events: { rounds: 7, perRound: 10_000 },
  batches: 400,
  ledger: { rounds: 5, single: 1_000, concurrent: 10_000, rows: 20_000, replay: 1_000_000 },
};

/** What a benchmark gets: our pool, and one plain client to the same server as the baseline. */
export interface BenchParts {
  pool: RedisPool;
  raw: Redis;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  sizes: BenchSizes;
}
