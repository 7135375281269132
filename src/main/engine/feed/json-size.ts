/** What a text has to be for its JSON to be itself between quotes: most are. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/** Bytes of a value as JSON, found by writing it. */
export function jsonSize(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** Bytes of a text, a number or `null` as JSON, found without writing it where that is possible. */
export function fieldSize(value: string | number | null): number {
  if (value === null) return 4;
  if (typeof value === 'number') return String(value).length;
  return PLAIN.test(value) ? value.length + 2 : jsonSize(value);
}
