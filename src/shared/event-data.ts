import { Decimal } from 'decimal.js';
import type { DecimalString } from './units.ts';

/** Longer texts are cut: a name this long is a mistake, and no column has room for it. */
const MAX_TEXT = 128;
const MAX_DIGITS = 64;
const DECIMAL = /^[-+]?\d+(\.\d+)?([eE][-+]?\d{1,2})?$/;
const PLAIN = /^-?\d+(\.\d+)?$/;

/** The decimal in an event's data: a string, or a number where a producer writes one; `null` when it is neither. */
export function decimalIn(data: unknown, name: string): DecimalString | null {
  const value = memberOf(data, name);
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const text = String(value).trim();
  if (text.length > MAX_DIGITS || !DECIMAL.test(text)) return null;
  return PLAIN.test(text) ? text : new Decimal(text).toFixed();
}

/** The text in an event's data; `null` when there is none. A number is taken as its digits. */
export function textIn(data: unknown, name: string): string | null {
  const value = memberOf(data, name);
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, MAX_TEXT) : null;
}

function memberOf(data: unknown, name: string): unknown {
  return typeof data === 'object' && data !== null && Object.hasOwn(data, name)
    ? (data as Record<string, unknown>)[name]
    : undefined;
}
