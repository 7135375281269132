import type { EpochMs } from '../../shared/contract.ts';

/** Over how long the screen rate is measured. */
export const RATE_WINDOW_MS = 2_000;

/** A pause up to this long is the ordinary wait for the next batch; a longer one brings the rate down. */
const PAUSE_MS = 250;

/** Measures how many batches a second were really painted. */
export class PaintMeter {
  #times: EpochMs[] = [];

  /** A batch was painted at `now`. */
  painted(now: EpochMs): void {
    this.#times.push(now);
    this.#forget(now);
  }

  /** Painted batches a second over the last two seconds, to one decimal; 0 with fewer than two in that time. */
  rate(now: EpochMs): number {
    this.#forget(now);
    const first = this.#times[0];
    const last = this.#times.at(-1);
    if (first === undefined || last === undefined || this.#times.length < 2) return 0;
    const span = Math.max(last, now - PAUSE_MS) - first;
    return span <= 0 ? 0 : Math.round(((this.#times.length - 1) * 10_000) / span) / 10;
  }

  #forget(now: EpochMs): void {
    this.#times = this.#times.filter(time => now - time < RATE_WINDOW_MS);
  }
}
