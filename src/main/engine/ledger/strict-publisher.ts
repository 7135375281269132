import { messageOf, TenhertzError } from '../errors.ts';
import type { Clock } from '../clock.ts';
import type { NewEvent, Published } from '../events/event.ts';
import type { CheckedEvent, Outcome } from '../events/publish-call.ts';
import { allOutcomes, checkedEvent, onlyOutcome, type Publisher } from '../events/publisher.ts';
import type { Metrics } from '../health/metrics.ts';
import type { RedisPool } from '../redis/pool.ts';
import { counterOf, type BringUp, type Standing } from './bring-up.ts';
import { commitEvents, type Committed } from './commit-events.ts';
import type { LedgerDatabase } from './database.ts';
import type { Marks } from './mark.ts';
import { publishNumbered, type NumberedEvent } from './numbered-publish.ts';

export interface StrictPublisherDeps {
  database: Pick<LedgerDatabase, 'query'>;
  pool: RedisPool;
  clock: Clock;
  metrics: Metrics;
  marks: Marks;
  bringUp: BringUp;
}

/** Attempts to broadcast what is committed, before the caller is told that it could not be. */
const MOST_TRIES = 4;

/**
 * Publishes events of strict channels (R7.2, R7.3): committed to the ledger in one transaction per batch, which gives their numbers, then
 * broadcast with these numbers. An `event_id` the ledger knows already answers its first result, for ever.
 *
 * Besides the errors of {@link Publisher}: `LEDGER_DOWN` and `LEDGER_FULL` when nothing was committed, or nobody knows;
 * `COMMITTED_NOT_PUBLISHED` (facts: `channel`, `events` with `eventId` and `sequence`) when Redis failed after the commit: they ARE recorded, and
 * the relay broadcasts them. Both may be tried again with the same ids.
 */
export function createStrictPublisher(
  deps: StrictPublisherDeps,
): Pick<Publisher, 'publish' | 'publishMany'> & { stop(): void } {
  const { database, pool, clock, metrics, marks } = deps;
  /** Channels whose numbers in the ledger are known to have reached those of Redis. */
  const aligned = new Set<string>();
  const forget = pool.onChange(() => aligned.clear());

  /** The number Redis has given already, asked once; it is not needed to commit. */
  const floorOf = async (channel: string): Promise<number> => {
    if (aligned.has(channel)) return 0;
    try {
      const counter = await counterOf(pool, channel);
      aligned.add(channel);
      return counter;
    } catch {
      return 0;
    }
  };

  const publishRun = async (channel: string, events: readonly CheckedEvent[]): Promise<Outcome[]> => {
    const unique = [...new Map(events.map(event => [event.eventId, event])).values()];
    const committed = await commitEvents(database, channel, await floorOf(channel), unique);
    if (committed instanceof TenhertzError) return events.map(() => committed);
    const standings = await broadcast(channel, unique, committed);
    const told = new Set<string>();
    return events.map(({ eventId }) => {
      const outcome = outcomeOf(channel, eventId, committed.get(eventId), standings.get(eventId));
      if (told.has(eventId) && !(outcome instanceof TenhertzError)) return { ...outcome, duplicate: true };
      told.add(eventId);
      return outcome;
    });
  };

  /** Where each event stands that was not known to be published. */
  const broadcast = async (
    channel: string,
    events: readonly CheckedEvent[],
    committed: ReadonlyMap<string, Committed>,
  ): Promise<ReadonlyMap<string, Standing>> => {
    const standings = new Map<string, Standing>();
    let left = events
      .map((event): NumberedEvent => {
        const sequence = committed.get(event.eventId)?.sequence ?? 0;
        return { ...event, sequence, after: sequence - 1 };
      })
      .filter(({ eventId }) => {
        const known = committed.get(eventId);
        return known?.channel === channel && !known.published;
      })
      .sort((a, b) => a.sequence - b.sequence);
    for (let attempt = 1; left.length > 0; attempt += 1) {
      if (attempt > MOST_TRIES) throw notPublished(channel, left, 'its numbers do not stay where they were');
      try {
        const ready = left.filter(({ sequence }) => sequence > 0);
        const outcomes = ready.length === 0 ? [] : await publishNumbered(pool.shared(), channel, ready);
        let behind = ready.length < left.length;
        for (const [index, outcome] of outcomes.entries()) {
          const { eventId } = ready[index] ?? { eventId: '' };
          if (outcome.kind === 'published') {
            standings.set(eventId, outcome);
            marks.add(eventId, outcome.entryId);
            if (outcome.added) metrics.eventsPublished.inc({ channel });
          } else if (outcome.kind === 'refused') throw new Error(outcome.message);
          else behind = true;
        }
        if (behind)
          for (const [eventId, standing] of await deps.bringUp(channel)) standings.set(eventId, standing);
      } catch (error) {
        // Whatever Redis said, they are committed: the caller must not take it for a refusal.
        throw notPublished(channel, left, error);
      }
      left = left.filter(({ eventId }) => !standings.has(eventId));
    }
    return standings;
  };

  const send = async (events: readonly NewEvent[]): Promise<Outcome[]> => {
    const runs: { channel: string; events: CheckedEvent[] }[] = [];
    for (const event of events) {
      const checked = checkedEvent(event, clock);
      const run = runs.at(-1);
      if (run?.channel === event.channel) run.events.push(checked);
      else runs.push({ channel: event.channel, events: [checked] });
    }
    const outcomes: Outcome[] = [];
    for (const { channel, events: run } of runs) outcomes.push(...(await publishRun(channel, run)));
    return outcomes;
  };

  return {
    publish: async event => onlyOutcome(await send([event])),
    publishMany: async events => allOutcomes(await send(events)),
    stop: forget,
  };
}

function outcomeOf(
  channel: string,
  eventId: string,
  committed: Committed | undefined,
  standing: Standing | undefined,
): Published | TenhertzError {
  if (committed !== undefined && committed.channel !== channel) {
    return new TenhertzError(
      'BAD_EVENT',
      `Event ${eventId} is recorded in "${committed.channel}" already. Give each event an id of its own, or leave it out.`,
      { exitCode: 2, facts: { field: 'eventId', channel: committed.channel } },
    );
  }
  const sequence = standing?.sequence ?? committed?.sequence ?? 0;
  const entryId = standing?.entryId ?? committed?.entryId ?? '';
  // Whoever committed it was the first, even where another process was quicker to broadcast it.
  const duplicate = !(committed?.added === true || standing?.added === true);
  return { eventId, sequence, entryId, duplicate };
}

/** Redis failed after the commit. */
function notPublished(channel: string, left: readonly NumberedEvent[], cause: unknown): TenhertzError {
  const events = left.map(({ eventId, sequence }) => ({ eventId, sequence }));
  const which = events.length === 1 ? `Event ${events[0]?.eventId ?? ''}` : `${events.length} events`;
  return new TenhertzError(
    'COMMITTED_NOT_PUBLISHED',
    `${which} of "${channel}" ${events.length === 1 ? 'is' : 'are'} recorded in the ledger, but Redis failed before the broadcast (${messageOf(cause)}). The broadcast follows by itself.`,
    { exitCode: 4, facts: { channel, events }, cause },
  );
}
