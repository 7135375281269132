import { Decimal } from 'decimal.js';

/** Why a quote was refused; the `result` label of `source_quotes_total`. */
export type Refusal = 'malformed' | 'not-positive' | 'out-of-range' | 'unknown-product' | 'old' | 'too-large';

/**
 * No real price is outside these: the smallest tokens trade near 1e-12, and a larger number than 1e15 is `1e400` or a
 * price given in atomic units. Within them `toFixed()` stays a short text.
 */
const SMALLEST = new Decimal('1e-24');
const LARGEST = new Decimal('1e15');

const DECIMAL_TEXT = /^[+-]?\d{1,40}(?:\.\d{1,40})?(?:[eE][+-]?\d{1,4})?$/;

export type PriceReading = { ok: true; price: Decimal } | { ok: false; reason: Refusal };

/**
 * Reads a price from the decimal text a venue wrote, exactly. Refuses what cannot be one: not a decimal, zero or negative,
 * or absurdly small or large (`1e400`).
 */
export function readPrice(text: string): PriceReading {
  if (!DECIMAL_TEXT.test(text)) return { ok: false, reason: 'malformed' };
  const price = new Decimal(text);
  if (price.lte(0)) return { ok: false, reason: 'not-positive' };
  if (price.lt(SMALLEST) || price.gt(LARGEST)) return { ok: false, reason: 'out-of-range' };
  return { ok: true, price };
}

/** Epoch ms of an RFC 3339 text; finer digits are cut. `null` when it is none. */
export function readTime(text: string | undefined): number | null {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}T/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}
