import type { EpochMs } from '../../../shared/contract.ts';
import { member } from '../events/decode.ts';
import type { StreamEvent } from '../events/event.ts';
import { priceOf } from '../events/price-event.ts';
import { LAST_POSITION, positionOf } from './ledger-events.ts';
import { ledgerJson } from './ledger-json.ts';

/** An event as it is recorded: what a row of `event_log` takes, small enough to wait for its turn. */
export interface RecordRow {
  readonly eventId: string;
  readonly channel: string;
  /** Its channel's numbers come from the ledger. */
  readonly strict: boolean;
  readonly sequence: number | null;
  readonly type: string;
  readonly source: string;
  readonly occurredAt: EpochMs;
  readonly entryId: string;
  readonly entryTime: EpochMs;
  /** Halves of the entry id, as far as 64 bits go. */
  readonly ms: string;
  readonly seq: string;
  /** Fit for `jsonb`. */
  readonly json: string;
  /** Whose newest price or position it is; `null` for anything else. */
  readonly token: string | null;
}

/** The last millisecond of the year 9999. */
const LAST_TIME = 253_402_300_799_999;

function within64Bits(digits: string): string {
  return digits.length < 19 || BigInt(digits) <= BigInt(LAST_POSITION.ms) ? digits : LAST_POSITION.ms;
}

/** The row of an event read from its stream. */
export function recordRow(event: StreamEvent, strict: boolean): RecordRow {
  const { eventId, channel, sequence, type, source, timestamp, entryId, entryTime } = event;
  const { ms, seq } = positionOf(entryId);
  return {
    eventId,
    channel,
    strict,
    sequence,
    type,
    source,
    entryId,
    entryTime,
    ms: within64Bits(ms),
    seq,
    // An entry id given by hand may lie beyond every calendar.
    occurredAt: Math.min(timestamp, LAST_TIME),
    json: ledgerJson(event.text ?? JSON.stringify(event.data)),
    token: tokenOf(event),
  };
}

/** About what it takes in memory, bytes. */
export function rowSize({ eventId, json, channel }: RecordRow): number {
  return 400 + eventId.length + channel.length + json.length;
}

function tokenOf(event: StreamEvent): string | null {
  if (event.type === 'price_update') {
    const price = priceOf(event);
    return 'token' in price ? price.token : null;
  }
  const token = event.type === 'position_update' ? member(event.data, 'token') : undefined;
  return typeof token === 'string' && token.length > 0 && token.length <= 128 ? token : null;
}
