import { randomUUID } from 'node:crypto';
import type { ChainableCommander, Redis, Result } from 'ioredis';
import script from '../../../../resources/lua/publish.lua?raw';
import type { Clock } from '../clock.ts';
import { messageOf, TenhertzError } from '../errors.ts';
import type { Metrics } from '../health/metrics.ts';
import { keys } from '../redis/keys.ts';
import type { RedisPool } from '../redis/pool.ts';
import type { NewEvent, Published } from './event.ts';
import { checkEvent } from './new-event.ts';

type PublishArguments = [
  stream: string,
  sequence: string,
  published: string,
  channel: string,
  eventId: string,
  type: string,
  source: string,
  timestamp: string,
  data: string,
  maxLen: number,
  idempotencyMs: number,
];

declare module 'ioredis' {
  interface RedisCommander<Context> {
    /** `resources/lua/publish.lua`; there once {@link createPublisher} has used the connection. */
    tenhertzPublish?: ((...args: PublishArguments) => Result<unknown, Context>) | undefined;
  }
}

/** Length a stream is trimmed to, approximately (R4.2). */
const MAX_LEN = 10_000;
/** How long the same `event_id` adds nothing (R4.3). */
const IDEMPOTENCY_MS = 600_000;

/** Reads the answer to one appended publish; see {@link Publisher.append}. */
export interface AppendedPublish {
  readonly eventId: string;
  /** Takes this command's item of the pipeline's answer. Throws `PUBLISH_FAILED` when Redis refused it. */
  read(reply: readonly [Error | null, unknown]): Published;
}

/** Writes events to their streams: sequence, entry and broadcast in one atomic script per event (R4.1, R4.2). */
export interface Publisher {
  /**
   * Publishes one event. Rejects with `BAD_EVENT` for an event that cannot be written, `PUBLISH_FAILED` when Redis refused
   * it, `REDIS_DOWN` while there is no connection.
   */
  publish(event: NewEvent): Promise<Published>;
  /**
   * Publishes in one pipeline, in order. All events are checked before the first is sent. When Redis refuses some, rejects
   * with `PUBLISH_FAILED` whose facts are `{published, failed}`: what each of them became, and the messages.
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

  const prepare = (event: NewEvent, idempotencyMs: number): PublishArguments => {
    const data = checkEvent(event);
    const { channel, eventId = randomUUID() } = event;
    return [
      keys.stream(channel),
      keys.sequence(channel),
      keys.published(channel, eventId),
      channel,
      eventId,
      event.type,
      event.source,
      new Date(event.timestamp ?? clock.now()).toISOString(),
      data,
      maxLen,
      idempotencyMs,
    ];
  };

  const succeeded = (args: PublishArguments, reply: unknown): Published => {
    const [sequence, entryId, duplicate] = reply as [number, string, 0 | 1];
    if (duplicate === 0) metrics.eventsPublished.inc({ channel: args[3] });
    return { eventId: args[4], sequence, entryId, duplicate: duplicate === 1 };
  };

  const appended = (pipeline: ChainableCommander, args: PublishArguments): AppendedPublish => {
    // A pipeline knows the scripts its connection had when it was made; one made before is given the same command.
    pipeline.tenhertzPublish ??= scriptedPipeline(pool.shared()).tenhertzPublish;
    pipeline.tenhertzPublish?.(...args);
    return {
      eventId: args[4],
      read([error, reply]) {
        if (error !== null) throw failed(args, error);
        return succeeded(args, reply);
      },
    };
  };

  return {
    async publish(event) {
      const args = prepare(event, window);
      const client = pool.shared();
      let reply: unknown;
      try {
        reply = await scripted(client).apply(client, args);
      } catch (error) {
        throw failed(args, error);
      }
      return succeeded(args, reply);
    },

    async publishMany(events) {
      const prepared = events.map(event => prepare(event, window));
      if (prepared.length === 0) return [];
      const pipeline = scriptedPipeline(pool.shared());
      const sent = prepared.map(args => appended(pipeline, args));
      const replies = await pipeline.exec();
      const published: Published[] = [];
      const failures: string[] = [];
      sent.forEach((one, index) => {
        const reply = replies?.[index];
        try {
          published.push(one.read(reply ?? [new Error('no answer'), null]));
        } catch (error) {
          failures.push(messageOf(error));
        }
      });
      if (failures.length === 0) return published;
      throw new TenhertzError(
        'PUBLISH_FAILED',
        `${failures.length} of ${events.length} events were not published: ${failures[0] ?? ''}`,
        { facts: { published, failed: failures } },
      );
    },

    append: (pipeline, event, options) => appended(pipeline, prepare(event, options?.idempotencyMs ?? 0)),
  };
}

/** The script as a command of `client`, registered on first use. */
function scripted(client: Redis): NonNullable<Redis['tenhertzPublish']> {
  if (client.tenhertzPublish === undefined) {
    client.defineCommand('tenhertzPublish', { lua: script, numberOfKeys: 3 });
  }
  const command = client.tenhertzPublish;
  if (command === undefined)
    throw new TenhertzError('INTERNAL', 'The publish script could not be registered.');
  return command;
}

/** A pipeline on `client` that knows the script. */
function scriptedPipeline(client: Redis): ChainableCommander {
  scripted(client);
  return client.pipeline();
}

function failed(args: PublishArguments, cause: unknown): TenhertzError {
  const [stream, , , channel, eventId] = args;
  return new TenhertzError(
    'PUBLISH_FAILED',
    `Redis did not take an event for "${channel}" (${messageOf(cause)}). Check that ${stream} is a stream, and the user's rights and the memory limit of the server.`,
    { facts: { channel, eventId }, cause },
  );
}
