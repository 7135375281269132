import type { AlertHysteresis } from '../../../shared/alerts.ts';
import { Exact, numOf, type Num } from './number.ts';

/**
 * Where the value stands for a rule: not seen on a side it could fire from (`unseen`), seen `below` or `above` the level and
 * so ready to fire, or `spent`: it fired, and the value has not left the level far enough since.
 */
export type Side = 'unseen' | 'below' | 'above' | 'spent';

/** Order of the value to a level: -1, 0 or 1. */
export type ToLevel = (level: Num) => number;

/** A level that a value can reach: from below (`above`), from above (`below`), or from either side (`cross`). */
export class Threshold {
  readonly level: Num;
  /** The value has to go under this, or over the other, before a rule that fired is ready again. */
  readonly low: Num;
  readonly high: Num;
  readonly #up: boolean;
  readonly #down: boolean;

  constructor(direction: 'above' | 'below' | 'cross', level: string, hysteresis?: AlertHysteresis) {
    const exact = new Exact(level);
    const way = wayBack(exact, hysteresis);
    this.level = numOf(exact.toFixed());
    this.low = numOf(exact.minus(way).toFixed());
    this.high = numOf(exact.plus(way).toFixed());
    this.#up = direction !== 'below';
    this.#down = direction !== 'above';
  }

  /** The side after one more value, and whether this value reached the level. Reaching is enough: at the level counts. */
  step(side: Side, toLevel: ToLevel): { side: Side; fired: boolean } {
    const now = toLevel(this.level);
    if (side === 'below' && now >= 0) return { side: this.#ready('spent', toLevel), fired: true };
    if (side === 'above' && now <= 0) return { side: this.#ready('spent', toLevel), fired: true };
    if (side === 'below' || side === 'above') return { side, fired: false };
    return { side: this.#ready(side, toLevel), fired: false };
  }

  #ready(side: 'unseen' | 'spent', toLevel: ToLevel): Side {
    const [low, high] = side === 'unseen' ? [this.level, this.level] : [this.low, this.high];
    if (this.#up && toLevel(low) < 0) return 'below';
    if (this.#down && toLevel(high) > 0) return 'above';
    return side;
  }
}

function wayBack(level: InstanceType<typeof Exact>, hysteresis: AlertHysteresis | undefined) {
  if (hysteresis === undefined) return new Exact(0);
  const value = new Exact(hysteresis.value);
  return hysteresis.unit === 'distance' ? value : level.abs().times(value).div(100);
}
