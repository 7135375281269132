import type { MarketMode, SourceStatus } from '../../shared/contract.ts';
import { createPoolCache, type PoolCache } from './cache/pool-cache.ts';
import type { Clock } from './clock.ts';
import type { Settings } from './config/settings.ts';
import type { Metrics } from './health/metrics.ts';
import type { Logger } from './logger.ts';
import type { Market } from './market.ts';
import type { RedisPool } from './redis/pool.ts';
import type { PoolSource } from './sources/pool-source.ts';
import { POOL_TTL_MS } from './settings/pool-fields.ts';
import { createRaydiumSource, RAYDIUM_URL } from './sources/raydium.ts';
import { createSimulatedPools } from './sources/simulated-pools.ts';
import { resolvePools } from './sources/watched-pools.ts';
import { createPoolKeeper, type PoolNews } from './updater/pool-keeper.ts';

/** The watched pools, of the market that is in use. */
export interface Pools {
  /** Begins to ask, and keeps the cache in this Redis. */
  start(redis: Pick<RedisPool, 'shared'>): void;
  stop(): Promise<void>;
  /** Watches the pools of other settings, of another address, with another life in Redis. Throws `UNKNOWN_POOL`; nothing is changed then. */
  change(next: Settings): void;
  news(): PoolNews;
  /** `null`: this market has no pools, or none are watched. */
  status(): SourceStatus | null;
}

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
  const { clock, log, metrics, market } = deps;
  let { settings } = deps;
  let watched = resolvePools(settings.pools);
  const ttlMs = (): number => settings.poolTtlMs ?? POOL_TTL_MS;
  /** Twice within the life of a state, and not rarer than the screen is to be told. */
  const everyMs = (): number => Math.min(1_000, ttlMs() / 2);
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
    everyMs: everyMs(),
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
    change(next) {
      const others = resolvePools(next.pools);
      const isSame =
        JSON.stringify(others) === JSON.stringify(watched) &&
        next.venueUrls.raydium === settings.venueUrls.raydium;
      watched = others;
      settings = next;
      keeper.pace(everyMs());
      if (isSame) return;
      void current?.source?.stop();
      current = undefined;
      if (running) void keeper.tick();
    },
    news: () => keeper.news(),
    status,
  };
}
