import type { Kysely } from 'kysely';
import type { PoolClient, QueryConfig, QueryResult, QueryResultRow } from 'pg';
import type { LedgerStatus } from '../../../shared/contract.ts';
import type { Schema } from './schema.ts';

/**
 * The ledger's database: a pool of connections to one PostgreSQL that goes away and comes back by itself. Whatever asks while
 * it is away is refused at once with `LEDGER_DOWN`; nothing here waits for it except {@link LedgerDatabase.ready}.
 *
 * Errors: `LEDGER_DOWN` when there is no connection, or it broke before the answer (what became of a write is then not
 * known: writes are made so that they can be repeated), or the server could not do it now (`facts.sqlState` of a deadlock, a lock or a
 * statement that took too long); `LEDGER_FULL` when the server's disk is full; `LEDGER_REFUSED` with `facts.sqlState` for what the
 * server itself refused, which a repetition would not change. What `work` throws by itself is passed on.
 *
 * Decimals, 64-bit numbers and counts come as text, `timestamptz` as `Date`, `jsonb` parsed; a statement may take 30 s, waiting for
 * a lock 10 s (`SET LOCAL` in a transaction, `SET` in a session for another bound).
 */
export interface LedgerDatabase {
  /** Typed queries, one connection each. */
  readonly kysely: Kysely<Schema>;
  /** One statement; `name` makes it a prepared one, for statements that run often. */
  query<R extends QueryResultRow>(config: QueryConfig): Promise<QueryResult<R>>;
  /** Several statements on one connection in one transaction; rolled back when `work` rejects, or when it hid that a statement failed. */
  transaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T>;
  /** One connection for as long as `work` takes, for cursors and locks; not in a transaction. It is thrown away afterwards. */
  session<T>(work: (client: PoolClient) => Promise<T>): Promise<T>;
  status(): LedgerStatus;
  /**
   * Resolves once it is up and migrated; rejects with why it is not after `timeoutMs`, and at once when a person has to change something
   * first (exit code 3: `LEDGER_PASSWORD`, `LEDGER_NO_DATABASE`, `LEDGER_NO_RIGHTS`, `LEDGER_NEWER`, `LEDGER_TLS`, ...).
   */
  ready(timeoutMs: number): Promise<void>;
  /** Called with the new status whenever the state changes. Returns its undo. */
  onChange(listener: (status: LedgerStatus) => void): () => void;
  /** Ends every connection; what is under way is refused. */
  close(): Promise<void>;
}
