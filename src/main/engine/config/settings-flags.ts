import { parseArgs } from 'node:util';

/** The flags every host takes, with the texts of `--help`. One table, so that the program and the desktop app agree. */
export const SHARED_FLAGS = [
  { name: 'data-dir', key: 'dataDir', value: 'DIR', help: 'where everything is kept' },
  { name: 'redis', key: 'redis', value: 'URL', help: 'a running Redis, or "embedded" (default)' },
  {
    name: 'postgres',
    key: 'postgres',
    value: 'URL',
    help: 'a running PostgreSQL for the ledger, "embedded" (default), or "off"',
  },
  {
    name: 'source',
    key: 'source',
    value: 'LIST',
    help: 'auto (default), jupiter, kraken, coinbase, recorded:FILE, simulated',
  },
  {
    name: 'tokens',
    key: 'tokens',
    value: 'LIST',
    help: 'symbols, mints or venue:product, with commas between',
  },
  {
    name: 'demo',
    key: 'demo',
    value: undefined,
    help: 'a simulated market, labelled as such; needs no internet',
  },
  { name: 'log-level', key: 'logLevel', value: 'LEVEL', help: 'debug, info (default), warn, error' },
] as const;

/** What a person typed, unchecked; `readSettings` checks it. */
export interface SettingsFlags {
  dataDir?: string | undefined;
  redis?: string | undefined;
  postgres?: string | undefined;
  source?: string | undefined;
  tokens?: string | undefined;
  demo?: boolean | undefined;
  logLevel?: string | undefined;
}

/**
 * Finds the shared flags and `--updater` in the desktop app's command line. Anything else there belongs to Electron or
 * Chromium (`--no-sandbox`, `--remote-debugging-port=0`) and is left alone.
 */
export function desktopFlags(argv: readonly string[]): { flags: SettingsFlags; updaterOnly: boolean } {
  const { values } = parseArgs({
    args: [...argv],
    strict: false,
    allowPositionals: true,
    options: {
      ...Object.fromEntries(
        SHARED_FLAGS.map(flag => [
          flag.name,
          { type: flag.value === undefined ? ('boolean' as const) : ('string' as const) },
        ]),
      ),
      updater: { type: 'boolean' },
    },
  });
  const text = (name: string): string | undefined => {
    const value = values[name];
    // A flag without its value: the empty text is refused by readSettings, which names it.
    return value === true ? '' : typeof value === 'string' ? value : undefined;
  };
  return {
    flags: {
      dataDir: text('data-dir'),
      redis: text('redis'),
      postgres: text('postgres'),
      source: text('source'),
      tokens: text('tokens'),
      demo: values['demo'] === true ? true : undefined,
      logLevel: text('log-level'),
    },
    updaterOnly: values['updater'] === true,
  };
}
