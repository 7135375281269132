import type { Clock } from '../clock.ts';
import type { StreamEvent } from './event.ts';

/** Timers of more than 24 days fire at once; one waits in steps. */
const LONGEST_SLEEP_MS = 3_600_000;

/** Gives each event as long after the first as it was written after it, divided by `speed`. */
export async function* paced(
  events: AsyncGenerator<StreamEvent>,
  speed: number,
  clock: Clock,
  signal: AbortSignal | undefined,
): AsyncGenerator<StreamEvent> {
  let first: { at: number; entryTime: number } | undefined;
  for await (const event of events) {
    first ??= { at: clock.monotonic(), entryTime: event.entryTime };
    const due = first.at + (event.entryTime - first.entryTime) / speed;
    for (let left = due - clock.monotonic(); left > 0; left = due - clock.monotonic()) {
      await pause(clock, Math.min(left, LONGEST_SLEEP_MS), signal);
      if (signal?.aborted === true) return;
    }
    yield event;
  }
}

/** Sleeps, or ends early when `signal` is given. */
function pause(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise(resolve => {
    const done = (): void => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(ms, done);
    if (signal?.aborted === true) done();
    else signal?.addEventListener('abort', done);
  });
}
