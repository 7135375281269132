import type { RecordRow } from './record-row.ts';

/** Arrays for {@link ROWS}, a column each. */
export function columnsOf(rows: readonly RecordRow[]): unknown[] {
  return [
    rows.map(row => row.eventId),
    rows.map(row => row.channel),
    bare(rows.map(row => row.strict)),
    bare(rows.map(row => row.sequence)),
    rows.map(row => row.type),
    rows.map(row => row.source),
    bare(rows.map(row => `"${new Date(row.occurredAt).toISOString()}"`)),
    rows.map(row => row.json),
    bare(rows.map(row => row.entryId)),
    bare(rows.map(row => row.ms)),
    bare(rows.map(row => row.seq)),
  ];
}

/** An array whose elements need no quotes, written at once: the client looks at every character of every element. */
function bare(values: readonly (string | number | boolean | null)[]): string {
  return `{${values.map(value => value ?? 'NULL').join(',')}}`;
}

/** The arrays as a table `i`. */
export const ROWS = `unnest($1::text[], $2::text[], $3::bool[], $4::bigint[], $5::text[], $6::text[], $7::timestamptz[], $8::text[],
  $9::text[], $10::bigint[], $11::bigint[]) i (event_id, channel, strict, sequence, type, source, occurred_at, data, stream_id, ms, seq)`;

/** What is inserted from `i`, but for the epoch. An entry's own time is when it was received and broadcast. */
export const INSERT = `INSERT INTO event_log (event_id, channel, epoch, sequence, event_type, source, occurred_at, received_at, data, stream_id,
  confirmed_at, published_at, position_ms, position_seq)`;
export const VALUES = `i.sequence, i.type, i.source, i.occurred_at, entry.time, i.data::jsonb, i.stream_id, clock_timestamp(), entry.time,
  i.ms, i.seq`;
export const ENTRY_TIME = `CROSS JOIN LATERAL (SELECT to_timestamp(least(i.ms, 253402300799999) / 1000.0) AS time) entry`;
