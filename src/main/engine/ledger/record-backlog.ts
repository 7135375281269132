import { compareEntryIds } from '../events/entry-id.ts';
import type { Entry } from '../events/open-channel.ts';
import { readEvent } from '../events/read-event.ts';
import { keys } from '../redis/keys.ts';
import type { RedisPool } from '../redis/pool.ts';
import { recordRow, type RecordRow } from './record-row.ts';

/** Events of one channel that had no room in memory; they are in its stream. */
interface Note {
  /** The stream is read from here, inclusive… */
  from: string;
  /** …at least up to here. */
  to: string;
  /** Read and recorded up to here. */
  done: string | undefined;
  /** How many they are, and how many of them were found. */
  forgotten: number;
  found: number;
}

/** Remembers by channel from where on the stream has to be read, in place of the events themselves. Its memory is bounded by the channels. */
export class RecordBacklog {
  readonly #notes = new Map<string, Note>();
  readonly #pool: RedisPool;
  readonly #lost: (count: number) => void;

  /** @param lost told how many events are gone from their stream */
  constructor(pool: RedisPool, lost: (count: number) => void) {
    this.#pool = pool;
    this.#lost = lost;
  }

  /** Events that are not recorded and not in memory. */
  get size(): number {
    let size = 0;
    for (const { forgotten, found } of this.#notes.values()) size += Math.max(0, forgotten - found);
    return size;
  }

  get isEmpty(): boolean {
    return this.#notes.size === 0;
  }

  /** Whether an event will be found when its stream is read: then nobody else has to keep it. */
  covers({ channel, entryId }: Pick<RecordRow, 'channel' | 'entryId'>): boolean {
    const note = this.#notes.get(channel);
    if (note === undefined) return false;
    return (
      compareEntryIds(entryId, note.from) >= 0 &&
      (note.done === undefined || compareEntryIds(entryId, note.done) > 0)
    );
  }

  /** Forgets an event: it is read from its stream later. */
  forget({ channel, entryId }: Pick<RecordRow, 'channel' | 'entryId'>): void {
    const note = this.#notes.get(channel);
    if (note === undefined) {
      this.#notes.set(channel, { from: entryId, to: entryId, done: undefined, forgotten: 1, found: 0 });
      return;
    }
    note.forgotten += 1;
    if (compareEntryIds(entryId, note.to) > 0) note.to = entryId;
    if (
      compareEntryIds(entryId, note.from) >= 0 &&
      (note.done === undefined || compareEntryIds(entryId, note.done) > 0)
    )
      return;
    // Older than what was looked at: from there again.
    note.from = entryId;
    note.done = undefined;
    note.found = 0;
  }

  /**
   * Reads the next entries of a channel and has them recorded by `record`. Rejects with what `record` or Redis rejects with; then
   * they are read again.
   */
  async step(
    count: number,
    isStrict: (channel: string) => boolean,
    record: (rows: RecordRow[]) => Promise<void>,
  ): Promise<void> {
    const [channel, note] = this.#notes.entries().next().value ?? [];
    if (channel === undefined || note === undefined) return;
    const { from, to, done } = note;
    const start = done === undefined ? from : `(${done}`;
    const entries = (await this.#pool
      .shared()
      .xrange(keys.stream(channel), start, '+', 'COUNT', count)) as Entry[];
    const rows = entries.flatMap(([id, fields]) => {
      const event = fields === null ? { reason: 'gone' } : readEvent(channel, id, fields);
      return 'reason' in event ? [] : [recordRow(event, isStrict(channel))];
    });
    if (rows.length > 0) await record(rows);
    // Something older was forgotten meanwhile: that comes first.
    if (note.from !== from) return;
    note.found += rows.filter(({ entryId }) => compareEntryIds(entryId, note.to) <= 0).length;
    note.done = entries.at(-1)?.[0] ?? to;
    const isEnd = entries.length < count;
    // What was forgotten after the answer was on its way is not in it.
    if (!isEnd || compareEntryIds(note.to, compareEntryIds(note.done, to) > 0 ? note.done : to) > 0) return;
    this.#notes.delete(channel);
    if (note.forgotten > note.found) this.#lost(note.forgotten - note.found);
  }
}
