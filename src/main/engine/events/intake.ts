import { SeenIds } from '../../../shared/seen-ids.ts';
import type { Metrics } from '../health/metrics.ts';
import type { LimitedLog } from '../logger.ts';
import type { DeadLetter } from './dead-letters.ts';
import { claimedSequence, decodeEntry } from './decode.ts';
import { compareEntryIds, FIRST_ENTRY_ID, laterEntryId } from './entry-id.ts';
import type { StreamEvent } from './event.ts';
import type { Entry, OpenedChannel } from './open-channel.ts';
import { priceOf } from './price-event.ts';
import { SequenceWatch } from './sequence-watch.ts';

/** What became of a set of entries. */
export interface Taken {
  events: StreamEvent[];
  letters: DeadLetter[];
}

export interface IntakeCounts {
  duplicates: number;
  gaps: number;
  refused: number;
}

interface ChannelState {
  /** The last entry taken in, in stream order. */
  appliedTo: string | undefined;
  /** Entries up to here were in the last snapshot. */
  snapshotTo: string;
  watch: SequenceWatch;
}

/**
 * Turns entries into events to apply: decodes, watches the sequence, drops duplicates, sorts out what cannot be read. It
 * remembers across reconnections what was taken in already, so a new snapshot brings only what is new.
 */
export class Intake {
  readonly counts: IntakeCounts = { duplicates: 0, gaps: 0, refused: 0 };
  readonly #seen: SeenIds;
  readonly #log: LimitedLog;
  readonly #metrics: Metrics;
  readonly #channels = new Map<string, ChannelState>();

  /** @param remember how many event ids to remember */
  constructor(remember: number, log: LimitedLog, metrics: Metrics) {
    this.#seen = new SeenIds(remember);
    this.#log = log;
    this.#metrics = metrics;
  }

  /** The last entry of the channel taken in so far. */
  appliedTo(channel: string): string | undefined {
    return this.#channels.get(channel)?.appliedTo;
  }

  /**
   * Takes a channel's snapshot. Entries that cannot be read are dead letters only where the group was created here: else
   * the group was given them before, or will be.
   */
  snapshot(opened: OpenedChannel): Taken {
    const state = this.#state(opened.channel);
    if (opened.rewound) {
      state.appliedTo = undefined;
      this.#log.warn(
        `rewound ${opened.channel}`,
        { channel: opened.channel },
        'The stream ends before entries applied already: the server lost them',
      );
    }
    const taken: Taken = { events: [], letters: [] };
    for (const entry of opened.entries) {
      const letters = taken.letters.length;
      this.#take(opened.channel, state, entry, taken, opened.created, !opened.rewound);
      if (!opened.created) taken.letters.length = letters;
    }
    state.snapshotTo = opened.lastId;
    state.appliedTo ??= opened.lastId;
    return taken;
  }

  /** Takes entries the group delivered. */
  deliver(channel: string, entries: readonly Entry[]): Taken {
    const state = this.#state(channel);
    const taken: Taken = { events: [], letters: [] };
    for (const entry of entries) {
      if (compareEntryIds(entry[0], state.snapshotTo) > 0) {
        this.#take(channel, state, entry, taken, true, true);
        continue;
      }
      // It was in the snapshot, or lies before it: only what cannot be read still has to be put away.
      const [id, fields] = entry;
      if (fields === null) continue;
      const event = readEvent(channel, id, fields);
      if ('reason' in event) this.#refuse({ channel, entryId: id, fields, reason: event.reason }, taken);
    }
    return taken;
  }

  /** Counts and logs entries that go to the dead letters for another reason than {@link deliver} found. */
  refused(letter: DeadLetter): void {
    this.counts.refused += 1;
    this.#metrics.eventsRefused.inc({ channel: letter.channel, reason: letter.reason });
    this.#log.warn(
      `${letter.channel} ${letter.reason}`,
      { channel: letter.channel, entryId: letter.entryId, reason: letter.reason },
      'An entry cannot be applied',
    );
  }

  #state(channel: string): ChannelState {
    let state = this.#channels.get(channel);
    if (state === undefined) {
      state = { appliedTo: undefined, snapshotTo: FIRST_ENTRY_ID, watch: new SequenceWatch() };
      this.#channels.set(channel, state);
    }
    return state;
  }

  #take(
    channel: string,
    state: ChannelState,
    [id, fields]: Entry,
    taken: Taken,
    countRefusals: boolean,
    countDuplicates: boolean,
  ): void {
    const isNext = state.appliedTo === undefined || compareEntryIds(id, state.appliedTo) > 0;
    state.appliedTo = laterEntryId(id, state.appliedTo ?? FIRST_ENTRY_ID);
    if (fields === null) {
      this.#log.warn(
        `trimmed ${channel}`,
        { channel, entryId: id },
        'An entry was trimmed before it was acknowledged',
      );
      return;
    }
    const event = readEvent(channel, id, fields);
    if ('reason' in event) {
      if (isNext) this.#watch(channel, state, claimedSequence(fields), false);
      if (countRefusals) this.#refuse({ channel, entryId: id, fields, reason: event.reason }, taken);
      return;
    }
    const isNew = this.#seen.add(event.eventId);
    if (isNext) this.#watch(channel, state, event.sequence, !isNew);
    if (isNew) {
      taken.events.push(event);
    } else if (countDuplicates) {
      this.counts.duplicates += 1;
      this.#metrics.duplicatesDropped.inc({ channel, layer: 'engine' });
    }
  }

  #refuse(letter: DeadLetter, taken: Taken): void {
    this.refused(letter);
    taken.letters.push(letter);
  }

  #watch(channel: string, state: ChannelState, sequence: number | null, known: boolean): void {
    if (sequence === null) return;
    const news = state.watch.next(sequence, known);
    if (news?.kind === 'gap') {
      this.counts.gaps += 1;
      this.#metrics.sequenceGaps.inc({ channel });
      this.#log.warn(
        `gap ${channel}`,
        { channel, from: news.from, to: news.to },
        'Sequence numbers are missing',
      );
    } else if (news?.kind === 'epoch') {
      this.#log.warn(
        `epoch ${channel}`,
        { channel, from: news.from, to: news.to },
        'The sequence went back: the server lost its newest entries',
      );
    }
  }
}

/** A decoded entry whose price, if it is one, can be read. */
function readEvent(channel: string, id: string, fields: readonly string[]): StreamEvent | { reason: string } {
  const event = decodeEntry(channel, id, fields);
  if ('reason' in event || event.type !== 'price_update') return event;
  const price = priceOf(event);
  return 'reason' in price ? price : event;
}
