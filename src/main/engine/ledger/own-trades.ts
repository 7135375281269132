import type { Commands } from '../../../shared/contract.ts';
import { OWN_TRADES } from '../../../shared/channels.ts';
import type { StreamEvent } from '../events/event.ts';
import { channelsOf } from './cold-start.ts';
import type { LedgerDatabase } from './database.ts';
import { EVENT_COLUMNS, eventOfRow, type EventRow } from './ledger-events.ts';

/** Entries of one channel looked at for one answer: a token that is seldom traded is not searched for through years. */
const MOST_LOOKED_AT = 20_000;

/**
 * The trader's own trades of a token that lie in a stretch of time, oldest first; of more than `limit` the newest. Own are those of the
 * channels `trades:…`. Rejects with `LEDGER_DOWN`.
 */
export async function ownTrades(
  database: LedgerDatabase,
  { token, since, until, limit }: Commands['chart.trades']['args'],
  isFollowed: (channel: string) => boolean,
): Promise<StreamEvent[]> {
  const channels = (await channelsOf(database)).filter(
    channel => channel.startsWith(OWN_TRADES) && isFollowed(channel),
  );
  const { rows } = await database.query<EventRow>({
    name: 'own-trades',
    text: `SELECT found.* FROM unnest($1::text[]) AS wanted (name)
           CROSS JOIN LATERAL (
             SELECT looked_at.* FROM (
               SELECT ${EVENT_COLUMNS}, event_log.data AS content FROM event_log
               WHERE channel = wanted.name AND published_at IS NOT NULL AND position_ms >= $2 AND position_ms < $3
               ORDER BY position_ms DESC, position_seq DESC LIMIT ${MOST_LOOKED_AT}
             ) looked_at
             WHERE event_type = 'trade_executed'
               AND split_part(translate(coalesce(content->>'token_pair', content->>'token'), '-', '/'), '/', 1) = $4
             ORDER BY position_ms DESC, position_seq DESC LIMIT $5
           ) found
           ORDER BY position_ms DESC, position_seq DESC LIMIT $5`,
    values: [channels, since, until, token, limit],
  });
  return rows.map(eventOfRow).toReversed();
}
