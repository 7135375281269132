import { readPattern } from '../events/channel-pattern.ts';
import { compareEntryIds } from '../events/entry-id.ts';
import type { StreamEvent } from '../events/event.ts';
import { keys } from '../redis/keys.ts';
import type { RedisPool } from '../redis/pool.ts';
import type { LedgerDatabase } from './database.ts';
import { EVENT_COLUMNS, eventOfRow, type EventRow } from './ledger-events.ts';

/** What the ledger remembers of a desk that starts. */
export interface ColdStart {
  /** The newest price of each token and the newest position of each token in each channel. */
  newest: StreamEvent[];
  /** The newest other events (trades, statuses …) of channels whose stream is empty or gone. */
  events: StreamEvent[];
}

/** Other events, newest: what a tape shows. */
const MOST_EVENTS = 500;
/** Rows looked at in each channel for them: one that carries nothing but positions is not searched to its beginning. */
const MOST_LOOKED_AT = 5_000;
/** Prices and positions; a desk has room for this many positions. */
const MOST_NEWEST = 4_000;
/** Channels looked at. */
const MOST_CHANNELS = 1_000;

/**
 * Reads what a desk that follows `patterns` shows before any stream tells it more: last prices, which are as old as they are,
 * positions, and the tape of channels Redis has nothing of. All oldest first. Rejects with `LEDGER_DOWN` and `REDIS_DOWN`.
 *
 * @param belongs which events may be shown: markets are never mixed
 */
export async function readColdStart(deps: {
  database: LedgerDatabase;
  pool: RedisPool;
  patterns: readonly string[];
  belongs: (event: StreamEvent) => boolean;
}): Promise<ColdStart> {
  const { database, pool, belongs } = deps;
  const patterns = deps.patterns.map(readPattern);
  const isFollowed = (channel: string): boolean => patterns.some(pattern => pattern.matches(channel));

  const { rows } = await database.query<EventRow>({
    text: `SELECT event_id, channel, sequence, event_type, source, occurred_at, data::text AS data, NULL AS stream_id,
             position_ms, position_seq
           FROM latest_event ORDER BY position_ms DESC, position_seq DESC LIMIT ${MOST_NEWEST}`,
  });
  const newest = rows.map(eventOfRow).filter(event => isFollowed(event.channel) && belongs(event));

  const empty = await emptyChannels(pool, (await channelsOf(database)).filter(isFollowed));
  const found = await database.query<EventRow>({
    text: `SELECT found.* FROM unnest($1::text[]) AS wanted (name)
           CROSS JOIN LATERAL (
             SELECT newest.* FROM (
               SELECT ${EVENT_COLUMNS} FROM event_log WHERE channel = wanted.name AND published_at IS NOT NULL
               ORDER BY position_ms DESC, position_seq DESC LIMIT ${MOST_LOOKED_AT}
             ) newest
             WHERE event_type NOT IN ('price_update', 'position_update')
             ORDER BY position_ms DESC, position_seq DESC LIMIT ${MOST_EVENTS}
           ) found`,
    values: [empty],
  });
  const events = found.rows.map(eventOfRow).filter(belongs).sort(inOrder).slice(-MOST_EVENTS);
  return { newest: newest.sort(inOrder), events };
}

/** The channels the ledger has events of, at most 1,000, found by jumping from one to the next along an index. */
export async function channelsOf(database: LedgerDatabase): Promise<string[]> {
  const { rows } = await database.query<{ channel: string }>({
    text: `WITH RECURSIVE found AS (
             SELECT min(channel) AS channel FROM event_log
             UNION ALL
             SELECT (SELECT min(channel) FROM event_log WHERE channel > found.channel) FROM found
             WHERE found.channel IS NOT NULL
           )
           SELECT channel FROM found WHERE channel IS NOT NULL LIMIT ${MOST_CHANNELS}`,
  });
  return rows.map(({ channel }) => channel);
}

async function emptyChannels(pool: RedisPool, channels: readonly string[]): Promise<string[]> {
  const pipeline = pool.shared().pipeline();
  for (const channel of channels) pipeline.xlen(keys.stream(channel));
  const replies = (await pipeline.exec()) ?? [];
  // A key that is no stream is not followed either.
  return channels.filter((_, index) => replies[index]?.[0] === null && replies[index][1] === 0);
}

function inOrder(a: StreamEvent, b: StreamEvent): number {
  return compareEntryIds(a.entryId, b.entryId);
}
