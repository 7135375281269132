/** How values cross between the preload's world and the page's (Electron's "parameter, error and return type support"). */

type Anything = (...args: unknown[]) => unknown;

/** Electron's own bound. */
const MAX_DEPTH = 1_000;

/** A copy as contextBridge makes it: functions become proxies, prototypes and symbols are lost, errors keep their message. */
export function copyAcross(value: unknown, seen = new Map<object, unknown>(), depth = 0): unknown {
  if (depth > MAX_DEPTH) throw new TypeError('Electron contextBridge recursion depth exceeded.');
  if (typeof value === 'symbol') return undefined;
  if (typeof value === 'function') return proxyOf(value as Anything);
  if (typeof value !== 'object' || value === null) return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  if (value instanceof Error) return new Error(value.message);
  if (value instanceof Promise) {
    return value.then(
      result => copyAcross(result),
      (error: unknown) => Promise.reject(copyAcross(error) as Error),
    );
  }
  if (Array.isArray(value)) {
    const copy: unknown[] = [];
    seen.set(value, copy);
    for (const inner of value) copy.push(copyAcross(inner, seen, depth + 1));
    return copy;
  }
  if (Object.prototype.toString.call(value) !== '[object Object]') return structuredClone(value);
  const copy: Record<string, unknown> = {};
  seen.set(value, copy);
  for (const [key, inner] of Object.entries(value)) copy[key] = copyAcross(inner, seen, depth + 1);
  return copy;
}

function proxyOf(fn: Anything): Anything {
  return (...args) => {
    let result: unknown;
    try {
      result = fn(...args.map(arg => copyAcross(arg)));
    } catch (error) {
      throw copyAcross(error);
    }
    return copyAcross(result);
  };
}

/**
 * `contextBridge` for a page whose global object is `main`. Functions for the page's world are run from their text in
 * `texts` (text to function, compiled outside any closure), as Electron serialises them.
 */
export function createContextBridge(main: object, texts: ReadonlyMap<string, Anything>) {
  return {
    exposeInMainWorld(key: string, api: unknown): void {
      if (key in main) {
        throw new Error('Cannot bind an API on top of an existing property on the window object');
      }
      Object.defineProperty(main, key, { value: freeze(copyAcross(api)), enumerable: true });
    },
    executeInMainWorld(script: { func: unknown; args?: unknown }): unknown {
      const { func, args = [] } = script;
      if (typeof func !== 'function') throw new TypeError('executeInMainWorld: func must be a function');
      if (!Array.isArray(args)) throw new TypeError('executeInMainWorld: args must be an array');
      const alone = texts.get(String(func));
      if (alone === undefined)
        throw new Error('executeInMainWorld of a function made later is not in the double');
      return copyAcross(alone(...args.map(arg => copyAcross(arg))));
    },
  };
}

function freeze(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) freeze(inner);
    Object.freeze(value);
  }
  return value;
}
