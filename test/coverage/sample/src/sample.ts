import type { Named } from './named.ts';

/** A class with a private field, a method with an early return and one with a fall-back. */
export class Box {
  readonly #items = new Map<string, number>();

  add(key: string, value = 1): boolean {
    if (this.#items.has(key)) return false;
    this.#items.set(key, value);
    return true;
  }

  get(key: string): number {
    return this.#items.get(key) ?? -1;
  }
}

/** Every kind of branch; the braces of the first two are dropped by the bundler, and `size` is inlined. */
export function describe(value: number, named?: Named): string {
  const name = named?.name ?? 'none';
  if (value < 0) {
    return `${name}: negative`;
  } else if (value === 0) {
    return `${name}: zero`;
  }
  const size = value > 100 ? 'big' : 'small';
  switch (size) {
    case 'big':
      return `${name}: big`;
    case 'small':
      return value % 2 === 0 && value > 10 ? `${name}: even` : `${name}: odd`;
  }
}

export async function retry(run: () => Promise<number>, times: number): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (attempt >= times) throw error;
    }
  }
}

/** Called by nobody: the union must say so. */
export function never(): string[] {
  return ['a', 'b'].map(letter => `${letter}!`);
}
