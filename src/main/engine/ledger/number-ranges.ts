/** Numbers of which much is known and little remembered: neighbours become one range. */
export class NumberRanges {
  readonly #ranges: { from: bigint; to: bigint }[] = [];
  readonly #most: number;

  /** @param most ranges kept; what comes after them is forgotten */
  constructor(most = 10_000) {
    this.#most = most;
  }

  add(number: bigint): void {
    const last = this.#ranges.at(-1);
    if (last !== undefined && number === last.to + 1n) last.to = number;
    else if (this.#ranges.length < this.#most) this.#ranges.push({ from: number, to: number });
  }

  /** The parts of `from` to `to` (inclusive) that are not in here, in order. */
  without(from: bigint, to: bigint): { from: bigint; to: bigint }[] {
    const parts: { from: bigint; to: bigint }[] = [];
    const inside = this.#ranges.filter(range => range.to >= from && range.from <= to);
    let next = from;
    for (const range of inside.sort((a, b) => (a.from < b.from ? -1 : 1))) {
      if (range.from > next) parts.push({ from: next, to: range.from - 1n });
      if (range.to >= next) next = range.to + 1n;
    }
    if (next <= to) parts.push({ from: next, to });
    return parts;
  }
}
