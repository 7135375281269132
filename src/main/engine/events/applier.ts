import type { EpochMs } from '../../../shared/contract.ts';
import type { Clock } from '../clock.ts';
import type { Metrics } from '../health/metrics.ts';
import type { Logger } from '../logger.ts';
import { channelOfStream, keys } from '../redis/keys.ts';
import { bury, type DeadLetter } from './dead-letters.ts';
import { compareEntryIds } from './entry-id.ts';
import type { StreamEvent } from './event.ts';
import type { Intake } from './intake.ts';
import type { Entry, Guarded, OpenedChannel } from './open-channel.ts';

/** Takes events in stream order; `snapshot` while catching up, `live` after. */
export type Apply = (events: StreamEvent[], phase: 'snapshot' | 'live') => void;

/** Entries as XREADGROUP gives them, by stream. */
export type Delivered = readonly [stream: string, entries: Entry[]][];

/** Snapshot events applied before other work of the process gets its turn. */
const SLICE = 1_000;

/** Applies first, acknowledges after (R5.2): the two halves of taking entries, and the numbers about them. */
export class Applier {
  readonly progress: { lagMs: number | null; lastAppliedAt: EpochMs | null; applied: number } = {
    lagMs: null,
    lastAppliedAt: null,
    applied: 0,
  };
  readonly #deps: {
    group: string;
    clock: Clock;
    log: Logger;
    metrics: Metrics;
    intake: Intake;
    apply: Apply;
  };

  constructor(deps: {
    group: string;
    clock: Clock;
    log: Logger;
    metrics: Metrics;
    intake: Intake;
    apply: Apply;
  }) {
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
    if (opened.length > 1) events.sort((a, b) => compareEntryIds(a.entryId, b.entryId));
    for (let from = 0; from < events.length && !isStopped(); from += SLICE) {
      this.#apply(events.slice(from, from + SLICE), 'snapshot');
      await new Promise(setImmediate);
    }
    await this.#putAway(
      guarded,
      taken.flatMap(one => one.letters),
    );
  }

  /** Applies what the group delivered, then acknowledges all of it in one round trip. */
  async settle(guarded: Guarded, delivered: Delivered): Promise<void> {
    const { clock, group, intake, metrics } = this.#deps;
    const events: StreamEvent[] = [];
    const letters: DeadLetter[] = [];
    let lagMs = -1;
    for (const [stream, entries] of delivered) {
      const channel = channelOfStream(stream) ?? stream;
      const taken = intake.deliver(channel, entries);
      events.push(...taken.events);
      letters.push(...taken.letters);
      const last = taken.events.at(-1);
      if (last === undefined) continue;
      const behind = Math.max(0, clock.now() - last.entryTime);
      metrics.streamLagSeconds.set({ channel, group }, behind / 1_000);
      lagMs = Math.max(lagMs, behind);
    }
    if (!this.#apply(events, 'live')) {
      const lost = unapplied(events, delivered);
      for (const letter of lost) intake.refused(letter);
      letters.push(...lost);
    } else if (lagMs >= 0) {
      this.progress.lagMs = lagMs;
    }
    await this.#acknowledge(guarded, delivered, letters);
    await this.#putAway(guarded, letters);
  }

  /** False when `apply` threw. */
  #apply(events: StreamEvent[], phase: 'snapshot' | 'live'): boolean {
    if (events.length === 0) return true;
    const { apply, clock, log, metrics } = this.#deps;
    try {
      apply(events, phase);
    } catch (error) {
      log.error({ err: error, events: events.length, phase }, 'Events could not be applied');
      return false;
    }
    this.progress.lastAppliedAt = clock.now();
    this.progress.applied += events.length;
    const perChannel = new Map<string, number>();
    for (const { channel } of events) perChannel.set(channel, (perChannel.get(channel) ?? 0) + 1);
    for (const [channel, number] of perChannel) metrics.eventsApplied.inc({ channel }, number);
    return true;
  }

  /** Dead letters are acknowledged together with being put away, not here. */
  async #acknowledge(guarded: Guarded, delivered: Delivered, letters: readonly DeadLetter[]): Promise<void> {
    const dead = new Set(letters.map(({ channel, entryId }) => `${keys.stream(channel)} ${entryId}`));
    await guarded(async client => {
      const pipeline = client.pipeline();
      for (const [stream, entries] of delivered) {
        const ids = entries.map(([id]) => id);
        const good = dead.size === 0 ? ids : ids.filter(id => !dead.has(`${stream} ${id}`));
        if (good.length > 0) pipeline.xack(stream, this.#deps.group, ...good);
      }
      if (pipeline.length === 0) return;
      const error = (await pipeline.exec())?.find(([problem]) => problem !== null)?.[0];
      if (error) throw error;
    });
  }

  async #putAway(guarded: Guarded, letters: readonly DeadLetter[]): Promise<void> {
    if (letters.length === 0) return;
    const { clock, group, metrics } = this.#deps;
    await guarded(client => bury(client, group, letters, clock.now()));
    for (const { channel } of letters) metrics.deadLetters.inc({ channel });
  }
}

/** Dead letters for events that `apply` threw on. */
function unapplied(events: readonly StreamEvent[], delivered: Delivered): DeadLetter[] {
  const fieldsOf = new Map<string, readonly string[] | null>();
  for (const [stream, entries] of delivered) {
    for (const [id, fields] of entries) fieldsOf.set(`${stream} ${id}`, fields);
  }
  return events.map(({ channel, entryId }) => ({
    channel,
    entryId,
    fields: fieldsOf.get(`${keys.stream(channel)} ${entryId}`) ?? [],
    reason: 'could not be applied',
  }));
}
