import type { Clock } from '../clock.ts';

const WINDOW_MS = 1_000;

/** How often something happened over the last second. Needs to be looked at a few times a second to be exact. */
export class Rate {
  readonly #clock: Clock;
  #samples: { at: number; total: number }[];

  constructor(clock: Clock, total = 0) {
    this.#clock = clock;
    this.#samples = [{ at: clock.monotonic(), total }];
  }

  /** Takes how often it happened in all so far. */
  sample(total: number): void {
    const at = this.#clock.monotonic();
    this.#samples.push({ at, total });
    // The newest sample from before the window stays: the rate is measured from there.
    while ((this.#samples[1]?.at ?? at) <= at - WINDOW_MS) this.#samples.shift();
  }

  /** Per second, to one decimal. */
  perSecond(): number {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.at === first.at) return 0;
    return Math.round(((last.total - first.total) * 10_000) / (last.at - first.at)) / 10;
  }
}
