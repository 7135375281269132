import type { ChannelStatus, GapView } from './event-views.ts';
import type { EpochMs } from './units.ts';

/** Where the numbers come from, as chosen by the trader. */
export type MarketMode = 'live' | 'simulated' | 'recorded';

export interface RedisStatus {
  state: 'up' | 'connecting' | 'down';
  kind: 'embedded' | 'external';
  /** Never holds a password. */
  address: string;
  since: EpochMs;
  /** Median round trip of the program's own commands over the last seconds; `null` before the first. */
  latencyMs: number | null;
  /** Plain words when not up: what is wrong and what happens next. */
  message: string | null;
}

/** The ledger (PostgreSQL), what waits to be written to it, and what went wrong. */
export interface LedgerStatus {
  /** `off`: by choice, nothing is recorded. */
  state: 'up' | 'connecting' | 'down' | 'off';
  kind: 'embedded' | 'external' | 'off';
  /** Never holds a password; empty when off. */
  address: string;
  since: EpochMs;
  /** Median time of the program's own statements over the last seconds; `null` before the first. */
  latencyMs: number | null;
  /** Plain words when not up: what is wrong and what happens next. */
  message: string | null;
}

/** What the engine has on its way to the ledger. */
export interface LedgerWork {
  /** Committed in strict channels and not broadcast yet. */
  outbox: number;
  /** Events of confirm channels that wait in memory to be recorded. */
  unconfirmed: number;
  /** Attempts to record that failed, and events lost to the ledger because their stream was trimmed before it came back. */
  confirmFailures: number;
  lost: number;
  /** Median time from an event's entry to its record, ms; `null` before the first. */
  confirmMs: number | null;
}

export interface SourceStatus {
  name: string;
  /** `live`: vouches for at least one token now. `silent`: connected, nothing heard for too long. */
  state: 'connecting' | 'live' | 'silent' | 'rate-limited' | 'refused' | 'down' | 'ended' | 'off';
  message: string | null;
  since: EpochMs;
  lastHeardAt: EpochMs | null;
  nextAttemptAt: EpochMs | null;
  attempt: number;
  /** Tokens it vouches for now, and the ones asked of it. */
  vouching: number;
  asked: number;
  /** Products the venue refused by name (`NOPE-USD`). */
  refusedProducts: string[];
  accepted: number;
  refused: number;
}

export interface UpdaterStatus {
  state: 'running' | 'waiting' | 'stopped';
  everyMs: number;
  lastTickAt: EpochMs | null;
  message: string | null;
}

export interface SubscriptionStatus {
  state: 'starting' | 'following' | 'waiting';
  group: string;
  /** What the desk was told to follow: names and patterns such as `trades:*`. */
  patterns: string[];
  channels: ChannelStatus[];
  /** The newest gaps, newest first, at most 20. */
  gapsSeen: GapView[];
  /** Now minus the entry time of the last applied entry, when it was applied; `null` before the first. */
  lagMs: number | null;
  lastAppliedAt: EpochMs | null;
  applied: number;
  duplicates: number;
  gaps: number;
  refused: number;
}

/** Trades that no position could be reckoned from, since the start. */
export interface UnbookedTrades {
  count: number;
  /** The newest of them: where it came from, and why, as the end of "it …". */
  channel: string;
  reason: string;
}

/** The truth bar's content; sent with a batch about twice a second. */
export interface StatusView {
  at: EpochMs;
  mode: MarketMode;
  /** The watchlist, in order. A token without a price yet is in here all the same. */
  tokens: string[];
  redis: RedisStatus;
  ledger: LedgerStatus & LedgerWork;
  sources: SourceStatus[];
  /** Where pools come from; its `vouching` and `asked` count pools. `null`: no pools are watched in this market. */
  poolSource: SourceStatus | null;
  updater: UpdaterStatus;
  subscription: SubscriptionStatus;
  /** Left out while every trade could be booked. */
  unbooked?: UnbookedTrades;
  feed: { clients: number; batchesPerSecond: number; eventsPerSecond: number; queued: number };
}
