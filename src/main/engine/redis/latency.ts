import type { Redis } from 'ioredis';
import type { Clock } from '../clock.ts';

const WINDOW_MS = 5_000;
const KEPT = 128;
/** At most one command in this time is measured, so that measuring costs the hot path next to nothing. */
const EVERY_MS = 10;

/** The round trips of the program's own commands over the last seconds; no probe is made for the number. */
export interface Latency {
  /** Measures commands of `client` from now on. */
  follow(client: Redis): void;
  /** Median in ms over the last 5 s, `null` while nothing was measured in them. */
  median(): number | null;
}

export function createLatency(clock: Clock): Latency {
  let samples: { at: number; ms: number }[] = [];
  let last = -Infinity;
  const measure = (reply: Promise<unknown>, began: number): void => {
    last = began;
    const done = (): void => {
      const at = clock.monotonic();
      samples.push({ at, ms: at - began });
      if (samples.length > KEPT) samples.shift();
    };
    // A failed command says nothing about the way to the server; its owner handles the failure.
    reply.then(done, () => undefined);
  };
  return {
    follow(client) {
      const send = client.sendCommand.bind(client);
      client.sendCommand = (command, stream) => {
        const began = clock.monotonic();
        const result = send(command, stream);
        if (began - last >= EVERY_MS) measure(command.promise, began);
        return result;
      };
    },
    median() {
      const oldest = clock.monotonic() - WINDOW_MS;
      samples = samples.filter(sample => sample.at >= oldest);
      const sorted = samples.map(sample => sample.ms).sort((a, b) => a - b);
      return sorted[Math.floor(sorted.length / 2)] ?? null;
    },
  };
}
