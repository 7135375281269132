import type { Redis } from 'ioredis';
import type { Clock } from '../clock.ts';
import { createMedianWindow, type MedianWindow } from './median-window.ts';

/** The round trips of the program's own commands over the last seconds; no probe is made for the number. */
export interface Latency extends Pick<MedianWindow, 'median'> {
  /** Measures commands of `client` from now on. */
  follow(client: Redis): void;
}

export function createLatency(clock: Clock): Latency {
  const window = createMedianWindow(clock);
  return {
    follow(client) {
      const send = client.sendCommand.bind(client);
      client.sendCommand = (command, stream) => {
        const began = clock.monotonic();
        const result = send(command, stream);
        if (window.wants(began)) {
          // A failed command says nothing about the way to the server; its owner handles the failure.
          command.promise.then(
            () => window.add(began),
            () => undefined,
          );
        }
        return result;
      };
    },
    median: () => window.median(),
  };
}
