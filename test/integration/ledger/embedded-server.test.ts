import { statSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NOTE, socketOf } from '../../../src/main/engine/ledger/server-home.ts';
import { alive } from '../../support/processes.ts';
import { until } from '../../support/redis-server.ts';
import { ask, asksWell, EmbeddedBench } from './embedded-bench.ts';

const bench = new EmbeddedBench();

describe('the embedded PostgreSQL', () => {
  it('is reached by its unix socket alone, with a password that only this user can read', async () => {
    const server = bench.make();
    await server.start();
    const [settings] = await ask<Record<string, string>>(
      server,
      `SELECT current_setting('listen_addresses') AS addresses, current_setting('password_encryption') AS passwords,
         current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commits`,
    );
    expect(settings).toEqual({ addresses: '', passwords: 'scram-sha-256', fsync: 'on', commits: 'on' });
    expect(statSync(bench.home.passwordFile).mode & 0o777).toBe(0o600);
    expect(statSync(bench.home.dir).mode & 0o077).toBe(0);
    expect(statSync(socketOf(bench.home)).isSocket()).toBe(true);
    await expect(
      ask({ ...server, options: { ...server.options, password: 'wrong' } }, 'SELECT 1'),
    ).rejects.toMatchObject({ code: '28P01' });
  });

  it('runs as another user when we are root, and a note says where its files are', async context => {
    bench.givenCluster();
    if (process.getuid?.() !== 0) context.skip('PostgreSQL runs as this user');
    const server = bench.make();
    await server.start();
    expect(statSync(`/proc/${server.pid}`).uid).toBe(bench.home.user?.uid);
    expect(bench.home.user?.uid).not.toBe(0);
    expect((await readFile(join(bench.dataDir, 'postgres', NOTE), 'utf8')).split('\n')[0]).toBe(
      bench.home.dir,
    );
  });

  it('keeps its data over a stop and a start, and leaves nothing running', async () => {
    bench.givenCluster();
    const first = bench.make();
    await first.start();
    await ask(first, 'CREATE TABLE kept AS SELECT 7 AS n');
    const { pid } = first;
    await first.stop();
    expect(alive(pid ?? 0)).toBe(false);
    const second = bench.make();
    await second.start();
    expect(await ask(second, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    // It was shut down, not left to recover.
    expect(await readFile(join(bench.home.cluster, 'PG_VERSION'), 'utf8')).toMatch(/^18/);
  });

  it('is not kept from starting by a cluster that was only half made', async () => {
    const half = join(bench.home.dir, 'cluster.new-half');
    await mkdir(half);
    await writeFile(join(half, 'PG_VERSION'), '18\n');
    const server = bench.make();
    await server.start();
    expect((await readdir(bench.home.dir)).filter(name => name.startsWith('cluster'))).toEqual(['cluster']);
  });

  it('gets another password when its own was lost', async () => {
    bench.givenCluster();
    const first = bench.make();
    await first.start();
    await first.stop();
    await rm(bench.home.passwordFile);
    const second = bench.make();
    await second.start();
    expect(await asksWell(second)).toBe(true);
  });

  it.each([
    [
      '17',
      /was written by PostgreSQL 17; this Tenhertz brings 18\. Make a backup with the Tenhertz that wrote it/,
    ],
    ['99', /was written by PostgreSQL 99; this Tenhertz brings 18\. Update Tenhertz/],
  ])('refuses a cluster of version %s and does not try again', async (version, message) => {
    await mkdir(bench.home.cluster);
    await writeFile(join(bench.home.cluster, 'PG_VERSION'), `${version}\n`);
    const server = bench.make();
    await expect(server.start()).rejects.toMatchObject({ code: 'LEDGER_OTHER_VERSION', exitCode: 3 });
    expect(server.failure()?.message).toMatch(message);
    expect(server.pid).toBeUndefined();
  });

  it('says what is in its place when that is no cluster, and is tried again until it is gone', async () => {
    await mkdir(bench.home.cluster);
    const server = bench.make();
    let starts = 0;
    server.onStart(() => (starts += 1));
    await expect(server.start()).rejects.toThrow(/holds no PostgreSQL data/);
    await rm(bench.home.cluster, { recursive: true });
    await until(() => starts === 1, 30_000, 'it was not tried again');
    expect(server.failure()).toBeUndefined();
  });

  it('says what it last said when it does not start', async () => {
    bench.givenCluster();
    const first = bench.make();
    await first.start();
    await first.stop();
    await writeFile(join(bench.home.cluster, 'postgresql.auto.conf'), 'shared_buffers = nonsense\n');
    const server = bench.make();
    // The command line says otherwise, so this one starts all the same; a file that cannot be read does not.
    await writeFile(join(bench.home.cluster, 'postgresql.conf'), 'no_such_setting = 1\n');
    await expect(server.start()).rejects.toThrow(/does not run: it ended .*no_such_setting/);
  });
});
