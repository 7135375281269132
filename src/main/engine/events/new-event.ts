import { TenhertzError } from '../errors.ts';
import type { NewEvent } from './event.ts';
import { jsonProblem } from './json-value.ts';

/**
 * Letters and digits first, then also `_ . : @ / -`; at most 128. Braces would move the hash tag of the companion keys to
 * another slot, and glob signs would read as a pattern.
 */
const CHANNEL = /^[A-Za-z0-9][\w.:@/-]{0,127}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** The last millisecond of the year 9999, the end of RFC 3339. */
const LAST_TIME = 253_402_300_799_999;
/** Names of types and sources are labels, not text: 1 to 128 characters that need no escaping in JSON. */
const NAME = /^[^"\\\p{Cc}\p{Cs}]{1,128}$/u;
const NAME_RULE = 'give a name of 1 to 128 characters without quotes, backslashes or control characters';

/** Whether `name` can be a channel's name; `stream:<name>` is its stream. */
export function isChannelName(name: string): boolean {
  return CHANNEL.test(name);
}

/**
 * Checks an event that is to be published and gives its data as JSON text. Throws `BAD_EVENT` that names the field:
 * channel, eventId, type, source, timestamp or data.
 */
export function checkEvent(event: NewEvent): string {
  const { channel, eventId, type, source, timestamp, data } = event;
  if (!isChannelName(channel)) {
    refuse(
      'channel',
      channel,
      'use letters, digits and _ . : @ / - (at most 128), starting with a letter or digit',
    );
  }
  if (eventId !== undefined && !UUID.test(eventId)) {
    refuse('eventId', eventId, 'give a UUID such as 0b9f4d0e-6c1a-4b57-9d2e-3f8a5c7e1b20, or leave it out');
  }
  if (!NAME.test(type)) refuse('type', type, NAME_RULE);
  if (!NAME.test(source)) refuse('source', source, NAME_RULE);
  if (timestamp !== undefined && !(timestamp >= 0 && timestamp <= LAST_TIME)) {
    refuse('timestamp', timestamp, 'give epoch milliseconds between 1970 and 9999');
  }
  const problem = jsonProblem(data);
  if (problem !== undefined) {
    refuse(
      'data',
      problem,
      'give plain objects, arrays, strings, booleans and finite numbers; write decimals and times as strings',
    );
  }
  return JSON.stringify(data);
}

function refuse(field: string, value: unknown, change: string): never {
  throw new TenhertzError(
    'BAD_EVENT',
    `This event cannot be published: ${field} is ${JSON.stringify(value)}; ${change}.`,
    {
      exitCode: 2,
      facts: { field },
    },
  );
}
