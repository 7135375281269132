import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TenhertzError } from '../../../src/main/engine/errors.ts';
import {
  ledgerAddress,
  ledgerOptions,
  readLedgerSettings,
} from '../../../src/main/engine/ledger/settings.ts';

let dir: string;
let ca: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'th-ledger-settings-'));
  ca = join(dir, 'ca.pem');
  writeFileSync(ca, 'PEM');
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const refusal = (text: string): string => {
  try {
    ledgerOptions(text, '--postgres');
  } catch (error) {
    expect(error).toBeInstanceOf(TenhertzError);
    expect(error).toMatchObject({ code: 'BAD_POSTGRES_SETTINGS', exitCode: 3 });
    return (error as Error).message;
  }
  throw new Error('it was taken');
};

describe('the setting of the ledger', () => {
  it('is the embedded server where nobody says otherwise', () => {
    expect(readLedgerSettings({ env: {} })).toEqual({ kind: 'embedded' });
    expect(readLedgerSettings({ env: { DATABASE_URL: ' ' } })).toEqual({ kind: 'embedded' });
  });

  it('comes from the flag before the environment before the file', () => {
    const env = { DATABASE_URL: 'postgres://env/a' };
    const file = 'postgres://file/a';
    expect(readLedgerSettings({ flag: 'off', env, file })).toEqual({ kind: 'off' });
    expect(readLedgerSettings({ env, file })).toMatchObject({ address: 'postgres://env:5432/a' });
    expect(readLedgerSettings({ env: {}, file })).toMatchObject({ address: 'postgres://file:5432/a' });
    expect(readLedgerSettings({ flag: ' embedded ', env, file })).toEqual({ kind: 'embedded' });
  });

  it('names where a wrong value was written and never repeats it', () => {
    for (const from of [
      { flag: 'secret', env: {} },
      { env: { DATABASE_URL: 'mysql://u:secret@h/d' } },
      { env: {}, file: 'secret' },
    ]) {
      expect(() => readLedgerSettings(from)).toThrow(
        /^(--postgres|DATABASE_URL|postgres in the settings file) must be/,
      );
      expect(() => readLedgerSettings(from)).not.toThrow(/secret/);
    }
  });
});

describe('the address of a PostgreSQL', () => {
  it.each([
    ['postgres://h/d', { host: 'h', port: 5432, database: 'd', ssl: false }, 'postgres://h:5432/d'],
    [
      'postgresql://u:p%40w@h:6000/my%20db',
      { host: 'h', port: 6000, user: 'u', password: 'p@w', database: 'my db', ssl: false },
      'postgres://h:6000/my%20db',
    ],
    [
      'postgres://u@[::1]/d',
      { host: '::1', port: 5432, user: 'u', database: 'd', ssl: false },
      'postgres://[::1]:5432/d',
    ],
    [
      'postgres:///d?host=/run/postgresql',
      { host: '/run/postgresql', port: 5432, database: 'd', ssl: false },
      'postgres:///d?host=/run/postgresql',
    ],
    [
      'postgres://u:p@/d?host=/run/pg&port=5433&sslmode=require',
      { host: '/run/pg', port: 5433, user: 'u', password: 'p', database: 'd', ssl: false },
      'postgres:///d?host=/run/pg&port=5433',
    ],
    [
      'postgres://h/d?sslmode=require&channel_binding=require',
      {
        host: 'h',
        port: 5432,
        database: 'd',
        ssl: { rejectUnauthorized: false, checkServerIdentity: expect.any(Function) as unknown },
        enableChannelBinding: true,
      },
      'postgres://h:5432/d',
    ],
  ])('%s is read, and told without user and password', (text, options, address) => {
    expect(ledgerOptions(text)).toEqual(options);
    expect(ledgerAddress(ledgerOptions(text))).toBe(address);
    expect(ledgerOptions(address).host).toBe(options.host);
  });

  it('asks for the certificate to be checked as strictly as it says', () => {
    const ssl = (query: string) => ledgerOptions(`postgres://h/d?${query}`).ssl;
    expect(ssl('sslmode=disable')).toBe(false);
    expect(ssl('sslmode=verify-full')).toEqual({ rejectUnauthorized: true });
    expect(ssl(`sslrootcert=${ca}`)).toEqual({ rejectUnauthorized: true, ca: 'PEM' });
    expect(ssl(`sslmode=require&sslrootcert=${ca}`)).toMatchObject({ rejectUnauthorized: true, ca: 'PEM' });
    expect(ssl('sslmode=no-verify')).toMatchObject({ rejectUnauthorized: false });
    const checked = ssl(`sslmode=verify-ca&sslrootcert=${ca}&sslcert=${ca}&sslkey=${ca}`);
    expect(checked).toMatchObject({ rejectUnauthorized: true, ca: 'PEM', cert: 'PEM', key: 'PEM' });
    expect(checked !== false && checked.checkServerIdentity?.('other', {} as never)).toBeUndefined();
  });

  it.each([
    ['redis://h/d', 'must be embedded, off or postgres://'],
    ['postgres://', 'must name a host'],
    ['postgres://u:p#w@h/d', 'is not a valid address'],
    ['postgres:///d', 'must name a host'],
    ['postgres://h', 'must name a database'],
    ['postgres://h:99999/d', 'is not a valid address'],
    ['postgres://h/d?port=99999', 'must name a port'],
    ['postgres://h/d?sslmod=require', 'may carry only'],
    ['postgres://h/d?sslmode=maybe', 'must give sslmode as one of'],
    ['postgres://h/d?sslmode=verify-ca', 'must name sslrootcert'],
    ['postgres://h/d?sslrootcert=/nowhere', 'cannot be read: /nowhere'],
    ['postgres://u:p%ZZ@h/d', 'holds a %'],
  ])('%s is refused: %s', (text, problem) => {
    expect(refusal(text)).toContain(problem);
    expect(refusal(text)).toMatch(/^--postgres /);
  });
});
