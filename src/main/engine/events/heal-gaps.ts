import type { Redis } from 'ioredis';
import { keys } from '../redis/keys.ts';
import { namedFields } from '../redis/named-fields.ts';
import type { Entry } from './open-channel.ts';
import type { Gap } from './sequence-watch.ts';

/** Entries looked at between the gap's two neighbours, and before the first of them. */
const BETWEEN = 1_000;
const BEFORE = 200;

/**
 * Looks in the stream for the missing numbers of a gap: between the entries on its two sides, and shortly before them. What
 * comes after is delivered anyway. `shared` says that another consumer of our group is at work (it gave a sign within
 * `idleMs`): the entries may then be given to it.
 */
export async function searchGap(
  client: Redis,
  channel: string,
  gap: Gap,
  { group, consumer, idleMs }: { group: string; consumer: string; idleMs: number },
): Promise<{ entries: Entry[]; shared: boolean }> {
  const stream = keys.stream(channel);
  const replies = await client
    .pipeline()
    .xinfo('CONSUMERS', stream, group)
    .xrevrange(stream, gap.after, '-', 'COUNT', BEFORE)
    .xrange(stream, `(${gap.after}`, gap.before, 'COUNT', BETWEEN)
    .exec();
  const [consumers, before, between] = (replies ?? []).map(([error, reply]) => {
    if (error) throw error;
    return reply as unknown[];
  });
  const shared = (consumers ?? []).map(namedFields).some(one => {
    return one.get('name') !== consumer && Number(one.get('idle')) < idleMs;
  });
  return { shared, entries: [...((before ?? []) as Entry[]).reverse(), ...((between ?? []) as Entry[])] };
}
