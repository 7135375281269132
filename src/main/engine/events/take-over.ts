import type { Redis } from 'ioredis';
import { keys } from '../redis/keys.ts';
import type { Entry } from './open-channel.ts';

/** Entries of one stream taken over from consumers that do not answer for them. */
export interface TakenOver {
  channel: string;
  entries: Entry[];
  /** Pending ids whose entries were trimmed or deleted; the server has let them go. */
  deleted: number;
}

/** Entries taken over of one channel at a time. */
const COUNT = 100;

/**
 * Takes over what other consumers of `group` were given at least `idleMs` ago and have not acknowledged (XAUTOCLAIM, R5.2), at
 * most 100 entries of each channel. Redis 6.2 gives a hole instead of the id of a deleted entry, and keeps it pending.
 */
export async function takeOver(
  client: Redis,
  channels: readonly string[],
  { group, consumer, idleMs }: { group: string; consumer: string; idleMs: number },
): Promise<TakenOver[]> {
  if (channels.length === 0) return [];
  const pipeline = client.pipeline();
  for (const channel of channels)
    pipeline.xautoclaim(keys.stream(channel), group, consumer, idleMs, '0', 'COUNT', COUNT);
  const replies = (await pipeline.exec()) ?? [];
  return channels.flatMap((channel, index) => {
    const [error, reply] = replies[index] ?? [new Error('no answer'), null];
    if (error || !Array.isArray(reply)) return [];
    const [, given, deleted] = reply as [string, (Entry | null)[], string[] | undefined];
    const entries = given.filter(entry => entry !== null);
    const gone = (deleted ?? []).length;
    return entries.length + gone === 0 ? [] : [{ channel, entries, deleted: gone }];
  });
}
