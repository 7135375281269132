import {
  POSITION_CHANNELS,
  PRICE_CHANNELS,
  STATUS_CHANNEL,
  TRADE_CHANNELS,
} from '../../../shared/channels.ts';
import type { EpochMs } from '../../../shared/contract.ts';
import { keys } from '../redis/keys.ts';
import { entryTimeOf } from './entry-id.ts';
import type { StreamEvent } from './event.ts';
import { jsonProblem } from './json-value.ts';

/** Why an entry is not an event: one of a fixed set of phrases, so that it can label a counter. */
export interface Refusal {
  reason: string;
}

/** An entry's fields by what they mean. Read in one pass: this runs for every entry. */
interface Fields {
  data?: string;
  eventId?: string;
  eventType?: string;
  type?: string;
  source?: string;
  sequence?: string;
  timestamp?: string;
  /** The content of an entry with flat fields: all that is not the envelope. Only there without `data`. */
  rest?: Record<string, string>;
}
/** Fields that are the envelope, not the content, of an entry with flat fields. */
const ENVELOPE = ['', 'event_id', 'event_type', 'type', 'source', 'sequence_number', 'channel'];
const KNOWN_TYPES = new Set(['price_update', 'trade_executed', 'position_update', 'system_status']);
/** What channels carry when their producer does not say (R4.1, R4.4). Prices are told by having one. */
const TYPE_OF_CHANNEL: readonly [pattern: RegExp, type: string][] = [
  [TRADE_CHANNELS, 'trade_executed'],
  [POSITION_CHANNELS, 'position_update'],
  [new RegExp(`^${STATUS_CHANNEL}$`), 'system_status'],
];
const MAX_ID = 256;
const MAX_TEXT = 262_144;
const MAX_NAME = 128;
/** A number that JavaScript may write otherwise than it was read: many digits, an exponent, zeros at its end, a sign before 0. */
const DELICATE =
  /(?:^|[:[,\s])(?:-?[\d.]{16,}|-?[\d.]+[eE][+\d-]|-?\d+\.\d*0\s*(?:[,}\]]|$)|-0\s*(?:[,}\]]|$))/;
const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:?\d{2})$/;
const EPOCH = /^\d{1,16}(\.\d+)?$/;
/** Epoch numbers below this are seconds (in ms it would be before March 1973). */
const SECONDS_BELOW = 100_000_000_000;
const LAST_TIME = 253_402_300_799_999;

/**
 * Reads one stream entry, whatever dialect its producer writes (R5.5): `{event_type, timestamp, data}`, the full envelope
 * `{event_id, timestamp, source, sequence_number, data[, channel]}`, `{data}` alone, or flat fields. Without an `event_id`
 * the identity is `<stream key>/<entry id>`; without a timestamp it is that of the data, else the entry's own; without a
 * type it is the data's PascalCase tag in snake_case, else what the channel carries, else `unknown`.
 *
 * Never throws: what cannot be read is refused with its reason.
 *
 * @param fields name, value, name, value … as Redis gives them; the last of a repeated name counts
 */
export function decodeEntry(
  channel: string,
  entryId: string,
  fields: readonly string[],
): StreamEvent | Refusal {
  const entryTime = entryTimeOf(entryId);
  if (entryTime === undefined) return refused('entry id is not one of a stream');
  const entry = readFields(fields);
  if (entry === undefined) return refused('entry has no fields');

  let data: unknown;
  if (entry.data === undefined) {
    data = entry.rest;
  } else {
    if (entry.data.length > MAX_TEXT) return refused('data is larger than 256 KB');
    try {
      data = JSON.parse(entry.data) as unknown;
    } catch {
      return refused('data is not JSON');
    }
    if (jsonProblem(data) !== undefined)
      return refused('data has a number out of range, or is nested too deep');
  }

  const sequence = sequenceOf(entry.sequence);
  if (sequence === undefined) return refused('sequence_number is not a whole number');
  const timestamp = timestampOf(entry.timestamp) ?? (timestampOf(member(data, 'timestamp')) || entryTime);
  if (Number.isNaN(timestamp)) return refused('timestamp is neither RFC 3339 nor epoch milliseconds');
  const eventId = entry.eventId ?? '';
  if (eventId.length > MAX_ID) return refused('event_id is longer than 256 characters');
  const type = typeOf(channel, entry, data);
  const source = entry.source ?? nameOf(member(data, 'source')) ?? 'unknown';
  if (type.length > MAX_NAME || source.length > MAX_NAME)
    return refused('type or source is longer than 128 characters');

  return {
    channel,
    entryId,
    entryTime,
    eventId: eventId === '' ? `${keys.stream(channel)}/${entryId}` : eventId,
    type,
    source,
    timestamp,
    sequence,
    data,
    ...(entry.data !== undefined && DELICATE.test(entry.data) ? { text: entry.data } : {}),
  };
}

