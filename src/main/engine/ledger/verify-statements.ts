import type { QueryConfig } from 'pg';
import { LAST_POSITION, positionOf, type Position } from './ledger-events.ts';
import { ledgerJson } from './ledger-json.ts';
import type { RawEntry } from './stream-pages.ts';

/** The place of a millisecond's last entry; `endOf(since - 1)` is just before `since`. */
export function endOf(ms: number): Position {
  return { ms: String(ms), seq: LAST_POSITION.seq };
}

/** A recorded event beside its entry, where the two differ. */
export interface ComparedRow {
  /** Which of the entries given, from 1. */
  entry: number;
  /** Nothing else is filled in when it is not there. */
  missing: boolean;
  channel: string;
  epoch: number;
  sequence: string | null;
  event_type: string;
  source: string;
  /** Epoch ms. */
  at: string;
  data: string | null;
  stream_id: string | null;
  published: boolean;
  position_ms: string;
  position_seq: string;
  data_differs: boolean;
  position_differs: boolean;
}

/**
 * Compares entries with the records of the same events and gives only what differs. Data is compared as `jsonb` in the server,
 * so numbers are compared to their last digit and the order of members does not matter.
 */
export function compareEntries(channel: string, entries: readonly RawEntry[]): QueryConfig {
  const column = <T>(of: (entry: RawEntry) => T): T[] => entries.map(of);
  const positions = entries.map(({ event }) => positionOf(event.entryId));
  return {
    name: 'tenhertz-verify-entries',
    text: `
      SELECT n.entry::int AS entry, e.event_id IS NULL AS missing, e.channel, e.epoch, e.sequence::text AS sequence,
             e.event_type, e.source, e.at::text AS at, CASE WHEN e.data <> n.data THEN left(e.data::text, 1000) END AS data, e.stream_id,
             e.published_at IS NOT NULL AS published, e.position_ms::text AS position_ms,
             e.position_seq::text AS position_seq, coalesce(e.data <> n.data, false) AS data_differs,
             coalesce((e.position_ms, e.position_seq) <> (n.ms, n.seq) OR e.stream_id IS DISTINCT FROM n.id, false)
               AS position_differs
      FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::jsonb[], $8::text[], $9::bigint[],
                  $10::bigint[]) WITH ORDINALITY AS n (event_id, type, source, at, sequence, data, id, ms, seq, entry)
      LEFT JOIN LATERAL (
        SELECT *, floor(extract(epoch FROM occurred_at) * 1000)::bigint AS at
        FROM event_log WHERE event_log.event_id = n.event_id OFFSET 0
      ) e ON true
      WHERE e.event_id IS NULL OR e.channel <> $1 OR e.event_type <> n.type OR e.source <> n.source OR e.at <> n.at
         OR e.sequence IS DISTINCT FROM n.sequence OR e.data <> n.data
         OR (e.published_at IS NOT NULL
             AND ((e.position_ms, e.position_seq) <> (n.ms, n.seq) OR e.stream_id IS DISTINCT FROM n.id))
      ORDER BY n.entry`,
    values: [
      channel,
      column(({ event }) => ledgerText(event.eventId)),
      column(({ event }) => ledgerText(event.type)),
      column(({ event }) => ledgerText(event.source)),
      column(({ event }) => event.timestamp),
      column(({ event }) => event.sequence),
      column(({ data }) => ledgerJson(data)),
      column(({ event }) => event.entryId),
      positions.map(({ ms }) => ms),
      positions.map(({ seq }) => seq),
    ],
  };
}

/** A record that may be without an entry. */
export interface LoneRow {
  event_id: string;
  sequence: string | null;
  stream_id: string | null;
  position_ms: string;
  position_seq: string;
}

/** Published records after one place up to another whose events are not among `eventIds`, in order. */
export function loneRows(
  channel: string,
  [after, to]: readonly [Position, Position],
  eventIds: readonly string[],
  limit: number,
): QueryConfig {
  return {
    name: 'tenhertz-verify-rows',
    text: `
      SELECT e.event_id, e.sequence::text AS sequence, e.stream_id, e.position_ms::text AS position_ms,
             e.position_seq::text AS position_seq
      FROM event_log e
      WHERE e.channel = $1 AND (e.position_ms, e.position_seq) > ($2::bigint, $3::bigint)
        AND (e.position_ms, e.position_seq) <= ($4::bigint, $5::bigint) AND e.published_at IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM unnest($6::text[]) AS given (id) WHERE given.id = e.event_id)
      ORDER BY e.position_ms, e.position_seq LIMIT $7`,
    values: [channel, after.ms, after.seq, to.ms, to.seq, eventIds.map(ledgerText), limit],
  };
}

