import type { EpochMs } from '../../shared/contract.ts';

/** Undoes what returned it; harmless when called twice. */
export type Cancel = () => void;

/** Time as the renderer sees it; tests move it by hand. */
export interface Clock {
  /** This machine's wall clock. */
  now(): EpochMs;
  /** Calls `run` once after `ms`. */
  after(ms: number, run: () => void): Cancel;
  /** Calls `run` every `ms`. */
  every(ms: number, run: () => void): Cancel;
}

/** The browser's own clock. */
export const browserClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  every(ms, run) {
    const timer = setInterval(run, ms);
    return () => clearInterval(timer);
  },
};
