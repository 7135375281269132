import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { systemClock } from '../../../src/main/engine/clock.ts';
import {
  createEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresDeps,
} from '../../../src/main/engine/ledger/embedded-server.ts';
import { makeServerHome, type ServerHome } from '../../../src/main/engine/ledger/server-home.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { removeDataDir } from '../../support/data-dir.ts';
import { processesOf } from '../../support/processes.ts';

/** A data directory for each test of a file; what a test started is stopped with it, and nothing may be left. */
export class EmbeddedBench {
  dataDir = '';
  readonly #made: EmbeddedPostgres[] = [];
  #home: ServerHome | undefined;
  /** Made once: making a cluster takes seconds on a busy machine. */
  #template: { dataDir: string; home: ServerHome } | undefined;

  constructor() {
    beforeAll(async () => {
      const dataDir = await mkdtemp(join(tmpdir(), 'th-ledger-'));
      const home = await makeServerHome(join(dataDir, 'postgres'));
      const server = createEmbeddedPostgres({ home, clock: systemClock, log: silentLogger });
      await server.start();
      await server.stop();
      this.#template = { dataDir, home };
    }, 120_000);
    afterAll(() => removeDataDir(this.#template?.dataDir ?? ''));
    beforeEach(async () => {
      this.dataDir = await mkdtemp(join(tmpdir(), 'th-ledger-'));
      this.#home = await makeServerHome(join(this.dataDir, 'postgres'));
    });
    afterEach(async () => {
      for (const server of this.#made.splice(0)) await server.stop();
      expect(await processesOf(this.home.cluster)).toEqual([]);
      await removeDataDir(this.dataDir);
      expect(existsSync(this.home.cluster)).toBe(false);
    });
  }

  get home(): ServerHome {
    if (this.#home === undefined) throw new Error('no test runs');
    return this.#home;
  }

  /** The cluster as an earlier run of the program left it. */
  givenCluster(): void {
    const { cluster, passwordFile } = this.#template?.home ?? this.home;
    execFileSync('cp', ['-a', cluster, this.home.cluster]);
    execFileSync('cp', ['-a', passwordFile, this.home.passwordFile]);
  }

  make(more: Partial<EmbeddedPostgresDeps> = {}): EmbeddedPostgres {
    const server = createEmbeddedPostgres({
      home: this.home,
      clock: systemClock,
      log: silentLogger,
      ...more,
    });
    this.#made.push(server);
    return server;
  }
}

/** One statement on a connection of its own. */
export async function ask<T>(server: Pick<EmbeddedPostgres, 'options'>, text: string): Promise<T[]> {
  const client = new pg.Client(server.options);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows as T[];
  } finally {
    await client.end();
  }
}

export const asksWell = (server: Pick<EmbeddedPostgres, 'options'>): Promise<boolean> =>
  ask(server, 'SELECT 1').then(
    () => true,
    () => false,
  );
