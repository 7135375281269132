import { SeenIds } from '../../../shared/seen-ids.ts';
import type { Clock } from '../clock.ts';
import type { Metrics } from '../health/metrics.ts';
import type { LimitedLog } from '../logger.ts';
import type { ChannelState, ChannelStates } from './channel-state.ts';
import type { DeadLetter } from './dead-letters.ts';
import { claimedSequence } from './decode.ts';
import { compareEntryIds, FIRST_ENTRY_ID } from './entry-id.ts';
import type { StreamEvent } from './event.ts';
import type { Entry, OpenedChannel } from './open-channel.ts';
import { GapBook } from './gap-book.ts';
import { readEvent } from './read-event.ts';

/** What became of a set of entries. */
export interface Taken {
  events: StreamEvent[];
  letters: DeadLetter[];
}

export interface IntakeCounts {
  duplicates: number;
  refused: number;
}

/** Event ids that could not be applied, remembered so that they can be put back. */
const MOST_FAILED = 10_000;

interface Taking {
  /** Entries that cannot be read are counted and become dead letters. */
  refuse: boolean;
  /** Events seen before are counted. */
  count: boolean;
}

/**
 * Turns entries into events to apply: decodes, watches the sequence, drops duplicates, sorts out what cannot be read. It
 * remembers across reconnections what was taken in already.
 */
export class Intake {
  readonly counts: IntakeCounts = { duplicates: 0, refused: 0 };
  readonly gaps: GapBook;
  readonly #seen: SeenIds;
  readonly #failed = new Set<string>();
  /** Ids of {@link know} that have not come from a stream yet. */
  readonly #told = new Set<string>();
  readonly #deps: { log: LimitedLog; metrics: Metrics; states: ChannelStates; clock: Clock };

  /** @param remember how many event ids to remember */
  constructor(
    remember: number,
    deps: { log: LimitedLog; metrics: Metrics; states: ChannelStates; clock: Clock },
  ) {
    this.#seen = new SeenIds(remember);
    this.#deps = deps;
    this.gaps = new GapBook(deps);
  }

  /**
   * Takes a channel's snapshot. Entries that cannot be read are dead letters only where the group was created here: else
   * the group was given them before.
   */
  snapshot({ channel, entries, lastId, created, rewound }: OpenedChannel): Taken {
    const { states, log } = this.#deps;
    const state = states.of(channel);
    const taken: Taken = { events: [], letters: [] };
    if (rewound) {
      state.appliedTo = undefined;
      log.warn(
        `rewound ${channel}`,
        { channel },
        'The stream ends before entries applied already: the server lost them',
      );
    }
    if (lastId === undefined) return taken;
    for (const entry of entries) this.#take(state, entry, taken, { refuse: created, count: !rewound });
    state.snapshotFrom = entries[0]?.[0];
    state.snapshotTo = lastId;
    state.appliedTo = lastId;
    return taken;
  }

  /** Takes entries the group delivers for the first time, in stream order. */
  deliver(channel: string, entries: readonly Entry[]): Taken {
    const state = this.#deps.states.of(channel);
    const taken: Taken = { events: [], letters: [] };
    for (const entry of entries) this.#take(state, entry, taken, { refuse: true, count: true });
    return taken;
  }

  /** Takes entries delivered before and not acknowledged: to this consumer, or to one they were taken over from. */
  redeliver(channel: string, entries: readonly Entry[]): Taken {
    const state = this.#deps.states.of(channel);
    const taken: Taken = { events: [], letters: [] };
    for (const entry of entries) {
      const [id, fields] = entry;
      const isOld = compareEntryIds(id, state.snapshotTo) <= 0;
      if (fields === null) {
        // Given to this process and gone since: it was applied. Given to another: nobody can say so.
        if (isOld || compareEntryIds(id, state.appliedTo ?? FIRST_ENTRY_ID) > 0) this.trimmed(channel, 1);
        continue;
      }
      const shown = isOld && state.snapshotFrom !== undefined && compareEntryIds(id, state.snapshotFrom) >= 0;
      if (!shown) {
        this.#take(state, entry, taken, { refuse: true, count: false });
        continue;
      }
      // It was in the snapshot: only what cannot be read still has to be put away.
      const event = readEvent(channel, id, fields);
      if ('reason' in event)
        this.#refuse({ channel, entryId: id, fields, reason: event.reason, count: 1 }, taken);
    }
    return taken;
  }

  /** Takes entries found in the stream for a gap; answers the events nobody has applied. */
  heal(channel: string, entries: readonly Entry[]): StreamEvent[] {
    return entries.flatMap(([id, fields]) => {
      const sequence = fields === null ? null : claimedSequence(fields);
      if (fields === null || sequence === null || !this.gaps.fills(channel, sequence, 'stream')) return [];
      const event = readEvent(channel, id, fields);
      return !('reason' in event) && this.#seen.add(event.eventId) ? [event] : [];
    });
  }

