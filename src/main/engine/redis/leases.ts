import type { Cancel, Clock } from '../clock.ts';
import { TenhertzError, messageOf } from '../errors.ts';
import { backOffMs, type BackOff } from './back-off.ts';
import type { Connection } from './connection.ts';
import type { Lease } from './pool.ts';

export interface LeasesDeps {
  open: () => Connection;
  clock: Clock;
  backOff: BackOff;
  /** The pool's cap, for the error; and how many of its sockets leases may use. */
  cap: number;
  room: number;
  acquireTimeoutMs: number;
  checkTimeoutMs: number;
  /** Whether Redis answers on the shared connections; while it does not, nothing is opened. */
  isUp: () => boolean;
  /** The error for a caller that cannot have a connection because Redis is away. */
  down: (reason?: string) => TenhertzError;
  onChange: () => void;
  /** A living connection was given back as lost. */
  onReplaced: (name: string, reason: string) => void;
}

/** Connections lent one by one. Every socket counts from its opening until it is really gone. */
export interface Leases {
  lease(name: string): Promise<Lease>;
  counts(): { leased: number; idle: number; opening: number };
  /** Serves whoever waits, as far as there is room; call it when Redis came up. */
  pump(): void;
  close(): Promise<void>;
}

interface Waiter {
  name: string;
  resolve: (lease: Lease) => void;
  reject: (error: Error) => void;
  cancel: Cancel;
}

export function createLeases(deps: LeasesDeps): Leases {
  const { clock } = deps;
  const sockets = new Set<Connection>();
  const idle: Connection[] = [];
  const held = new Map<Connection, string>();
  const waiters: Waiter[] = [];
  /** Connections being opened or checked for whoever waits first. */
  let preparing = 0;
  let failures = 0;
  let lastFailure: string | undefined;
  let pausedBy: Cancel | undefined;
  let closed = false;

  const wanted = (): boolean =>
    !closed && pausedBy === undefined && deps.isUp() && waiters.length > preparing;
  const pump = (): void => {
    while (wanted()) {
      const rested = idle.pop();
      if (rested !== undefined) void prepare(rested, rested.check(deps.checkTimeoutMs));
      else if (sockets.size < deps.room) void prepare(...openOne());
      else break;
    }
    deps.onChange();
  };

  const openOne = (): [Connection, Promise<boolean>] => {
    const connection = deps.open();
    sockets.add(connection);
    connection.onEnd(() => {
      sockets.delete(connection);
      const at = idle.indexOf(connection);
      if (at >= 0) idle.splice(at, 1);
      pump();
    });
    const opened = connection.ready.then(
      () => true,
      (error: unknown) => {
        failures += 1;
        lastFailure = error instanceof TenhertzError ? String(error.facts['reason']) : messageOf(error);
        pausedBy = clock.after(backOffMs(failures - 1, deps.backOff), () => {
          pausedBy = undefined;
          pump();
        });
        return false;
      },
    );
    return [connection, opened];
  };

  /** Hands the connection to the first in line once it has proved itself. */
  const prepare = async (connection: Connection, proof: Promise<boolean>): Promise<void> => {
    preparing += 1;
    const good = await proof;
    preparing -= 1;
    if (!good || connection.state !== 'ready') {
      connection.close('it did not answer when it was checked');
    } else {
      failures = 0;
      const waiter = waiters.shift();
      if (waiter === undefined) idle.push(connection);
      else grant(waiter, connection);
    }
    pump();
  };

  const grant = (waiter: Waiter, connection: Connection): void => {
    waiter.cancel();
    held.set(connection, waiter.name);
    let back = false;
    const giveBack = (then: () => void): void => {
      if (back) return;
      back = true;
      held.delete(connection);
      then();
      pump();
    };
    const { name } = waiter;
    waiter.resolve({
      name,
      client: connection.client,
      release: () =>
        giveBack(() => {
          if (closed || connection.state !== 'ready') return;
          // A read may still block it; nobody else could use it.
          if (connection.client.commandQueue.length > 0)
            connection.close('given back while a command was under way');
          else idle.push(connection);
        }),
      discard: reason =>
        giveBack(() => {
          if (connection.state === 'ready') deps.onReplaced(name, reason);
          connection.close(reason);
        }),
    });
  };

  const refusal = (): TenhertzError => {
    if (!deps.isUp()) return deps.down();
    const holders = [...held].filter(([connection]) => sockets.has(connection)).map(([, name]) => name);
    if (holders.length < deps.room) return deps.down(lastFailure);
    return new TenhertzError(
      'POOL_EXHAUSTED',
      `All ${deps.cap} Redis connections are in use, and none came back within ${deps.acquireTimeoutMs} ms. ` +
        `Leased to: ${holders.join(', ')}. Follow fewer channels, or raise the cap.`,
      { facts: { cap: deps.cap, holders } },
    );
  };

  return {
    pump,
    lease(name) {
      if (closed) return Promise.reject(poolClosed());
      return new Promise((resolve, reject) => {
        const cancel = clock.after(deps.acquireTimeoutMs, () => {
          waiters.splice(waiters.indexOf(waiter), 1);
          reject(refusal());
        });
        const waiter: Waiter = { name, resolve, reject, cancel };
        waiters.push(waiter);
        pump();
      });
    },
    counts() {
      const leased = [...held.keys()].filter(connection => sockets.has(connection)).length;
      return { leased, idle: idle.length, opening: sockets.size - leased - idle.length };
    },
    async close() {
      closed = true;
      pausedBy?.();
      for (const waiter of waiters.splice(0)) {
        waiter.cancel();
        waiter.reject(poolClosed());
      }
      const ends = [...sockets].map(
        connection => new Promise<void>(resolve => connection.onEnd(() => resolve())),
      );
      for (const connection of [...sockets]) connection.close('the pool was closed');
      await Promise.all(ends);
    },
  };
}

/** The error of a pool that was closed: there is no use in trying again. */
export function poolClosed(): TenhertzError {
  return new TenhertzError('POOL_CLOSED', 'The Redis pool was closed; the program is stopping.');
}
