import type { Clock } from '../engine/clock.ts';
import { TenhertzError } from '../engine/errors.ts';
import type { ProcessLike } from './host.ts';

/** How long stopping may take (the outside interface promises 5 s; the rest is for the process itself). */
export const STOP_WITHIN_MS = 4_800;

/**
 * Runs `start`, then waits for SIGINT, SIGTERM or SIGHUP and runs `stop`. A signal while starting stops too. When `start`
 * fails, or something unexpected is thrown anywhere, `stop` runs and the error is passed on. Throws `STOP_TIMED_OUT`
 * when `stop` takes longer than {@link STOP_WITHIN_MS}. Further signals change
 * nothing: a terminal and a parent often both send one, and stopping is bounded anyway.
 */
export async function runUntilSignal(deps: {
  process: ProcessLike;
  clock: Clock;
  start(): Promise<void>;
  stop(): Promise<void>;
}): Promise<void> {
  // Neither signal handlers nor the engine's timers keep a process alive, for instance while Redis is away.
  const hold = setInterval(() => undefined, 2 ** 30);
  try {
    await untilSignal(deps);
  } finally {
    clearInterval(hold);
  }
}

async function untilSignal(deps: Parameters<typeof runUntilSignal>[0]): Promise<void> {
  const ended = listen(deps.process);
  const stop = async (): Promise<void> => {
    ended.forgetErrors();
    try {
      await within(deps.clock, STOP_WITHIN_MS, deps.stop());
    } finally {
      ended.forgetSignals();
    }
  };
  try {
    await Promise.race([deps.start(), ended.promise]);
    await ended.promise;
  } catch (error) {
    // What went wrong first is what the reader needs; trouble while stopping mostly follows from it.
    await stop().catch(() => undefined);
    throw error;
  }
  await stop();
}

function listen(process: ProcessLike): {
  promise: Promise<void>;
  forgetErrors(): void;
  forgetSignals(): void;
} {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  let end = (): void => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const promise = new Promise<void>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  const onSignal = (): void => end();
  const onError = (error: unknown): void => fail(error);
  for (const signal of signals) process.on(signal, onSignal);
  process.on('uncaughtException', onError);
  process.on('unhandledRejection', onError);
  return {
    promise,
    forgetErrors() {
      process.off('uncaughtException', onError);
      process.off('unhandledRejection', onError);
    },
    forgetSignals() {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}

async function within(clock: Clock, ms: number, work: Promise<void>): Promise<void> {
  let cancel = (): void => undefined;
  const late = new Promise<never>((_resolve, reject) => {
    cancel = clock.after(ms, () => {
      reject(new TenhertzError('STOP_TIMED_OUT', `Not everything stopped within ${ms} ms.`));
    });
  });
  try {
    await Promise.race([work, late]);
  } finally {
    cancel();
  }
}
