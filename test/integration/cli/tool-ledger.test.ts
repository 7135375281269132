import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openDataDir, type DataDir } from '../../../src/main/engine/config/data-dir.ts';
import { ledgerAddress } from '../../../src/main/engine/ledger/settings.ts';
import { processesOf } from '../../support/processes.ts';
import { makeHost } from '../../unit/cli/fake-host.ts';
import { EmbeddedBench } from '../ledger/embedded-bench.ts';

const bench = new EmbeddedBench();
let host: ReturnType<typeof makeHost>;
beforeAll(() => {
  host = makeHost();
});
afterAll(() => host.remove());
beforeEach(() => {
  host.process.env['TENHERTZ_DATA_DIR'] = bench.dataDir;
});

/** A command that needs the ledger and no Redis; answers its exit code and what it wrote on stderr. */
async function run(...argv: string[]): Promise<[code: number, err: string]> {
  host.process.err = '';
  const code = await host.run(...argv, '--log-level', 'silent');
  return [code, host.process.err];
}
const exported = (): Promise<[number, string]> => run('export', '--all');

/** A data directory that an app holds, which says where its ledger is. */
async function app(postgres: string): Promise<DataDir> {
  const dataDir = await openDataDir(bench.dataDir);
  await dataDir.writeRuntime({ url: null, redis: 'unix:///nowhere/redis.sock', postgres, startedAt: 0 });
  return dataDir;
}

describe('where the commands find the ledger', () => {
  it('with none running they start it, keep its data, and leave nothing running', async () => {
    expect((await exported())[0]).toBe(0);
    expect(await processesOf(bench.home.cluster)).toEqual([]);
    expect((await exported())[0]).toBe(0);
    expect(await processesOf(bench.home.cluster)).toEqual([]);
  });

  it('several at once take turns', async () => {
    bench.givenCluster();
    const argv = ['export', '--all', '--log-level', 'silent'];
    expect(await Promise.all([host.run(...argv), host.run(...argv)])).toEqual([0, 0]);
    expect(await processesOf(bench.home.cluster)).toEqual([]);
  });

  it('beside an app they use its ledger and leave it running', async () => {
    bench.givenCluster();
    const server = bench.make();
    await server.start();
    const { pid } = server;
    const holder = await app(ledgerAddress({ ...server.options, database: 'tenhertz' }));
    expect((await exported())[0]).toBe(0);
    expect(server.pid).toBe(pid);
    await holder.close();
  });

  it('wait for an app that is starting until it says where its ledger is', async () => {
    bench.givenCluster();
    const server = bench.make();
    await server.start();
    const holder = await openDataDir(bench.dataDir);
    const ended = exported();
    await new Promise(resolve => setTimeout(resolve, 150));
    const postgres = ledgerAddress({ ...server.options, database: 'tenhertz' });
    await holder.writeRuntime({ url: null, redis: 'unix:///nowhere', postgres, startedAt: 0 });
    expect((await ended)[0]).toBe(0);
    await holder.close();
  });

  it('do not believe what a killed app left', async () => {
    bench.givenCluster();
    const stale = { pid: process.pid, url: null, redis: 'unix:///nowhere', startedAt: 0 };
    await writeFile(
      join(bench.dataDir, 'runtime.json'),
      JSON.stringify({ ...stale, postgres: 'postgres:///tenhertz?host=/nowhere' }),
    );
    expect((await exported())[0]).toBe(0);
  });

  it('beside an app without a ledger they say so: exit code 3', async () => {
    const holder = await app('off');
    const [code, err] = await exported();
    expect(code).toBe(3);
    expect(err).toContain('The app that runs on this data directory keeps no ledger');
    await holder.close();
  });

  it('beside an app whose ledger is away they say so: exit code 4', async () => {
    const holder = await app('postgres:///tenhertz?host=/nowhere');
    const [code, err] = await exported();
    expect(code).toBe(4);
    expect(err).toContain('/nowhere');
    expect(err).not.toContain('    at ');
    await holder.close();
  });

  it('take the flag before all of that: off is exit code 3, and so is an address that is none', async () => {
    const holder = await app('postgres:///tenhertz?host=/nowhere');
    expect((await run('export', '--all', '--postgres', 'off'))[0]).toBe(3);
    const [code, err] = await run('export', '--all', '--postgres', 'mysql://me:secret@host/x');
    expect(code).toBe(3);
    expect(err).toContain('--postgres must be embedded, off or postgres://');
    expect(err).not.toContain('secret');
    await holder.close();
  });

  it('whose embedded one does not start say why, and the data directory is free again', async () => {
    await mkdir(bench.home.cluster);
    await writeFile(join(bench.home.cluster, 'my-notes.txt'), 'no cluster at all');
    const [code, err] = await exported();
    expect(code).toBe(4);
    expect(err).toContain(`${bench.home.cluster} holds no PostgreSQL data`);
    const holder = await openDataDir(bench.dataDir);
    await holder.close();
  });
});
