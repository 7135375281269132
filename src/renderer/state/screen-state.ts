import type {
  Bar,
  BookView,
  EpochMs,
  PoolView,
  PriceView,
  StatusView,
  Token,
} from '../../shared/contract.ts';
import type { ComponentStatus } from './component-status.ts';
import { emptyLog, type Log } from './log.ts';
import type { Position } from './position.ts';
import type { Trade } from './trade.ts';

/** How many 1-second bars a token keeps; the sparkline shows five minutes. Longer charts ask the engine. */
export const SECONDS_KEPT = 330;

/** How many trades the tape keeps at least (see `Log`). */
export const TRADES_KEPT = 5_000;

/** How many status samples the health pane draws: half a minute at two a second. */
export const TRAIL_KEPT = 60;

/** Over how many batches the engine's clock is estimated (about six seconds). */
export const CLOCK_SAMPLES = 64;

/** One point of the health pane's small curves, taken from a status. */
export interface TrailPoint {
  at: EpochMs;
  lagMs: number | null;
  redisMs: number | null;
  eventsPerSecond: number;
  batchesPerSecond: number;
}

/** Everything the screen knows. Never changed in place: each batch makes the next one. */
export interface ScreenState {
  /** The last batch applied; 0 before the first. */
  readonly seq: number;
  /** Counts snapshots: a chart that drew an older one starts over. */
  readonly generation: number;
  /** When the last batch arrived, on this machine's clock; `null` before the first. */
  readonly receivedAt: EpochMs | null;
  /** Engine time minus local time of the last batches, newest last. */
  readonly clockSamples: readonly number[];
  readonly tokens: readonly Token[];
  readonly prices: ReadonlyMap<Token, PriceView>;
  /** The most decimals each token's price was seen with, so that columns keep their width. */
  readonly decimals: ReadonlyMap<Token, number>;
  /** 1-second bars, oldest first. */
  readonly bars: ReadonlyMap<Token, readonly Bar[]>;
  /** The tape, newest last. */
  readonly trades: Log<Trade>;
  /** Channels that trades came from. */
  readonly tradeChannels: ReadonlySet<string>;
  /** By `Position.key`. */
  readonly positions: ReadonlyMap<string, Position>;
  /** Positions kept from trades, by `bookKey`. */
  readonly books: ReadonlyMap<string, BookView>;
  /** By name of the component. */
  readonly components: ReadonlyMap<string, ComponentStatus>;
  /** The watched pools; `null` until they were told, and for a moment of the past. */
  readonly pools: readonly PoolView[] | null;
  readonly status: StatusView | null;
  readonly trail: readonly TrailPoint[];
  /** Event ids that came again and were not painted again. */
  readonly duplicates: number;
  /** Events the engine could not give this window one by one. */
  readonly missed: number;
  /** The last snapshot that came because this window did not answer, and how many events it missed meanwhile. */
  readonly startedAnew: { readonly generation: number; readonly missed: number } | null;
}

/** The screen before the first batch. */
export const EMPTY_SCREEN: ScreenState = {
  seq: 0,
  generation: 0,
  receivedAt: null,
  clockSamples: [],
  tokens: [],
  prices: new Map(),
  decimals: new Map(),
  bars: new Map(),
  trades: emptyLog(),
  tradeChannels: new Set(),
  positions: new Map(),
  books: new Map(),
  components: new Map(),
  pools: null,
  status: null,
  trail: [],
  duplicates: 0,
  missed: 0,
  startedAnew: null,
};

/**
 * Engine time now. The offset is the largest of the last batches': a batch can only arrive late, never early, so the
 * largest is the one that travelled fastest and is nearest to the truth.
 */
export function engineNow(state: ScreenState, now: EpochMs): EpochMs {
  return state.clockSamples.length === 0 ? now : now + Math.max(...state.clockSamples);
}
