import { readFileSync } from 'node:fs';
import { TenhertzError } from '../errors.ts';

/** What a connection needs to know; the part of ioredis' options that settings may choose. */
export interface RedisConnectionOptions {
  host?: string;
  port?: number;
  /** A unix socket; host and port are not used then. */
  path?: string;
  username?: string;
  password?: string;
  db?: number;
  /** Present: TLS. `ca` is the PEM text of the authority to trust instead of the system's. */
  tls?: { ca?: string };
}

/** Which Redis to use. `address` is for people: it never holds a user name or a password. */
export type RedisSettings =
  { kind: 'embedded' } | { kind: 'external'; options: RedisConnectionOptions; address: string };

/** Where settings come from, strongest first: the `--redis` flag, the environment, the settings file. */
export interface RedisSettingsSources {
  flag?: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  file?: string | undefined;
}

/**
 * Reads which Redis to use: `--redis`, then `REDIS_URL`, then `REDIS_HOST` `REDIS_PORT` `REDIS_USERNAME` `REDIS_PASSWORD`
 * `REDIS_DB` (any one of them means an external server, on 127.0.0.1:6379 unless it says otherwise), then the settings
 * file, then `embedded`. An address is `embedded`, `redis://[user:password@]host[:port][/db]`, `rediss://…` (TLS, with
 * `?ca=/path/to/authority.pem` for a private authority), or `unix:///path/redis.sock[?db=1]`.
 *
 * @throws TenhertzError `BAD_REDIS_SETTINGS` (exit code 3). It never repeats the value: it may hold a password.
 */
export function readRedisSettings({ flag, env, file }: RedisSettingsSources): RedisSettings {
  if (flag !== undefined) return fromAddress(flag, '--redis');
  const url = env['REDIS_URL'];
  if (isSet(url)) return fromAddress(url, 'REDIS_URL');
  const parts = ['REDIS_HOST', 'REDIS_PORT', 'REDIS_USERNAME', 'REDIS_PASSWORD', 'REDIS_DB'];
  if (parts.some(name => isSet(env[name]))) return fromParts(env);
  return isSet(file) ? fromAddress(file, 'redis in the settings file') : { kind: 'embedded' };
}

function fromParts(env: RedisSettingsSources['env']): RedisSettings {
  const host = isSet(env['REDIS_HOST']) ? env['REDIS_HOST'] : '127.0.0.1';
  const port = isSet(env['REDIS_PORT']) ? wholeNumber(env['REDIS_PORT'], 1, 65_535) : 6379;
  const db = isSet(env['REDIS_DB']) ? wholeNumber(env['REDIS_DB'], 0, 1_000_000) : 0;
  if (port === undefined) throw bad('REDIS_PORT', 'must be a whole number from 1 to 65535');
  if (db === undefined) throw bad('REDIS_DB', 'must be a whole number, 0 or more');
  if (/[\s/@]/.test(host)) {
    throw bad('REDIS_HOST', 'must be a host name or an IP address; put a whole address into REDIS_URL');
  }
  return external({ host, port, db, username: env['REDIS_USERNAME'], password: env['REDIS_PASSWORD'] });
}

function fromAddress(text: string, from: string): RedisSettings {
  const value = text.trim();
  if (value === 'embedded') return { kind: 'embedded' };
  if (value.startsWith('unix:')) return fromUnix(value, from);
  if (!/^rediss?:\/\//.test(value)) {
    throw bad(from, 'must be embedded, redis://host:port, rediss://host:port or unix:///path/redis.sock');
  }
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || url.hostname === '' || url.hash !== '') {
    throw bad(
      from,
      'is not a valid address; write special characters of a password as %23 for # or %2F for /',
    );
  }
  const secure = url.protocol === 'rediss:';
  const query = readQuery(url.search, secure ? ['ca', 'db'] : ['db'], from);
  const path = url.pathname.replace(/^\//, '');
  const db = wholeNumber(path === '' ? (query.get('db') ?? '0') : path, 0, 1_000_000);
  const port = wholeNumber(url.port === '' ? '6379' : url.port, 1, 65_535);
  if (db === undefined) throw bad(from, 'must end in a database number such as /1, or in nothing');
  if (port === undefined) throw bad(from, 'must name a port from 1 to 65535');
  const ca = query.get('ca');
  return external({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    db,
    username: decode(url.username, from),
    password: decode(url.password, from),
    ...(secure ? { tls: ca === undefined ? {} : { ca: readAuthority(ca, from) } } : {}),
  });
}

function fromUnix(value: string, from: string): RedisSettings {
  const parts = /^unix:\/\/(?:([^/@]*)@)?(\/[^?#]+)(\?[^#]*)?$/.exec(value);
  if (parts === null) throw bad(from, 'must be unix:/// and the full path of the socket');
  const [, login = '', path = '', search = ''] = parts;
  const [user = '', ...rest] = login.split(':');
  const db = wholeNumber(readQuery(search, ['db'], from).get('db') ?? '0', 0, 1_000_000);
  if (db === undefined) throw bad(from, 'must give db as a whole number, 0 or more');
  return external({
    path: decode(path, from),
    db,
    username: decode(user, from),
    password: decode(rest.join(':'), from),
  });
}

type Found = { [K in keyof RedisConnectionOptions]?: RedisConnectionOptions[K] | undefined };

function external(found: Found): RedisSettings {
  const options: RedisConnectionOptions = {
    ...(found.path === undefined ? { host: found.host ?? '127.0.0.1', port: found.port ?? 6379 } : {}),
    ...(found.path === undefined ? {} : { path: found.path }),
    ...(isSet(found.username) ? { username: found.username } : {}),
    ...(isSet(found.password) ? { password: found.password } : {}),
    ...(found.db === undefined || found.db === 0 ? {} : { db: found.db }),
    ...(found.tls === undefined ? {} : { tls: found.tls }),
  };
  if (options.username !== undefined && options.password === undefined) {
    throw bad('The Redis address', 'names a user but no password; give both, or neither');
  }
  return { kind: 'external', options, address: addressOf(options) };
}

/** The address for people and for `--redis`: without user name and password. */
export function addressOf(options: RedisConnectionOptions): string {
  const db = options.db ?? 0;
  if (options.path !== undefined) return `unix://${options.path}${db === 0 ? '' : `?db=${db}`}`;
  const host = options.host ?? '127.0.0.1';
  const scheme = options.tls === undefined ? 'redis' : 'rediss';
  const shown = host.includes(':') ? `[${host}]` : host;
  return `${scheme}://${shown}:${options.port ?? 6379}${db === 0 ? '' : `/${db}`}`;
}

function readQuery(search: string, allowed: readonly string[], from: string): Map<string, string> {
  const query = new Map(new URLSearchParams(search));
  if ([...query.keys()].some(name => !allowed.includes(name))) {
    throw bad(from, `may carry only ${allowed.map(name => `?${name}=`).join(' and ')} after its path`);
  }
  return query;
}

function readAuthority(path: string, from: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw bad(from, `names a certificate authority that cannot be read: ${path}`, cause);
  }
}

function decode(text: string, from: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw bad(from, 'holds a % that starts no escape; write it as %25');
  }
}

function wholeNumber(text: string | undefined, min: number, max: number): number | undefined {
  if (text === undefined || !/^\d{1,7}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= min && value <= max ? value : undefined;
}

function isSet(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}

function bad(from: string, what: string, cause?: unknown): TenhertzError {
  return new TenhertzError('BAD_REDIS_SETTINGS', `${from} ${what}.`, { exitCode: 3, facts: { from }, cause });
}
