import type { EpochMs } from '../../../shared/contract.ts';

const ENTRY_ID = /^(\d{1,20})-(\d{1,20})$/;

/** Before every entry. */
export const FIRST_ENTRY_ID = '0-0';

/** Redis' own time of an entry, the first half of its id; `undefined` for a text that is no entry id. */
export function entryTimeOf(entryId: string): EpochMs | undefined {
  const time = ENTRY_ID.exec(entryId)?.[1];
  return time === undefined ? undefined : Number(time);
}

/** Order of two entry ids in a stream: negative when `a` is before `b`. Exact for the full 64 bits of both halves. */
export function compareEntryIds(a: string, b: string): number {
  // Nearly always both have the same number of digits on both sides; then they compare as text.
  if (a.length === b.length && a.indexOf('-') === b.indexOf('-')) return a < b ? -1 : a > b ? 1 : 0;
  const [timeA = '', orderA = ''] = a.split('-');
  const [timeB = '', orderB = ''] = b.split('-');
  return compareDigits(timeA, timeB) || compareDigits(orderA, orderB);
}

/** Redis writes no leading zeros, so more digits is more, and equal lengths compare as text. */
function compareDigits(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
