import script from '../../../../resources/lua/requeue.lua?raw';
import type { DeadLetterView } from '../../../shared/contract.ts';
import type { Clock } from '../clock.ts';
import { messageOf, TenhertzError } from '../errors.ts';
import { findStreamKeys, type ScanBudget } from '../redis/find-keys.ts';
import { keys } from '../redis/keys.ts';
import { fieldPairs } from '../redis/named-fields.ts';
import type { RedisPool } from '../redis/pool.ts';
import { entryTimeOf } from './entry-id.ts';

/** The entries that were set aside (R5.3). */
export interface DeadLetterStore {
  /** Newest first. */
  list(channel: string, limit: number): Promise<DeadLetterView[]>;
  /**
   * Back into the stream as new entries, and out of the dead letters, in the order given; answers how many there were. Ids
   * that are not there, and letters whose original fields cannot be read, are passed over. The fields stay as they were,
   * event id and sequence number included, so consumers that had applied the entry drop it; an entry without an event
   * id gets the identity it had, `<stream key>/<first entry id>`. Rejects with `REQUEUE_FAILED` when Redis refuses one;
   * its facts say how many went before.
   */
  requeue(channel: string, ids: readonly string[]): Promise<number>;
  /** Deletes letters for good; answers how many there were. */
  drop(channel: string, ids: readonly string[]): Promise<number>;
  /** Channels that have letters, by name; `complete` is false when the budget of the search ended first. */
  channels(): Promise<{ channels: { channel: string; count: number }[]; complete: boolean }>;
  /** Ids of all letters that are there now, oldest first, in pages. What is buried meanwhile is not among them. */
  ids(channel: string): AsyncGenerator<string[]>;
}

/** Length a stream is trimmed to, approximately, as by the publisher. */
const MAX_LEN = 10_000;
/** Letters moved by one script call: it must not hold the server for long. */
const TOGETHER = 100;

/** Makes the store described at {@link DeadLetterStore}, over the letters that `dead-letters.ts` writes. */
export function createDeadLetterStore(deps: {
  pool: RedisPool;
  clock: Clock;
  /** Length streams are trimmed to when a letter goes back; 10,000 by default. */
  maxLen?: number;
  scan?: ScanBudget;
}): DeadLetterStore {
  const { pool, clock } = deps;
  return {
    async list(channel, limit) {
      const letters = await pool.shared().xrevrange(keys.dead(channel), '+', '-', 'COUNT', limit);
      return letters.map(([id, fields]) => viewOf(id, fields));
    },

    async requeue(channel, ids) {
      let moved = 0;
      for (const some of pages(ids)) {
        const [count, refusal] = (await pool
          .shared()
          .eval(script, 2, keys.dead(channel), keys.stream(channel), deps.maxLen ?? MAX_LEN, ...some)) as [
          number,
          string,
        ];
        moved += count;
        if (refusal !== '') throw requeueFailed(channel, moved, refusal);
      }
      return moved;
    },

    async drop(channel, ids) {
      let dropped = 0;
      for (const some of pages(ids)) dropped += await pool.shared().xdel(keys.dead(channel), ...some);
      return dropped;
    },

    async channels() {
      const { keys: found, complete } = await findStreamKeys(pool, clock, keys.dead('*'), deps.scan);
      const channels: { channel: string; count: number }[] = [];
      for (const key of found.sort()) {
        const count = await pool.shared().xlen(key);
        const channel = channelOfDead(key);
        if (count > 0 && channel !== undefined) channels.push({ channel, count });
      }
      return { channels, complete };
    },

    async *ids(channel) {
      const key = keys.dead(channel);
      const last = (await pool.shared().xrevrange(key, '+', '-', 'COUNT', 1))[0]?.[0];
      if (last === undefined) return;
      for (let from = '-'; ;) {
        const page = await pool.shared().xrange(key, from, last, 'COUNT', TOGETHER);
        const end = page.at(-1)?.[0];
        if (end === undefined) return;
        yield page.map(([id]) => id);
        from = `(${end}`;
      }
    },
  };
}

/** The channel whose letters `key` holds, or `undefined` for a key that is none of ours. */
function channelOfDead(key: string): string | undefined {
  const [before = '', after = ''] = keys.dead('\n').split('\n');
  const channel = key.slice(before.length, key.length - after.length);
  return channel !== '' && keys.dead(channel) === key ? channel : undefined;
}

function viewOf(id: string, flat: readonly string[]): DeadLetterView {
  const fields = new Map(fieldPairs(flat));
  const count = Number(fields.get('count'));
  return {
    id,
    at: entryTimeOf(id) ?? 0,
    reason: fields.get('reason') ?? 'no reason was written',
    count: Number.isSafeInteger(count) && count > 0 ? count : 1,
    entryId: fields.get('entry_id') ?? '',
    fields: originalFields(fields.get('fields') ?? ''),
  };
}

function originalFields(text: string): [name: string, value: string][] {
  try {
    const list = JSON.parse(text) as unknown;
    return Array.isArray(list) ? fieldPairs(list.map(String)) : [];
  } catch {
    return [];
  }
}

function* pages(ids: readonly string[]): Generator<string[]> {
  for (let from = 0; from < ids.length; from += TOGETHER) yield ids.slice(from, from + TOGETHER);
}

function requeueFailed(channel: string, moved: number, refusal: string): TenhertzError {
  return new TenhertzError(
    'REQUEUE_FAILED',
    `Redis did not take a dead letter of "${channel}" back (${messageOf(refusal)}); ${moved} went before it. Check that ${keys.stream(channel)} is a stream, and the server's memory.`,
    { facts: { channel, moved } },
  );
}
