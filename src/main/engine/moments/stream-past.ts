import { POSITION_CHANNELS, PRICE_CHANNELS, STATUS_CHANNEL } from '../../../shared/channels.ts';
import type { EpochMs } from '../../../shared/contract.ts';
import { member } from '../events/decode.ts';
import type { StreamEvent } from '../events/event.ts';
import { readEvent } from '../events/read-event.ts';
import { keys } from '../redis/keys.ts';
import type { RedisPool } from '../redis/pool.ts';
import {
  cutStretch,
  isOfKind,
  mergeEvents,
  MOST_STATUSES,
  STATUS_BACK_MS,
  type Past,
  type PastKind,
} from './past.ts';

type Entry = [id: string, fields: string[]];

/** Entries read of all channels together for one look. */
const MOST_ENTRIES = 5_000;
/** Entries looked through for positions, of each channel that carries them. */
const POSITIONS_BACK = 1_000;
/** The last half of an entry's id is at most 64 bits. */
const END = '18446744073709551615';

/**
 * What the streams still hold of the channels followed now. Reads with XRANGE and XREVRANGE alone: no group is touched. Entries
 * that cannot be read are left out; a key that is no stream counts as empty. Rejects with `REDIS_DOWN`.
 */
export function createStreamPast(deps: { pool: RedisPool; channels: () => readonly string[] }): Past {
  const { pool } = deps;
  const channelsOf = (kind: PastKind): string[] =>
    deps.channels().filter(channel => PRICE_CHANNELS.test(channel) === (kind === 'prices'));

  /** One command per channel in one round trip; the entries of each, as they came. */
  const read = async (
    channels: readonly string[],
    command: 'xrange' | 'xrevrange',
    [first, last]: readonly [string, string],
    count: number,
  ): Promise<Entry[][]> => {
    if (channels.length === 0) return [];
    const pipeline = pool.shared().pipeline();
    for (const channel of channels) pipeline[command](keys.stream(channel), first, last, 'COUNT', count);
    const replies = (await pipeline.exec()) ?? [];
    return replies.map(([error, entries]) => (error === null ? (entries as Entry[]) : []));
  };

  const events = (channels: readonly string[], lists: readonly Entry[][]): StreamEvent[] =>
    lists.flatMap((entries, index) =>
      entries.flatMap(([id, fields]) => {
        const event = readEvent(channels[index] ?? '', id, fields);
        return 'reason' in event ? [] : [event];
      }),
    );

  const share = (channels: readonly string[], most: number): number =>
    Math.max(20, Math.min(most, Math.floor(MOST_ENTRIES / Math.max(1, channels.length))));

  return {
    async before(kind, at, limit) {
      const channels = channelsOf(kind);
      const lists = await read(channels, 'xrevrange', [`${at}-${END}`, '-'], share(channels, limit));
      const found = mergeEvents(events(channels, lists)).filter(event => isOfKind(event, kind));
      return found.reverse().slice(0, limit);
    },
    async between(kind, since, until, limit) {
      const channels = channelsOf(kind);
      const count = share(channels, limit);
      const lists = await read(channels, 'xrange', [String(since + 1), `${until}-${END}`], count);
      // Where a channel had more than its share, everything is complete only up to before its last entry.
      const full = lists.filter(entries => entries.length >= count);
      const reached = Math.min(until, ...full.map(entries => timeOf(entries.at(-1)) - 1));
      const found = mergeEvents(events(channels, lists)).filter(event => isOfKind(event, kind));
      // More than a share within one millisecond is let go: time must move on.
      return cutStretch(found, reached > since ? reached : since + 1);
    },
    async positions(at) {
      const channels = deps.channels().filter(channel => POSITION_CHANNELS.test(channel));
      const lists = await read(channels, 'xrevrange', [`${at}-${END}`, '-'], POSITIONS_BACK);
      const newest = new Map<string, StreamEvent>();
      for (const event of mergeEvents(events(channels, lists)))
        if (event.type === 'position_update')
          newest.set(`${event.channel} ${String(member(event.data, 'token'))}`, event);
      return [...newest.values()];
    },
    async statuses(at) {
      const range = [`${at}-${END}`, String(at - STATUS_BACK_MS)] as const;
      const lists = await read([STATUS_CHANNEL], 'xrevrange', range, MOST_STATUSES);
      return events([STATUS_CHANNEL], lists);
    },
    async density(since, until, buckets) {
      const channels = channelsOf('records');
      const lists = await read(
        channels,
        'xrange',
        [String(since), `${until}-${END}`],
        share(channels, MOST_ENTRIES),
      );
      const counts = new Array<number>(buckets).fill(0);
      const width = Math.max(1, until - since) / buckets;
      for (const entry of lists.flat()) {
        const bucket = Math.min(buckets - 1, Math.max(0, Math.floor((timeOf(entry) - since) / width)));
        counts[bucket] = (counts[bucket] ?? 0) + 1;
      }
      return counts;
    },
    async oldest() {
      const lists = await read(deps.channels(), 'xrange', ['-', '+'], 1);
      const times = lists.flatMap(entries => (entries[0] === undefined ? [] : [timeOf(entries[0])]));
      return times.length === 0 ? null : Math.min(...times);
    },
  };
}

function timeOf(entry: Entry | undefined): EpochMs {
  return Number(entry?.[0].split('-')[0] ?? Number.NaN);
}
