import { keys } from '../redis/keys.ts';
import { decodePool, encodePool, type CachedPool } from './cached-pool.ts';
import { createSharedCache, type CacheDeps, type CacheKind, type SharedCache } from './shared-cache.ts';

/** The shared cache of pool states, `pool:{address}` (R3.1). What must not be stored is refused with `BAD_POOL`. */
export type PoolCache = SharedCache<CachedPool>;

const POOLS: CacheKind<CachedPool> = {
  name: 'pool',
  plural: 'pools',
  key: keys.pool,
  idOf: ({ address }) => address,
  encode: encodePool,
  decode: decodePool,
};

/** @throws TenhertzError `BAD_CACHE_SETTINGS` (exit code 3) for a `ttlMs` below one second. */
export function createPoolCache(deps: CacheDeps): PoolCache {
  return createSharedCache(POOLS, deps);
}