/** The records that hold some numbers of a channel, in whatever epoch. */
export function holdersOf(channel: string, sequences: readonly number[]): QueryConfig {
  return {
    text: `
      SELECT DISTINCT ON (sequence) sequence::text AS sequence, event_id FROM event_log
      WHERE channel = $1 AND epoch = ANY (SELECT generate_series(1, (SELECT epoch FROM channel WHERE channel = $1)))
        AND sequence = ANY ($2::bigint[]) ORDER BY sequence, epoch DESC`,
    values: [channel, sequences],
  };
}

/** What a channel's numbers came to, by the table they are given from. */
export const LAST_NUMBER = 'SELECT last_sequence::text AS last FROM channel WHERE channel = $1';

/** Channels the ledger knows, without reading every record: it jumps from one to the next through the index. */
export const KNOWN_CHANNELS = `
  WITH RECURSIVE known AS (
    (SELECT channel FROM event_log ORDER BY channel LIMIT 1)
    UNION ALL
    SELECT (SELECT e.channel FROM event_log e WHERE e.channel > known.channel ORDER BY e.channel LIMIT 1)
    FROM known WHERE known.channel IS NOT NULL
  )
  SELECT channel FROM known WHERE channel IS NOT NULL UNION SELECT channel FROM channel ORDER BY channel`;

/** Of $1 from $2 to $3 (epoch ms): committed and not broadcast. */
export const OUTBOX = `
  SELECT event_id, sequence::text AS sequence, stream_id, position_ms::text AS position_ms
  FROM event_log WHERE channel = $1 AND published_at IS NULL AND position_ms BETWEEN $2 AND $3
  ORDER BY epoch, sequence`;

/**
 * Records whose number is not above that of the record before them, in the order of replay. Epochs of zero and below hold what other
 * programs numbered in a strict channel, in whatever way.
 */
export const WRONG_ORDER = `
  SELECT event_id, sequence::text AS sequence, before::text AS before, stream_id FROM (
    SELECT event_id, sequence, stream_id, epoch, lag(sequence) OVER place AS before, lag(epoch) OVER place AS epoch_before
    FROM event_log
    WHERE channel = $1 AND position_ms BETWEEN $2 AND $3 AND published_at IS NOT NULL AND sequence IS NOT NULL
      AND epoch > 0
    WINDOW place AS (ORDER BY position_ms, position_seq)
  ) placed WHERE epoch = epoch_before AND sequence <= before`;

/** The epochs of a channel that have records between two times, with their lowest and highest numbers there. */
export const EPOCHS = `
  SELECT epoch, min(sequence)::text AS lowest, max(sequence)::text AS highest FROM event_log
  WHERE channel = $1 AND position_ms BETWEEN $2 AND $3 AND sequence IS NOT NULL AND epoch > 0
  GROUP BY epoch ORDER BY epoch`;

/** Numbers between $3 and $4 of epoch $2 that no record has. */
export const HOLES = `
  SELECT (sequence + 1)::text AS "from", (next - 1)::text AS "to" FROM (
    SELECT sequence, lead(sequence) OVER (ORDER BY sequence) AS next
    FROM event_log WHERE channel = $1 AND epoch = $2 AND sequence BETWEEN $3 AND $4
  ) numbered WHERE next > sequence + 1`;

/** The first record of epoch $2, if $3 to $4 (epoch ms) holds it, and the one that had its number before. */
export const GIVEN_AGAIN = `
  SELECT e.event_id, e.sequence::text AS sequence, e.stream_id, o.event_id AS earlier
  FROM (SELECT * FROM event_log WHERE channel = $1 AND epoch = $2 AND sequence IS NOT NULL ORDER BY sequence LIMIT 1) e
  JOIN event_log o ON o.channel = e.channel AND o.epoch > 0 AND o.epoch < e.epoch AND o.sequence = e.sequence
  WHERE e.position_ms BETWEEN $3 AND $4 ORDER BY o.epoch DESC LIMIT 1`;

/** Of $1 from $2 to $3 (epoch ms): what another program gave a number of the ledger's, and the record that has it. */
export const TAKEN = `
  SELECT e.event_id, e.sequence::text AS sequence, e.stream_id, o.event_id AS earlier
  FROM event_log e JOIN event_log o ON o.channel = e.channel AND o.epoch > 0 AND o.sequence = e.sequence
  WHERE e.channel = $1 AND e.position_ms BETWEEN $2 AND $3 AND e.epoch <= 0 ORDER BY e.position_ms, e.position_seq`;

/** Where a channel's price ticks begin: what is older may have lost its ticks to retention. */
export const OLDEST_TICK = `
  SELECT sequence::text AS sequence FROM event_log
  WHERE channel = $1 AND epoch = $2 AND event_type = 'price_update' AND sequence IS NOT NULL ORDER BY sequence LIMIT 1`;

/** PostgreSQL's text cannot hold the character U+0000. */
function ledgerText(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD');
}
