import { createHash } from 'node:crypto';
import type { ChainableCommander, Redis, Result } from 'ioredis';
import script from '../../../../resources/lua/publish.lua?raw';
import { messageOf, TenhertzError } from '../errors.ts';
import { isReplyError } from '../redis/connection.ts';
import { keys } from '../redis/keys.ts';
import type { Published } from './event.ts';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    /** `resources/lua/publish.lua`; there once {@link appendCall} has used the connection. */
    tenhertzPublish?:
      ((numberOfKeys: number, ...args: (string | number)[]) => Result<unknown, Context>) | undefined;
  }
}

/** One command's item of a pipeline's answer. */
export type Reply = readonly [Error | null, unknown];

/** An event that was checked, as the script takes it. */
export interface CheckedEvent {
  eventId: string;
  type: string;
  source: string;
  /** RFC 3339 UTC. */
  timestamp: string;
  /** JSON text. */
  data: string;
}

/** One call of the publish script: events of one channel, in order. */
export interface PublishCall {
  channel: string;
  events: readonly CheckedEvent[];
  numberOfKeys: number;
  /** KEYS and ARGV as the head of the script describes them. */
  args: (string | number)[];
}

/** What became of one event: a `PUBLISH_FAILED` where Redis refused it or never answered. */
export type Outcome = Published | TenhertzError;

const ANSWER = /^(=?)(\d+) (\S+)$/;

/**
 * Makes a call. It holds the server as long as its events take, some microseconds each: a caller keeps it to about 100.
 *
 * @param idempotencyMs window in which an id is published once; 0 is off
 */
export function publishCall(
  channel: string,
  events: readonly CheckedEvent[],
  options: { maxLen: number; idempotencyMs: number },
): PublishCall {
  const { maxLen, idempotencyMs } = options;
  const args: (string | number)[] = [keys.stream(channel), keys.sequence(channel)];
  if (idempotencyMs > 0) for (const { eventId } of events) args.push(keys.published(channel, eventId));
  const numberOfKeys = args.length;
  args.push(channel, maxLen, idempotencyMs);
  for (const { eventId, type, source, timestamp, data } of events)
    args.push(eventId, type, source, timestamp, data);
  return { channel, events, numberOfKeys, args };
}

/** One call of a script. */
type ScriptCall = Pick<PublishCall, 'numberOfKeys' | 'args'>;

/**
 * Makes what sends calls of a script in one pipeline of EVALSHA; leaner than the client's own script commands, which cost
 * three promises each. What a server refused because it does not know the script (restart, SCRIPT FLUSH) goes again, in
 * order, with the script itself first.
 */
export function scriptSender(lua: string): (client: Redis, calls: readonly ScriptCall[]) => Promise<Reply[]> {
  const sha = createHash('sha1').update(lua).digest('hex');
  const exchange = async (
    client: Redis,
    calls: readonly ScriptCall[],
    withScript: boolean,
  ): Promise<Reply[]> => {
    const pipeline = client.pipeline();
    calls.forEach(({ numberOfKeys, args }, index) => {
      if (withScript && index === 0) pipeline.eval(lua, numberOfKeys, ...args);
      else pipeline.evalsha(sha, numberOfKeys, ...args);
    });
    return (await pipeline.exec()) ?? [];
  };
  return async (client, calls) => {
    const replies = await exchange(client, calls, false);
    const unknown = calls.filter((_, index) => isUnknownScript(replies[index]));
    if (unknown.length === 0) return replies;
    const again = (await exchange(client, unknown, true)).values();
    return replies.map(reply => (isUnknownScript(reply) ? (again.next().value ?? reply) : reply));
  };
}

/** Sends calls of the publish script. */
export const sendCalls = scriptSender(script);

function isUnknownScript(reply: Reply | undefined): boolean {
  return reply?.[0]?.message.startsWith('NOSCRIPT') === true;
}

/** Adds a call to a pipeline on `client` that somebody else runs. */
export function appendCall(client: Redis, pipeline: ChainableCommander, call: PublishCall): void {
  // A pipeline knows the scripts its connection had when it was made; one made before is given the same command.
  pipeline.tenhertzPublish ??= scriptedPipeline(client).tenhertzPublish;
  pipeline.tenhertzPublish?.(call.numberOfKeys, ...call.args);
}

/** A pipeline that knows the script, which is registered with the client on first use. */
function scriptedPipeline(client: Redis): ChainableCommander {
  if (client.tenhertzPublish === undefined) client.defineCommand('tenhertzPublish', { lua: script });
  return client.pipeline();
}

/** What became of each event of a call, in order. */
export function readCall(call: PublishCall, reply: Reply | undefined): Outcome[] {
  const [error, answer] = reply ?? [new Error('no answer'), null];
  const lines = error === null ? String(answer).split('\n') : [];
  return call.events.map(({ eventId }, index) => {
    const line = lines[index];
    const [, duplicate, sequence, entryId] = ANSWER.exec(line ?? '') ?? [];
    if (sequence !== undefined && entryId !== undefined)
      return { eventId, sequence: Number(sequence), entryId, duplicate: duplicate === '=' };
    return failed(
      call.channel,
      eventId,
      error ?? new Error(line?.startsWith('!') ? line.slice(1) : `answer ${String(answer)}`),
      error === null || isReplyError(error),
    );
  });
}

/** @param answered whether the server itself said no; else nobody knows what became of the event */
function failed(channel: string, eventId: string, cause: unknown, answered: boolean): TenhertzError {
  return new TenhertzError(
    'PUBLISH_FAILED',
    `Redis did not take an event for "${channel}" (${messageOf(cause)}). Check that ${keys.stream(channel)} is a stream, and the user's rights and the memory limit of the server.`,
    { facts: { channel, eventId, answered }, cause },
  );
}
