import type { StreamEvent } from '../events/event.ts';
import { entryTimeOf } from '../events/entry-id.ts';
import type { SearchElsewhere } from '../events/gap-search.ts';
import type { LedgerDatabase } from './database.ts';
import { EVENT_COLUMNS, eventOfRow, positionAfter, positionOf, type EventRow } from './ledger-events.ts';

/** Rows brought for one question; what is left is asked for again. */
const MOST_FOUND = 5_000;
/** Of what was trimmed before it was read, the newest: what a stream would have held. */
const MOST_UNREAD = 10_000;
/**
 * How far beside its neighbours a row may lie: a strict row that is not marked yet lies at its commit, under the ledger's clock.
 */
const MARGIN_MS = 2_000;

type Row = EventRow & { epoch: number };

/**
 * Looks in the ledger for events a stream does not have any more; see {@link SearchElsewhere}. Only rows that lie between the
 * neighbours count, and of them those of one epoch: that of the entry after the gap, else the newest.
 */
export function createLedgerSearch(database: LedgerDatabase): SearchElsewhere {
  const search = async (
    channel: string,
    { after, before }: { after: string; before: string },
    ranges: readonly { from: number; to: number }[],
  ): Promise<StreamEvent[]> => {
    const end = positionOf(before);
    const { rows } = await database.query<Row>({
      name: 'missing-events',
      text: `WITH neighbour AS (
               SELECT epoch FROM event_log WHERE channel = $1 AND position_ms = $6::bigint AND position_seq = $7::bigint
               LIMIT 1
             ), found AS (
               SELECT ${EVENT_COLUMNS}, epoch FROM event_log
               WHERE channel = $1 AND position_ms BETWEEN $2 AND $3
                 AND EXISTS (SELECT FROM unnest($4::bigint[], $5::bigint[]) AS r (low, high)
                             WHERE sequence BETWEEN r.low AND r.high)
             )
             SELECT * FROM found
             WHERE epoch = coalesce((SELECT epoch FROM neighbour), (SELECT max(epoch) FROM found))
             ORDER BY sequence LIMIT ${MOST_FOUND}`,
      values: [
        channel,
        (entryTimeOf(after) ?? 0) - MARGIN_MS,
        (entryTimeOf(before) ?? 0) + MARGIN_MS,
        ranges.map(({ from }) => from),
        ranges.map(({ to }) => to),
        end.ms,
        end.seq,
      ],
    });
    return rows.map(eventOfRow);
  };

  const unread = async (channel: string, after: string, before: string): Promise<StreamEvent[]> => {
    const [low, high] = [positionAfter(after), positionOf(before)];
    const { rows } = await database.query<EventRow>({
      name: 'unread-events',
      text: `SELECT ${EVENT_COLUMNS} FROM event_log
             WHERE channel = $1 AND published_at IS NOT NULL
               AND (position_ms, position_seq) >= ($2::bigint, $3::bigint)
               AND (position_ms, position_seq) < ($4::bigint, $5::bigint)
             ORDER BY position_ms DESC, position_seq DESC LIMIT ${MOST_UNREAD}`,
      values: [channel, low.ms, low.seq, high.ms, high.seq],
    });
    return rows.map(eventOfRow).reverse();
  };

  return (channel, { after, before, ranges }) =>
    ranges === null ? unread(channel, after, before) : search(channel, { after, before }, ranges);
}
