import type { ColumnType, Generated, Insertable, Selectable } from 'kysely';

/**
 * The ledger's tables as the migrations make them (see `migrations/`). Decimals and 64-bit numbers come and go as text: a
 * JavaScript number would round them.
 */
export interface Schema {
  event_log: EventLogTable;
  channel: ChannelTable;
  latest_event: LatestEventTable;
  candle: CandleTable;
}

/** A 64-bit number: text when read, text or a safe integer when written. */
type BigInteger = ColumnType<string, string | number, string | number>;
type DefaultBigInteger = ColumnType<string, string | number | undefined, string | number>;
/** A `timestamptz`: a `Date` when read, a `Date` or RFC 3339 text when written. */
type Time = ColumnType<Date, Date | string, Date | string>;
type DefaultTime = ColumnType<Date, Date | string | undefined, Date | string>;
type OptionalTime = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;

/** Every event, once (R7.1). Other programs read and write this table directly. */
export interface EventLogTable {
  /** A UUID, or `<stream key>/<entry id>` of an event whose producer gives none. */
  event_id: string;
  channel: string;
  /**
   * Rises when a channel's numbers began anew because Redis had lost them; 1 at first. Zero and below: numbers that other programs
   * gave in a strict channel, kept apart from the ledger's own.
   */
  epoch: Generated<number>;
  /** Unique per channel and epoch; `null` where the producer writes none. */
  sequence: ColumnType<string | null, string | number | null | undefined, string | number | null>;
  event_type: string;
  source: string;
  /** When it happened, by its producer. */
  occurred_at: Time;
  /** When Redis took it, or when it was committed here before. */
  received_at: DefaultTime;
  /** The JSON it was published with; numbers keep every digit. Written as JSON text. */
  data: ColumnType<unknown, string, string>;
  /** The entry's id in `stream:<channel>`; `null` until known. */
  stream_id: ColumnType<string | null, string | null | undefined, string | null>;
  /** When the entry was seen in its stream. */
  confirmed_at: OptionalTime;
  /** When it was broadcast; `null`: it waits in the outbox. */
  published_at: OptionalTime;
  /** The order of replay: the two halves of the stream id; of an outbox row the commit's epoch ms and the sequence. */
  position_ms: DefaultBigInteger;
  position_seq: DefaultBigInteger;
}

/** What is known of a channel's numbers; its row is the lock strict publishers queue at. */
export interface ChannelTable {
  channel: string;
  epoch: Generated<number>;
  /** The highest number given or seen in the current epoch. */
  last_sequence: DefaultBigInteger;
}

/** The newest `price_update` and `position_update` of each token in each channel, whole, for a cold start. */
export interface LatestEventTable {
  channel: string;
  event_type: string;
  token: string;
  event_id: string;
  sequence: ColumnType<string | null, string | number | null | undefined, string | number | null>;
  source: string;
  occurred_at: Time;
  data: ColumnType<unknown, string, string>;
  position_ms: BigInteger;
  position_seq: BigInteger;
}

/** Price history (R7.6). */
export interface CandleTable {
  /** `live`, `simulated` or `recorded`: never mixed. */
  market: string;
  token: string;
  /** `1s` (kept a day) or `1m` (kept a year). */
  interval: string;
  /** Start of the bar, epoch ms. */
  time: BigInteger;
  open: string;
  high: string;
  low: string;
  close: string;
  /** Sum of the amounts traded; `null` where no trade is known. */
  volume: ColumnType<string | null, string | null | undefined, string | null>;
}

export type EventRow = Selectable<EventLogTable>;
export type NewEventRow = Insertable<EventLogTable>;
export type CandleRow = Selectable<CandleTable>;
