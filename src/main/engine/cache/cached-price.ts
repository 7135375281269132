import type { DecimalString, EpochMs, Token } from '../../../shared/contract.ts';
import { TenhertzError } from '../errors.ts';
import { isTime, readObject, readTime } from './cached-value.ts';

/** One token's price as it lies in `price:{token}`. On the wire `timestamp` is RFC 3339 in UTC with milliseconds. */
export interface CachedPrice {
  readonly token: Token;
  /** A plain decimal above zero, never an exponent. */
  readonly price: DecimalString;
  /** When the source last vouched for it. */
  readonly timestamp: EpochMs;
  readonly source: string;
}

/** Longer than any price; a longer one is refused instead of carried about. */
const LONGEST_PRICE = 100;
const PLAIN_DECIMAL = /^\d+(?:\.\d+)?$/;

/** The JSON of `price:{token}`. @throws TenhertzError `BAD_PRICE` for a price that must not be stored. */
export function encodePrice({ token, price, timestamp, source }: CachedPrice): string {
  if (token === '' || source === '' || !isPrice(price) || !isTime(timestamp)) {
    throw new TenhertzError(
      'BAD_PRICE',
      `The price of ${token === '' ? 'a token without a name' : token} was not stored: it needs a source, ` +
        'a time, and a plain decimal above zero such as "0.00001234".',
      { facts: { token, price, timestamp, source } },
    );
  }
  return JSON.stringify({ token, price, timestamp: new Date(timestamp).toISOString(), source });
}

/**
 * Reads the JSON of `price:{token}`, whoever wrote it: `timestamp` may be RFC 3339 or epoch milliseconds. Answers the reason
 * in words when it is no price of this token. Checked by hand: this is the hot path.
 */
export function decodePrice(token: Token, text: string): CachedPrice | string {
  const value = readObject(text);
  if (typeof value === 'string') return value;
  const found: { token?: unknown; price?: unknown; timestamp?: unknown; source?: unknown } = value;
  if (found.token !== token) return 'token is not the one of the key';
  if (typeof found.price !== 'string' || !isPrice(found.price)) {
    return 'price is not a decimal string above zero';
  }
  const timestamp = readTime(found.timestamp);
  if (timestamp === undefined) return 'timestamp is neither RFC 3339 nor epoch milliseconds';
  if (typeof found.source !== 'string' || found.source === '') return 'source is missing';
  return { token, price: found.price, timestamp, source: found.source };
}

function isPrice(text: string): boolean {
  return text.length <= LONGEST_PRICE && PLAIN_DECIMAL.test(text) && /[1-9]/.test(text);
}
