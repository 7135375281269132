import { Decimal } from 'decimal.js';
import type { EpochMs, Token } from '../../../shared/contract.ts';
import type { Cancel, Clock } from '../clock.ts';
import type { PoolAnswer, PoolSource } from './pool-source.ts';
import type { PairToken, WatchedPool } from './watched-pools.ts';

/** The simulated venue looks at its pools this often and caches what it saw, as real ones do. */
export const SIMULATED_CADENCE_MS = 10_000;
const VALID_MS = 1.5 * SIMULATED_CADENCE_MS;

/** Dollars in a pool and traded in it in a day, around which both swing slowly. */
const SIZES: Readonly<Record<string, readonly [liquidity: number, volume: number]>> = {
  'SOL/USDC': [18_420_000, 96_100_000],
  'RAY/SOL': [4_070_000, 3_880_000],
  'BONK/SOL': [2_930_000, 7_410_000],
  'JitoSOL/SOL': [11_600_000, 5_020_000],
};
const OTHER_SIZE = [1_000_000, 400_000] as const;
/** A twentieth up and down in about three hours. */
const SWING = 0.05;
const SWING_PERIOD_MS = 10_800_000;

export interface SimulatedPoolsOptions {
  watched: readonly WatchedPool[];
  /** The simulated market's price in dollars now; `undefined` for a token it does not price. */
  price: (token: Token) => Decimal | undefined;
  clock: Clock;
}

/**
 * Pools of the simulated market: of constant product, in balance at its prices. Their addresses are `simulated:SOL-USDC` and the like,
 * so that nobody who reads the shared cache takes them for real ones.
 */
export function createSimulatedPools({ watched, price, clock }: SimulatedPoolsOptions): PoolSource {
  let answers: PoolAnswer[] = [];
  let cancel: Cancel | undefined;
  let lookedAt: EpochMs | null = null;
  let since = clock.now();

  const priceOf = ({ symbol }: PairToken): Decimal | undefined =>
    price(symbol) ?? (symbol === 'USDC' ? new Decimal(1) : undefined);

  const answer = (real: WatchedPool, at: EpochMs): PoolAnswer => {
    // The real pool's address must not lead anybody to what lies in the cache of it.
    const pool = { ...real, address: null };
    const { name, pair } = pool;
    const nothing = { watched: pool, facts: null, state: null };
    if (pair === null)
      return { ...nothing, problem: 'The simulated market has pools of pairs only, not by address.' };
    const [a, b] = [priceOf(pair.a), priceOf(pair.b)];
    if (a === undefined || b === undefined) {
      const missing = a === undefined ? pair.a.symbol : pair.b.symbol;
      return {
        ...nothing,
        problem: `The simulated market prices ${missing} only while it is in the watchlist.`,
      };
    }
    const [liquidity, volume] = (SIZES[name] ?? OTHER_SIZE).map((size, index) =>
      new Decimal(size)
        .times(1 + SWING * Math.sin((2 * Math.PI * at) / SWING_PERIOD_MS + index))
        .toDecimalPlaces(2),
    );
    const half = (liquidity ?? new Decimal(0)).div(2);
    return {
      watched: pool,
      facts: {
        address: `simulated:${pair.a.symbol}-${pair.b.symbol}`,
        tokenA: pair.a.symbol,
        tokenB: pair.b.symbol,
        feeRate: '0.0025',
        concentrated: false,
      },
      state: {
        liquidity: (liquidity ?? new Decimal(0)).toFixed(),
        reserveA: half.div(a).toDecimalPlaces(6).toFixed(),
        reserveB: half.div(b).toDecimalPlaces(6).toFixed(),
        volume24h: (volume ?? new Decimal(0)).toFixed(),
        price: a.div(b).toFixed(),
        receivedAt: at,
        validUntil: at + VALID_MS,
      },
      problem: null,
    };
  };
  const look = (): void => {
    const at = clock.now();
    lookedAt = at;
    answers = watched.map(pool => answer(pool, at));
  };

  return {
    name: 'simulated',
    start() {
      if (cancel !== undefined) return;
      since = clock.now();
      cancel = clock.every(SIMULATED_CADENCE_MS, look);
      look();
    },
    stop() {
      cancel?.();
      cancel = undefined;
      return Promise.resolve();
    },
    pools: () => answers,
    status: () => ({
      name: 'simulated',
      state: cancel === undefined ? 'off' : 'live',
      message: cancel === undefined ? null : 'Simulated pools: these numbers are made up.',
      since,
      lastHeardAt: lookedAt,
      nextAttemptAt: null,
      attempt: 0,
      vouching: cancel === undefined ? 0 : answers.filter(({ state }) => state !== null).length,
      asked: watched.length,
      refusedProducts: [],
      accepted: 0,
      refused: 0,
    }),
  };
}
