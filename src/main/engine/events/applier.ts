import type { EpochMs } from '../../../shared/contract.ts';
import type { Clock } from '../clock.ts';
import type { Metrics } from '../health/metrics.ts';
import type { LimitedLog } from '../logger.ts';
import { channelOfStream, keys } from '../redis/keys.ts';
import type { ChannelStates } from './channel-state.ts';
import type { DeadLetter } from './dead-letters.ts';
import { compareEntryIds } from './entry-id.ts';
import type { StreamEvent } from './event.ts';
import type { Graveyard } from './graveyard.ts';
import type { Intake } from './intake.ts';
import type { Entry, Guarded, OpenedChannel } from './open-channel.ts';

/**
 * Takes events in stream order; `snapshot` while catching up, `live` after. When it throws, each event is given again alone,
 * up to the limit of attempts: so it applies all or nothing, or knows an event again by its id.
 */
export type Apply = (events: StreamEvent[], phase: 'snapshot' | 'live') => void;

/** Entries as XREADGROUP gives them, by stream. */
export type Delivered = readonly [stream: string, entries: Entry[]][];

/** Entries of one stream that are done with. */
export interface Done {
  stream: string;
  ids: string[];
}

export interface ApplierDeps {
  group: string;
  clock: Clock;
  log: LimitedLog;
  metrics: Metrics;
  intake: Intake;
  states: ChannelStates;
  graveyard: Graveyard;
  /** How often an event may fail before it is a dead letter (R5.3). */
  attempts: number;
  apply: Apply;
}

/** Snapshot events applied before other work of the process gets its turn. */
const SLICE = 1_000;

/** Applies first; what was applied may then be acknowledged (R5.2). Keeps the numbers about it. */
export class Applier {
  readonly progress: { lagMs: number | null; lastAppliedAt: EpochMs | null; applied: number } = {
    lagMs: null,
    lastAppliedAt: null,
    applied: 0,
  };
  readonly #deps: ApplierDeps;

  constructor(deps: ApplierDeps) {
    this.#deps = deps;
  }

