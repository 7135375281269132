import type { EpochMs } from '../../shared/contract.ts';

/** Undoes what returned it; harmless when called twice. */
export type Cancel = () => void;

/** Time as the engine sees it. Everything that waits or stamps takes one, so tests move time by hand. */
export interface Clock {
  /** Wall clock. */
  now(): EpochMs;
  /** Milliseconds on a clock that never jumps; only differences mean anything. */
  monotonic(): number;
  /** Calls `run` once after `ms`. */
  after(ms: number, run: () => void): Cancel;
  /** Calls `run` every `ms`. */
  every(ms: number, run: () => void): Cancel;
}

/** The machine's own clock. Its timers do not keep the process alive by themselves. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
  every(ms, run) {
    const timer = setInterval(run, ms);
    timer.unref();
    return () => clearInterval(timer);
  },
};

/** Resolves after `ms` on `clock`. */
export function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise(resolve => clock.after(ms, resolve));
}