  /**
   * Takes events the ledger has for a gap, or for what was trimmed `unread`; answers those nobody has applied. Of what was
   * unread each counts, also without a number.
   */
  healWith(channel: string, found: readonly StreamEvent[], unread = false): StreamEvent[] {
    if (unread) this.gaps.unread(channel, found);
    return found.filter(({ eventId, sequence }) => {
      const fills = sequence !== null && this.gaps.fills(channel, sequence, 'ledger');
      return (fills || unread) && this.#seen.add(eventId);
    });
  }

  /** Makes ids known that were applied from elsewhere: they are not applied again, nor counted as duplicates. */
  know(events: readonly StreamEvent[]): void {
    for (const { eventId } of events) if (this.#seen.add(eventId)) this.#told.add(eventId);
  }

  /** Other consumers of the group are at work, for the next `forMs`: what is missing here is given to them. */
  shared(channel: string, forMs: number): void {
    const { states, clock, metrics } = this.#deps;
    const state = states.of(channel);
    state.sharedUntil = clock.monotonic() + forMs;
    metrics.gapsClosed.inc({ channel, state: 'healed' }, state.watch.excuse(clock.now()));
  }

  /** Counts and logs entries that go to the dead letters for another reason than {@link deliver} found. */
  refused({ channel, entryId, reason }: DeadLetter): void {
    this.counts.refused += 1;
    this.#deps.states.of(channel).refused += 1;
    this.#deps.metrics.eventsRefused.inc({ channel, reason });
    this.#deps.log.warn(`${channel} ${reason}`, { channel, entryId, reason }, 'An entry cannot be applied');
  }

  /** An event was not applied after all: it is welcome again when it is put back from the dead letters. */
  failed(event: StreamEvent): void {
    this.#failed.add(event.eventId);
    const [oldest] = this.#failed;
    if (oldest !== undefined && this.#failed.size > MOST_FAILED) this.#failed.delete(oldest);
  }

  /** Counts entries the server trimmed before they were read. */
  trimmed(channel: string, count: number): void {
    this.#deps.states.of(channel).trimmedUnread += count;
    this.#deps.metrics.trimmedUnread.inc({ channel }, count);
    this.#deps.log.warn(
      `trimmed ${channel}`,
      { channel, count },
      'Entries were trimmed before they were read',
    );
  }

  #take(state: ChannelState, [id, fields]: Entry, taken: Taken, how: Taking): void {
    const { channel, appliedTo } = state;
    const isNext = appliedTo === undefined || compareEntryIds(id, appliedTo) > 0;
    if (isNext) state.appliedTo = id;
    if (fields === null) return;
    const event = readEvent(channel, id, fields);
    if ('reason' in event) {
      if (isNext) this.#watch(state, claimedSequence(fields), true, id, appliedTo);
      if (how.refuse) this.#refuse({ channel, entryId: id, fields, reason: event.reason, count: 1 }, taken);
      return;
    }
    const isNew = this.#seen.add(event.eventId);
    const isBack = !isNew && this.#failed.delete(event.eventId);
    this.#watch(state, event.sequence, !isNew || !isNext, id, appliedTo);
    if (isNew || isBack) {
      taken.events.push(event);
    } else if (!this.#told.delete(event.eventId) && how.count && isNext) {
      this.counts.duplicates += 1;
      state.duplicates += 1;
      this.#deps.metrics.duplicatesDropped.inc({ channel, layer: 'engine' });
    }
  }

  #refuse(letter: DeadLetter, taken: Taken): void {
    this.refused(letter);
    taken.letters.push(letter);
  }

  #watch(
    state: ChannelState,
    sequence: number | null,
    known: boolean,
    entryId: string,
    previousId = FIRST_ENTRY_ID,
  ): void {
    if (sequence === null) return;
    const { clock, log } = this.#deps;
    const { channel } = state;
    if (clock.monotonic() < state.sharedUntil) {
      state.watch.skip(sequence);
      return;
    }
    const news = state.watch.next(sequence, known, { entryId, previousId, now: clock.now() });
    if (news === undefined) return;
    if (news.kind === 'epoch') {
      const { from, to } = news;
      log.warn(`epoch ${channel}`, { channel, from, to }, 'The sequence went back: a new epoch begins');
      return;
    }
    if (news.kind === 'late') {
      this.gaps.filled(channel, news.gap);
      return;
    }
    this.gaps.noticed(channel, news.gap);
  }
}
