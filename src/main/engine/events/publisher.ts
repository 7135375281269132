import { randomUUID } from 'node:crypto';
import type { ChainableCommander } from 'ioredis';
import type { EpochMs } from '../../../shared/contract.ts';
import type { Clock } from '../clock.ts';
import { TenhertzError } from '../errors.ts';
import type { Metrics } from '../health/metrics.ts';
import type { RedisPool } from '../redis/pool.ts';
import type { NewEvent, Published } from './event.ts';
import { checkEvent } from './new-event.ts';
import {
  appendCall,
  publishCall,
  readCall,
  sendCalls,
  type CheckedEvent,
  type Outcome,
  type PublishCall,
  type Reply,
} from './publish-call.ts';

/** Length a stream is trimmed to, approximately (R4.2). */
const MAX_LEN = 10_000;
/** How long the same `event_id` adds nothing (R4.3). */
const IDEMPOTENCY_MS = 600_000;
/** Events in one call of the script: about half a millisecond of the server. */
const PER_CALL = 100;

/** Reads the answer to one appended publish; see {@link Publisher.append}. */
export interface AppendedPublish {
  readonly eventId: string;
  /** Takes this command's item of the pipeline's answer. Throws `PUBLISH_FAILED` when Redis refused it. */
  read(reply: Reply): Published;
}

/** Reads the answer to several appended publishes; see {@link Publisher.appendMany}. */
export interface AppendedPublishes {
  readonly eventIds: readonly string[];
  /** Takes the whole answer of the pipeline: what became of each event, `PUBLISH_FAILED` where Redis refused it. */
  read(replies: readonly Reply[]): Outcome[];
}

/**
 * Writes events to their streams: sequence, entry and broadcast of an event are one step of the server (R4.1, R4.2). Several
 * events of one channel go in one call of the script, which costs the server less than as many XADDs.
 */
export interface Publisher {
  /**
   * Publishes one event. Rejects with `BAD_EVENT` for an event that cannot be written, `PUBLISH_FAILED` when Redis refused
   * it, `REDIS_DOWN` while there is no connection.
   */
  publish(event: NewEvent): Promise<Published>;
  /**
   * Publishes in one pipeline, in order. All events are checked before the first is sent. When Redis refuses some, the
   * others are published all the same, and it rejects with `PUBLISH_FAILED` whose facts are `{published, failed, failedAt}`:
   * what became of the ones it took, the messages of the others, and where those stand in `events`.
   */
  publishMany(events: readonly NewEvent[]): Promise<Published[]>;
  /**
   * Adds a publish to a pipeline of the caller's, to go in one round trip with other commands. Here the idempotency window
   * is off unless given: a pipeline is never sent again by the client, so ids made anew cannot repeat.
   */
  append(
    pipeline: ChainableCommander,
    event: NewEvent,
    options?: { idempotencyMs?: number },
  ): AppendedPublish;
  /** The same for several events, with one command for up to 100 of one channel. */
  appendMany(
    pipeline: ChainableCommander,
    events: readonly NewEvent[],
    options?: { idempotencyMs?: number },
  ): AppendedPublishes;
}

/**
 * Makes the publisher of a pool. The script is registered per connection; a server that has forgotten it (restart, SCRIPT
 * FLUSH) is given it again by the client, inside pipelines too.
 *
 * @param deps.maxLen length streams are trimmed to, approximately; 10,000 by default
 * @param deps.idempotencyMs window in which an `event_id` is written once by `publish` and `publishMany`; 10 min by default, 0 is off
 */
