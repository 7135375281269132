import type { AlertState, AlertView } from '../../../shared/alerts.ts';
import type { EpochMs } from '../../../shared/contract.ts';
import type { ChangedRule } from './news.ts';
import { stateAt, viewOf, type Watched } from './watched.ts';

/** Rules that went and are still told of. */
const GONE_KEPT = 4_000;

/** The rules by id, each with the version at which it last changed for somebody who looks. */
export class RuleBook {
  readonly #rules = new Map<string, { watched: Watched; version: number; shown: AlertState }>();
  readonly #gone = new Map<string, number>();
  /** Rules whose state ends by itself. */
  readonly #timed = new Set<string>();
  #version = 0;

  get version(): number {
    return this.#version;
  }

  get size(): number {
    return this.#rules.size;
  }

  get(id: string): Watched | undefined {
    return this.#rules.get(id)?.watched;
  }

  all(): Watched[] {
    return [...this.#rules.values()].map(({ watched }) => watched);
  }

  /** Something changed that is said of all rules together. */
  touch(): void {
    this.#version += 1;
  }

  set(watched: Watched, now: EpochMs): void {
    this.#version += 1;
    const { id } = watched.rule;
    this.#gone.delete(id);
    const [shown, until] = stateAt(watched, now);
    this.#rules.set(id, { watched, version: this.#version, shown });
    if (until === null) this.#timed.delete(id);
    else this.#timed.add(id);
  }

  delete(id: string): void {
    if (!this.#rules.delete(id)) return;
    this.#version += 1;
    this.#timed.delete(id);
    this.#gone.set(id, this.#version);
    const [oldest] = this.#gone.keys();
    if (oldest !== undefined && this.#gone.size > GONE_KEPT) this.#gone.delete(oldest);
  }

  /** Notices states that ended by themselves. */
  tick(now: EpochMs): void {
    for (const id of [...this.#timed]) {
      const one = this.#rules.get(id);
      if (one === undefined) this.#timed.delete(id);
      else if (stateAt(one.watched, now)[0] !== one.shown) this.set(one.watched, now);
    }
  }

  views(now: EpochMs): AlertView[] {
    return this.all().map(watched => viewOf(watched, now));
  }

  counts(now: EpochMs): Record<AlertState, number> {
    const counts: Record<AlertState, number> = { armed: 0, fired: 0, cooling: 0, snoozed: 0, disabled: 0 };
    for (const { watched } of this.#rules.values()) counts[stateAt(watched, now)[0]] += 1;
    return counts;
  }

  changedSince(version: number, now: EpochMs): ChangedRule[] {
    const changed: ChangedRule[] = [];
    for (const one of this.#rules.values()) {
      if (one.version > version)
        changed.push({ version: one.version, change: { view: viewOf(one.watched, now) } });
    }
    for (const [id, at] of version < 0 ? [] : this.#gone) {
      if (at > version) changed.push({ version: at, change: { removed: id } });
    }
    return changed.sort((a, b) => a.version - b.version);
  }
}
