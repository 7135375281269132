import type { Redis } from 'ioredis';
import { keys } from '../../../src/main/engine/redis/keys.ts';
import type { LedgerDatabase } from '../../../src/main/engine/ledger/database.ts';

/** An event as it lies in the stream and in the ledger; times of the entry are `at`. */
export interface Written {
  channel: string;
  id: string;
  at: number;
  seq?: number;
  sequence: number | null;
  type?: string;
  source?: string;
  data?: object;
  /** Committed, and not marked as broadcast. */
  unmarked?: boolean;
  /** When it happened; the entry's time by default. */
  timestamp?: number;
}

/** The entry's id. */
export function entryId({ at, seq = 0 }: Written): string {
  return `${at}-${seq}`;
}

/** Appends events to their streams, under their own entry ids. */
export async function toStream(client: Redis, list: readonly Written[]): Promise<void> {
  const pipeline = client.pipeline();
  for (const one of list) {
    const { channel, id, at, sequence, type = 'trade_executed', source = 'bot', data = {} } = one;
    pipeline.xadd(
      keys.stream(channel),
      entryId(one),
      ...['event_id', id, 'event_type', type, 'source', source],
      ...['timestamp', new Date(one.timestamp ?? at).toISOString()],
      ...(sequence === null ? [] : ['sequence_number', String(sequence)]),
      ...['data', JSON.stringify(data)],
    );
    if (sequence !== null) pipeline.set(keys.sequence(channel), sequence);
  }
  for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
}

/** Records events as the program does, marked as broadcast unless they say otherwise. */
export async function toLedger(database: LedgerDatabase, list: readonly Written[], epoch = 1): Promise<void> {
  for (let from = 0; from < list.length; from += 2_000) {
    const some = list.slice(from, from + 2_000);
    await database.query({
      text: `INSERT INTO event_log (event_id, channel, epoch, sequence, event_type, source, occurred_at, received_at, data,
               stream_id, published_at, position_ms, position_seq)
             SELECT id, channel, $2, sequence, type, source, to_timestamp(occurred / 1000.0), to_timestamp(ms / 1000.0), data,
               CASE WHEN unmarked THEN NULL ELSE ms || '-' || seq END, CASE WHEN unmarked THEN NULL ELSE now() END, ms, seq
             FROM jsonb_to_recordset($1::jsonb) AS t(id text, channel text, sequence bigint, type text, source text,
               occurred bigint, ms bigint, seq bigint, data jsonb, unmarked boolean)`,
      values: [
        JSON.stringify(
          some.map(({ at, seq = 0, type = 'trade_executed', source = 'bot', data = {}, ...one }) => ({
            ...one,
            occurred: one.timestamp ?? at,
            ms: at,
            seq,
            type,
            source,
            data,
            unmarked: one.unmarked === true,
          })),
        ),
        epoch,
      ],
    });
  }
}
