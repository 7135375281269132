import { compareEntryIds } from '../events/entry-id.ts';
import type { StreamEvent } from '../events/event.ts';
import type { ChannelMark } from './kept-state.ts';

/** Holes remembered of a channel; of more, the oldest are given up. */
const MOST_HOLES = 256;

/**
 * What an event is: news, from a snapshot of a channel that was never looked at (it may be older than the rules), or looked at
 * before.
 */
export type Newness = 'new' | 'past' | 'known';

/**
 * Knows which events were looked at before, across restarts. Entries come in order, so a place in each channel says it; the
 * numbers that were missing there (given to another consumer, healed later) are remembered as holes. Within a process the
 * subscription gives an event once.
 */
export class ChannelMarks {
  /** Where the last process left off. */
  readonly #from = new Map<string, ChannelMark>();
  readonly #marks = new Map<string, ChannelMark>();
  readonly #changed = new Set<string>();

  restore(channel: string, mark: ChannelMark): void {
    this.#from.set(channel, { ...mark, holes: mark.holes.map(hole => [...hole]) });
    this.#marks.set(channel, { ...mark, holes: mark.holes.map(hole => [...hole]) });
  }

  /** Sorts an event, and notes that it was looked at. */
  take(event: StreamEvent, phase: 'snapshot' | 'live'): Newness {
    const { channel, entryId, sequence } = event;
    const from = this.#from.get(channel);
    const isOld = from !== undefined && compareEntryIds(entryId, from.position) <= 0;
    if (isOld && !this.#fill(channel, sequence)) return 'known';
    const mark = this.#marks.get(channel);
    if (mark === undefined) {
      this.#marks.set(channel, { position: entryId, sequence, holes: [] });
    } else {
      if (!isOld) this.#fill(channel, sequence);
      if (compareEntryIds(entryId, mark.position) > 0) this.#advance(mark, entryId, sequence);
    }
    this.#changed.add(channel);
    return from === undefined && phase === 'snapshot' ? 'past' : 'new';
  }

  /** The marks that changed since they were last asked for. */
  changes(): Record<string, ChannelMark> | undefined {
    if (this.#changed.size === 0) return undefined;
    const changed: Record<string, ChannelMark> = {};
    for (const channel of this.#changed) {
      const mark = this.#marks.get(channel);
      if (mark !== undefined) changed[channel] = mark;
    }
    this.#changed.clear();
    return changed;
  }

  all(): Record<string, ChannelMark> {
    return Object.fromEntries(this.#marks);
  }

  #advance(mark: ChannelMark, entryId: string, sequence: number | null): void {
    mark.position = entryId;
    if (sequence === null) return;
    if (mark.sequence !== null && sequence > mark.sequence + 1) {
      mark.holes.push([mark.sequence + 1, sequence - 1]);
      if (mark.holes.length > MOST_HOLES) mark.holes.shift();
    }
    mark.sequence = sequence;
  }

  /** Whether this number was missing; it no longer is. */
  #fill(channel: string, sequence: number | null): boolean {
    const holes = this.#marks.get(channel)?.holes ?? [];
    const at = sequence === null ? -1 : holes.findIndex(([from, to]) => from <= sequence && sequence <= to);
    const hole = holes[at];
    if (sequence === null || hole === undefined) return false;
    const [from, to] = hole;
    const rest: [number, number][] = [];
    if (from < sequence) rest.push([from, sequence - 1]);
    if (sequence < to) rest.push([sequence + 1, to]);
    holes.splice(at, 1, ...rest);
    return true;
  }
}
