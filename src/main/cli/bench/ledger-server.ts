import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { createLedgerDatabase } from '../../engine/ledger/create-database.ts';
import type { LedgerDatabase } from '../../engine/ledger/database.ts';
import { createEmbeddedPostgres } from '../../engine/ledger/embedded-server.ts';
import { makeServerHome } from '../../engine/ledger/server-home.ts';
import { ledgerAddress } from '../../engine/ledger/settings.ts';
import type { BenchParts } from './parts.ts';

/** A ledger of the benchmarks' own, and one plain client to the same server. Durable, as the app's is. */
export interface BenchLedger {
  database: LedgerDatabase;
  raw: pg.Client;
}

const READY_WITHIN_MS = 30_000;

/**
 * Runs `work` on a private embedded PostgreSQL below `dir` that is removed afterwards. Rejects with `LEDGER_BINARY_MISSING` or
 * `LEDGER_NOT_STARTED` where there is none.
 */
export async function withBenchLedger<T>(
  dir: string,
  { clock, log, metrics }: BenchParts,
  work: (ledger: BenchLedger) => Promise<T>,
): Promise<T> {
  const home = await makeServerHome(join(dir, 'postgres'));
  const server = createEmbeddedPostgres({ home, clock, log });
  const { options } = server;
  try {
    await server.start();
    const address = ledgerAddress(options);
    const database = createLedgerDatabase({ options, address, kind: 'embedded', clock, log, metrics });
    const raw = new pg.Client(options);
    try {
      await database.ready(READY_WITHIN_MS);
      await raw.connect();
      return await work({ database, raw });
    } finally {
      await raw.end();
      await database.close();
    }
  } finally {
    await server.stop();
    await rm(home.dir, { recursive: true, force: true });
    await rm(home.sockets, { recursive: true, force: true });
  }
}
