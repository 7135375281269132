import type { Redis } from 'ioredis';
import type { ReplayLine, ReplayQuery } from '../../../shared/replay.ts';
import type { Clock } from '../clock.ts';
import { messageOf, TenhertzError } from '../errors.ts';
import { keys } from '../redis/keys.ts';
import type { RedisPool } from '../redis/pool.ts';
import { decodeEntry } from './decode.ts';
import type { StreamEvent } from './event.ts';

/** What a replay tells besides its events. */
export interface ReplayOptions {
  /** Ends the replay, also in the middle of waiting for its pace. */
  signal?: AbortSignal;
  /** Called for each entry that cannot be read; it is left out. */
  onRefused?: (entryId: string, reason: string) => void;
}

/**
 * The events of a channel between two times, of every dialect, in the order of the stream. That is the order of their
 * sequence numbers, with one exception: a dead letter that was put back stands where it was put back.
 *
 * It ends at the last entry there was when it began, so it is never an endless read of a living channel. It reads in
 * pages of about a megabyte and asks for the next only when the last was taken, so its memory does not grow. It reads with
 * XRANGE alone and touches no consumer group. A channel nobody wrote to is empty. Rejects with `REDIS_DOWN` when Redis
 * stays away for 5 s, and with `NOT_A_STREAM`.
 */
export type Replay = (query: ReplayQuery, options?: ReplayOptions) => AsyncGenerator<StreamEvent>;

type Entry = [id: string, fields: string[]];

const FIRST_PAGE = 100;
const MOST_ENTRIES = 1_000;
const PAGE_BYTES = 1_000_000;
const AGAIN_WITHIN_MS = 5_000;
/** Timers of more than 24 days fire at once; one waits in steps. */
const LONGEST_SLEEP_MS = 3_600_000;

/** Makes the replay of a pool; see {@link Replay}. */
export function createReplay(deps: { pool: RedisPool; clock: Clock }): Replay {
  const { pool, clock } = deps;

  /** Reading again after a lost connection changes nothing, so it is done once Redis answers. */
  const read = async <T>(channel: string, run: (client: Redis) => Promise<T>): Promise<T> => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await run(pool.shared());
      } catch (error) {
        if (messageOf(error).startsWith('WRONGTYPE'))
          throw new TenhertzError('NOT_A_STREAM', `${keys.stream(channel)} is not a stream.`, {
            cause: error,
          });
        const refused = error instanceof Error && error.name === 'ReplyError';
        if (refused || attempt >= 3) throw error;
        await pool.ready(AGAIN_WITHIN_MS);
      }
    }
  };

  async function* events(query: ReplayQuery, options: ReplayOptions): AsyncGenerator<StreamEvent> {
    const { channel, since, until } = query;
    const stream = keys.stream(channel);
    // An id without its second half means the first, or the last, of that millisecond.
    const newest = until === null ? '+' : String(until);
    const [last] = await read(channel, client => client.xrevrange(stream, newest, String(since), 'COUNT', 1));
    if (last === undefined) return;
    let count = FIRST_PAGE;
    for (let from = String(since); ;) {
      const page: Entry[] = await read(channel, client =>
        client.xrange(stream, from, last[0], 'COUNT', count),
      );
      let bytes = 1;
      for (const [id, fields] of page) {
        for (const text of fields) bytes += text.length;
        const event = decodeEntry(channel, id, fields);
        if ('reason' in event) options.onRefused?.(id, event.reason);
        else yield event;
        if (options.signal?.aborted === true) return;
      }
      const end = page.at(-1)?.[0];
      if (end === undefined || end === last[0]) return;
      from = `(${end}`;
      count = Math.max(1, Math.min(MOST_ENTRIES, Math.floor((PAGE_BYTES * page.length) / bytes)));
    }
  }

  return (query, options = {}) => {
    const all = events(query, options);
    return query.speed === null ? all : paced(all, query.speed, clock, options.signal);
  };
}

function replayLine(event: StreamEvent): string {
  const line: ReplayLine = {
    event_id: event.eventId,
    event_type: event.type,
    channel: event.channel,
    source: event.source,
    timestamp: new Date(event.timestamp).toISOString(),
    sequence_number: event.sequence,
    id: event.entryId,
    data: event.data,
  };
  return JSON.stringify(line);
}

/** Whole lines are handed on together up to about this many characters. */
const PIECE = 32_768;

/**
 * The NDJSON of a replay, in pieces of whole lines, each with its newline. A paced replay gives every line by itself.
 */
export async function* replayText(
  replay: Replay,
  query: ReplayQuery,
  options?: ReplayOptions,
): AsyncGenerator<string> {
  let piece = '';
  for await (const event of replay(query, options)) {
    piece += `${replayLine(event)}\n`;
    if (piece.length < PIECE && query.speed === null) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

/** Gives each event as long after the first as it was written after it, divided by `speed`. */
async function* paced(
  events: AsyncGenerator<StreamEvent>,
  speed: number,
  clock: Clock,
  signal: AbortSignal | undefined,
): AsyncGenerator<StreamEvent> {
  let first: { at: number; entryTime: number } | undefined;
  for await (const event of events) {
    first ??= { at: clock.monotonic(), entryTime: event.entryTime };
    const due = first.at + (event.entryTime - first.entryTime) / speed;
    for (let left = due - clock.monotonic(); left > 0; left = due - clock.monotonic()) {
      await pause(clock, Math.min(left, LONGEST_SLEEP_MS), signal);
      if (signal?.aborted === true) return;
    }
    yield event;
  }
}

/** Sleeps, or ends early when `signal` is given. */
function pause(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise(resolve => {
    const done = (): void => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(ms, done);
    if (signal?.aborted === true) done();
    else signal?.addEventListener('abort', done);
  });
}
