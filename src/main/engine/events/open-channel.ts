import type { Redis } from 'ioredis';
import { messageOf } from '../errors.ts';
import { keys } from '../redis/keys.ts';
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
  /** The last entry this process has applied already; the snapshot then only takes what came after. */
  appliedTo: string | undefined;
}

/** A channel whose group stands at the right place. */
export interface OpenedChannel {
  channel: string;
  /** The snapshot, oldest first. */
  entries: Entry[];
  /** The stream's last entry when the snapshot was taken. What the group delivers up to here needs no applying. */
  lastId: string;
  /** The group was created here: nothing of the snapshot will be delivered to it. */
  created: boolean;
  /** The stream ends before `appliedTo`: the server lost entries, or was emptied. */
  rewound: boolean;
}

/** Entries per round trip. */
const CHUNK = 1_000;
/** A snapshot that has to reach back further than this many tails lets the oldest unread entries go. */
const MOST_TAILS = 10;

/**
 * First snapshot, then follow (R5.1): reads the tail of the stream, and creates the group at the tail's last entry, so
 * that the group delivers exactly what the snapshot does not hold. A group that is there already keeps its place; the
 * snapshot then reaches back at least to the oldest entry the group has not acknowledged.
 */
export async function openChannel(guarded: Guarded, options: OpenChannelOptions): Promise<OpenedChannel> {
  const { channel, group, consumer, appliedTo } = options;
  const stream = keys.stream(channel);
  const deliveredTo = await groupPosition(guarded, stream, group);
  const oldestNeeded =
    deliveredTo === undefined
      ? undefined
      : ((await oldestPending(guarded, stream, group, consumer)) ?? deliveredTo);

  const entries: Entry[] = [];
  let rewound = false;
  let floor = appliedTo;
  for (let end = '+'; ;) {
    const chunk = await guarded(client => client.xrevrange(stream, end, '-', 'COUNT', CHUNK));
    if (
      entries.length === 0 &&
      floor !== undefined &&
      compareEntryIds(chunk[0]?.[0] ?? FIRST_ENTRY_ID, floor) < 0
    ) {
      rewound = true;
      floor = undefined;
    }
    for (const entry of chunk) {
      if (enough(entry[0], entries.length, options.tailCount, floor, oldestNeeded)) {
        return { channel, created: await place(), rewound, lastId: lastId(), entries: entries.reverse() };
      }
      entries.push(entry);
    }
    const oldest = chunk.at(-1)?.[0];
    if (oldest === undefined || chunk.length < CHUNK) break;
    end = `(${oldest}`;
  }
  return { channel, created: await place(), rewound, lastId: lastId(), entries: entries.reverse() };

  function lastId(): string {
    return entries[0]?.[0] ?? floor ?? FIRST_ENTRY_ID;
  }

  /** True when it created the group. */
  async function place(): Promise<boolean> {
    if (deliveredTo === undefined) {
      try {
        await guarded(client => client.xgroup('CREATE', stream, group, lastId(), 'MKSTREAM'));
        return true;
      } catch (error) {
        // Created by another in between: it stands where that one put it.
        if (!messageOf(error).startsWith('BUSYGROUP')) throw error;
      }
    } else if (compareEntryIds(deliveredTo, lastId()) > 0 && (await isAhead(guarded, stream, deliveredTo))) {
      await guarded(client => client.xgroup('SETID', stream, group, lastId()));
    }
    return false;
  }
}

function enough(
  id: string,
  taken: number,
  tailCount: number,
  floor: string | undefined,
  oldestNeeded: string | undefined,
): boolean {
  if (floor !== undefined) return compareEntryIds(id, floor) <= 0;
  if (taken < tailCount) return false;
  return (
    oldestNeeded === undefined || compareEntryIds(id, oldestNeeded) < 0 || taken >= tailCount * MOST_TAILS
  );
}

/** Where the group stands, or `undefined` when there is no such stream or group. */
async function groupPosition(guarded: Guarded, stream: string, group: string): Promise<string | undefined> {
  let groups: unknown;
  try {
    groups = await guarded(client => client.xinfo('GROUPS', stream));
  } catch (error) {
    if (messageOf(error).includes('no such key')) return undefined;
    throw error;
  }
  const own = (groups as unknown[][]).map(namedFields).find(fields => fields.get('name') === group);
  return own === undefined ? undefined : String(own.get('last-delivered-id'));
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

/** Whether a group stands behind the end of its stream, where nothing would ever reach it. */
async function isAhead(guarded: Guarded, stream: string, deliveredTo: string): Promise<boolean> {
  const info = namedFields((await guarded(client => client.xinfo('STREAM', stream))) as unknown[]);
  return compareEntryIds(deliveredTo, String(info.get('last-generated-id'))) > 0;
}

function namedFields(flat: unknown[]): Map<unknown, unknown> {
  const fields = new Map<unknown, unknown>();
  for (let at = 0; at + 1 < flat.length; at += 2) fields.set(flat[at], flat[at + 1]);
  return fields;
}
