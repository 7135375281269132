import type { AlertCondition } from '../../../shared/alerts.ts';
import { pairOf } from '../../../shared/pair.ts';
import type { StreamEvent } from '../events/event.ts';
import { ByToken } from './by-token.ts';
import { Held, type HeldChange, type KeptHolding, type PositionEvent } from './held.ts';
import type { Changes } from './kept-state.ts';
import { compareNums, Exact, numOf, type Num } from './number.ts';
import { isActive, stepRule, type Cause, type Findings, type Watched } from './watched.ts';

type Pnl = Extract<AlertCondition, { kind: 'pnl' }>;
type Position = Extract<AlertCondition, { kind: 'position' }>;

/** The positions as they are when the first rule about them is made. */
export interface PositionsNow {
  /** What owners reported last. */
  reports: readonly PositionEvent[];
  /** What trades add up to, by `holdingKey`. */
  books: readonly (readonly [key: string, kept: KeptHolding])[];
  prices: readonly (readonly [token: string, price: string])[];
}

/** Rules about positions: their profit, which moves with every price, and their amount. Without such a rule nothing is kept. */
export class HeldRules {
  readonly #found: Findings;
  readonly #pnl = new ByToken();
  readonly #positions = new ByToken();
  readonly #changed = new Set<string>();
  #held = new Held();
  #holds = false;

  constructor(found: Findings) {
    this.#found = found;
  }

  /** Whether positions are kept, that is, whether there is a rule about them. */
  get holds(): boolean {
    return this.#holds;
  }

  get #wanted(): boolean {
    return this.#pnl.size + this.#positions.size > 0;
  }

  add(watched: Watched): void {
    const { condition } = watched.rule;
    if (condition.kind === 'pnl') this.#pnl.add(condition.token, watched);
    if (condition.kind === 'position') this.#positions.add(condition.token, watched);
  }

  remove(id: string): void {
    this.#pnl.remove(id);
    this.#positions.remove(id);
    if (this.#wanted) return;
    this.#held = new Held();
    this.#holds = false;
    this.#changed.clear();
  }

  /** Begins with the positions as they are, unless they are kept already. */
  begin(now: () => PositionsNow): void {
    if (!this.#wanted || this.#holds) return;
    this.#holds = true;
    const { books, reports, prices } = now();
    for (const [token, price] of prices) this.#held.mark(pairOf(token).base, price, !token.includes(':'));
    for (const [key, kept] of books) this.restore(key, kept);
    for (const event of reports) this.#held.take(event);
    for (const key of this.#held.keys()) this.#changed.add(key);
  }

  /** Whether a price of this token can change anything. */
  needs(token: string): boolean {
    return this.#holds && this.#pnl.size > 0 && this.#held.has(pairOf(token).base);
  }

  /** Takes a price. A price of a venue's product counts for its base where that has no price of its own. */
  mark(token: string, price: string, cause: (value: string) => Cause): void {
    if (!this.#holds) return;
    const { base, inDollars } = pairOf(token);
    if (!inDollars) return;
    this.#held.mark(base, price, token === base);
    this.#lookAtPnl(base, cause);
  }

  /** Takes a trade or the report of a position. */
  take(event: StreamEvent, cause: (value: string) => Cause): void {
    if (!this.#holds) return;
    const change = this.#held.take(event);
    if (change === undefined) return;
    this.#changed.add(change.key);
    for (const watched of this.#positions.of(change.token)) {
      if (isActive(watched) && matches(watched.rule.condition as Position, change))
        this.#found.reached(
          watched,
          cause(`${change.before.toFixed()} to ${change.after.toFixed()} ${change.token}`),
        );
    }
    this.#lookAtPnl(change.token, cause);
  }

  restore(key: string, kept: KeptHolding): void {
    this.#holds = true;
    this.#held.restore(key, kept);
  }

  changes(): Pick<Changes, 'held'> {
    if (this.#changed.size === 0) return {};
    const held = this.#keptOf(this.#changed);
    this.#changed.clear();
    return { held };
  }

  all(): Pick<Changes, 'held' | 'holds'> {
    return this.#holds ? { holds: true, held: this.#keptOf(this.#held.keys()) } : { holds: false };
  }

  #keptOf(keys: Iterable<string>): Record<string, KeptHolding> {
    const kept: Record<string, KeptHolding> = {};
    for (const key of keys) {
      const one = this.#held.kept(key);
      if (one !== undefined) kept[key] = one;
    }
    return kept;
  }

  #lookAtPnl(token: string, cause: (value: string) => Cause): void {
    for (const watched of this.#pnl.of(token)) {
      const condition = watched.rule.condition as Pnl;
      const own = condition.token === null ? null : pairOf(condition.token).base;
      if (!isActive(watched)) continue;
      const pnl = this.#held.pnl(own, condition.which);
      if (pnl === null) continue;
      const value = numOf(pnl.toFixed());
      const toLevel = (level: Num): number => compareNums(value, level);
      stepRule(watched, toLevel, () => cause(`${pnl.toDecimalPlaces(2).toFixed()} USD`), this.#found);
    }
  }
}

function matches({ change, by }: Position, { before, after }: HeldChange): boolean {
  if (change === 'opened') return before.isZero() && !after.isZero();
  if (change === 'closed') return !before.isZero() && after.isZero();
  return after.minus(before).abs().gt(new Exact(by));
}
