import type { ReplayQuery } from '../../../shared/replay.ts';
import type { Clock } from '../clock.ts';
import { TenhertzError } from '../errors.ts';
import { claimedSequence, decodeEntry } from '../events/decode.ts';
import { compareEntryIds, entryTimeOf } from '../events/entry-id.ts';
import type { StreamEvent } from '../events/event.ts';
import { paced } from '../events/pace.ts';
import type { Replay, ReplayOptions } from '../events/replay.ts';
import { createStreamRead, PageSize } from '../events/stream-read.ts';
import { keys } from '../redis/keys.ts';
import { namedFields } from '../redis/named-fields.ts';
import type { RedisPool } from '../redis/pool.ts';
import type { LedgerDatabase } from './database.ts';
import {
  EVENT_COLUMNS,
  eventOfRow,
  LAST_POSITION,
  ledgerEvents,
  patiently,
  positionAfter,
  positionOf,
  type EventRow,
  type Position,
} from './ledger-events.ts';

type Entry = [id: string, fields: string[]];

/** Rows that were committed and not marked as broadcast yet; nearly always none. */
const MOST_UNMARKED = 10_000;

/**
 * The replay described at {@link Replay}, of all that was ever written: what the stream has trimmed is read from the ledger, the
 * rest from the stream, as one list without a hole or a double, even when the stream is trimmed while it is read. Rejects with
 * `LEDGER_DOWN` (or why else there is no ledger) when the stream alone does not reach back to `since`; `facts.streamFrom` (epoch
 * ms, and in the message) says from when on it does.
 *
 * @param deps.database a function is called only once the ledger is needed; it answers `undefined` where there is none by choice
 */
