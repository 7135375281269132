import type { Redis } from 'ioredis';
import script from '../../../../resources/lua/publish-numbered.lua?raw';
import { scriptSender, type CheckedEvent } from '../events/publish-call.ts';
import { keys } from '../redis/keys.ts';

/** A committed event on its way to its stream. */
export interface NumberedEvent extends CheckedEvent {
  /** The number the ledger gave it. */
  sequence: number;
  /** The number before it that is published; what lies between the two is not to be. */
  after: number;
}

/** What became of one. */
export type NumberedOutcome =
  /** It stands in the stream. `added`: since now. `entryId` is `null` where the entry is gone from the stream. */
  | { kind: 'published'; added: boolean; sequence: number; entryId: string | null }
  /** Numbers before it are missing in the stream, whose counter stands at `counter`. */
  | { kind: 'order'; counter: number }
  /** Another event has its number. */
  | { kind: 'taken'; counter: number }
  /** Redis refused it, in its words. */
  | { kind: 'refused'; message: string };

/** As the plain publisher has it (R4.2, R4.3). */
const MAX_LEN = 10_000;
const KEPT_MS = 600_000;
/** Events in one call of the script: about half a millisecond of the server. */
const PER_CALL = 100;
const ANSWER = /^(=?)(\d+) (\S*)$/;
const REFUSAL = /^!(ORDER|TAKEN) (\d+)$/;

const send = scriptSender(script);

/**
 * Publishes committed events of one channel, in order, each once however often it is tried; see `publish-numbered.lua`. At the
 * end the channel's counter is raised to `raiseTo`, unless one was refused. Rejects when Redis did not answer; then some may
 * be published all the same.
 */
export async function publishNumbered(
  client: Redis,
  channel: string,
  events: readonly NumberedEvent[],
  raiseTo = 0,
): Promise<NumberedOutcome[]> {
  const calls: NumberedEvent[][] = [];
  for (let from = 0; from === 0 || from < events.length; from += PER_CALL)
    calls.push(events.slice(from, from + PER_CALL));
  const replies = await send(
    client,
    calls.map((part, index) => callOf(channel, part, index === calls.length - 1 ? raiseTo : 0)),
  );
  return calls.flatMap((part, index) => {
    const [error, answer] = replies[index] ?? [new Error('Redis did not answer'), null];
    if (error !== null) throw error;
    const lines = String(answer).split('\n');
    return part.map((_, at) => outcomeOf(lines[at] ?? ''));
  });
}

function callOf(
  channel: string,
  events: readonly NumberedEvent[],
  raiseTo: number,
): { numberOfKeys: number; args: (string | number)[] } {
  const args: (string | number)[] = [keys.stream(channel), keys.sequence(channel)];
  for (const { eventId } of events) args.push(keys.published(channel, eventId));
  const numberOfKeys = args.length;
  args.push(channel, MAX_LEN, KEPT_MS, raiseTo);
  for (const { sequence, after, eventId, type, source, timestamp, data } of events)
    args.push(sequence, after, eventId, type, source, timestamp, data);
  return { numberOfKeys, args };
}

function outcomeOf(line: string): NumberedOutcome {
  const [, before, sequence, entryId] = ANSWER.exec(line) ?? [];
  if (sequence !== undefined) {
    const id = entryId === '' || entryId === undefined ? null : entryId;
    return { kind: 'published', added: before === '', sequence: Number(sequence), entryId: id };
  }
  const [, why, counter] = REFUSAL.exec(line) ?? [];
  if (why !== undefined) return { kind: why === 'ORDER' ? 'order' : 'taken', counter: Number(counter) };
  return { kind: 'refused', message: line.replace(/^!/, '') };
}
