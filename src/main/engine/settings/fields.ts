import type { SettingKind, SettingsSection, SettingValue } from '../../../shared/settings.ts';
import type { Settings } from '../config/settings.ts';
import { LOG_LEVELS } from '../config/settings-shape.ts';
import { ledgerChoices, type LedgerRetention } from '../config/ledger-settings.ts';
import { checkLedger, checkModes, checkRedis, checkSources, checkTokens, knownSources } from './checks.ts';
import { ledgerInUse, redisInUse } from './addresses.ts';

/** A setting as the program knows it; limits of numbers come from the shape of the file. */
export interface FieldSpec {
  name: string;
  section: SettingsSection;
  label: string;
  help: string;
  keywords: readonly string[];
  kind: SettingKind;
  applies: 'now' | 'restart';
  unit?: string;
  choices?: () => readonly string[];
  /** Flags and variables that win over the file, strongest first. */
  flags?: readonly ('redis' | 'postgres' | 'source' | 'tokens' | 'demo' | 'logLevel')[];
  env?: readonly string[];
  fallback: SettingValue | null;
  /** What is in use. */
  inUse: (settings: Settings) => SettingValue | null;
  /** What the shape of the file cannot tell; throws a `TenhertzError`. */
  check?: (value: never) => void;
}

const RETAINED: readonly (readonly [keyof LedgerRetention, string, string])[] = [
  ['ticksDays', 'Keep price ticks for', 'Older ticks are removed from the ledger; candles stay.'],
  [
    'recordsDays',
    'Keep trades and positions for',
    'Every event that is no price: trades, positions, statuses.',
  ],
  ['candles1sDays', 'Keep candles of a second for', 'What charts of seconds can scroll back to.'],
  [
    'candles1mDays',
    'Keep candles of a minute for',
    'What charts of minutes, hours and days can scroll back to.',
  ],
];
const DEFAULT_RETENTION = ledgerChoices().retention;

const VENUES = [
  ['jupiter', 'Jupiter', 'TENHERTZ_JUPITER_URL'],
  ['kraken', 'Kraken', 'TENHERTZ_KRAKEN_URL'],
  ['coinbase', 'Coinbase', 'TENHERTZ_COINBASE_URL'],
] as const;

