import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { NOTE } from '../../../src/main/engine/ledger/server-home.ts';
import { removeDataDir } from '../../support/data-dir.ts';
import { nodeScript, type NodeScript } from '../../support/node-child.ts';
import { startTestPostgres } from '../../support/postgres-server.ts';
import { processesOf } from '../../support/processes.ts';
import { until } from '../../support/redis-server.ts';

const src = join(import.meta.dirname, '../../../src/main');
let script: NodeScript;
let rootDir: string;
const dataDirs: string[] = [];
const running: Program[] = [];

/** A run of the program. */
interface Program {
  child: ChildProcess;
  /** Its exit code. */
  ended: Promise<number | null>;
  kill: () => Promise<void>;
  out: () => string;
  err: () => string;
}

beforeAll(async () => {
  rootDir = mkdtempSync(join(tmpdir(), 'th-app-'));
  mkdirSync(join(rootDir, 'out', 'renderer'), { recursive: true });
  writeFileSync(join(rootDir, 'out', 'renderer', 'index.html'), '<title>Tenhertz</title>');
  writeFileSync(join(rootDir, 'package.json'), '{"version":"9.9.9"}');
  // The program's own entry, but for where it looks for its files.
  script = await nodeScript(`
    import process from 'node:process';
    import { systemClock } from '${src}/engine/clock.ts';
    import { createEngine } from '${src}/engine/create-engine.ts';
    import { run } from '${src}/cli/program.ts';
    const deps = { process, clock: systemClock, rootDir: ${JSON.stringify(rootDir)}, createEngine };
    process.exit(await run(process.argv.slice(2), deps));
  `);
}, 120_000);
afterEach(async () => {
  for (const one of running.splice(0)) await one.kill();
  for (const dir of dataDirs.splice(0)) {
    await until(async () => (await serversOf(dir)).length === 0, 30_000, `something of ${dir} still runs`);
    await removeDataDir(dir);
  }
});
afterAll(async () => {
  await script.remove();
  rmSync(rootDir, { recursive: true, force: true });
});

function newDataDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'th-whole-'));
  dataDirs.push(dir);
  return dir;
}

function start(dataDir: string, argv: readonly string[]): Program {
  // The bundle lies elsewhere, and PostgreSQL's programs are looked up among the packages.
  const packages = join(src, '../../node_modules');
  const env = { ...process.env, NODE_PATH: packages, DATABASE_URL: '', REDIS_URL: '' };
  const child = spawn(process.execPath, [script.path, ...argv, '--data-dir', dataDir], { env });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  let err = '';
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const kill = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended;
  };
  const started = { child, ended, kill, out: () => out, err: () => err };
  running.push(started);
  return started;
}

/** The app with the simulated market and a paper trader; resolves once it is ready. */
async function app(dataDir: string, ...more: string[]) {
  const flags = ['--demo', '--no-open', '--port', '0', '--log-level', 'error'];
  const started = start(dataDir, ['serve', ...flags, ...more]);
  const isOver = (): boolean => started.child.exitCode !== null || started.child.signalCode !== null;
  await until(
    () => isOver() || started.out().includes('\n'),
    60_000,
    () => `it is not ready: ${started.err()}`,
  );
  const ready = JSON.parse(started.out()) as { url: string; postgres: string };
  return { ...started, ready };
}

const tool = async (
  dataDir: string,
  ...argv: string[]
): Promise<{ code: number | null; err: string; out: string }> => {
  const { ended, err, out } = start(dataDir, argv);
  return { code: await ended, err: err(), out: out() };
};
const verified = (dataDir: string, ...more: string[]) => tool(dataDir, 'verify', '--since', '-10m', ...more);

interface Health {
  status: string;
  ledger: { state: string; outbox: number; unconfirmed: number };
}
async function health(url: string): Promise<Health> {
  return (await (await fetch(new URL('/healthz', url))).json()) as Health;
}

