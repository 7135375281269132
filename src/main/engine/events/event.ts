import type { EpochMs, FeedEvent } from '../../../shared/contract.ts';

/** An event to publish; the router fills in what is left out. */
export interface NewEvent {
  channel: string;
  type: string;
  source: string;
  /** A JSON value; prices and amounts in it are decimal strings. */
  data: unknown;
  /** UUID; made when left out. */
  eventId?: string;
  /** When it happened; now when left out. Written as RFC 3339 UTC. */
  timestamp?: EpochMs;
}

/** What a publish answers. */
export interface Published {
  eventId: string;
  /** 1, 2, 3 … per channel, without gaps. */
  sequence: number;
  /** The entry's id in `stream:<channel>`. */
  entryId: string;
  /** The same `event_id` was published within the idempotency window: nothing was added, this is the first result. */
  duplicate: boolean;
}

/** What became of an event: written, or dropped because a newer price of its token needed its place. */
export type Routed = (Published & { dropped: false }) | { eventId: string; dropped: true };

/** An entry read from a stream, whatever dialect its producer writes (R5.5). */
export interface StreamEvent {
  channel: string;
  entryId: string;
  /** Redis' own time of the entry (the first half of its id): lag is measured from it. */
  entryTime: EpochMs;
  /** `event_id`, or `<stream key>/<entry id>` for a producer that gives none. */
  eventId: string;
  type: string;
  source: string;
  timestamp: EpochMs;
  sequence: number | null;
  data: unknown;
  /** The data as its producer wrote it; only there where JavaScript's numbers would not keep every digit. */
  text?: string;
}

/** The event as a screen gets it. */
export function feedEventOf(event: StreamEvent): FeedEvent {
  const { eventId, channel, type, source, timestamp, sequence, data } = event;
  return { eventId, channel, type, source, timestamp, sequence, data };
}
