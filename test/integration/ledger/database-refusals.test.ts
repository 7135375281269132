import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../../../src/main/engine/ledger/migrations/index.ts';
import { ledgerAt, openTestLedger, type TestLedger } from '../../support/ledger.ts';
import { postgresKinds, startTestPostgres, type TestPostgres } from '../../support/postgres-server.ts';
import { until } from '../../support/redis-server.ts';

describe.each(postgresKinds)('a ledger that cannot be used, on the %s server,', kind => {
  let server: TestPostgres;
  let ledger: TestLedger;
  beforeAll(async () => {
    server = await startTestPostgres(kind, { fast: true });
    ledger = await openTestLedger(server);
  }, 120_000);
  afterAll(async () => {
    await ledger.close();
    await server.stop();
  });

  it('is not one that several programs set up at the same time', async () => {
    const url = await server.createDatabase(`many_${Date.now()}`);
    const many = [1, 2, 3, 4].map(() => ledgerAt(url));
    await Promise.all(many.map(one => one.ready(30_000)));
    const { rows } = await ledgerRows(many[0], 'SELECT name FROM tenhertz_migration ORDER BY name');
    expect(rows.map(row => row['name'])).toEqual(Object.keys(MIGRATIONS));
    await Promise.all(many.map(one => one.close()));
  });

  it('because a newer program made it is left alone, and says what to do', async () => {
    const first = await openTestLedger(server);
    await first.query({ text: "INSERT INTO tenhertz_migration VALUES ('9999-later', '2030-01-01')" });
    await first.close();
    const old = ledgerAt(first.url);
    const failed = old.ready(30_000);
    await expect(failed).rejects.toMatchObject({ code: 'LEDGER_NEWER', exitCode: 3 });
    await expect(failed).rejects.toThrow(
      /newer Tenhertz \(9999-later\)\. Update Tenhertz, or use another database/,
    );
    await old.close();
  });

  it('because its tables are of another program, or its user may make none, says so', async () => {
    const url = await server.createDatabase(`other_${Date.now()}`);
    const other = await openTestLedger(server, { url });
    await other.query({ text: 'DROP TABLE tenhertz_migration' });
    await other.close();
    const taken = ledgerAt(url);
    await expect(taken.ready(30_000)).rejects.toMatchObject({ code: 'LEDGER_NOT_OURS', exitCode: 3 });
    await taken.close();
    await ledger.query({ text: "CREATE ROLE guest LOGIN PASSWORD 'secret'" });
    const plain = await server.createDatabase(`rights_${Date.now()}`);
    const guest = ledgerAt(plain.replace('tenhertz:', 'guest:'));
    await expect(guest.ready(30_000)).rejects.toMatchObject({ code: 'LEDGER_NO_RIGHTS', exitCode: 3 });
    await guest.close();
  });

  it.each([
    [
      'a wrong password',
      (url: string) => url.replace('secret', 'wrong-one'),
      'LEDGER_PASSWORD',
      /refused the password of user tenhertz/,
    ],
    ['no password', (url: string) => url.replace(':secret', ''), 'LEDGER_PASSWORD', /asks for a password/],
    [
      'a database that is not there',
      (url: string) => `${url}_not`,
      'LEDGER_NO_DATABASE',
      /createdb tenhertz_not --owner tenhertz/,
    ],
    [
      'TLS where there is none',
      (url: string) => `${url}?sslmode=require`,
      'LEDGER_TLS',
      /does not speak TLS/,
    ],
  ])('says at once what a person has to change: %s', async (_what, change, code, message) => {
    const wrong = ledgerAt(change(server.url));
    const failed = wrong.ready(30_000);
    await expect(failed).rejects.toMatchObject({ code, exitCode: 3 });
    await expect(failed).rejects.toThrow(message);
    expect(wrong.status().state).toBe('down');
    expect(wrong.status().message).not.toMatch(/secret|wrong-one/);
    await wrong.close();
  });

  it('says that a server has no connection left, and a host is unknown', async () => {
    const url = await server.createDatabase(`busy_${Date.now()}`);
    await ledger.query({ text: `ALTER DATABASE ${url.split('/').at(-1)} CONNECTION LIMIT 0` });
    await ledger.query({ text: "CREATE ROLE plain LOGIN PASSWORD 'secret'" });
    const busy = ledgerAt(url.replace('tenhertz:', 'plain:'));
    await expect(busy.ready(300)).rejects.toMatchObject({
      code: 'LEDGER_DOWN',
      facts: { sqlState: '53300' },
    });
    await busy.close();
    const nowhere = ledgerAt('postgres://u:p@no-such-host.invalid/d');
    await until(() => nowhere.status().state === 'down', 30_000, 'it did not say');
    expect(nowhere.status().message).toMatch(/host name/);
    await nowhere.close();
  });
});

function ledgerRows(ledger: TestLedger | undefined, text: string) {
  if (ledger === undefined) throw new Error('there is no ledger');
  return ledger.query<Record<string, string>>({ text });
}
