import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { messageOf, TenhertzError } from '../errors.ts';
import { ledgerChoices, type LedgerChoices } from './ledger-settings.ts';
import type { SettingsFlags } from './settings-flags.ts';
import { isVenueUrl, LOG_LEVELS, SettingsFile, type LogLevel } from './settings-shape.ts';

export type { LogLevel };

/** The environment as a plain map; `process.env` fits. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Everything that can be chosen, checked and with its defaults filled in. Times are in ms. */
export interface Settings {
  /** Absolute. Everything the program keeps is below it. */
  dataDir: string;
  /** `--redis` as it was written, unchecked: `readRedisSettings` weighs it against {@link env} and {@link redisInFile}. */
  redis?: string;
  /** `redis` of the settings file as it was written. */
  redisInFile?: string;
  /** `--postgres` as it was written, unchecked: `readLedgerSettings` weighs it against {@link env} and {@link postgresInFile}. */
  postgres?: string;
  /** `postgres` of the settings file as it was written. */
  postgresInFile?: string;
  ledger: LedgerChoices;
  /** `auto`, or names with commas between. */
  sources: string;
  /** `undefined`: the default list. */
  tokens?: string[];
  /** {@link tokens} were given on the command line, which outlives no restart. */
  tokensByFlag?: true;
  /** Pools to watch, as written: pairs or addresses; `undefined`: the default list. */
  pools?: string[];
  demo: boolean;
  /** How often the updater writes and publishes (R8.1). */
  updateEveryMs: number;
  /** How often a window gets a batch (R5.8). */
  batchEveryMs: number;
  /** How long a price in the cache lives (R2.1). */
  priceTtlMs: number;
  /** How long a pool's state in the cache lives (R3.1); 2000 by default. */
  poolTtlMs?: number;
  logLevel: LogLevel;
  /** A `redis-server` to start in place of the one on PATH. */
  redisServerPath?: string;
  /** Base URLs in place of the venues' own. */
  venueUrls: { jupiter?: string; kraken?: string; coinbase?: string; raydium?: string };
  jupiterApiKey?: string;
  env: Environment;
  /** What was typed: what is in here wins over the settings file. */
  flags?: SettingsFlags;
}

/**
 * Flags over environment over `settings.json` in the data directory over defaults. Throws `BAD_SETTINGS` (exit code 3)
 * whose message names the field and where it was written.
 */
export function readSettings(from: { flags?: SettingsFlags; env?: Environment } = {}): Settings {
  const { flags = {}, env = {} } = from;
  const dataDir = resolve(
    given('--data-dir', flags.dataDir) ??
      filled(env['TENHERTZ_DATA_DIR']) ??
      envPaths('tenhertz', { suffix: '' }).data,
  );
  return settingsWith(readFile(join(dataDir, 'settings.json')), { flags, env, dataDir });
}

/**
 * The same for what a settings file holds, or would hold.
 *
 * @throws TenhertzError `BAD_SETTINGS` (facts `{field}`).
 */
export function settingsWith(
  file: SettingsFile,
  from: { flags: SettingsFlags; env: Environment; dataDir: string },
): Settings {
  const { flags, env, dataDir } = from;
  const demo = flags.demo ?? file.demo ?? false;
  const venues = {
    jupiter: venueUrl(env, 'TENHERTZ_JUPITER_URL') ?? file.venueUrls?.jupiter,
    kraken: venueUrl(env, 'TENHERTZ_KRAKEN_URL') ?? file.venueUrls?.kraken,
    coinbase: venueUrl(env, 'TENHERTZ_COINBASE_URL') ?? file.venueUrls?.coinbase,
    raydium: venueUrl(env, 'TENHERTZ_RAYDIUM_URL') ?? file.venueUrls?.raydium,
  };
  const settings: Settings = {
    dataDir,
    // `--demo` is the stronger wish than a list of sources kept in the file, but not than one typed beside it.
    sources: given('--source', flags.source) ?? (demo ? 'simulated' : (file.sources ?? 'auto')),
    demo,
    updateEveryMs: file.updateEveryMs ?? (demo ? 100 : 500),
    batchEveryMs: file.batchEveryMs ?? 100,
    priceTtlMs: file.priceTtlMs ?? 2_000,
    logLevel: logLevel(flags.logLevel) ?? file.logLevel ?? 'info',
    venueUrls: withoutUndefined(venues),
    ledger: ledgerChoices(file.ledger),
    env,
    flags,
    ...withoutUndefined({
      redis: given('--redis', flags.redis),
      redisInFile: file.redis,
      postgres: given('--postgres', flags.postgres),
      postgresInFile: file.postgres,
      tokens: tokenList(flags.tokens) ?? file.tokens,
      tokensByFlag: flags.tokens === undefined ? undefined : (true as const),
      pools: file.pools,
      poolTtlMs: file.poolTtlMs,
      redisServerPath: filled(env['TENHERTZ_REDIS_SERVER']) ?? file.redisServerPath,
      jupiterApiKey: filled(env['JUPITER_API_KEY']) ?? file.jupiterApiKey,
    }),
  };
  if (settings.updateEveryMs >= settings.priceTtlMs) {
    throw bad(
      'updateEveryMs',
      'must be shorter than priceTtlMs, or every price expires before the next is written',
    );
  }
  return settings;
}

function readFile(path: string): SettingsFile {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return {};
    throw bad(path, `cannot be read: ${messageOf(error)}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    throw bad(path, `is not JSON: ${messageOf(error)}`);
  }
  const parsed = SettingsFile.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field =
    issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : (issue?.path.join('.') ?? 'settings.json');
  throw bad(`${field === '' ? 'settings.json' : field} (${path})`, issue?.message ?? 'is not valid');
}

function tokenList(written: string | undefined): string[] | undefined {
  const list = given('--tokens', written);
  if (list === undefined) return undefined;
  const tokens = list.split(',').map(token => token.trim());
  if (tokens.includes(''))
    throw bad('--tokens', 'has an empty name; write for instance SOL,BONK,coinbase:SKL-USD');
  return [...new Set(tokens)];
}

function logLevel(written: string | undefined): LogLevel | undefined {
  const value = given('--log-level', written);
  if (value === undefined) return undefined;
  const level = LOG_LEVELS.find(known => known === value);
  if (level === undefined)
    throw bad('--log-level', `must be one of ${LOG_LEVELS.join(', ')}, not "${value}"`);
  return level;
}

function venueUrl(env: Environment, name: string): string | undefined {
  const value = filled(env[name]);
  if (value !== undefined && !isVenueUrl(value)) throw bad(name, 'must be an http, https, ws or wss URL');
  return value;
}

/** A flag's value; one that was typed without any is a mistake worth a word. */
function given(flag: string, value: string | undefined): string | undefined {
  if (value?.trim() === '') throw bad(flag, 'needs a value');
  return value?.trim();
}

/** A variable set to nothing counts as not set, as in a `.env` file with an empty line for it. */
function filled(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim();
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, kept]) => kept !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function bad(field: string, problem: string): TenhertzError {
  return new TenhertzError('BAD_SETTINGS', `${field} ${problem}.`, { exitCode: 3, facts: { field } });
}
