import type { Redis } from 'ioredis';
import script from '../../../../resources/lua/count-after.lua?raw';
import type { EntryView, GroupView, StreamInfo, StreamsView } from '../../../shared/contract.ts';
import type { Clock } from '../clock.ts';
import { messageOf, TenhertzError } from '../errors.ts';
import { findStreamKeys, type ScanBudget } from '../redis/find-keys.ts';
import { channelOfStream, keys } from '../redis/keys.ts';
import { fieldPairs, namedFields } from '../redis/named-fields.ts';
import type { RedisPool } from '../redis/pool.ts';
import { compareEntryIds, entryTimeOf, FIRST_ENTRY_ID } from './entry-id.ts';

/** Looks at the streams of a server on a person's behalf: budgeted, read-only, never KEYS. */
export interface StreamBrowser {
  list(): Promise<StreamsView>;
  /** Entries of `stream:<channel>` older than `before` (`null`: the newest), newest first. */
  entries(channel: string, before: string | null, limit: number): Promise<EntryView[]>;
}

export interface StreamBrowserDeps {
  pool: RedisPool;
  clock: Clock;
  /** This desk's own group, to be marked as such. */
  group: string;
  /** The channels this desk follows now; they are shown even when the search does not get to them. */
  followed: () => readonly string[];
  /** Of the search for streams; see {@link ScanBudget}. */
  scan?: ScanBudget;
  /** Entries counted for one group, and for one list, to say how far groups are behind; 20,000 and 100,000 by default. */
  countGroup?: number;
  countAll?: number;
}

type Reply = readonly [Error | null, unknown];

/** Streams asked about in one round trip. */
const TOGETHER = 50;
/** Entries one script call walks over: some hundred microseconds of the server's time. */
const COUNT_STEP = 500;

/**
 * Makes the browser described at {@link StreamBrowser}. Rejects with `REDIS_DOWN`, and `entries` with `NOT_A_STREAM` when
 * the key holds something else. Streams that vanish while they are looked at are left out.
 */
export function createStreamBrowser(deps: StreamBrowserDeps): StreamBrowser {
  const { pool, clock, group } = deps;

  return {
    async list() {
      const followed = new Set(deps.followed());
      const { keys: found, complete } = await findStreamKeys(pool, clock, keys.stream('*'), deps.scan);
      const channels = new Set([
        ...followed,
        ...found.map(channelOfStream).filter(channel => channel !== undefined),
      ]);
      const budget = { left: deps.countAll ?? 100_000 };
      const streams: StreamInfo[] = [];
      const names = [...channels].sort();
      for (let from = 0; from < names.length; from += TOGETHER) {
        streams.push(...(await look(names.slice(from, from + TOGETHER), followed, budget)));
      }
      return { at: clock.now(), streams, complete };
    },

    async entries(channel, before, limit) {
      const end = before === null ? '+' : `(${before}`;
      let entries: [id: string, fields: string[]][];
      try {
        entries = await pool.shared().xrevrange(keys.stream(channel), end, '-', 'COUNT', limit);
      } catch (error) {
        if (!messageOf(error).startsWith('WRONGTYPE')) throw error;
        throw new TenhertzError('NOT_A_STREAM', `${keys.stream(channel)} is not a stream.`, {
          facts: { channel },
        });
      }
      return entries.map(([entryId, fields]) => ({
        entryId,
        at: entryTimeOf(entryId) ?? 0,
        fields: fieldPairs(fields),
      }));
    },
  };

  async function look(
    channels: readonly string[],
    followed: ReadonlySet<string>,
    budget: { left: number },
  ): Promise<StreamInfo[]> {
    const client = pool.shared();
    const pipeline = client.pipeline();
    for (const channel of channels) {
      const stream = keys.stream(channel);
      pipeline.xinfo('STREAM', stream).xinfo('GROUPS', stream);
      pipeline.get(keys.sequence(channel)).xlen(keys.dead(channel));
    }
    const replies: Reply[] = (await pipeline.exec()) ?? [];
    const streams: StreamInfo[] = [];
    for (const [index, channel] of channels.entries()) {
      const [stream, groups, sequence, dead] = replies.slice(index * 4, index * 4 + 4);
      if (stream === undefined || stream[0] !== null) continue;
      const info = namedFields(stream[1]);
      streams.push({
        channel,
        length: Number(info.get('length')),
        firstEntryAt: timeOfEntry(info.get('first-entry')),
        lastEntryAt: timeOfEntry(info.get('last-entry')),
        sequence: wholeNumber(sequence),
        dead: wholeNumber(dead) ?? 0,
        followed: followed.has(channel),
        groups: await groupsOf(client, keys.stream(channel), info, groups?.[1], budget),
      });
    }
    return streams;
  }

  async function groupsOf(
    client: Redis,
    stream: string,
    info: ReadonlyMap<string, unknown>,
    reply: unknown,
    budget: { left: number },
  ): Promise<GroupView[]> {
    const groups = Array.isArray(reply) ? (reply as unknown[]).map(namedFields) : [];
    if (groups.length === 0) return [];
    const pipeline = client.pipeline();
    for (const fields of groups) pipeline.xpending(stream, String(fields.get('name')));
    const pending: Reply[] = (await pipeline.exec()) ?? [];
    const views: GroupView[] = [];
    for (const [index, fields] of groups.entries()) {
      const summary = pending[index]?.[1];
      const oldest = Array.isArray(summary) ? entryTimeOf(String(summary[1])) : undefined;
      const name = String(fields.get('name'));
      const deliveredTo = String(fields.get('last-delivered-id'));
      views.push({
        name,
        consumers: Number(fields.get('consumers')),
        pending: Number(fields.get('pending')),
        oldestPendingMs: oldest === undefined ? null : Math.max(0, clock.now() - oldest),
        behind: await countAfter(client, stream, info, deliveredTo, budget),
        lastDeliveredAt: deliveredTo === FIRST_ENTRY_ID ? null : (entryTimeOf(deliveredTo) ?? null),
        own: name === group,
      });
    }
    return views;
  }

  /** Entries after `id`; `null` when counting them would take more than the budget. */
  async function countAfter(
    client: Redis,
    stream: string,
    info: ReadonlyMap<string, unknown>,
    id: string,
    budget: { left: number },
  ): Promise<number | null> {
    const [first, last] = [idOf(info.get('first-entry')), idOf(info.get('last-entry'))];
    if (first === undefined || last === undefined || compareEntryIds(id, last) >= 0) return 0;
    if (compareEntryIds(id, first) < 0) return Number(info.get('length'));
    const most = Math.min(deps.countGroup ?? 20_000, budget.left);
    let counted = 0;
    for (let after = id; counted < most;) {
      const step = Math.min(COUNT_STEP, most - counted);
      const [count, to] = (await client.eval(script, 1, stream, after, step)) as [number, string];
      counted += count;
      budget.left -= count;
      if (count < step) return counted;
      after = to;
    }
    return null;
  }
}

function idOf(entry: unknown): string | undefined {
  return Array.isArray(entry) ? String(entry[0]) : undefined;
}

function timeOfEntry(entry: unknown): number | null {
  return entryTimeOf(idOf(entry) ?? '') ?? null;
}

function wholeNumber(reply: Reply | undefined): number | null {
  const value = reply?.[1];
  const number = value === null || value === undefined ? Number.NaN : Number(value);
  return Number.isSafeInteger(number) ? number : null;
}
