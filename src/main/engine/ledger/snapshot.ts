import type { PoolClient, QueryResultRow } from 'pg';
import { PageSize } from '../events/stream-read.ts';
import type { LedgerDatabase } from './database.ts';

/** A reader of one moment of the ledger; see {@link readSnapshot}. */
export interface Snapshot {
  /** All rows of one statement. */
  all<R extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<R[]>;
  /** The rows of one statement, in pages of about a megabyte, each fetched when the one before was taken. One statement at a time. */
  pages<R extends QueryResultRow>(text: string, values?: readonly unknown[]): AsyncGenerator<R[]>;
}

const CURSOR = 'tenhertz_pages';

/**
 * Reads the ledger as it is at one moment, whatever is written meanwhile: everything `work` asks sees the same rows. Times are
 * written in UTC. It may take as long as it wants, so a slow reader of the answer is no reason to fail; memory stays at one page.
 *
 * Rejects with the errors of {@link LedgerDatabase}.
 */
export function readSnapshot<T>(
  ledger: LedgerDatabase,
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  return ledger.transaction(async client => {
    await client.query(
      `SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
       SET LOCAL statement_timeout = 0;
       SET LOCAL idle_in_transaction_session_timeout = 0;
       SET LOCAL TimeZone = 'UTC'`,
    );
    return work({
      all: async <R extends QueryResultRow>(text: string, values: readonly unknown[] = []) =>
        (await client.query<R>(text, [...values])).rows,
      pages: (text, values = []) => pagesOf(client, text, values),
    });
  });
}

async function* pagesOf<R extends QueryResultRow>(
  client: PoolClient,
  text: string,
  values: readonly unknown[],
): AsyncGenerator<R[]> {
  const size = new PageSize();
  await client.query(`DECLARE ${CURSOR} NO SCROLL CURSOR FOR ${text}`, [...values]);
  let open = true;
  try {
    for (;;) {
      const { rows } = await client.query<R>(`FETCH ${size.entries} FROM ${CURSOR}`);
      if (rows.length > 0) yield rows;
      if (rows.length < size.entries) return;
      size.learn(
        rows.length,
        rows.reduce((sum, row) => sum + lengthOf(row), 0),
      );
    }
  } catch (error) {
    // After an error the transaction takes no further statement.
    open = false;
    throw error;
  } finally {
    if (open) await client.query(`CLOSE ${CURSOR}`);
  }
}

function lengthOf(row: QueryResultRow): number {
  let length = 0;
  for (const value of Object.values(row)) length += typeof value === 'string' ? value.length : 8;
  return length;
}
