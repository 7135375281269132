import type { EpochMs } from './units.ts';

/**
 * What a screen is told of channels, gaps, streams and dead letters; part of the contract (`contract.ts`), apart only
 * because of its size.
 */

/** One channel a desk follows. Counts are since the engine started; times are of the data, not of a probe. */
export interface ChannelStatus {
  channel: string;
  /** The patterns that brought it: its own name, or for instance `trades:*`. */
  via: string[];
  applied: number;
  duplicates: number;
  refused: number;
  /** Entries this desk moved to the dead letters. */
  dead: number;
  /** Now minus the entry time of the last applied entry, when it was applied; `null` before the first. */
  lagMs: number | null;
  lastAppliedAt: EpochMs | null;
  /** Entries in the stream after the last applied one; `null` until measured. */
  behind: number | null;
  /** Entries given to this group and not acknowledged, and the age of the oldest; `null` until measured. */
  pending: number | null;
  oldestPendingMs: number | null;
  /** Entries the server trimmed before this desk read them. */
  trimmedUnread: number;
  /** 1, and one more each time the sequence went back (a server that lost its last second). */
  epoch: number;
  gaps: { open: number; healed: number; lost: number };
}

/** Missing sequence numbers `from` to `to` (both missing) of one channel, and what became of them. */
export interface GapView {
  channel: string;
  epoch: number;
  from: number;
  to: number;
  noticedAt: EpochMs;
  /** `open`: being looked for. `healed`: every number was found and applied. `lost`: `missing` of them are nowhere. */
  state: 'open' | 'healed' | 'lost';
  closedAt: EpochMs | null;
  missing: number;
  /** Where a healed gap's events were found; `ledger` if any of them was only there. `null` until it is healed. */
  healedFrom: 'stream' | 'ledger' | null;
}

/** A consumer group of a stream, as another program or desk left it. */
export interface GroupView {
  name: string;
  consumers: number;
  pending: number;
  oldestPendingMs: number | null;
  /** Entries it has not been given; counted, because the server's own number is wrong after trimming. `null`: not counted. */
  behind: number | null;
  lastDeliveredAt: EpochMs | null;
  /** This desk's own group. */
  own: boolean;
}

/** A stream found on the server. */
export interface StreamInfo {
  channel: string;
  length: number;
  firstEntryAt: EpochMs | null;
  lastEntryAt: EpochMs | null;
  /** The channel's counter; `null` for a stream of a producer that keeps none. */
  sequence: number | null;
  dead: number;
  followed: boolean;
  groups: GroupView[];
}

/** What the streams browser shows: `complete` is false when the look-up stopped at its budget. */
export interface StreamsView {
  at: EpochMs;
  streams: StreamInfo[];
  complete: boolean;
}

/** An entry exactly as it is stored. */
export interface EntryView {
  entryId: string;
  at: EpochMs;
  fields: [name: string, value: string][];
}

/** An entry that was set aside, with its original fields. */
export interface DeadLetterView {
  /** Its id among the dead letters. */
  id: string;
  at: EpochMs;
  reason: string;
  /** How often it was tried. */
  count: number;
  /** Its id in the stream it came from. */
  entryId: string;
  fields: [name: string, value: string][];
}
