import type { AlertCondition } from '../../../shared/alerts.ts';
import type { EpochMs } from '../../../shared/contract.ts';
import { compareNums, Exact, type Num } from './number.ts';
import { isActive, stepRule, type Cause, type Findings, type Watched } from './watched.ts';
import { PriceWindow, VolumeWindow, type KeptPart } from './windows.ts';

type Move = Extract<AlertCondition, { kind: 'move' }>;
type Volume = Extract<AlertCondition, { kind: 'volume' }>;

/** Rules about how far a price moved within the same window. */
export class MoveRules {
  readonly rules = new Map<string, Watched>();
  window: PriceWindow;
  readonly #windowMs: number;

  constructor(windowMs: number, kept: readonly KeptPart[] = []) {
    this.#windowMs = windowMs;
    this.window = new PriceWindow(windowMs, kept);
  }

  /** Forgets the prices; the rules stay. */
  reset(): void {
    this.window = new PriceWindow(this.#windowMs);
  }

  /** Takes the next price of the token; answers what of the window has to be kept. */
  step(at: EpochMs, price: Num, cause: (value: string) => Cause, found: Findings): KeptPart {
    const changed = this.window.add(at, price);
    const { low = price, high = price } = this.window;
    for (const watched of this.rules.values()) {
      if (!isActive(watched)) continue;
      const { direction } = watched.rule.condition as Move;
      const toLevel = (percent: Num): number =>
        Math.max(
          direction === 'down' ? -1 : compareMove(low, price, percent),
          direction === 'up' ? -1 : compareMove(high, price, percent),
        );
      stepRule(watched, toLevel, () => cause(moveWords(direction, low, high, price)), found);
    }
    return changed;
  }
}

/** Order of the distance between two prices, in percent of the first, to a percentage. Exact. */
function compareMove(from: Num, to: Num, percent: Num): number {
  const approx = (Math.abs(to.approx - from.approx) / from.approx) * 100 - percent.approx;
  if (Math.abs(approx) > 1e-9 * (1 + percent.approx)) return approx < 0 ? -1 : 1;
  const start = new Exact(from.text);
  return start.minus(to.text).abs().times(100).comparedTo(start.times(percent.text));
}

function moveWords(direction: Move['direction'], low: Num, high: Num, price: Num): string {
  const up = new Exact(price.text).div(low.text).minus(1).times(100);
  const down = new Exact(price.text).div(high.text).minus(1).times(100);
  const shown = direction === 'up' || (direction === 'either' && up.gte(down.abs())) ? up : down;
  return `${shown.isNegative() ? '' : '+'}${shown.toDecimalPlaces(2).toFixed()} %`;
}

/** Rules about how much of a token was traded within the same window. */
export class VolumeRules {
  readonly rules = new Map<string, Watched>();
  readonly #window: VolumeWindow;

  constructor(windowMs: number, kept: readonly KeptPart[] = []) {
    this.#window = new VolumeWindow(windowMs, kept);
  }

  get window(): VolumeWindow {
    return this.#window;
  }

  /** Takes the next trade; answers what of the window has to be kept. */
  step(
    at: EpochMs,
    trade: { amount: InstanceType<typeof Exact>; paid: InstanceType<typeof Exact> },
    cause: (value: string) => Cause,
    found: Findings,
  ): KeptPart {
    // What went out of the window meanwhile may have armed a rule again before this trade makes it fire.
    if (this.#window.expire(at)) this.#look(cause, found);
    const changed = this.#window.add(at, trade.amount, trade.paid);
    this.#look(cause, found);
    return changed;
  }

  #look(cause: (value: string) => Cause, found: Findings): void {
    const sums = { base: this.#window.sum('base'), quote: this.#window.sum('quote') };
    for (const watched of this.rules.values()) {
      if (!isActive(watched)) continue;
      const sum = sums[(watched.rule.condition as Volume).unit];
      // More than, not as much as.
      const toLevel = (level: Num): number => compareNums(sum, level) || -1;
      stepRule(watched, toLevel, () => cause(sum.text), found);
    }
  }
}
