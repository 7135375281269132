import { compareNums, type Num } from './number.ts';
import { isActive, stepRule, type Cause, type Findings, type Watched } from './watched.ts';

/** Doubles nearer to a level than this part of it are looked at exactly. */
const NEAR = 1e-12;

/**
 * The price rules of one token. Between two levels nothing can change for any of them, so most prices are done with after two
 * comparisons, however many rules there are.
 */
export class PriceRules {
  readonly #rules = new Map<string, Watched>();
  #calmAbove = Infinity;
  #calmBelow = -Infinity;

  get size(): number {
    return this.#rules.size;
  }

  set(watched: Watched): void {
    this.#rules.set(watched.rule.id, watched);
    this.#wake();
  }

  delete(id: string): void {
    this.#rules.delete(id);
    this.#wake();
  }

  all(): Iterable<Watched> {
    return this.#rules.values();
  }

  /** Takes the next price of the token. */
  step(price: Num, cause: (value: string) => Cause, found: Findings): void {
    const { approx } = price;
    if (approx > this.#calmAbove && approx < this.#calmBelow) return;
    const toLevel = (level: Num): number => compareNums(price, level);
    for (const watched of this.#rules.values()) {
      if (isActive(watched)) stepRule(watched, toLevel, () => cause(price.text), found);
    }
    this.#calm(price);
  }

  #wake(): void {
    this.#calmAbove = Infinity;
    this.#calmBelow = -Infinity;
  }

  /** Finds the levels around the price. */
  #calm(price: Num): void {
    let [above, below] = [-Infinity, Infinity];
    for (const watched of this.#rules.values()) {
      if (watched.threshold === undefined || !isActive(watched)) continue;
      for (const level of watched.state.side === 'spent'
        ? [watched.threshold.low, watched.threshold.high]
        : [watched.threshold.level]) {
        const order = compareNums(level, price);
        if (order <= 0) above = Math.max(above, level.approx + Math.abs(level.approx) * NEAR);
        if (order >= 0) below = Math.min(below, level.approx - Math.abs(level.approx) * NEAR);
      }
    }
    this.#calmAbove = above;
    this.#calmBelow = below;
  }
}