/** The sequence number an entry claims, even one that {@link decodeEntry} refuses; `null` when it claims none. */
export function claimedSequence(fields: readonly string[]): number | null {
  for (let at = 0; at + 1 < fields.length; at += 2) {
    if (fields[at] === 'sequence_number') return sequenceOf(fields[at + 1]) ?? null;
  }
  return null;
}

let lastTime: { text: string | undefined; ms: EpochMs } = { text: undefined, ms: 0 };

/**
 * A time as producers write it: RFC 3339, or epoch milliseconds as number or digits (numbers too small for that are
 * seconds). `undefined` when there is none, NaN when it is something else.
 */
export function timestampOf(value: unknown): EpochMs | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (value === lastTime.text) return lastTime.ms;
  if (typeof value === 'string' && RFC3339.test(value)) {
    // One event often says the same time several times, and so do the events of one tick.
    lastTime = { text: value, ms: Date.parse(value.replace(' ', 'T').toUpperCase()) };
    return lastTime.ms;
  }
  if (typeof value === 'string' ? !EPOCH.test(value) : typeof value !== 'number') return Number.NaN;
  const number = Number(value);
  const ms = Math.round(number < SECONDS_BELOW ? number * 1_000 : number);
  return ms >= 0 && ms <= LAST_TIME ? ms : Number.NaN;
}

/** A member of a JSON object; `undefined` for anything else. */
export function member(data: unknown, name: string): unknown {
  return typeof data === 'object' && data !== null && Object.hasOwn(data, name)
    ? (data as Record<string, unknown>)[name]
    : undefined;
}

/** `undefined` when there is none with a name. */
function readFields(fields: readonly string[]): Fields | undefined {
  const entry: Fields = {};
  let named = false;
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const value = fields[at + 1] ?? '';
    if (fields[at] !== '') named = true;
    switch (fields[at]) {
      case 'data':
        entry.data = value;
        break;
      case 'event_id':
        entry.eventId = value;
        break;
      case 'event_type':
        entry.eventType = value;
        break;
      case 'type':
        entry.type = value;
        break;
      case 'source':
        entry.source = value;
        break;
      case 'sequence_number':
        entry.sequence = value;
        break;
      case 'timestamp':
        entry.timestamp = value;
        break;
      default:
    }
  }
  if (entry.data === undefined) entry.rest = contentOf(fields);
  return named ? entry : undefined;
}

function contentOf(fields: readonly string[]): Record<string, string> {
  const content = new Map<string, string>();
  for (let at = 0; at + 1 < fields.length; at += 2) content.set(fields[at] ?? '', fields[at + 1] ?? '');
  for (const name of ENVELOPE) content.delete(name);
  return Object.fromEntries(content);
}

function typeOf(channel: string, entry: Fields, data: unknown): string {
  const given = entry.eventType ?? '';
  if (KNOWN_TYPES.has(given)) return given;
  if (given !== '') {
    const snake = snakeCase(given);
    return KNOWN_TYPES.has(snake) ? snake : given;
  }
  // `type` may also be a member of the content (a trade of type "limit"): only a tag is taken before the channel's own type.
  const tag = nameOf(entry.data === undefined ? entry.type : member(data, 'type'));
  const snake = snakeCase(tag ?? '');
  if (/^[A-Z]/.test(tag ?? '') || KNOWN_TYPES.has(snake)) return snake;
  if (PRICE_CHANNELS.test(channel) && member(data, 'price') !== undefined) return 'price_update';
  return TYPE_OF_CHANNEL.find(([pattern]) => pattern.test(channel))?.[1] ?? tag ?? 'unknown';
}

/** `TradeExecuted` and `tradeExecuted` become `trade_executed`; other spellings stay. */
function snakeCase(name: string): string {
  if (!/^[A-Za-z][A-Za-z0-9]*$/.test(name)) return name;
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
}

function nameOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** `null` for none, `undefined` for one that is no sequence number. */
function sequenceOf(value: string | undefined): number | null | undefined {
  if (value === undefined) return null;
  const number = /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
  return Number.isSafeInteger(number) ? number : undefined;
}

function refused(reason: string): Refusal {
  return { reason };
}
