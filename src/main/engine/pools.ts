import type { MarketMode, SourceStatus } from '../../shared/contract.ts';
import { createPoolCache, type PoolCache } from './cache/pool-cache.ts';
import type { Clock } from './clock.ts';
import type { Settings } from './config/settings.ts';
import type { Metrics } from './health/metrics.ts';
import type { Logger } from './logger.ts';
import type { Market } from './market.ts';
import type { RedisPool } from './redis/pool.ts';
import type { PoolSource } from './sources/pool-source.ts';
import { createRaydiumSource, RAYDIUM_URL } from './sources/raydium.ts';
import { createSimulatedPools } from './sources/simulated-pools.ts';
import { resolvePools } from './sources/watched-pools.ts';
import { createPoolKeeper, type PoolNews } from './updater/pool-keeper.ts';

/** The watched pools, of the market that is in use. */
export interface Pools {
  /** Begins to ask, and keeps the cache in this Redis. */
  start(redis: Pick<RedisPool, 'shared'>): void;
  stop(): Promise<void>;
  news(): PoolNews;
  /** `null`: this market has no pools, or none are watched. */
  status(): SourceStatus | null;
}

const POOL_TTL_MS = 2_000;

/**
 * The pools the settings ask for: of Raydium in a live market, simulated ones in the simulated market, none beside a recording, whose
 * prices are of another time. They follow when the trader changes the market. Throws `UNKNOWN_POOL` (exit code 3).
 */
export function createPools(deps: {
  settings: Settings;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  market: Pick<Market, 'mode' | 'sources'>;
}): Pools {
  const { settings, clock, log, metrics, market } = deps;
  const watched = resolvePools(settings.pools);
  const ttlMs = settings.poolTtlMs ?? POOL_TTL_MS;
  let cache: PoolCache | undefined;
  let running = false;
  let current: { mode: MarketMode; source: PoolSource | null } | undefined;

  const make = (mode: MarketMode): PoolSource | null => {
    if (watched.length === 0 || mode === 'recorded') return null;
    if (mode === 'simulated') {
      const price = (token: string) => market.sources()[0]?.observation(token)?.price;
      return createSimulatedPools({ watched, price, clock });
    }
    const baseUrl = settings.venueUrls.raydium ?? RAYDIUM_URL;
    return createRaydiumSource({ baseUrl, watched, clock, log, metrics });
  };
  /** The source of the market in use now; the one of another market is stopped. */
  const source = (): PoolSource | null => {
    const mode = market.mode();
    if (current?.mode === mode) return current.source;
    void current?.source?.stop();
    current = { mode, source: make(mode) };
    if (running) current.source?.start();
    return current.source;
  };
  const status = (): SourceStatus | null => source()?.status() ?? null;
  const keeper = createPoolKeeper({
    source() {
      const now = source();
      // The simulated market counts itself, by its prices.
      if (now?.name === 'raydium')
        metrics.sourceUp.set({ source: 'raydium' }, now.status().vouching > 0 ? 1 : 0);
      else metrics.sourceUp.remove({ source: 'raydium' });
      return now;
    },
    cache: () => cache,
    everyMs: ttlMs / 2,
    clock,
    log,
  });
  return {
    start(redis) {
      running = true;
      cache = createPoolCache({ pool: redis, clock, metrics, ttlMs });
      source()?.start();
      keeper.start();
    },
    async stop() {
      running = false;
      await keeper.stop();
      await current?.source?.stop();
    },
    news: () => keeper.news(),
    status,
  };
}
