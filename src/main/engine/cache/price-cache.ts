import { keys } from '../redis/keys.ts';
import { decodePrice, encodePrice, type CachedPrice } from './cached-price.ts';
import {
  createSharedCache,
  type CacheDeps,
  type CacheKind,
  type CacheRead,
  type SharedCache,
} from './shared-cache.ts';

/** What a read of a price found. */
export type PriceRead = CacheRead<CachedPrice>;

/** The shared price cache, `price:{token}` (R2.1). What must not be stored is refused with `BAD_PRICE`. */
export type PriceCache = SharedCache<CachedPrice>;

export type PriceCacheDeps = CacheDeps;

const PRICES: CacheKind<CachedPrice> = {
  name: 'price',
  plural: 'prices',
  key: keys.price,
  idOf: ({ token }) => token,
  encode: encodePrice,
  decode: decodePrice,
};

/** @throws TenhertzError `BAD_CACHE_SETTINGS` (exit code 3) for a `ttlMs` below one second. */
export function createPriceCache(deps: PriceCacheDeps): PriceCache {
  return createSharedCache(PRICES, deps);
}
