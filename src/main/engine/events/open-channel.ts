import type { Redis } from 'ioredis';
import { messageOf } from '../errors.ts';
import { keys } from '../redis/keys.ts';
import { namedFields } from '../redis/named-fields.ts';
import { compareEntryIds, FIRST_ENTRY_ID } from './entry-id.ts';

/** An entry as Redis gives it; fields are `null` for a pending entry that was trimmed since. */
export type Entry = [id: string, fields: readonly string[] | null];

/** Runs one command of a connection against a deadline. */
export type Guarded = <T>(run: (client: Redis) => Promise<T>) => Promise<T>;

export interface OpenChannelOptions {
  channel: string;
  group: string;
  consumer: string;
  /** How many of the newest entries the snapshot takes. */
  tailCount: number;
  /** The last entry this process has taken in already; then there is no snapshot, only what comes after. */
  appliedTo: string | undefined;
  /** A stream that came into being while it was being watched for is read from its beginning: all of it is news. */
  born: boolean;
  /** Make the stream when it is not there. Otherwise the answer is `undefined` then. */
  make: boolean;
}

/** A channel whose group stands at the right place. */
export interface OpenedChannel {
  channel: string;
  /** The snapshot, oldest first. */
  entries: Entry[];
  /** The group was given the entries up to here before, or they are in the snapshot; `undefined`: no snapshot was taken. */
  lastId: string | undefined;
  /** The group was created here: nothing of the snapshot will be delivered to it. */
  created: boolean;
  /** The stream ends before `appliedTo`: the server lost entries, or was emptied. */
  rewound: boolean;
}

interface Found {
  /** The last id the stream has given. */
  lastId: string;
  /** Where the group stands. */
  deliveredTo: string | undefined;
  /** The server counts entries (Redis 7). */
  counts: boolean;
}

/** Entries per round trip. */
const CHUNK = 1_000;
/** How much further than the tail a snapshot reaches back, to begin with what was pending, as a multiple of it. */
const MOST_TAILS = 10;

/**
 * First snapshot, then follow (R5.1). A group that is not there is created behind the tail of the stream that was read, so
 * that it delivers exactly what the snapshot does not hold; one that is there keeps its place, and the snapshot holds
 * what lies before it, back at least to the oldest entry this consumer has not acknowledged. A channel opened again by
 * the same process (a lost connection, a deleted stream) has no snapshot: its group, or a new one at the last entry
 * taken in, delivers what is missing.
 */
export async function openChannel(
  guarded: Guarded,
  options: OpenChannelOptions,
): Promise<OpenedChannel | undefined> {
  const { channel, group, appliedTo } = options;
  const stream = keys.stream(channel);
  const found = await look(guarded, stream, group);
  if (found === undefined && !options.make) return undefined;
  const { lastId: streamEnd, deliveredTo, counts } = found ?? { lastId: FIRST_ENTRY_ID, counts: false };
  const isAhead = deliveredTo !== undefined && compareEntryIds(deliveredTo, streamEnd) > 0;
  const rewound = appliedTo !== undefined && compareEntryIds(streamEnd, appliedTo) < 0;

  if (appliedTo !== undefined && !rewound) {
    const created = deliveredTo === undefined && (await create(appliedTo));
    if (isAhead) await stand(appliedTo);
    return { channel, entries: [], lastId: undefined, created, rewound };
  }
  if (options.born && deliveredTo === undefined && !rewound) {
    const created = await create(FIRST_ENTRY_ID, counts ? 0 : undefined);
    return { channel, entries: [], lastId: FIRST_ENTRY_ID, created, rewound };
  }
  const entries = await snapshot(guarded, options, isAhead ? undefined : deliveredTo);
  const lastId = (isAhead ? undefined : deliveredTo) ?? entries.at(-1)?.[0] ?? FIRST_ENTRY_ID;
  const created = deliveredTo === undefined && (await create(lastId));
  // Behind the end of its stream nothing would ever reach it.
  if (isAhead) await stand(lastId);
  return { channel, entries, lastId, created, rewound };

  /** False when another created the group in between: it stands where that one put it. */
  async function create(at: string, read?: number): Promise<boolean> {
    try {
      await guarded(client =>
        read === undefined
          ? client.xgroup('CREATE', stream, group, at, 'MKSTREAM')
          : client.xgroup('CREATE', stream, group, at, 'MKSTREAM', 'ENTRIESREAD', read),
      );
      return true;
    } catch (error) {
      if (!messageOf(error).startsWith('BUSYGROUP')) throw error;
      return false;
    }
  }

  async function stand(at: string): Promise<void> {
    await guarded(client => client.xgroup('SETID', stream, group, at));
  }
}

/** The stream and our group on it, or `undefined` when there is no such stream. */
async function look(guarded: Guarded, stream: string, group: string): Promise<Found | undefined> {
  const replies = await guarded(client =>
    client.pipeline().xinfo('STREAM', stream).xinfo('GROUPS', stream).exec(),
  );
  const [[problem, info], [, groups]] = [replies?.[0] ?? [null, []], replies?.[1] ?? [null, []]];
  if (problem) {
    if (messageOf(problem).includes('no such key')) return undefined;
    throw problem;
  }
  const about = namedFields(info);
  const own = (Array.isArray(groups) ? groups : [])
    .map(namedFields)
    .find(fields => fields.get('name') === group);
  return {
    lastId: String(about.get('last-generated-id')),
    deliveredTo: own === undefined ? undefined : String(own.get('last-delivered-id')),
    counts: about.has('entries-added'),
  };
}

/** The tail of the stream, up to `upTo` (or its end), oldest first. */
async function snapshot(
  guarded: Guarded,
  { channel, group, consumer, tailCount }: OpenChannelOptions,
  upTo: string | undefined,
): Promise<Entry[]> {
  const stream = keys.stream(channel);
  const oldestNeeded = upTo === undefined ? undefined : await oldestPending(guarded, stream, group, consumer);
  const entries: Entry[] = [];
  for (let end = upTo ?? '+'; ;) {
    const chunk = await guarded(client => client.xrevrange(stream, end, '-', 'COUNT', CHUNK));
    for (const entry of chunk) {
      const isNeeded = oldestNeeded !== undefined && compareEntryIds(entry[0], oldestNeeded) >= 0;
      if (entries.length >= tailCount && (!isNeeded || entries.length >= tailCount * MOST_TAILS))
        return entries.reverse();
      entries.push(entry);
    }
    const oldest = chunk.at(-1)?.[0];
    if (oldest === undefined || chunk.length < CHUNK) return entries.reverse();
    end = `(${oldest}`;
  }
}

async function oldestPending(
  guarded: Guarded,
  stream: string,
  group: string,
  consumer: string,
): Promise<string | undefined> {
  const [first] = await guarded(client => client.xpending(stream, group, '-', '+', 1, consumer));
  return first === undefined ? undefined : String((first as unknown[])[0]);
}
