import { Kysely, PostgresDialect, type PostgresPool } from 'kysely';
import pg, { type PoolClient, type QueryConfig, type QueryResult, type QueryResultRow } from 'pg';
import type { LedgerStatus } from '../../../shared/contract.ts';
import { sleep, type Clock } from '../clock.ts';
import type { TenhertzError } from '../errors.ts';
import type { Metrics } from '../health/metrics.ts';
import type { Logger } from '../logger.ts';
import { awakeUntil } from '../redis/awake.ts';
import type { BackOff } from '../redis/back-off.ts';
import { createMedianWindow } from '../redis/median-window.ts';
import { createBusyClients } from './busy-clients.ts';
import type { LedgerDatabase } from './database.ts';
import { isMisconfigured, ledgerDown, statementError, type LedgerPlace } from './ledger-errors.ts';
import { createLink } from './link.ts';
import { parseColumns } from './parse-columns.ts';
import type { Schema } from './schema.ts';
import type { LedgerConnectionOptions } from './settings.ts';

export interface LedgerDatabaseDeps {
  options: LedgerConnectionOptions;
  kind: LedgerPlace['kind'];
  /** For people; never holds a password. */
  address: string;
  clock: Clock;
  log: Logger;
  metrics: Pick<Metrics, 'ledgerUp' | 'ledgerReplaced'>;
  /** Connections for statements; one more watches the server. Default 10. */
  max?: number;
  /** Connecting and logging in; also how long one may wait for a free connection. Default 3000 ms. */
  connectTimeoutMs?: number;
  /** A statement that heard nothing for so long is looked after. Default 3000 ms. */
  stuckMs?: number;
  /** True: nothing is tried before {@link OwnLedgerDatabase.tryNow}, for a server of ours that is being started. */
  waits?: boolean;
  /** Between attempts: 100 ms doubling up to 3 s, half of it random. */
  backOff?: BackOff;
}

/** The database with what only its owner may do. */
export interface OwnLedgerDatabase extends LedgerDatabase {
  /** Tries now instead of at the end of the pause; for a server of ours that has just started. */
  tryNow(): void;
}

/** What every connection is told first. Plans are made for short statements; nothing waits for ever. */
const SESSION = `SET statement_timeout = '30s'; SET lock_timeout = '10s'; SET idle_session_timeout = 0;
  SET idle_in_transaction_session_timeout = '60s'; SET TimeZone = 'UTC'; SET jit = off`;
const LOOK_EVERY_MS = 1_000;
/** How long the last refusal for want of disk is told. */
const FULL_TOLD_MS = 10_000;
const IDLE_MS = 60_000;

