import type { DecimalString, EpochMs, SourceStatus } from '../../../shared/contract.ts';
import type { WatchedPool } from './watched-pools.ts';

/** What a source knows of one watched pool. */
export interface PoolAnswer {
  readonly watched: WatchedPool;
  /** What a pool is; `null` until the source has said. */
  readonly facts: PoolFacts | null;
  /** What it held when the source was heard last; `null` before, and when the source does not know the pool. */
  readonly state: ObservedPool | null;
  /** Plain words when something is wrong with this pool. */
  readonly problem: string | null;
}

/** What a pool is, which does not change. */
export interface PoolFacts {
  readonly address: string;
  readonly tokenA: string;
  readonly tokenB: string;
  /** Part of one. */
  readonly feeRate: DecimalString;
  readonly concentrated: boolean;
}

/** What a pool held; units as in the contract. */
export interface ObservedPool {
  readonly liquidity: DecimalString;
  readonly reserveA: DecimalString;
  readonly reserveB: DecimalString;
  readonly volume24h: DecimalString;
  readonly price: DecimalString | null;
  readonly receivedAt: EpochMs;
  readonly validUntil: EpochMs;
}

/** One place pool states come from. */
export interface PoolSource {
  readonly name: string;
  /** Begins to ask and goes on until {@link stop}. Never throws for an unreachable venue: see {@link status}. */
  start(): void;
  stop(): Promise<void>;
  /** One answer for each watched pool, in order. */
  pools(): readonly PoolAnswer[];
  status(): SourceStatus;
}
