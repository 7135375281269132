import type { ChannelStatus, EpochMs } from '../../../shared/contract.ts';
import { FIRST_ENTRY_ID } from './entry-id.ts';
import { SequenceWatch } from './sequence-watch.ts';

/** Everything a desk knows about one channel while it runs; see {@link ChannelStatus} for the numbers. */
export interface ChannelState {
  readonly channel: string;
  /** The last entry taken in, in stream order. */
  appliedTo: string | undefined;
  /** The first snapshot held the entries from here… */
  snapshotFrom: string | undefined;
  /** …to here; the group was given everything up to here before. */
  snapshotTo: string;
  watch: SequenceWatch;
  applied: number;
  duplicates: number;
  refused: number;
  dead: number;
  lagMs: number | null;
  lastAppliedAt: EpochMs | null;
  behind: number | null;
  pending: number | null;
  oldestPendingMs: number | null;
  trimmedUnread: number;
  /** Other consumers of our group hold entries they have not acknowledged. */
  othersPending: boolean;
  /** Until then (monotonic ms) the group is known to have other consumers at work: each sees only a part of the numbers. */
  sharedUntil: number;
}

/** Channels no longer followed whose state is kept, in case they return. */
const KEPT = 2_000;

/** The states of all channels seen, by name; the longest untouched are forgotten. */
export class ChannelStates {
  readonly #states = new Map<string, ChannelState>();

  of(channel: string): ChannelState {
    let state = this.#states.get(channel);
    if (state === undefined) {
      state = newState(channel);
      this.#states.set(channel, state);
    }
    return state;
  }

  peek(channel: string): ChannelState | undefined {
    return this.#states.get(channel);
  }

  /** Drops the states of channels that are not followed, beyond the newest 2,000. */
  prune(followed: ReadonlySet<string>): void {
    let over = this.#states.size - followed.size - KEPT;
    for (const channel of this.#states.keys()) {
      if (over <= 0) return;
      if (followed.has(channel)) continue;
      this.#states.delete(channel);
      over -= 1;
    }
  }

  /** As the screen is told. */
  view(channel: string, via: string[]): ChannelStatus {
    const { watch, ...state } = this.of(channel);
    const { applied, duplicates, refused, dead, lagMs, lastAppliedAt } = state;
    const { behind, pending, oldestPendingMs, trimmedUnread } = state;
    return {
      channel,
      via,
      applied,
      duplicates,
      refused,
      dead,
      lagMs,
      lastAppliedAt,
      behind,
      pending,
      oldestPendingMs,
      trimmedUnread,
      epoch: watch.epoch,
      gaps: { open: watch.open.length, ...watch.counts },
    };
  }
}

function newState(channel: string): ChannelState {
  return {
    channel,
    appliedTo: undefined,
    snapshotFrom: undefined,
    snapshotTo: FIRST_ENTRY_ID,
    watch: new SequenceWatch(),
    applied: 0,
    duplicates: 0,
    refused: 0,
    dead: 0,
    lagMs: null,
    lastAppliedAt: null,
    behind: null,
    pending: null,
    oldestPendingMs: null,
    trimmedUnread: 0,
    othersPending: false,
    sharedUntil: Number.NEGATIVE_INFINITY,
  };
}
