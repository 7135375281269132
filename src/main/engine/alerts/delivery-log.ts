import { DELIVERIES_KEPT, type AlertDelivery } from '../../../shared/alerts.ts';
import type { EpochMs } from '../../../shared/contract.ts';

/** The newest deliveries, each known by its id so that none is written down twice. */
export class DeliveryLog {
  #kept: AlertDelivery[] = [];
  readonly #ids = new Set<string>();
  #head = 0;
  #unacknowledged = 0;

  /** Index of the next delivery. */
  get head(): number {
    return this.#head;
  }

  get unacknowledged(): number {
    return this.#unacknowledged;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Writes a delivery down and gives it its index; `undefined` when it is here already. */
  add(delivery: Omit<AlertDelivery, 'index'>): AlertDelivery | undefined {
    return this.#put({ ...delivery, index: this.#head });
  }

  /** Puts back a delivery that was kept, index and all. */
  restore(delivery: AlertDelivery): void {
    this.#put(delivery);
  }

  at(index: number): AlertDelivery | undefined {
    const first = this.#kept[0];
    const there = first === undefined ? undefined : this.#kept[index - first.index];
    // Indices are without holes, unless a file was damaged.
    return there?.index === index ? there : this.#kept.find(one => one.index === index);
  }

  /** Newest first. */
  list(before: number | null, limit: number, ruleId: string | null): AlertDelivery[] {
    const found: AlertDelivery[] = [];
    for (let at = this.#kept.length - 1; at >= 0 && found.length < limit; at -= 1) {
      const one = this.#kept[at];
      if (one === undefined || (before !== null && one.index >= before)) continue;
      if (ruleId === null || one.ruleId === ruleId) found.push(one);
    }
    return found;
  }

  /** Answers how many were not acknowledged before. */
  acknowledge(ids: readonly string[] | null, at: EpochMs): number {
    const wanted = ids === null ? undefined : new Set(ids);
    let count = 0;
    this.#kept = this.#kept.map(one => {
      if (one.acknowledgedAt !== null || wanted?.has(one.id) === false) return one;
      count += 1;
      return { ...one, acknowledgedAt: at };
    });
    this.#unacknowledged -= count;
    return count;
  }

  all(): AlertDelivery[] {
    return [...this.#kept];
  }

  #put(delivery: AlertDelivery): AlertDelivery | undefined {
    if (this.#ids.has(delivery.id)) return undefined;
    this.#ids.add(delivery.id);
    this.#kept.push(delivery);
    this.#head = Math.max(this.#head, delivery.index + 1);
    if (delivery.acknowledgedAt === null) this.#unacknowledged += 1;
    if (this.#kept.length > DELIVERIES_KEPT) {
      const oldest = this.#kept.shift();
      if (oldest !== undefined) this.#ids.delete(oldest.id);
      if (oldest?.acknowledgedAt === null) this.#unacknowledged -= 1;
    }
    return delivery;
  }
}
