import type { PoolClient } from 'pg';
import { compareEntryIds } from '../events/entry-id.ts';
import type { LedgerDatabase } from './database.ts';
import type { RecordRow } from './record-row.ts';
import { columnsOf, ENTRY_TIME, INSERT, ROWS, VALUES } from './record-sql.ts';

/** Epochs one batch may begin in a channel; what still has no place then is recorded without its number. */
const MOST_EPOCHS = 20;

/**
 * Records events whose number another event of their channel has: Redis lost its counter and gave numbers again, or another program
 * counts by itself. With the first of them a new epoch of the channel begins, for what follows it in the batch too.
 *
 * @param added what was recorded of the same batch
 */
export async function settleCollisions(
  database: LedgerDatabase,
  collided: readonly RecordRow[],
  added: readonly RecordRow[],
): Promise<void> {
  const channels = [...new Set(collided.map(({ channel }) => channel))].sort();
  for (const channel of channels) {
    const own = (row: RecordRow): boolean => row.channel === channel;
    await database.transaction(client => settle(client, channel, collided.filter(own), added.filter(own)));
  }
}

async function settle(
  client: PoolClient,
  channel: string,
  collided: readonly RecordRow[],
  added: readonly RecordRow[],
): Promise<void> {
  await client.query('INSERT INTO channel (channel) VALUES ($1) ON CONFLICT DO NOTHING', [channel]);
  await client.query('SELECT FROM channel WHERE channel = $1 FOR UPDATE', [channel]);
  // Another desk may have settled the same meanwhile.
  let left = await without(client, collided);
  let follow = added;
  for (let round = 1; left.length > 0; round += 1) {
    const [first] = [...left].sort((a, b) => compareEntryIds(a.entryId, b.entryId));
    if (first === undefined) return;
    const epoch = await nextEpoch(client, first);
    follow = follow.filter(row => compareEntryIds(row.entryId, first.entryId) > 0);
    await client.query(
      `UPDATE event_log SET epoch = $1 WHERE event_id = ANY ($2::text[]) AND sequence IS NOT NULL`,
      [epoch, follow.map(row => row.eventId)],
    );
    const numbered = round < MOST_EPOCHS ? left : left.map(row => ({ ...row, sequence: null }));
    const { rows } = await client.query<{ event_id: string }>({
      text: `${INSERT} SELECT i.event_id, i.channel, $12, ${VALUES} FROM ${ROWS} ${ENTRY_TIME}
             ORDER BY i.ms, i.seq ON CONFLICT DO NOTHING RETURNING event_id`,
      values: [...columnsOf(numbered), epoch],
    });
    const done = new Set(rows.map(row => row.event_id));
    follow = [...follow, ...left.filter(row => done.has(row.eventId))];
    left = left.filter(row => !done.has(row.eventId));
    if (!first.strict) {
      await client.query(
        `UPDATE channel SET last_sequence = (SELECT coalesce(max(sequence), 0) FROM event_log WHERE channel = $1 AND epoch = $2)
         WHERE channel = $1`,
        [channel, epoch],
      );
    }
  }
}

async function nextEpoch(client: PoolClient, { channel, strict }: RecordRow): Promise<number> {
  // The numbers of a strict channel go on: the ledger gave them.
  const { rows } = await client.query<{ epoch: number }>(
    strict
      ? 'SELECT least(0, min(epoch)) - 1 AS epoch FROM event_log WHERE channel = $1'
      : 'UPDATE channel SET epoch = epoch + 1, last_sequence = 0 WHERE channel = $1 RETURNING epoch',
    [channel],
  );
  return rows[0]?.epoch ?? 1;
}

async function without(client: PoolClient, rows: readonly RecordRow[]): Promise<RecordRow[]> {
  const { rows: there } = await client.query<{ event_id: string }>(
    'SELECT event_id FROM event_log WHERE event_id = ANY ($1::text[])',
    [rows.map(row => row.eventId)],
  );
  const known = new Set(there.map(row => row.event_id));
  return rows.filter(({ eventId }) => !known.has(eventId));
}
