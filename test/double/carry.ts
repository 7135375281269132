/**
 * How values travel between the double's main process and its page. Electron uses the structured clone algorithm: what it
 * refuses is refused here with the same words, and prototypes are lost. The way between the two processes is JSON, so
 * what structured clone could carry and JSON cannot is refused by name; the app has no need of it.
 */

const TAG = '$carried';

/** `value` as text; throws what Electron throws for a value that cannot be cloned. */
export function pack(value: unknown): string {
  let cloned: unknown;
  try {
    cloned = structuredClone(value);
  } catch {
    throw new Error('An object could not be cloned.');
  }
  return JSON.stringify(tagged(cloned));
}

/** What {@link pack} packed. */
export function unpack(text: string): unknown {
  return untagged(JSON.parse(text));
}

function tagged(value: unknown): unknown {
  if (value === undefined) return { [TAG]: 'undefined' };
  if (typeof value === 'number' && !Number.isFinite(value)) return { [TAG]: String(value) };
  if (typeof value === 'bigint') throw new Error('a BigInt is not in the double');
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(tagged);
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  if (kind !== 'Object') throw new Error(`carrying a ${kind} is not in the double`);
  const plain = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, tagged(inner)]));
  return TAG in plain ? { [TAG]: 'object', plain } : plain;
}

function untagged(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(untagged);
  const entries = value as Record<string, unknown>;
  const tag = entries[TAG];
  if (tag === 'undefined') return undefined;
  if (typeof tag === 'string' && tag !== 'object') return Number(tag);
  const plain = tag === 'object' ? (entries['plain'] as Record<string, unknown>) : entries;
  return Object.fromEntries(Object.entries(plain).map(([key, inner]) => [key, untagged(inner)]));
}
