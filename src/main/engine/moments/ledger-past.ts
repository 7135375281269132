import { STATUS_CHANNEL } from '../../../shared/channels.ts';
import type { StreamEvent } from '../events/event.ts';
import type { LedgerDatabase } from '../ledger/database.ts';
import { EVENT_COLUMNS, eventOfRow, type EventRow } from '../ledger/ledger-events.ts';
import { cutStretch, MOST_STATUSES, STATUS_BACK_MS, type Past, type PastKind } from './past.ts';

/** The two partial indexes of `event_log` by age; the condition is spelled as in the index. */
const KIND: Readonly<Record<PastKind, string>> = {
  prices: "event_type = 'price_update'",
  records: "event_type <> 'price_update'",
};
/** A price older than this before the moment is not worth a long search: the charts still have its bars. */
const PRICES_BACK_MS = 600_000;

/** What the ledger remembers, all channels together. Rejects with `LEDGER_DOWN` while it is away. */
export function createLedgerPast(database: LedgerDatabase): Past {
  const rows = async (name: string, text: string, values: unknown[]): Promise<StreamEvent[]> => {
    const result = await database.query<EventRow>({ name: `moments-${name}`, text, values });
    return result.rows.map(eventOfRow);
  };

  return {
    before: (kind, at, limit) =>
      rows(
        `before-${kind}`,
        `SELECT ${EVENT_COLUMNS} FROM event_log
         WHERE ${KIND[kind]} AND published_at IS NOT NULL AND position_ms <= $1 AND position_ms > $2
         ORDER BY position_ms DESC, position_seq DESC LIMIT $3`,
        [at, kind === 'prices' ? at - PRICES_BACK_MS : 0, limit],
      ),
    async between(kind, since, until, limit) {
      const found = await rows(
        `between-${kind}`,
        `SELECT ${EVENT_COLUMNS} FROM event_log
         WHERE ${KIND[kind]} AND published_at IS NOT NULL AND position_ms > $1 AND position_ms <= $2
         ORDER BY position_ms, position_seq LIMIT $3`,
        [since, until, limit],
      );
      const last = found.at(-1);
      if (found.length < limit || last === undefined) return { events: found, until };
      // The millisecond of the last row may go on beyond the limit; one that fills it alone is cut.
      return cutStretch(found, Math.max(since + 1, last.entryTime - 1));
    },
    positions: at =>
      rows(
        'positions',
        `SELECT found.* FROM latest_event newest
         CROSS JOIN LATERAL (
           SELECT ${EVENT_COLUMNS} FROM event_log
           WHERE channel = newest.channel AND event_type = 'position_update' AND published_at IS NOT NULL
             AND position_ms <= $1 AND data->>'token' = newest.token
           ORDER BY position_ms DESC, position_seq DESC LIMIT 1
         ) found
         WHERE newest.event_type = 'position_update'`,
        [at],
      ),
    statuses: at =>
      rows(
        'statuses',
        `SELECT ${EVENT_COLUMNS} FROM event_log
         WHERE channel = $1 AND published_at IS NOT NULL AND position_ms <= $2 AND position_ms >= $3
         ORDER BY position_ms DESC, position_seq DESC LIMIT $4`,
        [STATUS_CHANNEL, at, at - STATUS_BACK_MS, MOST_STATUSES],
      ),
    async density(since, until, buckets) {
      const { rows: counted } = await database.query<{ bucket: number; count: number }>({
        name: 'moments-density',
        text: `SELECT width_bucket(position_ms::float8, $1::float8, $2::float8, $3::int) AS bucket, count(*)::int AS count
               FROM event_log WHERE ${KIND.records} AND position_ms >= $1::bigint AND position_ms < $2::bigint
               GROUP BY bucket`,
        values: [since, Math.max(until, since + 1), buckets],
      });
      const counts = new Array<number>(buckets).fill(0);
      for (const { bucket, count } of counted) counts[bucket - 1] = count;
      return counts;
    },
    async oldest() {
      // Two look-ups at the heads of two indexes; one over both would read the table.
      const { rows: ends } = await database.query<{ oldest: string | null }>({
        name: 'moments-oldest',
        text: `SELECT least(
                 (SELECT min(position_ms) FROM event_log WHERE ${KIND.prices}),
                 (SELECT min(position_ms) FROM event_log WHERE ${KIND.records})) AS oldest`,
      });
      const oldest = ends[0]?.oldest ?? null;
      return oldest === null ? null : Number(oldest);
    },
  };
}
