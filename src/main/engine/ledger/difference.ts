/**
 * How a stream and the ledger differ. `missing_in_ledger`: an entry nobody recorded. `missing_in_stream`: a record whose entry is
 * gone although the stream still reaches that far. `extra_entry`: an entry that repeats an event, or that a strict channel's
 * ledger gave no number to. `altered`: both have it, a field differs. `order`: a record whose number is below the one before it.
 * `not_published`: committed, not broadcast. `hole`: numbers no record has. `duplicate_sequence`: a number given twice.
 */
export type DifferenceKind =
  | 'missing_in_ledger'
  | 'missing_in_stream'
  | 'extra_entry'
  | 'altered'
  | 'order'
  | 'not_published'
  | 'hole'
  | 'duplicate_sequence';

/** What can differ of an event that both sides have. */
export type AlteredField =
  'channel' | 'data' | 'event_type' | 'source' | 'timestamp' | 'sequence_number' | 'stream_id';

/** One difference, as `tenhertz verify --json` writes it: one a line. */
export interface Difference {
  kind: DifferenceKind;
  channel: string;
  event_id: string | null;
  /** The entry's id in `stream:<channel>`, where one is known. */
  id: string | null;
  /** As text: 64 bits do not fit a JSON number everywhere. Of a hole its first. */
  sequence_number: string | null;
  /** The last number of a hole. */
  sequence_until?: string;
  field?: AlteredField;
  /** What each side says of the field; long ones are cut. */
  stream?: string | null;
  ledger?: string | null;
  /** The same in words. */
  detail: string;
}

const LONGEST = 400;

/** The text of a value as it is shown in a difference. */
export function shown(value: string | null): string | null {
  return value !== null && value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
}

/** A difference as a line for people, without its line end. What other programs wrote cannot steer the terminal. */
export function differenceLine(difference: Difference): string {
  const {
    kind,
    channel,
    event_id: eventId,
    id,
    sequence_number: from,
    sequence_until: to,
    detail,
  } = difference;
  const number =
    from === null ? '' : to === undefined || to === from ? `number ${from}` : `numbers ${from} to ${to}`;
  const words = [number, id === null ? '' : `entry ${id}`, eventId === null ? '' : `event ${eventId}`];
  const what = words.filter(word => word !== '').join(', ');
  return `${kind}  ${channel}  ${what}: ${detail}`.replace(/\p{Cc}/gu, '?');
}
