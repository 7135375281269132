import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/main/engine/clock.ts';
import { readSettings } from '../../../src/main/engine/config/settings.ts';
import { createMetrics } from '../../../src/main/engine/health/metrics.ts';
import {
  connectToRunning,
  openLedger,
  type OpenLedger,
} from '../../../src/main/engine/ledger/open-ledger.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { postgresKinds, startTestPostgres } from '../../support/postgres-server.ts';
import { until } from '../../support/redis-server.ts';
import { asksWell, EmbeddedBench } from './embedded-bench.ts';

const bench = new EmbeddedBench();
const opened: OpenLedger[] = [];
afterEach(async () => {
  for (const ledger of opened.splice(0)) await ledger.close();
});

const deps = () => ({
  dir: join(bench.dataDir, 'postgres'),
  clock: systemClock,
  log: silentLogger,
  metrics: createMetrics(),
});

async function open(postgres?: string): Promise<OpenLedger> {
  const flags = { dataDir: bench.dataDir, ...(postgres === undefined ? {} : { postgres }) };
  const ledger = await openLedger({ ...deps(), settings: readSettings({ flags, env: {} }) });
  opened.push(ledger);
  return ledger;
}

/** One statement through the program's own object. */
const rows = async (ledger: OpenLedger): Promise<number | undefined> =>
  (await ledger.database?.query({ text: 'SELECT FROM event_log' }))?.rows.length;

const state = (ledger: OpenLedger): string => ledger.status().state;

describe('the ledger that a program opens', () => {
  it('is none when it is off: nothing starts, and the status says that nothing is recorded', async () => {
    const ledger = await open('off');
    expect(ledger.database).toBeUndefined();
    expect(ledger.address).toBe('off');
    expect(ledger.status()).toMatchObject({ state: 'off', kind: 'off', address: '', message: /nothing is/ });
    await Promise.all([ledger.ready(), ledger.settled()]);
  });

  it('is refused when its address is wrong, which is not repeated because it may hold a password', async () => {
    const refused = open('postgres://me:secret@host:99999/x');
    await expect(refused).rejects.toMatchObject({ code: 'BAD_POSTGRES_SETTINGS', exitCode: 3 });
    await expect(refused).rejects.not.toThrow(/secret/);
  });

  it.each(postgresKinds)('may be a %s server that is away, and is used as soon as it comes', async kind => {
    const server = await startTestPostgres(kind, { fast: true });
    try {
      await server.halt();
      const ledger = await open(server.url);
      await ledger.settled();
      expect(state(ledger)).not.toBe('up');
      expect(ledger.status().message).toMatch(/\w/);
      expect(JSON.stringify(ledger.status())).not.toContain('secret');
      await expect(ledger.ready(100)).rejects.toMatchObject({ code: 'LEDGER_DOWN', exitCode: 4 });
      await server.restart();
      await until(() => state(ledger) === 'up', 60_000, 'it was not found');
      expect(await rows(ledger)).toBe(0);
      await ledger.close();
    } finally {
      await server.stop();
    }
  });

  it('is the embedded one by default; a second program uses it and does not stop it', async () => {
    bench.givenCluster();
    const ledger = await open();
    await ledger.ready(60_000);
    expect(ledger.status()).toMatchObject({ state: 'up', kind: 'embedded', message: null });
    const second = connectToRunning({ ...deps(), address: ledger.address });
    await second.ready(60_000);
    expect(await rows(second)).toBe(0);
    await second.close();
    expect(await rows(ledger)).toBe(0);
  });

  it('whose embedded server does not start tells its last words, and is used once the cause is gone', async () => {
    bench.givenCluster();
    const file = join(bench.home.cluster, 'postgresql.auto.conf');
    const good = await readFile(file, 'utf8');
    await writeFile(file, 'no_such_setting_at_all = 7\n');
    const ledger = await open();
    await ledger.settled();
    await expect(ledger.ready()).rejects.toMatchObject({
      code: 'LEDGER_NOT_STARTED',
      message: expect.stringContaining('no_such_setting_at_all') as string,
    });
    expect(ledger.status()).toMatchObject({ state: 'down', kind: 'embedded' });
    expect(ledger.status().message).toContain('no_such_setting_at_all');
    await writeFile(file, good);
    await until(() => state(ledger) === 'up', 60_000, 'it was not tried again');
    expect(await rows(ledger)).toBe(0);
  });

  it('that has no place to be says so, keeps nothing from starting, and others beside it say it is down', async () => {
    const dir = join(bench.dataDir, 'a-file');
    await writeFile(dir, '');
    await chmod(dir, 0o600);
    const settings = readSettings({ flags: { dataDir: bench.dataDir }, env: {} });
    const ledger = await openLedger({ ...deps(), dir, settings });
    opened.push(ledger);
    await ledger.settled();
    expect(ledger.status()).toMatchObject({ state: 'down', kind: 'embedded' });
    expect(ledger.status().message).toContain(dir);
    await expect(ledger.ready()).rejects.toMatchObject({ exitCode: expect.any(Number) as number });
    const beside = connectToRunning({ ...deps(), dir, address: ledger.address });
    await expect(beside.ready(200)).rejects.toMatchObject({ code: 'LEDGER_DOWN', exitCode: 4 });
    await beside.close();
  });

  it('is closed while its server still starts, and leaves nothing running', async () => {
    const ledger = await open();
    await ledger.close();
    expect(state(ledger)).not.toBe('up');
    const again = bench.make();
    expect(await asksWell(again)).toBe(false);
  });
});