  /** Applies the snapshots of several channels as one, in the order Redis took the entries. */
  async takeSnapshot(
    guarded: Guarded,
    opened: readonly OpenedChannel[],
    isStopped: () => boolean,
  ): Promise<void> {
    const taken = opened.map(channel => this.#deps.intake.snapshot(channel));
    const events = taken.flatMap(one => one.events);
    const letters = taken.flatMap(one => one.letters);
    if (opened.length > 1) events.sort((a, b) => compareEntryIds(a.entryId, b.entryId));
    const fields = fieldsOf(opened.map(({ channel, entries }) => [keys.stream(channel), entries]));
    for (let from = 0; from < events.length && !isStopped(); from += SLICE) {
      letters.push(...this.#apply(events.slice(from, from + SLICE), 'snapshot', fields));
      await new Promise(setImmediate);
    }
    if (letters.length > 0) await this.#deps.graveyard.add(guarded, letters);
  }

  /**
   * Applies what the group delivered, `new` or `again`, and puts away what cannot be. Answers what may be acknowledged; dead
   * letters are not in it, they are acknowledged together with being put away.
   */
  async settle(guarded: Guarded, delivered: Delivered, kind: 'new' | 'again'): Promise<Done[]> {
    const { clock, graveyard, group, intake, metrics, states } = this.#deps;
    const events: StreamEvent[] = [];
    const letters: DeadLetter[] = [];
    const lasts: StreamEvent[] = [];
    for (const [stream, entries] of delivered) {
      const channel = channelOfStream(stream) ?? stream;
      const taken =
        kind === 'new'
          ? intake.deliver(channel, entries)
          : intake.redeliver(
              channel,
              entries.filter(([id]) => !graveyard.holds(channel, id)),
            );
      const last = taken.events.at(-1);
      if (last !== undefined) lasts.push(last);
      for (const event of taken.events) events.push(event);
      for (const letter of taken.letters) letters.push(letter);
    }
    if (lasts.length > 1) events.sort((a, b) => compareEntryIds(a.entryId, b.entryId));
    if (events.length > 0)
      for (const letter of this.#apply(events, 'live', fieldsOf(delivered))) letters.push(letter);
    const now = clock.now();
    let lagMs = -1;
    for (const { channel, entryTime } of lasts) {
      const behind = Math.max(0, now - entryTime);
      states.of(channel).lagMs = behind;
      metrics.streamLagSeconds.set({ channel, group }, behind / 1_000);
      lagMs = Math.max(lagMs, behind);
    }
    if (lagMs >= 0) this.progress.lagMs = lagMs;
    if (letters.length > 0) await graveyard.add(guarded, letters);
    return done(delivered, letters, graveyard);
  }

  /** Applies events found for a gap. Nothing is acknowledged: the group did not give them to us. */
  async heal(guarded: Guarded, channel: string, entries: Entry[]): Promise<void> {
    const events = this.#deps.intake.heal(channel, entries);
    if (events.length === 0) return;
    const letters = this.#apply(events, 'live', fieldsOf([[keys.stream(channel), entries]]));
    if (letters.length > 0) await this.#deps.graveyard.add(guarded, letters);
  }

  /** Applies events the ledger has for a gap, or for what was trimmed `unread`; see {@link Intake.healWith}. */
  async healWith(
    guarded: Guarded,
    channel: string,
    found: readonly StreamEvent[],
    unread: boolean,
  ): Promise<void> {
    const events = this.#deps.intake.healWith(channel, found, unread);
    if (events.length === 0) return;
    const letters = this.#apply(events, 'live', writtenFields);
    if (letters.length > 0) await this.#deps.graveyard.add(guarded, letters);
  }

  /** Answers the events that could not be applied, as dead letters. */
  #apply(
    events: StreamEvent[],
    phase: 'snapshot' | 'live',
    fields: (event: StreamEvent) => readonly string[],
  ): DeadLetter[] {
    const { clock, metrics, states } = this.#deps;
    const failed = this.#try(events, phase) ? [] : this.#oneByOne(events, phase);
    const now = clock.now();
    const perChannel = new Map<string, number>();
    for (const { channel } of events) perChannel.set(channel, (perChannel.get(channel) ?? 0) + 1);
    for (const { channel } of failed) perChannel.set(channel, (perChannel.get(channel) ?? 0) - 1);
    for (const [channel, number] of perChannel) {
      if (number === 0) continue;
      const state = states.of(channel);
      state.applied += number;
      state.lastAppliedAt = this.progress.lastAppliedAt = now;
      metrics.eventsApplied.inc({ channel }, number);
    }
    this.progress.applied += events.length - failed.length;
    return failed.map(event => {
      const { channel, entryId } = event;
      const reason = 'could not be applied';
      const letter = { channel, entryId, fields: fields(event), reason, count: this.#deps.attempts };
      this.#deps.intake.failed(event);
      this.#deps.intake.refused(letter);
      return letter;
    });
  }

  #oneByOne(events: readonly StreamEvent[], phase: 'snapshot' | 'live'): StreamEvent[] {
    return events.filter(event => {
      // One that came alone has failed once already.
      for (let tried = events.length === 1 ? 1 : 0; tried < this.#deps.attempts; tried += 1) {
        if (this.#try([event], phase)) return false;
      }
      return true;
    });
  }

  #try(events: StreamEvent[], phase: 'snapshot' | 'live'): boolean {
    try {
      this.#deps.apply(events, phase);
      return true;
    } catch (error) {
      const facts = { err: error, events: events.length, phase };
      this.#deps.log.warn('apply', facts, 'Events could not be applied');
      return false;
    }
  }
}

/** What may be acknowledged of a delivery: all but the dead letters. */
function done(delivered: Delivered, letters: readonly DeadLetter[], graveyard: Graveyard): Done[] {
  const dead = new Set(letters.map(({ channel, entryId }) => `${keys.stream(channel)} ${entryId}`));
  return delivered.flatMap(([stream, entries]) => {
    const channel = channelOfStream(stream) ?? stream;
    const ids: string[] = [];
    for (const [id] of entries) {
      if ((dead.size === 0 || !dead.has(`${stream} ${id}`)) && !graveyard.holds(channel, id)) ids.push(id);
    }
    return ids.length === 0 ? [] : [{ stream, ids }];
  });
}

/** The fields of an event that is in no stream any more, as our own publisher would write it. */
function writtenFields({ eventId, type, source, timestamp, sequence, data }: StreamEvent): string[] {
  return [
    ...['event_id', eventId, 'event_type', type, 'source', source],
    ...['timestamp', new Date(timestamp).toISOString()],
    ...(sequence === null ? [] : ['sequence_number', String(sequence)]),
    ...['data', JSON.stringify(data)],
  ];
}

/** The original fields of an event; looked up only when one fails. */
function fieldsOf(delivered: Delivered): (event: StreamEvent) => readonly string[] {
  return ({ channel, entryId }) => {
    const stream = keys.stream(channel);
    const entries = delivered.find(([name]) => name === stream)?.[1];
    return entries?.find(([id]) => id === entryId)?.[1] ?? [];
  };
}
