import { Decimal } from 'decimal.js';
import type { DecimalString } from '../../shared/contract.ts';
import { exponentOf, padDecimals, roundPrice, TABLE_DIGITS } from '../../shared/price-format.ts';
import { region } from './region.ts';

/**
 * How prices and amounts are written: every number of the screen goes through here. The locale's decimal sign and grouping are put
 * into the decimal string itself, never through a float, so no digit is invented or lost. A text that is not a plain decimal is
 * handed back as it is: hiding it would be worse. The dollar stays before its number, the minus is as wide as the plus, and the
 * letters of millions are English in every locale: columns keep their shape, and words are not translated.
 */

const PLAIN = /^(\d+)(?:\.(\d+))?$/;

/** From this many zeros after the point on, the zeros are counted instead of written: `0.0000030412` is `0.0₅30412`. */
export const COUNT_ZEROS_FROM = 4;

/** In full, with digits grouped: `68,412.50`, `0.0000030412`. Every digit given is written. */
export function fullPrice(price: DecimalString): string {
  const parts = PLAIN.exec(price);
  if (parts === null) return price;
  const { marks } = region();
  const whole = marks.groupWhole(parts[1] ?? '');
  return parts[2] === undefined ? whole : `${whole}${marks.decimal}${parts[2]}`;
}

/** As {@link fullPrice}, with {@link COUNT_ZEROS_FROM} and more zeros after the point counted: `0.0₅30412`. */
export function compactPrice(price: DecimalString): string {
  const zeros = /^0+\.(0+)([1-9]\d*)$/.exec(price);
  const run = zeros?.[1]?.length ?? 0;
  if (zeros === null || run < COUNT_ZEROS_FROM) return fullPrice(price);
  return `0${region().marks.decimal}0${subscript(run)}${zeros[2] ?? ''}`;
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

/** `+3.41 %`, `−0.02 %` (a real minus sign, as wide as the plus), `0.00 %`; `—` when unknown. */
export function formatChange(percent: Decimal | null): string {
  if (percent === null) return '—';
  const sign = percent.isZero() ? '' : percent.isNegative() ? '−' : '+';
  return `${sign}${fullPrice(percent.abs().toFixed(2))} %`;
}

/** A number measured here, with as many decimals as given: `10.0`. Not for money. */
export function fixedNumber(value: number, decimals: number): string {
  return signedDecimal(value.toFixed(decimals));
}

/** A decimal with or without a sign, grouped, with a real minus sign: `1,250.5`, `−3`. */
export function signedDecimal(amount: DecimalString): string {
  return amount.startsWith('-') ? `−${fullPrice(amount.slice(1))}` : fullPrice(amount);
}

/** A part of one in percent, with so many decimals: `12.40 %`. */
export function fixedPercent(percent: Decimal, decimals: number): string {
  return `${signedDecimal(percent.toFixed(decimals))} %`;
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
  return fullPrice(value.toFixed(value.gte(100) ? 1 : 2));
}

/** Dollars in as little room as they allow: `$11.9K` from ten thousand on, whole, cents below one, `<$0.01` for crumbs. */
export function shortDollars(amount: Decimal): string {
  if (amount.gte(1e6)) return `$${fourDigits(amount.div(1e6))}M`;
  if (amount.gte(1e4)) return `$${fullPrice(amount.div(1e3).toFixed(1))}K`;
  if (amount.gte(1)) return `$${fullPrice(amount.toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toFixed())}`;
  if (amount.gt(0) && amount.lt('0.01')) return `<$${fullPrice('0.01')}`;
  return formatDollars(amount);
}

function subscript(count: number): string {
  return String(count).replace(/\d/g, digit => String.fromCharCode(0x2080 + Number(digit)));
}
