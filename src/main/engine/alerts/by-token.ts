import { pairOf } from '../../../shared/pair.ts';
import type { Watched } from './watched.ts';

/** Rules found by the token they are about; those about any token are found for each. */
export class ByToken {
  readonly #rules = new Map<string | null, Map<string, Watched>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(token: string | null, watched: Watched): void {
    this.remove(watched.rule.id);
    const key = token === null ? null : pairOf(token).base;
    const some = this.#rules.get(key) ?? new Map<string, Watched>();
    this.#rules.set(key, some.set(watched.rule.id, watched));
    this.#size += 1;
  }

  remove(id: string): void {
    for (const [key, some] of this.#rules) {
      if (!some.delete(id)) continue;
      this.#size -= 1;
      if (some.size === 0) this.#rules.delete(key);
    }
  }

  *of(token: string): Iterable<Watched> {
    for (const key of [token, null]) yield* this.#rules.get(key)?.values() ?? [];
  }
}
