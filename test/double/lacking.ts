/** What the double says of a part of Electron it does not have. */
export class NotInTheDouble extends Error {
  override readonly name = 'NotInTheDouble';

  constructor(what: string) {
    super(`${what} is not in the double; add it to test/double as Electron has it, or do without.`);
  }
}

/** Asked of any object by the language itself (await, printing, comparing in tests); their absence is no lack. */
const LANGUAGE = new Set([
  'then',
  'toJSON',
  'asymmetricMatch',
  'nodeType',
  '$$typeof',
  'constructor',
  'prototype',
]);

/**
 * `target` as Electron's object called `name`, for instance `electron.app`: what it has works, anything else throws by name,
 * reading and writing alike. Methods keep working when they are taken off the object.
 */
export function lacking<T extends object>(name: string, target: T): T {
  return new Proxy(target, {
    get(_target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value === 'function' && !isClass(value)) return value.bind(target) as unknown;
      if (value !== undefined || key in target || typeof key === 'symbol' || LANGUAGE.has(key)) return value;
      throw new NotInTheDouble(`${name}.${key}`);
    },
    set(_target, key, value) {
      if (!(key in target)) throw new NotInTheDouble(`${name}.${String(key)}`);
      return Reflect.set(target, key, value, target);
    },
  });
}

/** Refuses an option or an event the double would silently ignore. */
export function refuseUnknown(name: string, given: object, known: readonly string[]): void {
  for (const key of Object.keys(given)) if (!known.includes(key)) throw new NotInTheDouble(`${name} ${key}`);
}

function isClass(value: object): boolean {
  return Object.getOwnPropertyDescriptor(value, 'prototype')?.writable === false;
}
