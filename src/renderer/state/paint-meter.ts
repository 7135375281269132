import type { EpochMs } from '../../shared/contract.ts';

/** Over how long the screen rate is measured. */
export const RATE_WINDOW_MS = 2_000;

/** Measures how many batches a second were really painted. */
export class PaintMeter {
  #times: EpochMs[] = [];
  #first: EpochMs | null = null;

  /** A batch was painted at `now`. */
  painted(now: EpochMs): void {
    this.#first ??= now;
    this.#times.push(now);
    this.#forget(now);
  }

  /** Painted batches a second over the last two seconds, to one decimal; 0 when nothing was painted in that time. */
  rate(now: EpochMs): number {
    this.#forget(now);
    if (this.#first === null) return 0;
    // Soon after the start the window is not full yet; dividing by all of it would show a rate that never was.
    const since = now - this.#first;
    const [count, window] =
      since < RATE_WINDOW_MS
        ? [this.#times.length - 1, Math.max(200, since)]
        : [this.#times.length, RATE_WINDOW_MS];
    return Math.round((count * 10_000) / window) / 10;
  }

  #forget(now: EpochMs): void {
    this.#times = this.#times.filter(time => now - time < RATE_WINDOW_MS);
  }
}
