import type { ReplayLine, ReplayQuery } from '../../../shared/replay.ts';
import type { Clock } from '../clock.ts';
import { keys } from '../redis/keys.ts';
import type { RedisPool } from '../redis/pool.ts';
import { decodeEntry } from './decode.ts';
import type { StreamEvent } from './event.ts';
import { paced } from './pace.ts';
import { createStreamRead, PageSize } from './stream-read.ts';

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

/** Makes the replay of a pool; see {@link Replay}. */
export function createReplay(deps: { pool: RedisPool; clock: Clock }): Replay {
  const { clock } = deps;
  const read = createStreamRead(deps.pool);

  async function* events(query: ReplayQuery, options: ReplayOptions): AsyncGenerator<StreamEvent> {
    const { channel, since, until } = query;
    const stream = keys.stream(channel);
    // An id without its second half means the first, or the last, of that millisecond.
    const newest = until === null ? '+' : String(until);
    const [last] = await read(channel, client => client.xrevrange(stream, newest, String(since), 'COUNT', 1));
    if (last === undefined) return;
    const size = new PageSize();
    for (let from = String(since); ;) {
      const page = await read(channel, client => client.xrange(stream, from, last[0], 'COUNT', size.entries));
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
      size.learn(page.length, bytes);
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
