import { Decimal } from 'decimal.js';
import type { DecimalString } from './contract.ts';

/**
 * How prices are written. Everything here works on the decimal string itself (or `decimal.js`), never on a float, so no
 * digit is invented or lost. A text that is not a plain decimal is handed back as it is: hiding it would be worse.
 */

const PLAIN = /^(\d+)(?:\.(\d+))?$/;

/** From this many zeros after the point on, the zeros are counted instead of written: `0.0000030412` is `0.0₅30412`. */
export const COUNT_ZEROS_FROM = 4;

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

/** In full, with thousands grouped: `68,412.50`, `0.0000030412`. Every digit given is written. */
export function fullPrice(price: DecimalString): string {
  const parts = PLAIN.exec(price);
  if (parts === null) return price;
  const whole = (parts[1] ?? '').replace(/\B(?=(\d{3})+$)/g, ',');
  return parts[2] === undefined ? whole : `${whole}.${parts[2]}`;
}

/** As {@link fullPrice}, with {@link COUNT_ZEROS_FROM} and more zeros after the point counted: `0.0₅30412`. */
export function compactPrice(price: DecimalString): string {
  const zeros = /^0+\.(0+)([1-9]\d*)$/.exec(price);
  const run = zeros?.[1]?.length ?? 0;
  if (zeros === null || run < COUNT_ZEROS_FROM) return fullPrice(price);
  return `0.0${subscript(run)}${zeros[2] ?? ''}`;
}

/** What a table cell shows: rounded to {@link TABLE_DIGITS}, padded to the token's own `decimals`, zeros counted. */
export function tablePrice(price: DecimalString, decimals = 0): string {
  const places = Math.max(0, TABLE_DIGITS - 1 - exponentOf(price));
  return compactPrice(padDecimals(roundPrice(price), Math.min(decimals, places)));
}

/** A price in as little room as it allows: seven digits, five where zeros are counted; the title has them all. */
export function shortPrice(price: DecimalString): string {
  return compactPrice(roundPrice(price, exponentOf(price) < -COUNT_ZEROS_FROM ? 5 : 7));
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

/** `+3.41 %`, `−0.02 %` (a real minus sign, as wide as the plus), `0.00 %`; `—` when unknown. */
export function formatChange(percent: Decimal | null): string {
  if (percent === null) return '—';
  const sign = percent.isZero() ? '' : percent.isNegative() ? '−' : '+';
  return `${sign}${percent.abs().toFixed(2)} %`;
}

/** Which way a change points, for colour and for words. */
export function directionOf(percent: Decimal | null): 'up' | 'down' | 'flat' {
  if (percent === null || percent.isZero()) return 'flat';
  return percent.isNegative() ? 'down' : 'up';
}

/** A plain decimal with or without a sign. */
const SIGNED = /^[-+]?\d+(?:\.\d+)?$/;

const UNITS: readonly [from: number, name: string][] = [
  [1e12, 'T'],
  [1e9, 'B'],
  [1e6, 'M'],
];

/**
 * An amount in a table: rounded to {@link TABLE_DIGITS}, thousands grouped, zeros after the point counted, and a real minus
 * sign: `212.500`, `182,000,000`, `−0.0₅12`. A text that is no decimal is handed back.
 */
export function tableAmount(amount: DecimalString): string {
  if (!SIGNED.test(amount)) return amount;
  const size = amount.replace(/^[-+]/, '');
  return `${amount.startsWith('-') ? '−' : ''}${compactPrice(roundPrice(size))}`;
}

/** An amount in as little room as it allows: six digits below a million, `21.94 M` from there on. */
export function shortAmount(amount: DecimalString): string {
  if (!SIGNED.test(amount)) return amount;
  const exact = new Decimal(amount);
  const unit = UNITS.find(([from]) => exact.abs().gte(from));
  if (unit === undefined) {
    const short = compactPrice(roundPrice(amount.replace(/^[-+]/, ''), 6));
    return `${exact.isNegative() ? '−' : ''}${short}`;
  }
  return `${exact.isNegative() ? '−' : ''}${fourDigits(exact.abs().div(unit[0]))} ${unit[1]}`;
}

/** Dollars and cents, half up: `$32,137.40`, `−$5.57`; with `signed` also `+$5.57`. Zero has no sign. */
export function formatDollars(amount: Decimal, { signed = false } = {}): string {
  const cents = amount.toDecimalPlaces(2, Decimal.ROUND_HALF_UP);
  const sign = cents.isZero() ? '' : cents.isNegative() ? '−' : signed ? '+' : '';
  return `${sign}$${fullPrice(cents.abs().toFixed(2))}`;
}

/** `1.10`, `21.94`, `117.9`: at most five characters below a thousand. */
function fourDigits(value: Decimal): string {
  return value.toFixed(value.gte(100) ? 1 : 2);
}

/** Dollars in as little room as they allow: `$11.9K` from ten thousand on, whole, cents below one, `<$0.01` for crumbs. */
export function shortDollars(amount: Decimal): string {
  if (amount.gte(1e6)) return `$${fourDigits(amount.div(1e6))}M`;
  if (amount.gte(1e4)) return `$${amount.div(1e3).toFixed(1)}K`;
  if (amount.gte(1)) return `$${fullPrice(amount.toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toFixed())}`;
  if (amount.gt(0) && amount.lt('0.01')) return '<$0.01';
  return formatDollars(amount);
}

function subscript(count: number): string {
  return String(count).replace(/\d/g, digit => String.fromCharCode(0x2080 + Number(digit)));
}
