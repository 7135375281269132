import type { Redis } from 'ioredis';
import type { StreamEvent } from '../../../src/main/engine/events/event.ts';
import { readEvent } from '../../../src/main/engine/events/read-event.ts';

/** The stream of prices. */
export const STREAM = 'stream:price-updates';

/** Every event of the stream, oldest first. */
export async function everything(client: Redis): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  for (let from = '-'; ;) {
    const entries = await client.xrange(STREAM, from, '+', 'COUNT', 10_000);
    for (const [id, fields] of entries) {
      const event = readEvent('price-updates', id, fields);
      if (!('reason' in event)) events.push(event);
    }
    const last = entries.at(-1);
    if (last === undefined) return events;
    from = `(${last[0]}`;
  }
}

/** How many groups it has. */
export async function groups(client: Redis): Promise<number> {
  if ((await client.exists(STREAM)) === 0) return 0;
  return ((await client.xinfo('GROUPS', STREAM)) as unknown[]).length;
}

/** Entries given and not acknowledged. */
export async function pending(client: Redis): Promise<number> {
  return Number((await client.xpending(STREAM, 'desk:test'))[0]);
}

/** Entries that were not acknowledged, given or not. */
export async function behind(client: Redis): Promise<number> {
  const [group] = (await client.xinfo('GROUPS', STREAM)) as [string[]];
  const last = String(group[group.indexOf('last-delivered-id') + 1]);
  return (await client.xrange(STREAM, `(${last}`, '+', 'COUNT', 100)).length + (await pending(client));
}
