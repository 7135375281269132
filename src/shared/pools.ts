import type { DecimalString, EpochMs } from './units.ts';

/** A liquidity pool that is watched; part of the contract (`contract.ts`). Windows are given all of them with a batch. */
export interface PoolView {
  /** As it was chosen: a pair such as `SOL/USDC`, or the pool's address. */
  name: string;
  /** On chain; `null` until the venue has said which pool of the pair is the main one. */
  address: string | null;
  /** Symbols of the two sides as the venue orders them; `null` until known. */
  tokenA: string | null;
  tokenB: string | null;
  /** Part of a trade that the pool keeps: `0.0025` is 0.25 %. `null` until known. */
  feeRate: DecimalString | null;
  /** Whether liquidity lies in price ranges, so that the reserves give the most a trade can move the price, not what it does. */
  concentrated: boolean;
  /** `null`: nobody has said anything that could be believed. */
  state: PoolState | null;
  /** Plain words when something is wrong with this pool: the venue does not know it, or what it says was refused. */
  problem: string | null;
}

/** What a pool held at one moment. */
export interface PoolState {
  /** In US dollars. */
  liquidity: DecimalString;
  /** In whole units of each token. */
  reserveA: DecimalString;
  reserveB: DecimalString;
  /** In US dollars. */
  volume24h: DecimalString;
  /** How many of B one A costs, as the venue says; `null` where it was not said (an entry of another program). */
  price: DecimalString | null;
  /** Who says so: `raydium`, `simulated`, or `cache` for an entry another program wrote. */
  source: string;
  /** When the venue was heard. It caches by itself, so the state may be older by as much. */
  timestamp: EpochMs;
  /** Until when somebody stands behind it. */
  validUntil: EpochMs;
}

/** How many pools can be watched at most: a call to the venue and a batch hold them all. */
export const MAX_POOLS = 50;
