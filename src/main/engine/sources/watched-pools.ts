import { MAX_POOLS } from '../../../shared/pools.ts';
import { TenhertzError } from '../errors.ts';
import { resolveTokens } from './tokens.ts';

/** A pool to watch: one that is named by its address, or the main one of a pair, or both known. */
export interface WatchedPool {
  /** As it is shown until more is known: `SOL/USDC`, or the address. */
  readonly name: string;
  readonly address: string | null;
  readonly pair: { readonly a: PairToken; readonly b: PairToken } | null;
}

export interface PairToken {
  readonly symbol: string;
  readonly mint: string;
}

/** Watched when nobody chose: the main pool of each default token. */
export const DEFAULT_POOLS: readonly string[] = ['SOL/USDC', 'RAY/SOL', 'BONK/SOL', 'JitoSOL/SOL'];

/** Pools of pairs whose address is known beforehand; for others the venue is asked which one holds the most. */
const KNOWN_ADDRESSES: Readonly<Record<string, string>> = {
  'SOL/USDC': '3ucNos4NbumPLZNWztqGHNFFgkHeRMBQAVemeeomsUxv',
};

/** A Solana address: 32 bytes in base 58. */
const ADDRESS = /^[1-9A-HJ-NP-Za-km-z]{32,44}$/;

/**
 * Resolves what a person wrote: a pair of known tokens (`RAY/SOL`, any case) or the address of a pool. Repetitions are dropped, the
 * order is kept. Throws `UNKNOWN_POOL` (exit code 3) naming the pool and what is accepted.
 */
export function resolvePools(names: readonly string[] = DEFAULT_POOLS): WatchedPool[] {
  const pools = new Map<string, WatchedPool>();
  for (const name of names) {
    const pool = resolveOne(name.trim());
    pools.set(pool.address ?? pool.name, pool);
  }
  if (pools.size > MAX_POOLS) {
    const message = `At most ${MAX_POOLS} pools can be watched, not ${pools.size}. Shorten "pools" in settings.json.`;
    throw new TenhertzError('TOO_MANY_POOLS', message, { exitCode: 3, facts: { pools: pools.size } });
  }
  return [...pools.values()];
}

function resolveOne(name: string): WatchedPool {
  if (ADDRESS.test(name)) return { name, address: name, pair: null };
  const [a, b, ...rest] = name.split('/').map(part => pairToken(part, name));
  if (a === undefined || b === undefined || rest.length > 0 || a.mint === b.mint) throw unknownPool(name);
  const pair = `${a.symbol}/${b.symbol}`;
  return { name: pair, address: KNOWN_ADDRESSES[pair] ?? null, pair: { a, b } };
}

function pairToken(part: string, name: string): PairToken {
  try {
    const [token] = resolveTokens([part]);
    if (token !== undefined && token.mint !== null) return { symbol: token.token, mint: token.mint };
  } catch (error) {
    if (!(error instanceof TenhertzError)) throw error;
  }
  throw unknownPool(name);
}

function unknownPool(name: string): TenhertzError {
  return new TenhertzError(
    'UNKNOWN_POOL',
    `Unknown pool "${name.slice(0, 80)}". Accepted: a pair of known tokens such as RAY/SOL, or a pool's address on Solana.`,
    { exitCode: 3, facts: { pool: name } },
  );
}
