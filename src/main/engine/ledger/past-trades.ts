import { TRADE_CHANNELS } from '../../../shared/channels.ts';
import type { StreamEvent } from '../events/event.ts';
import { channelsOf } from './cold-start.ts';
import type { LedgerDatabase } from './database.ts';
import { FIRST_POSITION, LAST_POSITION, ledgerEvents, type Position } from './ledger-events.ts';

/** Of each channel at most: half of what a desk knows again when a stream tells it once more. */
const MOST_TRADES = 50_000;

/**
 * The trades of every channel the ledger knows, channel by channel, each oldest first: what positions are kept from. Of a channel
 * with more than 50,000 events the newest. Rejects with `LEDGER_DOWN`.
 */
export async function* pastTrades(
  database: LedgerDatabase,
  isFollowed: (channel: string) => boolean,
): AsyncGenerator<StreamEvent> {
  for (const channel of await channelsOf(database)) {
    if (!TRADE_CHANNELS.test(channel) || !isFollowed(channel)) continue;
    const from = await startOf(database, channel);
    yield* ledgerEvents(database, { channel, from, to: LAST_POSITION });
  }
}

/** Where the newest events of a channel begin. */
async function startOf(database: LedgerDatabase, channel: string): Promise<Position> {
  const { rows } = await database.query<{ position_ms: string; position_seq: string }>({
    text: `SELECT position_ms, position_seq FROM event_log WHERE channel = $1 AND published_at IS NOT NULL
           ORDER BY position_ms DESC, position_seq DESC OFFSET ${MOST_TRADES} LIMIT 1`,
    values: [channel],
  });
  const [row] = rows;
  return row === undefined ? FIRST_POSITION : { ms: row.position_ms, seq: row.position_seq };
}
