import type { Client } from 'pg';
import type { Clock } from '../clock.ts';

/** A connection with a statement under way that heard nothing for a while. */
export interface Stuck {
  readonly client: Client;
  /** The server's process of this connection. */
  readonly pid: number;
}

/** Knows what every connection is doing, from its own socket: the bytes that came, not what a probe says. */
export interface BusyClients {
  /**
   * Follows `client` until it ends. Its errors without a statement are swallowed (the pool sees them too), and what a statement
   * rejects with goes through `translate`.
   */
  follow(client: Client): void;
  /** Those whose statement heard nothing for `ms`; to be asked about once a second. */
  stuck(ms: number): Stuck[];
  /** Cuts the socket: what is under way fails at once. */
  cut(clients: readonly Client[]): void;
  all(): Client[];
}

interface Watched {
  under: number;
  bytes: number;
  progressAt: number;
}

export function createBusyClients(deps: {
  clock: Clock;
  /** A statement begins; what is returned is called when it was answered. */
  measure: () => () => void;
  translate: (error: unknown) => Error;
}): BusyClients {
  const { clock, measure, translate } = deps;
  const watched = new Map<Client, Watched>();

  const under = async (state: Watched, work: Promise<unknown>): Promise<unknown> => {
    const answered = measure();
    if (state.under === 0) state.progressAt = clock.monotonic();
    state.under += 1;
    try {
      const result = await work;
      answered();
      return result;
    } catch (error) {
      throw translate(error);
    } finally {
      state.under -= 1;
    }
  };

  return {
    follow(client) {
      const state: Watched = { under: 0, bytes: 0, progressAt: 0 };
      watched.set(client, state);
      client.once('end', () => watched.delete(client));
      // A connection that breaks while it is lent has no other listener, and that would end the program.
      client.on('error', () => undefined);
      const query = client.query.bind(client) as (...args: unknown[]) => unknown;
      client.query = ((...args: unknown[]) => {
        const result = query(...args);
        return result instanceof Promise ? under(state, result) : result;
      }) as Client['query'];
    },
    stuck(ms) {
      const now = clock.monotonic();
      return [...watched].flatMap(([client, state]) => {
        const bytes = bytesRead(client);
        if (bytes !== state.bytes) {
          state.bytes = bytes;
          state.progressAt = now;
        }
        const silent = state.under > 0 && now - state.progressAt >= ms;
        return silent ? [{ client, pid: pidOf(client) }] : [];
      });
    },
    cut(clients) {
      for (const client of clients) client.connection.stream.destroy();
    },
    all: () => [...watched.keys()],
  };
}

function bytesRead({ connection: { stream } }: Client): number {
  return 'bytesRead' in stream && typeof stream.bytesRead === 'number' ? stream.bytesRead : 0;
}

/** `pg` has it and does not declare it. */
function pidOf(client: Client): number {
  return 'processID' in client && typeof client.processID === 'number' ? client.processID : -1;
}
