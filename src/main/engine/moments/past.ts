import type { EpochMs } from '../../../shared/contract.ts';
import { compareEntryIds } from '../events/entry-id.ts';
import type { StreamEvent } from '../events/event.ts';

/** Price ticks are many and are conflated; records (trades, positions, statuses, anything else) are each shown. */
export type PastKind = 'prices' | 'records';

/** Events of all channels between two times, and up to where they are complete. */
export interface Stretch {
  /** Oldest first. */
  events: StreamEvent[];
  /** Everything up to here is in it; before the end asked for when there was more than the limit. */
  until: EpochMs;
}

/** A place that remembers events: the streams, or the ledger. Times are the entries' own (their order in the stream). */
export interface Past {
  /** The newest events at or before `at`, newest first, at most `limit`. */
  before(kind: PastKind, at: EpochMs, limit: number): Promise<StreamEvent[]>;
  /** Events after `since` up to `until`, about `limit` at most. */
  between(kind: PastKind, since: EpochMs, until: EpochMs, limit: number): Promise<Stretch>;
  /** The newest `position_update` of each token in each channel at or before `at`, in any order. */
  positions(at: EpochMs): Promise<StreamEvent[]>;
  /** The reports of `system:events` within the 15 minutes up to `at`, at most 1,000, in any order. */
  statuses(at: EpochMs): Promise<StreamEvent[]>;
  /** How many records fell into each of `buckets` equal parts. */
  density(since: EpochMs, until: EpochMs, buckets: number): Promise<number[]>;
  /** The oldest moment there is anything of. */
  oldest(): Promise<EpochMs | null>;
}

/** How far back reports of the health are looked for; each desk repeats its own every minute. */
export const STATUS_BACK_MS = 900_000;
export const MOST_STATUSES = 1_000;

/** Whether an event is of a kind. */
export function isOfKind({ type }: StreamEvent, kind: PastKind): boolean {
  return (type === 'price_update') === (kind === 'prices');
}

/** Events of several places as one list, oldest first, each id once. */
export function mergeEvents(...lists: readonly (readonly StreamEvent[])[]): StreamEvent[] {
  const byId = new Map<string, StreamEvent>();
  for (const list of lists) for (const event of list) byId.set(event.eventId, event);
  return [...byId.values()].sort((a, b) => compareEntryIds(a.entryId, b.entryId));
}

/** Cuts a stretch that was read with a limit back to where each of its sources is complete. */
export function cutStretch(events: readonly StreamEvent[], until: EpochMs): Stretch {
  return { events: events.filter(event => event.entryTime <= until), until };
}
