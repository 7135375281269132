import type { EpochMs } from '../../../shared/contract.ts';

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/i;

/** The JSON object in a cache entry, or the reason in words why there is none. */
export function readObject(text: string): object | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  return typeof value === 'object' && value !== null ? value : 'it is not a JSON object';
}

/** Epoch ms of RFC 3339 or of epoch ms; `undefined` for anything else. */
export function readTime(value: unknown): EpochMs | undefined {
  if (typeof value === 'string' && !RFC3339.test(value)) return undefined;
  const time = typeof value === 'string' ? Date.parse(value) : value;
  return typeof time === 'number' && isTime(time) ? time : undefined;
}

/** A time a Date can hold (ECMA-262: at most 8.64e15 ms from the epoch), not before it. */
export function isTime(time: number): boolean {
  return time >= 0 && time <= 8.64e15;
}
