import type { Redis } from 'ioredis';
import type { Clock } from '../clock.ts';
import type { EpochMs } from '../../../shared/contract.ts';
import { backOffMs, type BackOff } from './back-off.ts';
import type { Connection } from './connection.ts';

/** How often the progress of shared connections is looked at. */
export const LOOK_EVERY_MS = 250;
/** Looks without progress before a connection counts as wedged: 1.5 s. Counting looks, not time, forgives a sleep of ours. */
const LOOKS = 6;
/** A connection that lived shorter than this does not reset the back-off. */
const STEADY_MS = 2_000;

export interface SharedSlotDeps {
  open: () => Connection;
  clock: Clock;
  backOff: BackOff;
  /** Called after every change of the slot. */
  onChange: () => void;
  onReady: (client: Redis) => void;
  onWedged: () => void;
}

/** One of the multiplexed connections: it always has a connection, or an attempt coming. */
export interface SharedSlot {
  /** The connection's client while it is healthy. */
  readonly client: Redis | undefined;
  /** Why there is none, after a failed attempt or a loss. */
  readonly trouble: { reason: string; failed: boolean; nextAttemptAt: EpochMs | null } | undefined;
  /**
   * Looks at progress: a connection with commands waiting and not one byte of reply over 1.5 s is wedged and replaced.
   * Call it every {@link LOOK_EVERY_MS}.
   */
  look(): void;
  close(): Promise<void>;
}

export function createSharedSlot(deps: SharedSlotDeps): SharedSlot {
  const { clock } = deps;
  let connection: Connection;
  let trouble: SharedSlot['trouble'];
  let attempt = 0;
  let readyAt: number | undefined;
  let closing = false;
  let cancelRetry = (): void => undefined;
  let looks = 0;
  let seenBytes = -1;

  const connect = (): void => {
    const opened = deps.open();
    connection = opened;
    readyAt = undefined;
    looks = 0;
    opened.ready.then(
      () => {
        if (opened.state !== 'ready') return;
        readyAt = clock.monotonic();
        trouble = undefined;
        deps.onReady(opened.client);
        deps.onChange();
      },
      () => undefined,
    );
    opened.onEnd(reason => {
      const wasReady = readyAt !== undefined;
      if (readyAt !== undefined && clock.monotonic() - readyAt >= STEADY_MS) attempt = 0;
      if (!closing) retry(reason, !wasReady);
      deps.onChange();
    });
  };
  const retry = (reason: string, failed: boolean): void => {
    const delay = backOffMs(attempt, deps.backOff);
    attempt += 1;
    trouble = { reason, failed, nextAttemptAt: clock.now() + delay };
    cancelRetry = clock.after(delay, () => {
      trouble = { reason, failed, nextAttemptAt: null };
      connect();
    });
  };
  connect();

  return {
    get client() {
      return connection.state === 'ready' ? connection.client : undefined;
    },
    get trouble() {
      return trouble;
    },
    look() {
      if (connection.state !== 'ready') return;
      const { client } = connection;
      const bytes = client.stream.bytesRead;
      if (client.commandQueue.length === 0 || bytes !== seenBytes) {
        seenBytes = bytes;
        looks = 0;
      } else if (++looks >= LOOKS) {
        deps.onWedged();
        connection.close(`it gave no reply for ${LOOKS * LOOK_EVERY_MS} ms while commands waited`);
      }
    },
    close() {
      closing = true;
      cancelRetry();
      return new Promise(resolve => {
        connection.onEnd(() => resolve());
        connection.close('the pool was closed');
      });
    },
  };
}
