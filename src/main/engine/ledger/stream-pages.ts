import type { EpochMs } from '../../../shared/contract.ts';
import type { StreamEvent } from '../events/event.ts';
import { readEvent } from '../events/read-event.ts';
import { PageSize, type StreamRead } from '../events/stream-read.ts';
import { keys } from '../redis/keys.ts';
import { fieldPairs } from '../redis/named-fields.ts';

/** An entry that is an event, with its data as it was written: not a digit of it went through a JavaScript number. */
export interface RawEntry {
  event: StreamEvent;
  /** JSON text. */
  data: string;
}

/** Entries of a stream that follow each other. */
export interface StreamPage {
  entries: RawEntry[];
  /** Entries that are no events; nobody records them. */
  unreadable: number;
  /** Id of the last entry; `undefined`: the stream has no more up to the time asked for. */
  end: string | undefined;
  /** Id of the first entry the stream still had after this page was read; `undefined` of an empty stream. */
  first: string | undefined;
}

/**
 * The entries of a channel's stream after `since` (inclusive) up to `until` (inclusive, Redis' own times), in pages of about a
 * megabyte. The last page may be empty. Touches no consumer group. Rejects as {@link StreamRead} does.
 */
export async function* streamPages(
  read: StreamRead,
  channel: string,
  since: EpochMs,
  until: EpochMs,
): AsyncGenerator<StreamPage> {
  const stream = keys.stream(channel);
  const size = new PageSize();
  for (let from = String(since); ;) {
    const found = await read(channel, client => client.xrange(stream, from, until, 'COUNT', size.entries));
    const [oldest] = await read(channel, client => client.xrange(stream, '-', '+', 'COUNT', 1));
    const entries = found.flatMap(([id, fields]) => readRaw(channel, id, fields) ?? []);
    const last = found.at(-1)?.[0];
    const end = found.length === size.entries ? last : undefined;
    yield { entries, unreadable: found.length - entries.length, end, first: oldest?.[0] };
    if (end === undefined) return;
    from = `(${end}`;
    size.learn(
      found.length,
      found.reduce((sum, [, fields]) => sum + fields.reduce((all, text) => all + text.length, 0), 0),
    );
  }
}

/** Which event each entry id of the stream holds; ids that are not there are left out. */
export async function eventsAt(
  read: StreamRead,
  channel: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const held = new Map<string, string>();
  const found = await Promise.all(
    ids.map(id => read(channel, client => client.xrange(keys.stream(channel), id, id))),
  );
  for (const [id, fields] of found.flat()) {
    const entry = readRaw(channel, id, fields);
    if (entry !== undefined) held.set(id, entry.event.eventId);
  }
  return held;
}

function readRaw(channel: string, id: string, fields: readonly string[]): RawEntry | undefined {
  const event = readEvent(channel, id, fields);
  if ('reason' in event) return undefined;
  const written = fieldPairs(fields).findLast(([name]) => name === 'data')?.[1];
  return { event, data: written ?? JSON.stringify(event.data) };
}
