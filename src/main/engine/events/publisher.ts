import { createHash, randomUUID } from 'node:crypto';
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
const SHA = createHash('sha1').update(script).digest('hex');
const ANSWER = /^(=?)(\d+) (\S+)$/;

type Reply = readonly [Error | null, unknown];

/** Reads the answer to one appended publish; see {@link Publisher.append}. */
export interface AppendedPublish {
  readonly eventId: string;
  /** Takes this command's item of the pipeline's answer. Throws `PUBLISH_FAILED` when Redis refused it. */
  read(reply: Reply): Published;
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

  const count = (results: readonly Published[], channelOf: (index: number) => string): void => {
    const added = new Map<string, number>();
    results.forEach(({ duplicate }, index) => {
      const channel = channelOf(index);
      if (!duplicate) added.set(channel, (added.get(channel) ?? 0) + 1);
    });
    for (const [channel, number] of added) metrics.eventsPublished.inc({ channel }, number);
  };

  return {
    async publish(event) {
      const args = prepare(event, window);
      const [reply] = await send(pool.shared(), [args]);
      const result = read(args, reply);
      count([result], () => event.channel);
      return result;
    },

    async publishMany(events) {
      const prepared = events.map(event => prepare(event, window));
      if (prepared.length === 0) return [];
      const replies = await send(pool.shared(), prepared);
      const published: Published[] = [];
      const channels: string[] = [];
      const failures: string[] = [];
      prepared.forEach((args, index) => {
        try {
          published.push(read(args, replies[index]));
          channels.push(args[3]);
        } catch (error) {
          failures.push(messageOf(error));
        }
      });
      count(published, index => channels[index] ?? '');
      if (failures.length === 0) return published;
      throw new TenhertzError(
        'PUBLISH_FAILED',
        `${failures.length} of ${events.length} events were not published: ${failures[0] ?? ''}`,
        { facts: { published, failed: failures } },
      );
    },

    append(pipeline, event, options) {
      const args = prepare(event, options?.idempotencyMs ?? 0);
      // A pipeline knows the scripts its connection had when it was made; one made before is given the same command.
      pipeline.tenhertzPublish ??= scriptedPipeline(pool.shared()).tenhertzPublish;
      pipeline.tenhertzPublish?.(...args);
      return {
        eventId: args[4],
        read(reply) {
          const result = read(args, reply);
          count([result], () => event.channel);
          return result;
        },
      };
    },
  };
}

/**
 * One pipeline of EVALSHA; leaner than the client's own script commands, which cost three promises each. What a server
 * refused because it does not know the script (restart, SCRIPT FLUSH) goes again, in order, with the script itself first.
 */
async function send(client: Redis, commands: readonly PublishArguments[]): Promise<Reply[]> {
  const replies = await exchange(client, commands, false);
  const unknown = commands.filter((_, index) => isUnknownScript(replies[index]));
  if (unknown.length === 0) return replies;
  const again = (await exchange(client, unknown, true)).values();
  return replies.map(reply => (isUnknownScript(reply) ? (again.next().value ?? reply) : reply));
}

async function exchange(
  client: Redis,
  commands: readonly PublishArguments[],
  withScript: boolean,
): Promise<Reply[]> {
  const pipeline = client.pipeline();
  commands.forEach((args, index) => {
    if (withScript && index === 0) pipeline.eval(script, 3, ...args);
    else pipeline.evalsha(SHA, 3, ...args);
  });
  return (await pipeline.exec()) ?? [];
}

function isUnknownScript(reply: Reply | undefined): boolean {
  return reply?.[0]?.message.startsWith('NOSCRIPT') === true;
}

/** Reads what the script answered; throws `PUBLISH_FAILED` when Redis refused it or never answered. */
function read(args: PublishArguments, reply: Reply | undefined): Published {
  const [error, text] = reply ?? [new Error('no answer'), null];
  if (error !== null) throw failed(args, error);
  const [, duplicate, sequence, entryId] = ANSWER.exec(String(text)) ?? [];
  if (sequence === undefined || entryId === undefined)
    throw failed(args, new Error(`answer ${String(text)}`));
  return { eventId: args[4], sequence: Number(sequence), entryId, duplicate: duplicate === '=' };
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
