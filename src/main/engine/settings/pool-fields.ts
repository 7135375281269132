import { DEFAULT_POOLS } from '../sources/watched-pools.ts';
import { checkPools } from './checks.ts';
import type { FieldSpec } from './field-spec.ts';

/** How long a pool's state lives in Redis when nobody says (R9.1). */
export const POOL_TTL_MS = 2_000;

/** The settings of liquidity pools, in the order of the form. */
export const POOL_FIELDS: readonly FieldSpec[] = [
  {
    name: 'pools',
    section: 'pools',
    label: 'Watched pools',
    help: "Pairs of known tokens such as RAY/SOL, or a pool's address on Solana, one a line or with commas between. An empty list watches none.",
    keywords: ['liquidity', 'reserves', 'raydium', 'pairs', 'amm', 'price impact'],
    kind: 'list',
    applies: 'now',
    fallback: DEFAULT_POOLS,
    inUse: settings => settings.pools ?? DEFAULT_POOLS,
    check: checkPools,
  },
  {
    name: 'poolTtlMs',
    section: 'pools',
    label: "Life of a pool's state in Redis",
    help: 'A state that nobody vouches for is gone after this. It is written anew at least twice within that time.',
    keywords: ['ttl', 'expire', 'cache', 'stale', 'liquidity'],
    kind: 'number',
    unit: 'ms',
    applies: 'now',
    fallback: POOL_TTL_MS,
    inUse: settings => settings.poolTtlMs ?? POOL_TTL_MS,
  },
];