/** Every setting that can be changed on the screen, in the order of the form. Which program is started is not for a screen to say. */
export const FIELDS: readonly FieldSpec[] = [
  {
    name: 'sources',
    section: 'sources',
    label: 'Price sources',
    help: 'auto, or names with commas between; of several the newest acceptable price wins. A recording is recorded:FILE.',
    keywords: ['venues', 'exchanges', 'jupiter', 'kraken', 'coinbase', 'market', 'feeds', 'simulated'],
    kind: 'text',
    applies: 'now',
    flags: ['source', 'demo'],
    choices: knownSources,
    fallback: 'auto',
    inUse: settings => settings.sources,
    check: checkSources,
  },
  {
    name: 'jupiterApiKey',
    section: 'sources',
    label: 'API key of Jupiter',
    help: 'Raises the rate at which Jupiter may be asked. It is written to the settings file, which only you can read, and never shown again.',
    keywords: ['secret', 'token', 'rate limit', 'password'],
    kind: 'secret',
    applies: 'now',
    env: ['JUPITER_API_KEY'],
    fallback: null,
    inUse: () => null,
  },
  ...VENUES.map(([venue, name, variable]): FieldSpec => ({
    name: `venueUrls.${venue}`,
    section: 'sources',
    label: `Address of ${name}`,
    help: `In place of ${name}'s own, for a proxy: http, https, ws or wss.`,
    keywords: ['url', 'host', 'proxy', venue],
    kind: 'text',
    applies: 'now',
    env: [variable],
    fallback: null,
    inUse: settings => settings.venueUrls[venue] ?? null,
  })),
  {
    name: 'tokens',
    section: 'tokens',
    label: 'Watched tokens',
    help: 'Symbols, mints or venue:product such as coinbase:SKL-USD, one a line or with commas between.',
    keywords: ['watchlist', 'symbols', 'mints', 'products', 'pairs'],
    kind: 'list',
    applies: 'now',
    flags: ['tokens'],
    fallback: null,
    inUse: settings => settings.tokens ?? null,
    check: checkTokens,
  },
  {
    name: 'updateEveryMs',
    section: 'rates',
    label: 'Write prices every',
    help: 'How often the newest prices are written to Redis and published. Shorter than the life of a price.',
    keywords: ['update rate', 'interval', 'updater', 'tick', 'speed'],
    kind: 'number',
    unit: 'ms',
    applies: 'now',
    fallback: 500,
    inUse: settings => settings.updateEveryMs,
  },
  {
    name: 'priceTtlMs',
    section: 'rates',
    label: 'Life of a price in Redis',
    help: 'A price that nobody vouches for is gone after this.',
    keywords: ['ttl', 'expire', 'cache', 'stale'],
    kind: 'number',
    unit: 'ms',
    applies: 'now',
    fallback: 2_000,
    inUse: settings => settings.priceTtlMs,
  },
  {
    name: 'batchEveryMs',
    section: 'rates',
    label: 'Update the screen every',
    help: 'How often a window gets what happened. 100 ms are ten times a second.',
    keywords: ['batch', 'refresh', 'frames', '10 Hz', 'feed'],
    kind: 'number',
    unit: 'ms',
    applies: 'now',
    fallback: 100,
    inUse: settings => settings.batchEveryMs,
  },
  {
    name: 'redis',
    section: 'redis',
    label: 'Redis server',
    help: 'embedded, redis://user:password@host:6379/0, rediss:// for TLS, or unix:///path/redis.sock.',
    keywords: ['cache', 'connection', 'url', 'server', 'password', 'tls'],
    kind: 'text',
    applies: 'restart',
    flags: ['redis'],
    env: ['REDIS_URL', 'REDIS_HOST', 'REDIS_PORT', 'REDIS_USERNAME', 'REDIS_PASSWORD', 'REDIS_DB'],
    choices: () => ['embedded'],
    fallback: 'embedded',
    inUse: redisInUse,
    check: checkRedis,
  },
  {
    name: 'postgres',
    section: 'ledger',
    label: 'Ledger (PostgreSQL)',
    help: 'embedded, off, or postgres://user:password@host:5432/database.',
    keywords: ['database', 'connection', 'url', 'server', 'record', 'password'],
    kind: 'text',
    applies: 'restart',
    flags: ['postgres'],
    env: ['DATABASE_URL'],
    choices: () => ['embedded', 'off'],
    fallback: 'embedded',
    inUse: ledgerInUse,
    check: checkLedger,
  },
  ...RETAINED.map(([name, label, help]): FieldSpec => ({
    name: `ledger.retention.${name}`,
    section: 'ledger',
    label,
    help,
    keywords: ['retention', 'history', 'days', 'delete', 'disk'],
    kind: 'number',
    unit: 'days',
    applies: 'now',
    fallback: DEFAULT_RETENTION[name],
    inUse: settings => settings.ledger.retention[name],
  })),
  {
    name: 'ledger.modes',
    section: 'ledger',
    label: 'How channels are recorded',
    help: 'The first rule that fits a channel counts. strict: recorded before it is broadcast; confirm: broadcast first; off: not at all. Without a rule trades and positions are strict, all else confirm.',
    keywords: ['strict', 'confirm', 'off', 'modes', 'channels', 'durability'],
    kind: 'rules',
    applies: 'restart',
    fallback: [],
    inUse: settings => settings.ledger.modes,
    check: checkModes,
  },
  {
    name: 'demo',
    section: 'program',
    label: 'Demo',
    help: 'A simulated market with a trader on paper, labelled as such. Needs no internet.',
    keywords: ['simulated', 'paper', 'trial'],
    kind: 'boolean',
    applies: 'restart',
    flags: ['demo'],
    fallback: false,
    inUse: settings => settings.demo,
  },
  {
    name: 'logLevel',
    section: 'program',
    label: 'How much is logged',
    help: 'debug writes everything, error only what failed.',
    keywords: ['log', 'level', 'debug', 'verbose', 'diagnostics'],
    kind: 'choice',
    applies: 'now',
    flags: ['logLevel'],
    choices: () => LOG_LEVELS,
    fallback: 'info',
    inUse: settings => settings.logLevel,
  },
];

/** The field of that name. */
export function fieldSpec(name: string): FieldSpec | undefined {
  return FIELDS.find(field => field.name === name);
}
