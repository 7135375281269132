import type { Bar, EpochMs, MarketMode, Token } from '../../../shared/contract.ts';

/** Intervals whose bars are stored; all others are folded from them. */
export type StoredInterval = '1s' | '1m';

/** Bars of one token in one market; live, simulated and recorded prices are never mixed. */
export interface Series {
  market: MarketMode;
  token: Token;
  interval: StoredInterval;
}

/** A closed bar on its way to where bars are stored. */
export interface StoredBar extends Series {
  bar: Bar;
}

/** A place where bars are stored. All reads are of one series; times are starts of bars. */
export interface BarPlace {
  /** Writes bars, each series and start at most once in the list; a bar that is there is brought up to date. */
  write(bars: readonly StoredBar[]): Promise<void>;
  /** Bars that start at or after `from` and before `to`, oldest first. */
  read(series: Series, from: EpochMs, to: EpochMs): Promise<Bar[]>;
  /** Start of the oldest bar. */
  oldest(series: Series): Promise<EpochMs | undefined>;
  /** Start of the newest bar before `before`. */
  newestBefore(series: Series, before: EpochMs): Promise<EpochMs | undefined>;
}
