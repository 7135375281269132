import type { BookView } from './book-view.ts';
import type { FeedEvent, PriceView, TokenBar } from './market-views.ts';
import type { EpochMs } from './units.ts';

/** Begins the source of what a desk notes of its own health; the first digits of its install id follow. */
export const OWN_SOURCE = 'tenhertz:';

/** How far back the screen can travel. */
export interface MomentRange {
  /** The oldest moment there is anything of; `null` when nothing was ever recorded. */
  from: EpochMs | null;
  to: EpochMs;
  /** Whether the ledger was asked too; without it only what the streams still hold can be shown. */
  ledger: boolean;
}

/** What a screen showed at a moment, from the streams and the ledger. */
export interface Moment {
  at: EpochMs;
  /** The newest of each token at or before `at`. */
  prices: PriceView[];
  /** The newest 500 trades and other events at or before `at`, oldest first; prices and positions are not among them. */
  events: FeedEvent[];
  /** The newest `position_update` of each token in each channel at or before `at`. */
  positions: FeedEvent[];
  /** The positions kept from the trades up to `at`. */
  books: BookView[];
  /** The newest `system_status` of each component within the 15 minutes before `at`. */
  statuses: FeedEvent[];
  /** Why something is missing, in plain words; `null` when all there is was read. */
  note: string | null;
}

/** A piece of the past to play. */
export interface MomentPiece {
  /** Everything after `since` and up to here is in it; less than asked for when there was too much. */
  until: EpochMs;
  /** The newest of each token in each step, oldest first. */
  prices: PriceView[];
  /** 1-second bars of all prices in the piece, unconflated; the first of a token may continue a bar begun before. */
  bars: TokenBar[];
  /** All other events, oldest first. */
  events: FeedEvent[];
  /** The positions kept from the trades up to the end of the piece. */
  books: BookView[];
  note: string | null;
}

/** Time travel (R12.5): nothing here moves a consumer group or is mistaken for live. */
export interface MomentCommands {
  'moment.range': { args: Record<string, never>; result: MomentRange };
  /** How many events (prices left out) fell into each of `buckets` (1..1000) equal parts of the time. */
  'moment.density': {
    args: { since: EpochMs; until: EpochMs; buckets: number };
    result: { counts: number[] };
  };
  'moment.read': { args: { at: EpochMs }; result: Moment };
  /** What happened after `since` up to `until` (at most an hour); prices conflated to one per token in each `stepMs`. */
  'moment.play': { args: { since: EpochMs; until: EpochMs; stepMs: number }; result: MomentPiece };
}
