import { Decimal } from 'decimal.js';
import type { DecimalString } from './contract.ts';

/**
 * Sums and roundings of prices. Everything here works on the decimal string itself (or `decimal.js`), never on a float, so no
 * digit is invented or lost. A text that is not a plain decimal is handed back as it is: hiding it would be worse. How prices
 * are written on the screen is in the renderer's `format/prices.ts`.
 */

const PLAIN = /^(\d+)(?:\.(\d+))?$/;

/** Significant digits a table shows; the full price stays in the title. Venue tick sizes need seven (`60204.37`). */
export const TABLE_DIGITS = 8;

/** How many digits stand after the point, as written: 4 for `151.2348`, 0 for `7` and for a text that is no decimal. */
export function decimalsOf(price: DecimalString): number {
  return PLAIN.exec(price)?.[2]?.length ?? 0;
}

/** The power of ten of the first significant digit: 2 for `151.2`, -6 for `0.0000030412`, 0 for zero. */
export function exponentOf(price: DecimalString): number {
  const parts = PLAIN.exec(price);
  if (parts === null) return 0;
  const whole = (parts[1] ?? '').replace(/^0+/, '');
  if (whole !== '') return whole.length - 1;
  const leading = /[1-9]/.exec(parts[2] ?? '');
  return leading === null ? 0 : -(leading.index + 1);
}

/**
 * Rounds to `digits` significant digits without ever touching the whole part (`1234567891.25` keeps its ten digits).
 * Half up, as venues do.
 */
export function roundPrice(price: DecimalString, digits = TABLE_DIGITS): DecimalString {
  if (!PLAIN.test(price)) return price;
  const places = Math.max(0, digits - 1 - exponentOf(price));
  return decimalsOf(price) <= places
    ? price
    : new Decimal(price).toDecimalPlaces(places, Decimal.ROUND_HALF_UP).toFixed();
}

/** Fills the decimals up with zeros, so that a column keeps its width when a venue drops a trailing zero. */
export function padDecimals(price: DecimalString, decimals: number): DecimalString {
  if (!PLAIN.test(price)) return price;
  const missing = decimals - decimalsOf(price);
  if (missing <= 0) return price;
  return `${price}${price.includes('.') ? '' : '.'}${'0'.repeat(missing)}`;
}

/**
 * Decimals of a price axis: enough for six significant digits, but no more than the market itself uses (`decimalsSeen`),
 * and two at least. 151.2348 gives 3, 68412.5 gives 2, 0.0000030412 gives 10.
 */
export function axisDecimals(price: DecimalString, decimalsSeen: number): number {
  const useful = Math.max(2, 5 - exponentOf(price));
  return Math.max(2, Math.min(useful, decimalsSeen));
}

/**
 * Change since `open` in percent, rounded to two places; `null` when either is unknown, not a plain decimal, or `open`
 * is zero (there is no percentage of nothing).
 */
export function changePercent(price: DecimalString, open: DecimalString | null): Decimal | null {
  if (open === null || !PLAIN.test(price) || !PLAIN.test(open)) return null;
  const from = new Decimal(open);
  if (from.isZero()) return null;
  return new Decimal(price).div(from).minus(1).times(100).toDecimalPlaces(2, Decimal.ROUND_HALF_UP);
}

/** Which way a change points, for colour and for words. */
export function directionOf(percent: Decimal | null): 'up' | 'down' | 'flat' {
  if (percent === null || percent.isZero()) return 'flat';
  return percent.isNegative() ? 'down' : 'up';
}
