import type { Decimal } from 'decimal.js';

/** Orders texts as people read them: `T2` before `T10`, capitals beside small letters. */
const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** From the smallest text up. */
export function compareTexts(a: string, b: string): number {
  return collator.compare(a, b);
}

/** From the smallest number up; what is not known comes before every number. */
export function compareDecimals(a: Decimal | null, b: Decimal | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return a.cmp(b);
}

/** The same for plain numbers. */
export function compareNumbers(a: number | null, b: number | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return a - b;
}