export function createJoinedReplay(deps: {
  database: LedgerDatabase | (() => Promise<LedgerDatabase | undefined>);
  pool: RedisPool;
  clock: Clock;
}): Replay {
  const { pool, clock } = deps;
  const open = async (): Promise<LedgerDatabase | undefined> =>
    typeof deps.database === 'function' ? deps.database() : deps.database;
  const read = createStreamRead(pool);

  /** A page of the stream, and after it the stream's first entry: if that is not later than `from`, nothing is missing. */
  const page = (channel: string, from: string, to: string, count: number) =>
    read(channel, async client => {
      const stream = keys.stream(channel);
      const replies = await client
        .pipeline()
        .xrange(stream, from, to, 'COUNT', count)
        .xrange(stream, '-', '+', 'COUNT', 1)
        .get(keys.sequence(channel))
        .exec();
      const [entries, firsts, counter] = (replies ?? []).map(([error, reply]) => {
        if (error) throw error;
        return reply;
      });
      const [first] = (firsts ?? []) as Entry[];
      return { entries: (entries ?? []) as Entry[], first, counter: Number(counter ?? 0) };
    });

  async function* events(query: ReplayQuery, options: ReplayOptions): AsyncGenerator<StreamEvent> {
    const { channel, since, until } = query;
    const newest = until === null ? '+' : String(until);
    const [end] = await read(channel, client =>
      client.xrevrange(keys.stream(channel), newest, String(since), 'COUNT', 1),
    );
    // Where the ledger's part ends at the latest: behind the last entry there is, or wherever the time ends.
    const limit = end === undefined ? endOf(until) : positionAfter(end[0]);
    const size = new PageSize();
    const told = new Set<string>();
    let from = { id: `${since}-0`, after: false };
    let covered = from.id;
    for (;;) {
      const start = from.after ? `(${from.id}` : from.id;
      const { entries, first, counter } = await page(channel, start, end?.[0] ?? '0-0', size.entries);
      if (first === undefined || compareEntryIds(first[0], covered) > 0) {
        const place = from.after ? positionAfter(from.id) : positionOf(from.id);
        const to = first === undefined ? limit : earlier(positionOf(first[0]), limit);
        const known = first === undefined ? counter + 1 : claimedSequence(first[1]);
        try {
          for await (const event of older({ channel, from: place, to }, { query, known, told })) {
            yield event;
            if (options.signal?.aborted === true) return;
          }
        } catch (error) {
          if (!isAway(error) || !(await isWhole(channel, first))) throw shortOf(channel, first, error);
        }
        if (first === undefined || end === undefined || compareEntryIds(first[0], end[0]) > 0) return;
        from = { id: first[0], after: false };
        covered = first[0];
        continue;
      }
      let bytes = 0;
      for (const [id, fields] of entries) {
        for (const text of fields) bytes += text.length;
        const event = decodeEntry(channel, id, fields);
        if ('reason' in event) options.onRefused?.(id, event.reason);
        else if (!told.delete(event.eventId)) yield event;
        if (options.signal?.aborted === true) return;
      }
      const last = entries.at(-1)?.[0];
      if (last === undefined || last === end?.[0]) return;
      from = { id: last, after: true };
      covered = last;
      size.learn(entries.length, bytes);
    }
  }

  /**
   * The ledger's rows of a range. A row that was committed and broadcast a moment ago may not be marked yet: it is known by its
   * number, which is below that of the first entry the stream still has.
   */
  async function* older(
    range: { channel: string; from: Position; to: Position },
    { query, known, told }: { query: ReplayQuery; known: number | null; told: Set<string> },
  ): AsyncGenerator<StreamEvent> {
    const database = await open();
    if (database === undefined) return;
    const unmarked = known === null ? [] : await readUnmarked(database, range.channel, known, query);
    let next = 0;
    for await (const event of ledgerEvents(database, range)) {
      for (let row = unmarked[next]; row !== undefined; row = unmarked[next]) {
        if (compareEntryIds(row.entryId, event.entryId) >= 0) break;
        next += 1;
        if (isNews(row, told)) yield row;
      }
      if (!told.has(event.eventId)) yield event;
    }
    for (const row of unmarked.slice(next)) if (isNews(row, told)) yield row;
  }

  const readUnmarked = async (
    database: LedgerDatabase,
    channel: string,
    below: number,
    query: ReplayQuery,
  ): Promise<StreamEvent[]> => {
    const { rows } = await patiently(database, () =>
      database.query<EventRow>({
        name: 'unmarked-events',
        text: `SELECT ${EVENT_COLUMNS} FROM event_log
               WHERE channel = $1 AND published_at IS NULL AND sequence < $2 AND position_ms BETWEEN $3 AND $4
               ORDER BY position_ms, position_seq LIMIT ${MOST_UNMARKED}`,
        values: [channel, below, query.since, query.until ?? Number.MAX_SAFE_INTEGER],
      }),
    );
    return rows.map(eventOfRow);
  };

  /** Whether the stream still holds everything that was ever added to it. */
  const isWhole = async (channel: string, first: Entry | undefined): Promise<boolean> => {
    if (first === undefined || (claimedSequence(first[1]) ?? 1) !== 1) return false;
    const about = await read(channel, client => client.xinfo('STREAM', keys.stream(channel))).then(
      namedFields,
    );
    return about.has('entries-added') && about.get('entries-added') === about.get('length');
  };

  return (query, options = {}) => {
    const all = events(query, options);
    return query.speed === null ? all : paced(all, query.speed, clock, options.signal);
  };
}

/** Whether an unmarked row was not given before; it is remembered. */
function isNews(row: StreamEvent, told: Set<string>): boolean {
  if (told.has(row.eventId)) return false;
  told.add(row.eventId);
  return true;
}

function endOf(until: number | null): Position {
  return until === null ? LAST_POSITION : { ms: String(until + 1), seq: '0' };
}

function earlier(a: Position, b: Position): Position {
  return compareEntryIds(`${a.ms}-${a.seq}`, `${b.ms}-${b.seq}`) < 0 ? a : b;
}

/** Whether there is no ledger to ask now; what it refused is another matter. */
function isAway(error: unknown): error is TenhertzError {
  return (
    error instanceof TenhertzError &&
    error.code !== 'LEDGER_REFUSED' &&
    /^(LEDGER_|DATA_DIR_)/.test(error.code)
  );
}

/** The refusal of a replay that needs the ledger while it is away. */
function shortOf(channel: string, first: Entry | undefined, error: unknown): unknown {
  if (!isAway(error)) return error;
  const at = first === undefined ? undefined : entryTimeOf(first[0]);
  // Its first millisecond may be cut in the middle.
  const streamFrom = at === undefined ? null : at + 1;
  const says =
    streamFrom === null
      ? `The stream of ${channel} is empty`
      : `The stream of ${channel} reaches back to ${new Date(streamFrom).toISOString()} only: ask from then on, or again later`;
  return new TenhertzError(error.code, `${error.message} ${says}.`, {
    exitCode: error.exitCode,
    facts: { channel, streamFrom },
    cause: error,
  });
}
