/** What a text has to be for its JSON to be itself between quotes: most are. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/** Bytes of a value as JSON, found by writing it. */
export function jsonSize(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** Bytes of a text between its quotes in JSON, found without writing it where that is possible. */
export function textSize(text: string): number {
  return PLAIN.test(text) ? text.length : jsonSize(text) - 2;
}
