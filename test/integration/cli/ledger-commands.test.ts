import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDataDir } from '../../../src/main/engine/config/data-dir.ts';
import { openTestLedger, type TestLedger } from '../../support/ledger.ts';
import { postgresKinds, startTestPostgres, type TestPostgres } from '../../support/postgres-server.ts';
import { CommandBench, type Ran } from './command-bench.ts';
import { LedgerDesk } from './ledger-desk.ts';

const AMOUNT = '0.000000001234567890123456789';

describe.each(postgresKinds)('the commands over a %s PostgreSQL', kind => {
  let bench: CommandBench;
  let pg: TestPostgres;
  let ledger: TestLedger;
  beforeAll(async () => {
    bench = await CommandBench.start();
    pg = await startTestPostgres(kind, { fast: true });
    ledger = await openTestLedger(pg);
    const desk = await LedgerDesk.open(bench.server, ledger);
    await desk.trade(150);
    await desk.close();
  }, 60_000);
  afterAll(async () => {
    await ledger.close();
    await bench.stop();
    await pg.stop();
  });
  beforeEach(() => bench.host.remove());

  const on = (...argv: string[]): Promise<Ran> => bench.on([...argv, '--postgres', ledger.url]);
  const alter = (text: string) => ledger.query({ text });
  const dataDir = (): string => join(bench.host.rootDir, 'data');
  const file = (name: string): string => join(bench.host.rootDir, name);
  const verify = (...argv: string[]): Promise<Ran> => on('verify', '--since', '-1h', '--delay', '0', ...argv);
  beforeEach(async () => {
    await mkdir(bench.host.rootDir, { recursive: true });
    await writeFile(file('package.json'), '{"version":"9.9.9"}');
  });

  it('verify: what a desk has published and recorded is the same on both sides', async () => {
    const ran = await verify();
    expect(ran).toMatchObject({ code: 0, text: '' });
    expect(ran.err).toMatch(/^tenhertz: 2 channels, 300 entries compared, 0 differences, \d+\.\d s\n$/);
  });

  it('verify: each difference is a line, for people or for programs, and the exit code is 1', async () => {
    await alter(
      `UPDATE event_log SET source = 'x' || chr(27) || '[31m' WHERE channel = 'trade-events' AND sequence = 7`,
    );
    try {
      const ran = await verify('--channel', 'trade-*', 'nothing:*');
      expect(ran.code).toBe(1);
      expect(ran.text).toMatch(
        /^altered {2}trade-events {2}number 7, entry \S+, event \S+: source is bot in the stream and x\?\[31m in the ledger\n$/,
      );
      expect(ran.err).toContain('1 channel, 150 entries compared, 1 difference,');
      expect(ran.err).toContain('tenhertz: There is 1 difference between streams and ledger.\n');
      const json = await verify('--json');
      expect(json.lines).toMatchObject([
        { kind: 'altered', field: 'source', sequence_number: '7', stream: 'bot' },
      ]);
      await alter(`UPDATE event_log SET source = 'y' WHERE channel = 'trade-events' AND sequence = 8`);
      expect((await verify()).err).toContain('There are 2 differences');
    } finally {
      await alter(`UPDATE event_log SET source = 'bot' WHERE channel = 'trade-events'`);
    }
  });

  it('verify: says what was not compared', async () => {
    await mkdir(dataDir(), { recursive: true });
    const modes = [{ pattern: 'price-updates', mode: 'off' }];
    await writeFile(join(dataDir(), 'settings.json'), JSON.stringify({ ledger: { modes } }));
    await bench.client.xadd('stream:trades:x', '*', 'data', 'not JSON');
    await alter(`INSERT INTO channel SELECT 'gone:' || n FROM generate_series(1, 21) n`);
    const { err } = await verify();
    await alter(`DELETE FROM channel WHERE channel LIKE 'gone:%'`);
    await bench.client.del('stream:trades:x');
    expect(err).toContain('not recorded, so not compared: price-updates\n');
    expect(err).toMatch(/so only the records were looked at: gone:1, gone:10, .* and 1 more\n/);
    expect(err).toContain('1 entry that are no events');
  });

  it.each([
    [['verify'], 2, 'since is missing'],
    [['verify', '--since', 'now'], 2, 'since cannot be "now"'],
    [['verify', '--since', '-1h', '--delay', 'x'], 2, '--delay cannot be "x"'],
    [['verify', '--since', '-1h', '--channel', '{}'], 2, 'cannot be followed'],
    [['verify', '--since', '-1h', '--channel', 'nobody'], 2, 'no channel "nobody"'],
    [['export'], 2, 'Give one of --channel X, --all'],
    [['export', '--all', '--candles', 'SOL'], 2, 'Give one of'],
    [['export', '--channel', '{}'], 2, 'channel cannot be'],
    [['export', '--all', '--format', 'xml'], 2, '--format cannot be "xml"'],
    [['export', '--all', '--output', '/no/such/dir/x'], 1, 'its directory does not exist'],
    [['backup'], 2, 'Give --output FILE'],
    [['restore', '/no/such/file'], 1, 'does not exist. Nothing was changed.'],
  ])('%j ends with %i and says what to change', async (argv, code, message) => {
    const ran = await on(...argv);
    expect(ran).toMatchObject({ code, text: '' });
    expect(ran.err).toContain(message);
    expect(ran.err).not.toContain('    at ');
  });

  it('all of them say when the ledger is off, or away', async () => {
    for (const argv of [
      ['verify', '--since', '-1h'],
      ['export', '--all'],
      ['restore', file('b')],
      ['retention'],
    ])
      expect(await bench.on([...argv, '--postgres', 'off'])).toMatchObject({ code: 3, text: '' });
    const away = ['--postgres', 'postgres://x:y@127.0.0.1:1/z'];
    expect(await bench.on(['backup', '--output', file('b'), ...away])).toMatchObject({ code: 4, text: '' });
    expect(await readdir(bench.host.rootDir)).not.toContain('b');
  });

  it('a reader that goes away ends them quietly', async () => {
    const { stdout } = bench.host.process;
    const write = stdout.write.bind(stdout);
    stdout.write = (_text, done) => done?.(Object.assign(new Error('gone'), { code: 'EPIPE' }));
    try {
      expect(await on('export', '--all')).toMatchObject({ code: 0, err: '' });
      await alter(`UPDATE event_log SET event_type = 'other' WHERE channel = 'price-updates'`);
      expect((await verify()).err).toContain('There is 1 difference');
    } finally {
      await alter(`UPDATE event_log SET event_type = 'price_update' WHERE channel = 'price-updates'`);
      stdout.write = write;
    }
  });

  it.each([
    [['backup', '--output', 'FILE'], 'there is no backup'],
    [['export', '--all', '--output', 'FILE'], 'Interrupted before the end'],
    [['export', '--all'], 'Interrupted before the end'],
    [['verify', '--since', '-1h'], 'Interrupted before the end'],
  ])('%j leaves nothing half done when it is interrupted', async (argv, message) => {
    const running = on(...argv.map(word => (word === 'FILE' ? file('half') : word)));
    bench.host.process.emit('SIGINT');
    const { code, err } = await running;
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(message) as string });
    expect((await readdir(bench.host.rootDir)).filter(name => name.startsWith('half'))).toEqual([]);
  });

  it('export: writes to stdout or into a file, by its name as CSV', async () => {
    const { lines, err, code } = await on('export', '--channel', 'trade-events');
    expect({ code, err }).toEqual({ code: 0, err: 'tenhertz: 150 events.\n' });
    expect(lines[0]).toMatchObject({ sequence_number: 1, data: { amount: AMOUNT, price: '0.000000001' } });
    expect((await on('export', '--all', '--since', '-1h', '--output', file('all.CSV'))).err).toBe(
      'tenhertz: 300 events.\n',
    );
    const csv = await readFile(file('all.CSV'), 'utf8');
    expect(csv.split('\r\n')).toHaveLength(302);
    expect(csv).toContain(`""amount"": ""${AMOUNT}""`);
    await alter(`INSERT INTO candle VALUES ('live', 'SOL', '1m', 0, 1, 1, 1, 1, NULL)`);
    expect((await on('export', '--candles', 'SOL', '--format', 'csv')).err).toBe('tenhertz: 1 candle.\n');
  });

  it('export: what it writes can be published again', async () => {
    const { text } = await on('export', '--channel', 'trade-events');
    const again = await bench.on(
      ['publish', '--stdin', '--channel', 'trades:again', '--postgres', 'off'],
      [text],
    );
    expect({ code: again.code, err: again.err }).toEqual({ code: 0, err: '' });
  });

  it('backup and restore: a restored copy verifies, and carries the settings when asked', async () => {
    await mkdir(dataDir(), { recursive: true });
    await writeFile(join(dataDir(), 'settings.json'), '{"tokens":["RAY"]}');
    const made = await on('backup', '--output', file('desk.backup'));
    expect(made).toMatchObject({ code: 0, text: '' });
    expect(made.err).toContain('holds 300 events and ');
    expect(made.err).toContain('settings.json. Only you can read it');
    expect((await stat(file('desk.backup'))).mode & 0o777).toBe(0o600);
    const copy = await openTestLedger(pg);
    const other = file('other');
    const into = (...argv: string[]): Promise<Ran> =>
      bench.on(['restore', file('desk.backup'), '--postgres', copy.url, '--data-dir', other, ...argv]);
    try {
      const restored = await into();
      expect(restored.code).toBe(0);
      expect(restored.err).toMatch(/restored 300 events and \d candles?, as of 2.*Z\./);
      expect(restored.err).toContain('left alone: settings.json. Restore them too with --settings.');
      expect(
        await bench.on(['verify', '--since', '-1h', '--delay', '0', '--postgres', copy.url]),
      ).toMatchObject({ code: 0 });
      const [one, two] = await Promise.all([ledger, copy].map(side => side.query({ text: TEXTS })));
      expect(two?.rows).toEqual(one?.rows);
      expect(await into()).toMatchObject({ code: 1, err: expect.stringContaining('--force') as string });
      expect((await into('--force', '--settings')).err).toContain(`restored settings.json in ${other}`);
      expect(await readFile(join(other, 'settings.json'), 'utf8')).toBe('{"tokens":["RAY"]}');
      const held = await openDataDir(other);
      expect(await into('--force')).toMatchObject({
        code: 1,
        err: expect.stringContaining('already runs on') as string,
      });
      await held.close();
    } finally {
      await copy.close();
    }
  });

  it('backup: says when there are no settings', async () => {
    expect((await on('backup', '--output', file('b'))).err).toContain('; no settings.');
  });

  it('retention: counts or removes what is older than it is kept', async () => {
    await alter(`UPDATE event_log SET position_ms = 5 WHERE channel = 'trade-events' AND sequence = 1`);
    const { text } = await on('retention', '--dry-run');
    expect(text).toContain(
      'trades, positions and all other events: 1 would be removed (kept for 365 days, from before 20',
    );
    expect(text).toContain('price ticks: 0 would be removed (kept for 1 day,');
    const { lines } = await on('retention', '--json');
    expect(lines).toMatchObject([{ dryRun: false, busy: false }]);
    expect((await on('retention')).text).toContain('all other events: 0 removed');
    await ledger.session(async client => {
      await client.query('SELECT pg_advisory_lock(7310000001)');
      expect(await on('retention')).toMatchObject({
        code: 1,
        err: expect.stringContaining('Another program is removing') as string,
      });
    });
  });
});

const TEXTS = 'SELECT t::text AS row FROM event_log t ORDER BY event_id';
