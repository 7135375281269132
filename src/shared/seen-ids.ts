/**
 * A bounded memory of event ids: remembers the newest `capacity` of them and forgets the oldest first. Used twice, in
 * the engine and again in the renderer, so that an event delivered twice is applied and painted once.
 */
export class SeenIds {
  readonly #capacity: number;
  readonly #ids = new Set<string>();
  /**
   * The same ids in the order they came; once full, the oldest is at `#oldest`. (A Set asked for its first value walks over
   * all that were deleted before it: 60 µs an id with 100,000 of them.)
   */
  readonly #order: string[] = [];
  #oldest = 0;

  /** @param capacity how many ids to remember; at least 1. */
  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(`SeenIds needs a whole capacity of at least 1, got ${capacity}`);
    }
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#ids.size;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Remembers `id`; true when it is new, false when it was known already (its place in the order stays). */
  add(id: string): boolean {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    if (this.#order.length < this.#capacity) {
      this.#order.push(id);
      return true;
    }
    this.#ids.delete(this.#order[this.#oldest] ?? '');
    this.#order[this.#oldest] = id;
    this.#oldest = (this.#oldest + 1) % this.#capacity;
    return true;
  }
}
