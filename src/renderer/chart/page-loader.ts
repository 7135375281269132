import { messageOf } from '../bridge/message-of.ts';
import type { Cancel, Clock } from '../time/clock.ts';

/** Waits between tries to get history; the last one repeats. */
const WAITS_MS = [2_000, 5_000, 15_000, 30_000] as const;

/** Where a chart's history stands. */
export interface LoadState {
  busy: boolean;
  /** Why the last try failed; `null` when it did not. */
  failed: string | null;
}

/** Nothing is asked, nothing failed. */
export const IDLE: LoadState = { busy: false, failed: null };

/**
 * One question to the engine at a time, tried again after a while when it fails. A newer question makes the answer to an
 * older one worthless: it is dropped.
 */
export class PageLoader {
  readonly #clock: Clock;
  readonly #onState: (state: LoadState) => void;
  #question = 0;
  #failures = 0;
  #again: { cancel: Cancel; run: () => void } | null = null;
  #state = IDLE;

  constructor(clock: Clock, onState: (state: LoadState) => void) {
    this.#clock = clock;
    this.#onState = onState;
  }

  /** Whether a question is under way or waits to be tried again. */
  get engaged(): boolean {
    return this.#state.busy || this.#again !== null;
  }

  /** Asks in place of whatever was asked before. `got` hears the answer, `missed` each failure. */
  ask<T>(question: () => Promise<T>, got: (answer: T) => void, missed: () => void = () => {}): void {
    this.cancel();
    this.#try(question, got, missed);
  }

  /** Tries again now what waits to be tried again. */
  retry(): void {
    const again = this.#again;
    if (again === null) return;
    again.cancel();
    again.run();
  }

  /** Forgets what was asked, without telling. */
  cancel(): void {
    this.#question += 1;
    this.#failures = 0;
    this.#again?.cancel();
    this.#again = null;
    this.#state = IDLE;
  }

  #try<T>(question: () => Promise<T>, got: (answer: T) => void, missed: () => void): void {
    const mine = (this.#question += 1);
    this.#again = null;
    this.#tell({ busy: true, failed: this.#state.failed });
    question().then(
      answer => {
        if (mine !== this.#question) return;
        this.#failures = 0;
        // Still engaged while the answer is laid in, so that nothing asks for what is in it.
        got(answer);
        if (mine === this.#question) this.#tell(IDLE);
      },
      (error: unknown) => {
        if (mine !== this.#question) return;
        const run = (): void => this.#try(question, got, missed);
        const wait = WAITS_MS[Math.min(this.#failures, WAITS_MS.length - 1)] ?? 0;
        this.#failures += 1;
        this.#again = { cancel: this.#clock.after(wait, run), run };
        this.#tell({ busy: false, failed: messageOf(error) });
        missed();
      },
    );
  }

  #tell(state: LoadState): void {
    if (state.busy === this.#state.busy && state.failed === this.#state.failed) return;
    this.#state = state;
    this.#onState(state);
  }
}
