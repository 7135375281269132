import type { StreamEvent } from '../events/event.ts';
import { PageSize } from '../events/stream-read.ts';
import { TenhertzError } from '../errors.ts';
import type { LedgerDatabase } from './database.ts';

/** A row of `event_log` as {@link EVENT_COLUMNS} selects it. */
export interface EventRow {
  event_id: string;
  channel: string;
  sequence: string | null;
  event_type: string;
  source: string;
  occurred_at: Date;
  /** JSON text: a parsed `jsonb` would have lost nothing, but would be parsed twice. */
  data: string;
  stream_id: string | null;
  position_ms: string;
  position_seq: string;
}

/** What {@link eventOfRow} needs, for any query over `event_log`. */
export const EVENT_COLUMNS = `event_id, channel, sequence, event_type, source, occurred_at, data::text AS data, stream_id,
  position_ms, position_seq`;

/** A place in the order of replay; both halves are 64-bit numbers as text, like an entry id's. */
export interface Position {
  ms: string;
  seq: string;
}

/** Before and after everything. */
export const FIRST_POSITION: Position = { ms: '0', seq: '0' };
export const LAST_POSITION: Position = { ms: '9223372036854775807', seq: '9223372036854775807' };

const MOST_SEQ = 9_223_372_036_854_775_807n;

/** Where an entry stands. */
export function positionOf(entryId: string): Position {
  const [ms = '0', seq = '0'] = entryId.split('-');
  return { ms, seq: seq.length > 18 && BigInt(seq) > MOST_SEQ ? String(MOST_SEQ) : seq };
}

/** The place right behind an entry. */
export function positionAfter(entryId: string): Position {
  const { ms, seq } = positionOf(entryId);
  const next = BigInt(seq) + 1n;
  return next > MOST_SEQ ? { ms: String(BigInt(ms) + 1n), seq: '0' } : { ms, seq: String(next) };
}

/**
 * The event of a row. Decimal strings and long numbers are as they were published; `entryId` is the stream's where it is known,
 * else the row's place in the order of replay, written like one.
 */
export function eventOfRow(row: EventRow): StreamEvent {
  const { channel, event_id, event_type, source, occurred_at, sequence, position_ms, position_seq } = row;
  return {
    channel,
    entryId: row.stream_id ?? `${position_ms}-${position_seq}`,
    entryTime: Number(position_ms),
    eventId: event_id,
    type: event_type,
    source,
    timestamp: occurred_at.getTime(),
    sequence: sequence === null ? null : Number(sequence),
    data: JSON.parse(row.data) as unknown,
  };
}

/** Which part of a channel is read from the ledger. */
export interface LedgerRange {
  channel: string;
  /** Inclusive. */
  from: Position;
  /** Exclusive. */
  to: Position;
}

/**
 * The broadcast events of a channel between two places, in the order of replay. Read in pages of about a megabyte, each asked
 * for when the last was taken, so memory does not grow with the range; no transaction is held open meanwhile. A lost connection
 * is waited for up to 5 s, then it rejects with `LEDGER_DOWN`.
 */
export async function* ledgerEvents(
  database: LedgerDatabase,
  { channel, from, to }: LedgerRange,
): AsyncGenerator<StreamEvent> {
  const size = new PageSize();
  let underWay = false;
  let after = { ms: from.ms, seq: from.seq, id: '' };
  for (;;) {
    const { rows } = await patiently(
      database,
      () =>
        database.query<EventRow>({
          name: 'ledger-events',
          text: `SELECT ${EVENT_COLUMNS} FROM event_log
               WHERE channel = $1 AND published_at IS NOT NULL
                 AND (position_ms, position_seq, event_id) > ($2::bigint, $3::bigint, $4)
                 AND (position_ms, position_seq) < ($5::bigint, $6::bigint)
               ORDER BY position_ms, position_seq, event_id LIMIT $7`,
          values: [channel, after.ms, after.seq, after.id, to.ms, to.seq, size.entries],
        }),
      underWay,
    );
    underWay = true;
    let bytes = 0;
    for (const row of rows) {
      bytes += row.data.length + 300;
      yield eventOfRow(row);
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < size.entries) return;
    after = { ms: last.position_ms, seq: last.position_seq, id: last.event_id };
    size.learn(rows.length, bytes);
  }
}

const AGAIN_WITHIN_MS = 5_000;

/**
 * Asks again when the connection broke, once the ledger answers. When it is known to be away, it is waited for only in the
 * middle of something (`underWay`), not to begin with.
 */
export async function patiently<T>(
  database: LedgerDatabase,
  ask: () => Promise<T>,
  underWay = false,
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    const { state } = database.status();
    try {
      return await ask();
    } catch (error) {
      const isDown = error instanceof TenhertzError && error.code === 'LEDGER_DOWN';
      if (!isDown || (state === 'down' && !underWay) || attempt >= 2) throw error;
      await database.ready(AGAIN_WITHIN_MS);
    }
  }
}
