import type { Cancel, Clock } from '../../src/main/engine/clock.ts';

interface Waiting {
  at: number;
  order: number;
  run: () => void;
  every?: number;
}

/** A clock that stands still until {@link ManualClock.advance} moves it; timers run in order of their due time. */
export class ManualClock implements Clock {
  #now: number;
  #order = 0;
  readonly #waiting = new Set<Waiting>();

  constructor(start = Date.UTC(2026, 10, 21, 12)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): Cancel {
    return this.#add({ at: this.#now + ms, order: this.#order++, run });
  }

  every(ms: number, run: () => void): Cancel {
    return this.#add({ at: this.#now + ms, order: this.#order++, run, every: ms });
  }

  /** How many timers wait; a test that stops a thing can see that it left none behind. */
  get pending(): number {
    return this.#waiting.size;
  }

  /** Moves time and runs what is due, one after the other; promise callbacks run between timers. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settle();
      const next = [...this.#waiting]
        .filter(timer => timer.at <= end)
        .sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.at);
      if (next.every === undefined) this.#waiting.delete(next);
      else next.at += next.every;
      next.run();
    }
    this.#now = end;
    await settle();
  }

  #add(timer: Waiting): Cancel {
    this.#waiting.add(timer);
    return () => this.#waiting.delete(timer);
  }
}

/** Lets promise callbacks that are ready run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(resolve => setImmediate(resolve));
}
