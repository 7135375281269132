import type { Redis } from 'ioredis';
import type { EpochMs } from '../../../shared/contract.ts';
import { keys } from '../redis/keys.ts';
import { namedFields } from '../redis/named-fields.ts';

/** Groups with this prefix belong to desks; no other is ever removed. */
const DESK = 'desk:';

/** Says that the desk of this group is there. */
export async function seeDesk(client: Redis, group: string, now: EpochMs): Promise<void> {
  if (group.startsWith(DESK)) await client.hset(keys.desks, group, now);
}

/**
 * Removes from these channels the groups of desks not seen for `afterMs`, so that their pending entries and places do not
 * pile up for ever. A desk is seen when it says so (see {@link seeDesk}), or when one of its consumers asked for entries. One
 * that never said so counts as seen when it is first met here. Never removes `own`, nor a group that is no desk's. A desk
 * that comes back after all makes its group anew. Answers how many were removed.
 */
export async function forgetDesks(
  client: Redis,
  channels: readonly string[],
  { own, now, afterMs }: { own: string; now: EpochMs; afterMs: number },
): Promise<number> {
  let removed = 0;
  for (const channel of channels) {
    const stream = keys.stream(channel);
    for (const group of await groupsOf(client, stream)) {
      if (!group.startsWith(DESK) || group === own) continue;
      if (!(await isForgotten(client, stream, group, now, afterMs))) continue;
      removed += Number(await client.xgroup('DESTROY', stream, group));
    }
  }
  return removed;
}

async function isForgotten(
  client: Redis,
  stream: string,
  group: string,
  now: EpochMs,
  afterMs: number,
): Promise<boolean> {
  const consumers = (await client.xinfo('CONSUMERS', stream, group)) as unknown[];
  if (consumers.map(namedFields).some(one => Number(one.get('idle')) < afterMs)) return false;
  // Asked last, so that a desk that has just come back is found to be there.
  const seen = Number(await client.hget(keys.desks, group));
  if (seen > 0) return now - seen >= afterMs;
  await client.hsetnx(keys.desks, group, now);
  return false;
}

async function groupsOf(client: Redis, stream: string): Promise<string[]> {
  if ((await client.type(stream)) !== 'stream') return [];
  const groups = (await client.xinfo('GROUPS', stream)) as unknown[];
  return groups.map(group => String(namedFields(group).get('name')));
}
