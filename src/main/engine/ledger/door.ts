import pg from 'pg';
import type { Clock } from '../clock.ts';
import { ledgerDown, type LedgerPlace } from './ledger-errors.ts';
import { migrate, needsMigration } from './migrate.ts';

export interface DoorDeps {
  config: pg.ClientConfig;
  place: LedgerPlace;
  clock: Clock;
  /** For connecting, logging in and the first answers, each. */
  timeoutMs: number;
}

/** A long change of tables may take its time; a server that hangs in it is found in the end. */
const MIGRATING_MS = 10 * 60_000;

/**
 * The first connection to a server: it finds out whether the server can be used, brings its tables up to date, and then stays open to
 * tell when the server is gone. No statement of the program's own runs on it.
 */
export interface Door {
  /** Steps that ran now. */
  readonly migrated: readonly string[];
  /** What the server's processes of our connections are doing (`active`, `idle`, ...), by pid. Rejects when it does not answer in time. */
  states(pids: readonly number[]): Promise<Map<number, string>>;
  /** Called once when it is gone; at once when it is gone already. */
  onEnd(listener: () => void): void;
  /** Says goodbye when the server listens, cuts the line otherwise. */
  close(): void;
}

/** Opens the door. Rejects with what `pg` threw or a `TenhertzError` of the migration; nothing stays open then. */
export async function openDoor({ config, place, clock, timeoutMs }: DoorDeps): Promise<Door> {
  const client = new pg.Client({ ...config, connectionTimeoutMillis: timeoutMs });
  let ended = false;
  client.on('error', () => undefined);
  client.once('end', () => (ended = true));
  const cut = (): void => void client.connection.stream.destroy();

  /** Its own deadline for each part: a server can hang at any moment. */
  const within = async <T>(ms: number, work: () => Promise<T>): Promise<T> => {
    const late = new AbortController();
    const cancel = clock.after(ms, () => {
      late.abort();
      cut();
    });
    try {
      return await work();
    } catch (error) {
      throw late.signal.aborted ? ledgerDown('it did not answer in time', place, { cause: error }) : error;
    } finally {
      cancel();
    }
  };

  let migrated: string[] = [];
  try {
    await client.connect();
    const needed = await within(timeoutMs, async () => {
      // Bounds set for the user or the database are meant for small statements.
      await client.query('SET statement_timeout = 0; SET lock_timeout = 0; SET idle_session_timeout = 0');
      return needsMigration(client, place);
    });
    if (needed) migrated = await within(MIGRATING_MS, () => migrate(client));
  } catch (error) {
    cut();
    throw error;
  }

  return {
    migrated,
    states: pids =>
      within(timeoutMs, async () => {
        const { rows } = await client.query<{ pid: number; state: string | null }>(
          'SELECT pid, state FROM pg_stat_activity WHERE pid = ANY($1)',
          [pids],
        );
        return new Map(rows.map(({ pid, state }) => [pid, state ?? '']));
      }),
    onEnd(listener) {
      if (ended) listener();
      else client.once('end', listener);
    },
    close() {
      const cancel = clock.after(500, cut);
      void client.end().then(cancel, cut);
    },
  };
}
