import { Decimal } from 'decimal.js';
import type { DecimalString } from '../../../shared/contract.ts';

/** Sixty significant digits: sums and products of real prices are exact. */
export const Exact = Decimal.clone({ precision: 60, rounding: Decimal.ROUND_HALF_EVEN });

/** A decimal and the double nearest to it: most comparisons are decided by the double, the close ones by the decimal. */
export interface Num {
  readonly text: DecimalString;
  readonly approx: number;
}

/** A double is within this part of its decimal, and some more for one operation on it. */
const DOUBT = 4e-15;

export function numOf(text: DecimalString): Num {
  return { text, approx: Number(text) };
}

/** Order of two decimals, exact: -1, 0 or 1. */
export function compareNums(a: Num, b: Num): number {
  const difference = a.approx - b.approx;
  if (Math.abs(difference) > (Math.abs(a.approx) + Math.abs(b.approx)) * DOUBT)
    return difference < 0 ? -1 : 1;
  return a.text === b.text ? 0 : new Exact(a.text).comparedTo(b.text);
}