/** How many events of a type the ledger has, by the export of the app's own data directory. */
async function counted(dataDir: string, type: string, ...more: string[]): Promise<number> {
  const { code, out, err } = await tool(dataDir, 'export', '--all', ...more);
  expect(code, err).toBe(0);
  return out.split('\n').filter(line => line.includes(`"event_type":"${type}"`)).length;
}

/** What runs for a data directory: Redis, PostgreSQL and those that look after them. */
async function serversOf(dataDir: string): Promise<string[]> {
  const [place = ''] = (await readFile(join(dataDir, 'postgres', NOTE), 'utf8').catch(() => '')).split('\n');
  return [...(await processesOf(dataDir)), ...(place.startsWith('/') ? await processesOf(place) : [])];
}

describe('the whole app and its ledger', { timeout: 120_000 }, () => {
  it('agree with the streams beside the running app, and after the app was killed and started again', async () => {
    const dataDir = newDataDir();
    const first = await app(dataDir);
    await until(async () => (await counted(dataDir, 'trade_executed')) > 2, 60_000, 'nothing was traded');
    expect(await verified(dataDir)).toMatchObject({
      code: 0,
      err: expect.stringContaining(' 0 differences') as string,
    });
    await first.kill();
    await until(async () => (await serversOf(dataDir)).length === 0, 30_000, 'a server outlived the app');

    const trades = await counted(dataDir, 'trade_executed');
    expect(trades).toBeGreaterThan(2);
    const second = await app(dataDir);
    await until(
      async () => (await counted(dataDir, 'trade_executed')) > trades,
      60_000,
      'nothing was traded',
    );
    expect(await verified(dataDir)).toMatchObject({
      code: 0,
      err: expect.stringContaining(' 0 differences') as string,
    });
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    expect(await serversOf(dataDir)).toEqual([]);
  });

  it('go on apart while a server of the user’s is away, and agree once it is there', async () => {
    const server = await startTestPostgres('embedded', { fast: true });
    try {
      await server.halt();
      const dataDir = newDataDir();
      const flags = ['--postgres', server.url];
      const { ready } = await app(dataDir, ...flags);
      expect(ready.postgres).not.toContain('secret');
      await until(async () => (await health(ready.url)).status === 'ok', 60_000, 'it does not follow');
      expect((await health(ready.url)).ledger.state).not.toBe('up');
      expect((await verified(dataDir, ...flags)).code).toBe(4);
      await server.restart();
      await until(
        async () => {
          const { ledger } = await health(ready.url);
          return ledger.state === 'up' && ledger.outbox === 0;
        },
        60_000,
        'the ledger was not found',
      );
      await until(
        async () => (await counted(dataDir, 'price_update', ...flags)) > 0,
        60_000,
        'nothing was recorded',
      );
      expect(await verified(dataDir, ...flags)).toMatchObject({
        code: 0,
        err: expect.stringContaining(' 0 differences') as string,
      });
    } finally {
      for (const one of running.splice(0)) await one.kill();
      await server.stop();
    }
  });

  it('stay two on two data directories; one without a ledger says so', async () => {
    const [one, other] = [newDataDir(), newDataDir()];
    const [first, second] = await Promise.all([app(one), app(other, '--postgres', 'off')]);
    expect(first.ready.postgres).toMatch(/^postgres:\/\/\/tenhertz\?host=/);
    expect(second.ready.postgres).toBe('off');
    expect((await health(second.ready.url)).ledger).toMatchObject({ state: 'off' });
    expect(await serversOf(other)).not.toContainEqual(expect.stringContaining('tenhertz-postgres'));
    const { code, err } = await verified(other);
    expect(code).toBe(3);
    expect(err).toContain('keeps no ledger');
  });

  it('do not start with an address that is none: exit code 3, and nothing runs', async () => {
    const dataDir = newDataDir();
    const { code, err } = await tool(
      dataDir,
      'serve',
      '--demo',
      '--no-open',
      '--port',
      '0',
      '--postgres',
      'postgres://me:secret@/x',
    );
    expect(code).toBe(3);
    expect(err).toContain('--postgres');
    expect(err).not.toContain('secret');
    expect(err).not.toContain('    at ');
    expect(await serversOf(dataDir)).toEqual([]);
  });
});
