/** The members of a reply that lists names and values in turn (XINFO and the like). */
export function namedFields(flat: unknown): ReadonlyMap<string, unknown> {
  const fields = new Map<string, unknown>();
  if (!Array.isArray(flat)) return fields;
  const items = flat as unknown[];
  for (let at = 0; at + 1 < items.length; at += 2) fields.set(String(items[at]), items[at + 1]);
  return fields;
}

/** The same flat list as pairs: `[name, value][]`, in order, names possibly repeated. */
export function fieldPairs(flat: readonly string[]): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) pairs.push([flat[at] ?? '', flat[at + 1] ?? '']);
  return pairs;
}
