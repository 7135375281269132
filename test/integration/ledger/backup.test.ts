import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/main/engine/clock.ts';
import { readDocuments, writeDocuments } from '../../../src/main/engine/ledger/backup-documents.ts';
import { writeBackup } from '../../../src/main/engine/ledger/backup.ts';
import { restoreBackup } from '../../../src/main/engine/ledger/restore.ts';
import { openTestLedger, type TestLedger } from '../../support/ledger.ts';
import { postgresKinds, startTestPostgres, type TestPostgres } from '../../support/postgres-server.ts';
import { until } from '../../support/redis-server.ts';
import { AT, fill, textOf } from './backup-rows.ts';
import { toLedger } from './rows.ts';

const running = new AbortController().signal;
const TABLES = ['event_log', 'channel', 'latest_event', 'candle'];

describe.each(postgresKinds)('backup and restore, with the %s PostgreSQL', kind => {
  let pg: TestPostgres;
  let ledger: TestLedger;
  let dir: string;
  let file: string;
  beforeAll(async () => {
    pg = await startTestPostgres(kind, { fast: true });
    ledger = await openTestLedger(pg);
    await fill(ledger);
  }, 120_000);
  afterAll(async () => {
    await ledger.close();
    await pg.stop();
  });
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'th-backup-'));
    file = join(dir, 'out.backup');
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const backup = (signal = running, path = file) =>
    writeBackup({ ledger, dataDir: join(dir, 'data'), version: '1.2.3', clock: systemClock, signal }, path);
  const into = async (work: (target: TestLedger) => Promise<void>): Promise<void> => {
    const target = await openTestLedger(pg);
    try {
      await work(target);
    } finally {
      await target.close();
    }
  };
  const restore = (target: TestLedger, force = false, signal = running) =>
    restoreBackup(target, file, { force, signal });
  /** Changes the unpacked text of the backup. */
  const change = async (edit: (text: string) => string): Promise<void> =>
    writeFile(file, gzipSync(edit(gunzipSync(await readFile(file)).toString())));

  it('restores every row of every table with every digit', async () => {
    const summary = await backup();
    expect(summary).toMatchObject({
      path: file,
      rows: { event_log: 2_502, channel: 1, latest_event: 1, candle: 1 },
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(dir)).toEqual(['out.backup']);
    await into(async target => {
      const { rows, header } = await restore(target);
      expect(rows).toEqual(summary.rows);
      expect(header).toMatchObject({ program: '1.2.3', tenhertz_backup: 1 });
      for (const table of TABLES) expect(await textOf(target, table)).toEqual(await textOf(ledger, table));
      const [first] = await textOf(target, "event_log WHERE event_id = 'digits'");
      for (const digits of [
        '0.000000001234567890123456789',
        '123456789012345678901234567890.5',
        '0.000000001',
        'line\u2028end',
      ])
        expect(first).toContain(digits);
    });
  });

  it('holds one moment of the ledger, whatever is written meanwhile', async () => {
    const stop = setInterval(
      () => void toLedger(ledger, [{ channel: 'busy', id: `busy-${Math.random()}`, at: AT, sequence: null }]),
      1,
    );
    try {
      await backup();
    } finally {
      clearInterval(stop);
    }
    await into(async target => {
      await restore(target);
    });
    await ledger.query({ text: `DELETE FROM event_log WHERE channel = 'busy'` });
  });

  it('refuses a ledger that is not empty, and replaces it when told to', async () => {
    await backup();
    await into(async target => {
      await toLedger(target, [{ channel: 'mine', id: 'mine', at: AT, sequence: 1 }]);
      await expect(restore(target)).rejects.toMatchObject({
        code: 'LEDGER_NOT_EMPTY',
        facts: { tables: ['event_log'] },
      });
      expect(await textOf(target, 'event_log')).toHaveLength(1);
      await restore(target, true);
      expect(await textOf(target, 'event_log')).toEqual(await textOf(ledger, 'event_log'));
      await restore(target, true);
    });
  });

  it('does not wait for ever for a ledger somebody works in', async () => {
    await backup();
    await into(async target => {
      await target.transaction(async client => {
        await client.query('SELECT * FROM event_log');
        await expect(restore(target)).rejects.toMatchObject({ code: 'LEDGER_BUSY' });
      });
    });
  }, 120_000);

  it.each<[what: string, code: string, edit: (text: string) => string]>([
    ['a row that was changed', 'BACKUP_DAMAGED', text => text.replace('"source":"bot"', '"source":"bit"')],
    ['a row that is gone', 'BACKUP_DAMAGED', text => text.replace(/^\{"table":"event_log".*\n/m, '')],
    ['an end that is missing', 'BACKUP_DAMAGED', text => text.replace(/^\{"end".*\n/m, '')],
    ['an end that is no end', 'BACKUP_DAMAGED', text => text.replace(/"sha256":".*"/, '"sha256":"x"')],
    ['something behind its end', 'BACKUP_DAMAGED', text => `${text}{}\n`],
    ['half a line', 'BACKUP_DAMAGED', text => text.slice(0, -20)],
    ['a line that is none of ours', 'BACKUP_DAMAGED', text => text.replace('\n', '\n[]\n')],
    ['a head without tables', 'BACKUP_DAMAGED', text => text.replace('"tables"', '"tobles"')],
    [
      'a file outside the data directory',
      'BACKUP_DAMAGED',
      text => text.replace('"files":[]', '"files":["../../x.json"]'),
    ],
    [
      'a file its head does not name',
      'BACKUP_DAMAGED',
      text => text.replace('\n', '\n{"file":"a.json","text":""}\n'),
    ],
    [
      'a format of tomorrow',
      'BACKUP_NEWER',
      text => text.replace('"tenhertz_backup":1', '"tenhertz_backup":2'),
    ],
    ['a schema of tomorrow', 'BACKUP_NEWER', text => text.replace('"0001-event-log"', '"9999-tomorrow"')],
    ['a table of tomorrow', 'BACKUP_NEWER', text => text.replace('"name":"candle"', '"name":"cindle"')],
    ['another kind of text', 'NOT_A_BACKUP', () => 'hello\n'],
    ['nothing', 'NOT_A_BACKUP', () => ''],
  ])('refuses a backup with %s, and writes nothing', async (_what, code, edit) => {
    await backup();
    await change(edit);
    await into(async target => {
      await expect(restore(target)).rejects.toMatchObject({ code });
      expect(await textOf(target, 'event_log')).toEqual([]);
    });
  });

  it('refuses a file that is cut off, is not packed, or is not there', async () => {
    await backup();
    const bytes = await readFile(file);
    await into(async target => {
      await writeFile(file, bytes.subarray(0, bytes.length - 100));
      await expect(restore(target)).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' });
      await writeFile(file, 'plain text');
      await expect(restore(target)).rejects.toMatchObject({ code: 'NOT_A_BACKUP' });
      await rm(file);
      await expect(restore(target)).rejects.toMatchObject({ code: 'BACKUP_NOT_READ' });
      await mkdir(file);
      await expect(restore(target)).rejects.toMatchObject({ code: 'BACKUP_NOT_READ' });
    });
  });

  it('refuses a column this ledger does not have', async () => {
    await ledger.query({ text: 'ALTER TABLE candle ADD COLUMN strange text' });
    await backup();
    await ledger.query({ text: 'ALTER TABLE candle DROP COLUMN strange' });
    await into(async target => {
      await expect(restore(target)).rejects.toMatchObject({ code: 'BACKUP_NOT_FITTING' });
    });
  });

  it('leaves nothing half done when it is interrupted', async () => {
    const stop = new AbortController();
    const pending = backup(stop.signal);
    pending.catch(() => undefined);
    await until(() => existsSync(`${file}.part`), 30_000, 'nothing was begun');
    stop.abort();
    await expect(pending).rejects.toMatchObject({ name: 'AbortError' });
    expect(await readdir(dir)).toEqual([]);
    await backup();
    await into(async target => {
      await expect(restore(target, false, stop.signal)).rejects.toMatchObject({ name: 'AbortError' });
      expect(await textOf(target, 'event_log')).toEqual([]);
    });
  });

  it('says what to change when the file cannot be written, and leaves the one before', async () => {
    await expect(backup(running, join(dir, 'no', 'x'))).rejects.toMatchObject({
      code: 'FILE_NOT_WRITTEN',
      message: expect.stringContaining('its directory does not exist') as string,
    });
    await writeFile(file, 'before');
    await mkdir(`${file}.part`);
    await expect(backup()).rejects.toMatchObject({ code: 'FILE_NOT_WRITTEN', facts: { reason: 'EISDIR' } });
    expect(await readFile(file, 'utf8')).toBe('before');
  });

  it('holds the settings and the documents of the desk, and nothing else', async () => {
    const data = join(dir, 'data');
    await mkdir(join(data, 'desk'), { recursive: true });
    const put = (name: string, text: string) => writeFile(join(data, name), text);
    await put('settings.json', '{"tokens":["SOL"]}');
    await put('runtime.json', '{}');
    await put('install-id', 'x');
    await put('desk/layout.json', '{"a":1}');
    await put('desk/layout.json.broken', '');
    expect((await backup()).files).toEqual(['settings.json', 'desk/layout.json']);
    await into(async target => {
      const { documents } = await restore(target);
      const other = join(dir, 'other');
      await writeDocuments(other, documents);
      expect(await readDocuments(other)).toEqual(await readDocuments(data));
      expect((await stat(join(other, 'settings.json'))).mode & 0o777).toBe(0o600);
      await rm(other, { recursive: true });
      await writeFile(other, 'a file');
      await expect(writeDocuments(other, documents)).rejects.toMatchObject({
        code: 'DOCUMENT_NOT_WRITTEN',
        facts: { written: 0 },
      });
      expect(await readDocuments(other)).toEqual([]);
    });
  });
});
