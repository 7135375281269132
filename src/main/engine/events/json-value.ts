/** Deeper than any event needs, shallow enough that writing it as JSON again cannot exhaust the stack. */
const MAX_DEPTH = 32;

/**
 * Says why `value` is not a JSON value, or `undefined` when it is one. Refused: `undefined`, functions, symbols, BigInt,
 * NaN and infinities, class instances (a `Decimal` or a `Date` has to be turned into a string first), and anything nested
 * deeper than 32 levels, cycles included. `JSON.stringify` would drop or change most of these without a word.
 */
export function jsonProblem(value: unknown, depth = 0): string | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined;
    case 'number':
      return Number.isFinite(value) ? undefined : 'a number that is not finite';
    case 'object':
      return value === null ? undefined : objectProblem(value, depth);
    default:
      return `a value of type ${typeof value}`;
  }
}

function objectProblem(value: object, depth: number): string | undefined {
  if (depth >= MAX_DEPTH) return `more than ${MAX_DEPTH} levels`;
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) {
      const problem = jsonProblem(item, depth + 1);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return 'an object of a class';
  for (const name in value) {
    const problem = jsonProblem((value as Record<string, unknown>)[name], depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