/** Makes the database described at {@link LedgerDatabase}. It starts connecting at once and goes on until it is closed. */
export function createLedgerDatabase(deps: LedgerDatabaseDeps): OwnLedgerDatabase {
  const { options, kind, address, clock, log, metrics } = deps;
  const place: LedgerPlace = { address, kind, user: options.user, database: options.database };
  const connectTimeoutMs = deps.connectTimeoutMs ?? 3_000;
  const config: pg.PoolConfig = {
    ...options,
    application_name: 'tenhertz',
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: parseColumns,
    connectionTimeoutMillis: connectTimeoutMs,
  };
  const latency = createMedianWindow(clock);
  const prepared = new WeakSet<PoolClient>();
  const lent = new Set<PoolClient>();
  let fullAt = -Infinity;
  const closing = new AbortController();
  const isClosed = (): boolean => closing.signal.aborted;

  const busy = createBusyClients({
    clock,
    measure() {
      const began = clock.monotonic();
      return latency.wants(began) ? () => latency.add(began) : () => undefined;
    },
    translate: error => translate(error),
  });
  const pool = new pg.Pool({ ...config, max: deps.max ?? 10, idleTimeoutMillis: IDLE_MS });
  // A resting connection that broke is removed by the pool itself.
  pool.on('error', () => undefined);
  pool.on('connect', client => busy.follow(client));
  pool.on('acquire', client => lent.add(client));
  pool.on('release', (_error, client) => lent.delete(client));

  const link = createLink({
    config,
    place,
    clock,
    log,
    metrics,
    busy,
    timeoutMs: connectTimeoutMs,
    stuckMs: deps.stuckMs ?? 3_000,
    waits: deps.waits ?? false,
    backOff: deps.backOff ?? { baseMs: 100, capMs: 3_000, random: Math.random },
  });
  const stopLooking = clock.every(LOOK_EVERY_MS, () => void link.look());

  const translate = (error: unknown): TenhertzError => {
    const known = statementError(error, place);
    if (known.code === 'LEDGER_FULL') fullAt = clock.monotonic();
    // A server that has become a copy of another stays connected and refuses every write.
    if (known.facts['sqlState'] === '25006') link.drop();
    return known;
  };

  const lend = async (): Promise<PoolClient> => {
    if (isClosed()) throw ledgerDown('it was closed', place);
    if (link.state() !== 'up') throw ledgerDown(link.reason(), place);
    const client = await pool.connect().catch((error: unknown) => {
      throw translate(error);
    });
    try {
      if (!prepared.has(client)) await client.query(SESSION);
      // It was not lent yet when the others were ended.
      if (isClosed()) throw ledgerDown('it was closed', place);
    } catch (error) {
      client.release(true);
      throw error;
    }
    prepared.add(client);
    return client;
  };

  const message = (): string | null => {
    if (isClosed()) return 'The connections to the ledger were closed.';
    if (link.state() !== 'up') return link.message();
    const full = clock.monotonic() - fullAt < FULL_TOLD_MS;
    return full
      ? `The disk of the ledger's server (${address}) is full: nothing is recorded until there is room.`
      : null;
  };
  const status = (): LedgerStatus => ({
    state: isClosed() ? 'down' : link.state(),
    kind,
    address,
    since: link.since(),
    latencyMs: latency.median(),
    message: message(),
  });

  const facade: PostgresPool = {
    connect: lend,
    end: () => Promise.resolve(),
  };

  const database: OwnLedgerDatabase = {
    kysely: new Kysely<Schema>({ dialect: new PostgresDialect({ pool: facade }) }),
    async query<R extends QueryResultRow>(query: QueryConfig): Promise<QueryResult<R>> {
      const client = await lend();
      try {
        return await client.query<R>(query);
      } finally {
        // The pool keeps no connection that broke.
        client.release();
      }
    },
    async transaction(work) {
      const client = await lend();
      let broken = false;
      try {
        await client.query('BEGIN');
        const result = await work(client);
        const { command } = await client.query('COMMIT');
        if (command !== 'COMMIT') throw translate(hiddenFailure());
        return result;
      } catch (error) {
        await client.query('ROLLBACK').catch(() => (broken = true));
        throw error;
      } finally {
        client.release(broken);
      }
    },
    async session(work) {
      const client = await lend();
      try {
        return await work(client);
      } finally {
        // Its cursors, locks and settings end with it, whatever `work` left.
        client.release(true);
      }
    },
    status,
    ready(timeoutMs) {
      if (link.state() === 'up') return Promise.resolve();
      const answered = new Promise<void>((resolve, reject) => {
        const finish = (settle: () => void): void => {
          stop();
          cancel();
          settle();
        };
        const look = (): void => {
          const trouble = link.trouble();
          if (link.state() === 'up') finish(resolve);
          else if (isMisconfigured(trouble)) finish(() => reject(trouble));
        };
        const stop = link.onAttempt(look);
        const cancel = clock.after(timeoutMs, () =>
          finish(() => reject(link.trouble() ?? ledgerDown(link.reason(), place))),
        );
        look();
      });
      return awakeUntil(answered);
    },
    onChange: listener => link.onChange(() => listener(status())),
    tryNow: () => link.tryNow(),
    async close() {
      if (isClosed()) return;
      closing.abort();
      stopLooking();
      const ended = pool.end();
      busy.cut([...lent]);
      link.close();
      await Promise.race([ended, sleep(clock, 1_000)]);
    },
  };
  return database;
}

/** The server answers the COMMIT of a transaction in which a statement failed with a rollback, not with an error. */
function hiddenFailure(): Error {
  return Object.assign(new Error('a statement of the transaction failed, so all of it was rolled back'), {
    code: '25P02',
    severity: 'ERROR',
  });
}