export function createPublisher(deps: {
  pool: RedisPool;
  clock: Clock;
  metrics: Metrics;
  maxLen?: number;
  idempotencyMs?: number;
}): Publisher {
  const { pool, clock, metrics } = deps;
  const maxLen = deps.maxLen ?? MAX_LEN;
  const window = deps.idempotencyMs ?? IDEMPOTENCY_MS;
  const rfc3339 = timeWriter();

  const check = (event: NewEvent): CheckedEvent => checkedEvent(event, clock, rfc3339);

  /** Checks all events, then makes a call of each run of one channel's. */
  const callsFor = (events: readonly NewEvent[], idempotencyMs = 0): PublishCall[] => {
    const runs: { channel: string; events: CheckedEvent[] }[] = [];
    for (const event of events) {
      const checked = check(event);
      const run = runs.at(-1);
      if (run?.channel === event.channel && run.events.length < PER_CALL) run.events.push(checked);
      else runs.push({ channel: event.channel, events: [checked] });
    }
    return runs.map(run => publishCall(run.channel, run.events, { maxLen, idempotencyMs }));
  };

  /** What became of one call's events, counted. */
  const read = (call: PublishCall, reply: Reply | undefined): Outcome[] => {
    const outcomes = readCall(call, reply);
    const added = outcomes.filter(one => !(one instanceof TenhertzError) && !one.duplicate).length;
    if (added > 0) metrics.eventsPublished.inc({ channel: call.channel }, added);
    return outcomes;
  };

  const send = async (events: readonly NewEvent[]): Promise<Outcome[]> => {
    const calls = callsFor(events, window);
    if (calls.length === 0) return [];
    const replies = await sendCalls(pool.shared(), calls);
    return calls.flatMap((call, index) => read(call, replies[index]));
  };

  return {
    publish: async event => onlyOutcome(await send([event])),
    publishMany: async events => allOutcomes(await send(events)),
    append(pipeline, event, options) {
      const calls = callsFor([event], options?.idempotencyMs);
      for (const call of calls) appendCall(pool.shared(), pipeline, call);
      return {
        eventId: calls[0]?.events[0]?.eventId ?? '',
        read: reply => onlyOutcome(calls.flatMap(call => read(call, reply))),
      };
    },
    appendMany(pipeline, events, options) {
      const calls = callsFor(events, options?.idempotencyMs);
      const from = pipeline.length;
      for (const call of calls) appendCall(pool.shared(), pipeline, call);
      return {
        eventIds: calls.flatMap(call => call.events.map(({ eventId }) => eventId)),
        read: replies => calls.flatMap((call, index) => read(call, replies[from + index])),
      };
    },
  };
}

/** An event as a script takes it. Throws `BAD_EVENT`. */
export function checkedEvent(
  event: NewEvent,
  clock: Clock,
  rfc3339: (at: EpochMs) => string = timeWriter(),
): CheckedEvent {
  const data = checkEvent(event);
  const { eventId = randomUUID(), type, source, timestamp = clock.now() } = event;
  return { eventId, type, source, timestamp: rfc3339(timestamp), data };
}

/** The outcome of a single event, thrown when it is a refusal. */
export function onlyOutcome([outcome]: readonly Outcome[]): Published {
  if (outcome === undefined || outcome instanceof TenhertzError)
    throw outcome ?? new TenhertzError('INTERNAL', 'A publish had no outcome.');
  return outcome;
}

/** The outcomes of several events when none is a refusal; see {@link Publisher.publishMany}. */
export function allOutcomes(outcomes: readonly Outcome[]): Published[] {
  const published: Published[] = [];
  const failed: string[] = [];
  const failedAt: number[] = [];
  outcomes.forEach((outcome, index) => {
    if (!(outcome instanceof TenhertzError)) {
      published.push(outcome);
      return;
    }
    failed.push(outcome.message);
    failedAt.push(index);
  });
  if (failed.length === 0) return published;
  throw new TenhertzError(
    'PUBLISH_FAILED',
    `${failed.length} of ${outcomes.length} events were not published: ${failed[0] ?? ''}`,
    { facts: { published, failed, failedAt } },
  );
}

/** Writes times as RFC 3339 in UTC; events come in bursts, so the last one is kept. */
function timeWriter(): (at: EpochMs) => string {
  let last = { at: Number.NaN, text: '' };
  return at => {
    if (at !== last.at) last = { at, text: new Date(at).toISOString() };
    return last.text;
  };
}
