import type { EpochMs, PriceView, SourceStatus } from '../../../shared/contract.ts';
import { lengthWords } from '../../../shared/alert-words.ts';
import { compareNums, numOf, type Num } from './number.ts';
import { isActive, stepRule, type Cause, type Findings, type Watched } from './watched.ts';

/** What rules look at that no event tells. */
export interface Surroundings {
  price(token: string): PriceView | undefined;
  /** How far the desk is behind its streams, ms; `null` while that is not known. */
  lagMs(): number | null;
  sources(): readonly Pick<SourceStatus, 'name' | 'state'>[];
}

/** A source in one of these states gives no prices although it was asked for them. */
const DOWN: ReadonlySet<SourceStatus['state']> = new Set(['down', 'refused', 'silent']);

/** Rules about what does not happen: they are looked at once a second, because no event brings them up. */
export class ClockRules {
  readonly #found: Findings;
  readonly #around: Surroundings;
  readonly #rules = new Map<string, Watched>();
  /** Nothing is older than the program: it could not know better before. */
  readonly #since: EpochMs;

  constructor(found: Findings, around: Surroundings, since: EpochMs) {
    this.#found = found;
    this.#around = around;
    this.#since = since;
  }

  add(watched: Watched): void {
    const { kind } = watched.rule.condition;
    if (kind === 'stale' || kind === 'lag' || kind === 'source') this.#rules.set(watched.rule.id, watched);
  }

  remove(id: string): void {
    this.#rules.delete(id);
  }

  tick(now: EpochMs): void {
    for (const watched of this.#rules.values()) {
      if (!isActive(watched)) continue;
      const { condition } = watched.rule;
      if (condition.kind === 'stale') this.#stale(watched, condition.token, now);
      else if (condition.kind === 'lag') this.#value(watched, this.#around.lagMs(), now);
      else if (condition.kind === 'source') this.#source(watched, condition.source, now);
    }
  }

  #stale(watched: Watched, token: string, now: EpochMs): void {
    const vouched = this.#around.price(token)?.timestamp ?? 0;
    this.#value(watched, now - Math.max(vouched, this.#since), now);
  }

  #value(watched: Watched, value: number | null, now: EpochMs): void {
    if (value === null) return;
    const number = numOf(String(Math.max(0, Math.round(value))));
    // Longer than, not as long as.
    const toLevel = (level: Num): number => compareNums(number, level) || -1;
    const words = value >= 1_000 ? lengthWords(Math.round(value / 1_000) * 1_000) : `${Math.round(value)} ms`;
    stepRule(watched, toLevel, () => causeAt(now, words), this.#found);
  }

  #source(watched: Watched, wanted: string | null, now: EpochMs): void {
    const down = this.#around
      .sources()
      .filter(({ name, state }) => DOWN.has(state) && (wanted === null || name === wanted));
    const before = watched.state.down;
    const names = down.map(({ name }) => name);
    if (names.length === before.length && names.every(name => before.includes(name))) return;
    watched.state.down = names;
    this.#found.moved(watched);
    for (const { name, state } of down) {
      if (!before.includes(name)) this.#found.reached(watched, causeAt(now, `${name} is ${state}`));
    }
  }
}

function causeAt(now: EpochMs, value: string): Cause {
  return { eventId: null, happenedAt: now, past: false, value };
}
