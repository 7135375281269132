import { Decimal } from 'decimal.js';
import type { DecimalString, PriceView } from '../../../shared/contract.ts';
import { FRESH_FOR_MS } from '../../../shared/freshness.ts';
import { member, timestampOf, type Refusal } from './decode.ts';
import type { StreamEvent } from './event.ts';

const MAX_TOKEN = 64;
const MAX_DIGITS = 64;
const PLAIN = /^(0|[1-9]\d{0,29})(\.\d{1,30})?$/;
/** No instrument costs more or less than this; beyond it a number is a mistake (1e400), and would not fit a screen. */
const HIGHEST = new Decimal('1e30');
const LOWEST = new Decimal('1e-30');
/** A price from further ahead than this comes from a clock in the wrong unit, and would look fresh for ever. */
const AHEAD_MS = 86_400_000;

const known = new WeakMap<StreamEvent, PriceView | Refusal>();

/**
 * The price in a `price_update` event: data `{token, price, timestamp, valid_until?, source_time?, day_open?,
 * day_open_at?}`. Times are RFC 3339 or epoch ms. Producers other than our updater send only token, price and timestamp:
 * such a price is vouched for until 2 s after its timestamp. A plain decimal text is kept as it is; numbers and exponents
 * are written as plain decimals. A channel `prices:btc` names the token where the data does not.
 *
 * The answer is kept per event object, so that the reader and the projections parse a price once.
 */
export function priceOf(event: StreamEvent): PriceView | Refusal {
  const before = known.get(event);
  if (before !== undefined) return before;
  const view = parse(event);
  known.set(event, view);
  return view;
}

function parse(event: StreamEvent): PriceView | Refusal {
  const { data } = event;
  const token = member(data, 'token') ?? /^prices:(.+)$/.exec(event.channel)?.[1]?.toUpperCase();
  if (typeof token !== 'string' || token === '' || token.length > MAX_TOKEN)
    return { reason: 'price without a token' };
  const price = priceText(member(data, 'price'));
  if (price === undefined) return { reason: 'price is not a decimal above zero' };
  const timestamp = timestampOf(member(data, 'timestamp')) ?? event.timestamp;
  const validUntil = timestampOf(member(data, 'valid_until')) ?? timestamp + FRESH_FOR_MS;
  const sourceTime = timestampOf(member(data, 'source_time')) ?? null;
  const dayOpenAt = timestampOf(member(data, 'day_open_at')) ?? null;
  if ([timestamp, validUntil, sourceTime, dayOpenAt].some(Number.isNaN))
    return { reason: 'price with a bad time' };
  if (timestamp > event.entryTime + AHEAD_MS) return { reason: 'price from the future' };
  const open = member(data, 'day_open');
  const dayOpen = open === undefined || open === null ? null : priceText(open);
  if (dayOpen === undefined) return { reason: 'day_open is not a decimal above zero' };
  return {
    token,
    price,
    source: event.source,
    timestamp,
    validUntil,
    publishedAt: event.timestamp,
    sourceTime,
    dayOpen,
    dayOpenAt,
    eventId: event.eventId,
    sequence: event.sequence,
  };
}

/** A plain decimal text above zero and within reason, or `undefined`. */
function priceText(value: unknown): DecimalString | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value);
  // Nearly every price is a plain decimal; at most 30 digits on each side are within the bounds unless all are zeros.
  if (PLAIN.test(text) && /[1-9]/.test(text)) return text;
  if (text.length > MAX_DIGITS || !/^\d+(\.\d+)?([eE][+-]?\d{1,4})?$/.test(text)) return undefined;
  const decimal = new Decimal(text);
  if (!decimal.isFinite() || decimal.lt(LOWEST) || decimal.gt(HIGHEST)) return undefined;
  return /^(0|[1-9]\d*)(\.\d+)?$/.test(text) ? text : decimal.toFixed();
}
