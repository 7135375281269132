import type { LedgerDatabase } from './database.ts';
import { settleCollisions } from './record-collisions.ts';
import type { RecordRow } from './record-row.ts';
import { columnsOf, ENTRY_TIME, INSERT, ROWS, VALUES } from './record-sql.ts';

/**
 * Records events that are in their streams, each once, in one statement where they are new. The numbers of a strict channel are the
 * ledger's: what other programs number there is kept apart in epochs of zero and below. Answers which it added, unless all.
 */
const RECORD = `WITH fresh AS (
    ${INSERT}
    SELECT i.event_id, i.channel,
           CASE WHEN i.strict THEN least(0, (SELECT min(e.epoch) FROM event_log e WHERE e.channel = i.channel))
                ELSE coalesce(c.epoch, 1) END, ${VALUES}
      FROM ${ROWS} LEFT JOIN channel c ON c.channel = i.channel ${ENTRY_TIME}
     ORDER BY i.channel, i.ms, i.seq
    ON CONFLICT DO NOTHING RETURNING event_id, channel, epoch, sequence),
  raised AS (
    INSERT INTO channel AS c (channel, last_sequence)
    SELECT channel, max(sequence) FROM fresh WHERE epoch > 0 AND sequence IS NOT NULL GROUP BY channel ORDER BY channel
    ON CONFLICT (channel) DO UPDATE SET last_sequence = excluded.last_sequence WHERE c.last_sequence < excluded.last_sequence)
  SELECT CASE WHEN count(*) < cardinality($1::text[]) THEN coalesce(array_agg(event_id), '{}') END AS added FROM fresh`;

/** Of events that are there already, what was not known: where they stand. Answers which are there. */
const FILL = `WITH filled AS (
    UPDATE event_log e SET stream_id = i.stream_id, confirmed_at = coalesce(e.confirmed_at, clock_timestamp()),
           published_at = coalesce(e.published_at, clock_timestamp()), position_ms = i.ms, position_seq = i.seq
      FROM (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[])
              u (event_id, channel, stream_id, ms, seq) ORDER BY event_id) i
     WHERE e.event_id = i.event_id AND e.channel = i.channel AND (e.stream_id IS NULL OR e.published_at IS NULL))
  SELECT event_id FROM event_log WHERE event_id = ANY ($1)`;

/**
 * Records a batch, whatever of it is there already. Rejects with `LEDGER_DOWN`, `LEDGER_FULL`, or `LEDGER_REFUSED` for all of it when
 * one row cannot be stored; it can be repeated.
 */
export async function recordEvents(database: LedgerDatabase, batch: readonly RecordRow[]): Promise<void> {
  // Of an id that comes twice the first counts; the second is not another event.
  const rows = [...new Map([...batch].reverse().map(row => [row.eventId, row])).values()].reverse();
  const { rows: answer } = await database.query<{ added: string[] | null }>({
    name: 'tenhertz-record',
    text: RECORD,
    values: columnsOf(rows),
  });
  const ids = answer[0]?.added ?? null;
  if (ids === null) return;
  const added = new Set(ids);
  const left = rows.filter(({ eventId }) => !added.has(eventId));
  const { rows: there } = await database.query<{ event_id: string }>({
    name: 'tenhertz-record-fill',
    text: FILL,
    values: [
      left.map(row => row.eventId),
      left.map(row => row.channel),
      left.map(row => row.entryId),
      left.map(row => row.ms),
      left.map(row => row.seq),
    ],
  });
  const known = new Set(there.map(row => row.event_id));
  const collided = left.filter(({ eventId }) => !known.has(eventId));
  if (collided.length > 0)
    await settleCollisions(
      database,
      collided,
      rows.filter(row => added.has(row.eventId)),
    );
}

const LATEST = `INSERT INTO latest_event AS l
    (channel, event_type, token, event_id, sequence, source, occurred_at, data, position_ms, position_seq)
  SELECT i.channel, i.type, i.token, i.event_id, i.sequence, i.source, i.occurred_at, i.data::jsonb, i.ms, i.seq
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::timestamptz[], $8::text[],
                $9::bigint[], $10::bigint[]) i (channel, type, token, event_id, sequence, source, occurred_at, data, ms, seq)
   ORDER BY i.channel, i.type, i.token
  ON CONFLICT (channel, event_type, token) DO UPDATE SET event_id = excluded.event_id, sequence = excluded.sequence,
    source = excluded.source, occurred_at = excluded.occurred_at, data = excluded.data, position_ms = excluded.position_ms,
    position_seq = excluded.position_seq
  WHERE (l.position_ms, l.position_seq) < (excluded.position_ms, excluded.position_seq)`;

/** Notes the newest price and position of each token; one row per channel, type and token. */
export async function recordLatest(
  database: Pick<LedgerDatabase, 'query'>,
  rows: readonly RecordRow[],
): Promise<void> {
  await database.query({
    name: 'tenhertz-latest',
    text: LATEST,
    values: [
      rows.map(row => row.channel),
      rows.map(row => row.type),
      rows.map(row => row.token),
      rows.map(row => row.eventId),
      rows.map(row => row.sequence),
      rows.map(row => row.source),
      rows.map(row => new Date(row.occurredAt).toISOString()),
      rows.map(row => row.json),
      rows.map(row => row.ms),
      rows.map(row => row.seq),
    ],
  });
}
