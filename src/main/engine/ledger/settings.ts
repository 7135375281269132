import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { TenhertzError } from '../errors.ts';

/** What a connection needs to know; a part of `pg`'s options. */
export interface LedgerConnectionOptions {
  /** A host, an address, or the directory of a unix socket. */
  host: string;
  port: number;
  /** Left out: what PostgreSQL's own programs take (`PGUSER`, else the name of the system's user). */
  user?: string;
  /** Left out: `PGPASSWORD`, or none. */
  password?: string | (() => Promise<string>);
  database?: string;
  ssl: false | ConnectionOptions;
  enableChannelBinding?: boolean;
}

/** Which PostgreSQL is the ledger. `address` is for people: it never holds a user name or a password. */
export type LedgerSettings =
  | { kind: 'off' }
  | { kind: 'embedded' }
  | { kind: 'external'; options: LedgerConnectionOptions; address: string };

/** Where settings come from, strongest first: the `--postgres` flag, the environment, the settings file. */
export interface LedgerSettingsSources {
  flag?: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  file?: string | undefined;
}

const FORM = 'postgres://user:password@host:5432/database';
const SSL_MODES = ['disable', 'require', 'no-verify', 'verify-ca', 'verify-full'];
const PARAMETERS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'channel_binding', 'host', 'port'];

/**
 * Reads which PostgreSQL to use: `--postgres`, then `DATABASE_URL`, then the settings file, then `embedded`. A value is `embedded`, `off`,
 * or an address: `postgres://[user[:password]@]host[:port]/database`, or `postgres:///database?host=/directory/of/the/socket`. TLS is
 * asked for with `?sslmode=`: `require` (encrypted), `verify-full` (and the certificate checked, against `sslrootcert=` if given).
 *
 * @throws TenhertzError `BAD_POSTGRES_SETTINGS` (exit code 3). It never repeats the value: it may hold a password.
 */
export function readLedgerSettings({ flag, env, file }: LedgerSettingsSources): LedgerSettings {
  if (flag !== undefined) return fromText(flag, '--postgres');
  const url = env['DATABASE_URL']?.trim();
  if (url !== undefined && url !== '') return fromText(url, 'DATABASE_URL');
  return file === undefined ? { kind: 'embedded' } : fromText(file, 'postgres in the settings file');
}

function fromText(written: string, from: string): LedgerSettings {
  const text = written.trim();
  if (text === 'embedded' || text === 'off') return { kind: text };
  const options = ledgerOptions(text, from);
  return { kind: 'external', options, address: ledgerAddress(options) };
}

/**
 * An address as connection options; `from` is where it was written, for the message.
 *
 * @throws TenhertzError `BAD_POSTGRES_SETTINGS` (exit code 3).
 */
export function ledgerOptions(text: string, from = 'The address'): LedgerConnectionOptions {
  if (!/^postgres(ql)?:\/\//.test(text)) throw bad(from, `must be embedded, off or ${FORM}`);
  // A host is wanted by the parser also where the socket's directory comes later.
  const whole = text.replace(/^(postgres(?:ql)?:\/\/(?:[^@/]*@)?)(?=\/)/, '$1socket');
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (url === undefined || url.hash !== '') {
    throw bad(
      from,
      `is not a valid address (${FORM}); write special characters of a password as %23 for # or %2F for /`,
    );
  }
  const query = new Map(url.searchParams);
  const unknown = [...query.keys()].find(name => !PARAMETERS.includes(name));
  if (unknown !== undefined) throw bad(from, `may carry only ${PARAMETERS.join(', ')} after its ?`);
  const host =
    query.get('host') ?? (whole === text ? decode(url.hostname, from).replace(/^\[|\]$/g, '') : '');
  if (host === '') throw bad(from, `must name a host (${FORM})`);
  const port = Number(query.get('port') ?? (url.port === '' ? '5432' : url.port));
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw bad(from, 'must name a port from 1 to 65535');
  const database = decode(url.pathname.slice(1), from);
  if (database === '') throw bad(from, `must name a database (${FORM})`);
  const user = decode(url.username, from);
  const password = decode(url.password, from);
  return {
    host,
    port,
    database,
    ...(user === '' ? {} : { user }),
    ...(password === '' ? {} : { password }),
    ssl: host.startsWith('/') ? false : tlsOf(query, from),
    ...(query.get('channel_binding') === 'require' ? { enableChannelBinding: true } : {}),
  };
}

/** The address for people and for `--postgres`: without user name and password. */
export function ledgerAddress({ host, port, database = '' }: LedgerConnectionOptions): string {
  if (host.startsWith('/')) {
    const tail = port === 5432 ? '' : `&port=${port}`;
    return `postgres:///${encodeURIComponent(database)}?host=${host}${tail}`;
  }
  return `postgres://${host.includes(':') ? `[${host}]` : host}:${port}/${encodeURIComponent(database)}`;
}

/** As PostgreSQL's own programs read these: `require` encrypts, and checks the certificate only where an authority is named. */
function tlsOf(query: ReadonlyMap<string, string>, from: string): LedgerConnectionOptions['ssl'] {
  const named = ['sslrootcert', 'sslcert', 'sslkey'].some(name => query.has(name));
  const mode = query.get('sslmode') ?? (named ? 'verify-full' : 'disable');
  if (!SSL_MODES.includes(mode)) throw bad(from, `must give sslmode as one of ${SSL_MODES.join(', ')}`);
  if (mode === 'disable') return false;
  const file = (name: string): string | undefined => {
    const path = query.get(name);
    return path === undefined ? undefined : readPem(path, name, from);
  };
  const [ca, cert, key] = [file('sslrootcert'), file('sslcert'), file('sslkey')];
  if (mode === 'verify-ca' && ca === undefined)
    throw bad(from, 'must name sslrootcert with sslmode=verify-ca');
  const unchecked = mode === 'no-verify' || (mode === 'require' && ca === undefined);
  return {
    rejectUnauthorized: !unchecked,
    ...(mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

function readPem(path: string, name: string, from: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw bad(from, `names a file as ${name} that cannot be read: ${path}`, cause);
  }
}

function decode(text: string, from: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw bad(from, 'holds a % that starts no escape; write it as %25');
  }
}

function bad(from: string, what: string, cause?: unknown): TenhertzError {
  return new TenhertzError('BAD_POSTGRES_SETTINGS', `${from} ${what}.`, {
    exitCode: 3,
    facts: { from },
    cause,
  });
}
