import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageVersion } from '../../../src/main/engine/config/package-version.ts';
import { readSettings, type Settings } from '../../../src/main/engine/config/settings.ts';
import { desktopFlags } from '../../../src/main/engine/config/settings-flags.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'th-settings-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const file = (content: unknown): void =>
  writeFileSync(
    join(dataDir, 'settings.json'),
    typeof content === 'string' ? content : JSON.stringify(content),
  );
const read = (flags = {}, env: Record<string, string> = {}): Settings =>
  readSettings({ flags: { dataDir, ...flags }, env });

describe('settings', () => {
  it('have defaults for everything', () => {
    expect(read()).toEqual({
      dataDir,
      sources: 'auto',
      demo: false,
      updateEveryMs: 500,
      batchEveryMs: 100,
      priceTtlMs: 2_000,
      logLevel: 'info',
      venueUrls: {},
      ledger: {
        modes: [],
        retention: { ticksDays: 1, recordsDays: 365, candles1sDays: 1, candles1mDays: 365 },
      },
      env: {},
      flags: { dataDir },
    });
  });

  it('keep their data in the place of the system when nobody says where', () => {
    expect(readSettings().dataDir).toMatch(/tenhertz/i);
    expect(readSettings({ env: { TENHERTZ_DATA_DIR: '/somewhere' } }).dataDir).toBe('/somewhere');
    expect(readSettings({ flags: { dataDir: '/flag' }, env: { TENHERTZ_DATA_DIR: '/env' } }).dataDir).toBe(
      '/flag',
    );
  });

  it('come from the file in the data directory', () => {
    const content = {
      redis: 'redis://127.0.0.1:1',
      postgres: 'postgres://127.0.0.1/x',
      ledger: {
        modes: [{ pattern: 'orders:*', mode: 'strict' }],
        retention: { ticksDays: 2, recordsDays: 30, candles1sDays: 0.5, candles1mDays: 90 },
      },
      sources: 'kraken',
      tokens: ['SOL'],
      demo: false,
      updateEveryMs: 250,
      batchEveryMs: 200,
      priceTtlMs: 3_000,
      logLevel: 'warn',
      redisServerPath: '/opt/redis-server',
      venueUrls: { kraken: 'ws://127.0.0.1:2', jupiter: 'http://127.0.0.1:3' },
      jupiterApiKey: 'key',
    };
    file(content);
    const { redis, postgres, ...rest } = content;
    expect(read()).toEqual({
      ...rest,
      ...{ redisInFile: redis, postgresInFile: postgres, dataDir, env: {}, flags: { dataDir } },
    });
  });

  it('come from the environment before the file', () => {
    file({
      redisServerPath: '/file',
      jupiterApiKey: 'file',
      venueUrls: { coinbase: 'ws://file', kraken: 'ws://file' },
    });
    const env = {
      TENHERTZ_REDIS_SERVER: '/env',
      JUPITER_API_KEY: 'env',
      TENHERTZ_COINBASE_URL: 'ws://env',
      TENHERTZ_JUPITER_URL: 'https://env',
    };
    expect(read({}, env)).toMatchObject({
      redisServerPath: '/env',
      jupiterApiKey: 'env',
      venueUrls: { coinbase: 'ws://env', kraken: 'ws://file', jupiter: 'https://env' },
      env,
    });
  });

  it('come from flags before everything, and the raw Redis address is passed on with where it was written', () => {
    file({ redis: 'redis://file', sources: 'coinbase', tokens: ['BONK'], logLevel: 'error' });
    const flags = {
      redis: ' embedded ',
      source: 'kraken',
      tokens: 'SOL, coinbase:SKL-USD,SOL',
      logLevel: 'debug',
    };
    expect(read(flags, { REDIS_URL: 'redis://env' })).toMatchObject({
      redis: 'embedded',
      redisInFile: 'redis://file',
      sources: 'kraken',
      tokens: ['SOL', 'coinbase:SKL-USD'],
      logLevel: 'debug',
    });
  });

  it('of the demo are a simulated market at ten ticks a second', () => {
    file({ sources: 'kraken' });
    expect(read({ demo: true })).toMatchObject({ demo: true, sources: 'simulated', updateEveryMs: 100 });
    expect(read({ demo: true, source: 'kraken' })).toMatchObject({ demo: true, sources: 'kraken' });
  });

  it('treat a variable set to nothing as not set', () => {
    expect(read({}, { JUPITER_API_KEY: ' ', TENHERTZ_KRAKEN_URL: '' })).toEqual(
      expect.not.objectContaining({ jupiterApiKey: expect.anything() as unknown }),
    );
  });

  it.each([
    ['an unknown name', { nonsense: 1 }, 'nonsense'],
    ['a wrong type', { updateEveryMs: 'fast' }, 'updateEveryMs'],
    ['a value out of bounds', { priceTtlMs: 10 }, 'priceTtlMs'],
    ['a wrong address of a venue', { venueUrls: { kraken: 'kraken' } }, 'venueUrls.kraken'],
    ['an empty token', { tokens: [''] }, 'tokens.0'],
    [
      'an unknown mode of a channel',
      { ledger: { modes: [{ pattern: 'a:*', mode: 'loud' }] } },
      'ledger.modes.0.mode',
    ],
    [
      'a pattern that is none',
      { ledger: { modes: [{ pattern: 'a b', mode: 'off' }] } },
      'ledger.modes.0.pattern',
    ],
    ['a retention of nothing', { ledger: { retention: { recordsDays: 0 } } }, 'ledger.retention.recordsDays'],
    ['a list in place of an object', [], 'settings.json'],
    ['no JSON', '{', 'settings.json'],
    ['ticks slower than the prices live', { updateEveryMs: 2_000 }, 'updateEveryMs'],
  ])('in the file with %s are refused by name', (_what, content, field) => {
    file(content);
    expect(() => read()).toThrow(
      expect.objectContaining({
        code: 'BAD_SETTINGS',
        exitCode: 3,
        message: expect.stringContaining(field) as unknown,
      }) as Error,
    );
  });

  it('in a file that cannot be read are refused', () => {
    mkdirSync(join(dataDir, 'settings.json'));
    expect(() => read()).toThrow(/cannot be read/);
  });

  it.each([
    [{ redis: '' }, {}, '--redis'],
    [{ postgres: '' }, {}, '--postgres'],
    [{ source: ' ' }, {}, '--source'],
    [{ tokens: 'SOL,,BONK' }, {}, '--tokens'],
    [{ logLevel: 'loud' }, {}, '--log-level'],
    [{ dataDir: '' }, {}, '--data-dir'],
    [{}, { TENHERTZ_KRAKEN_URL: 'ftp://kraken' }, 'TENHERTZ_KRAKEN_URL'],
  ])('%j with %j are refused naming %s', (flags, env, field) => {
    expect(() => read(flags, env)).toThrow(
      expect.objectContaining({ code: 'BAD_SETTINGS', facts: { field } }) as Error,
    );
  });
});

describe('the flags of the desktop app', () => {
  it('are found among those of Electron and Chromium', () => {
    const argv = [
      '--no-sandbox',
      '/out/main/index.js',
      '--data-dir',
      '/d',
      '--demo',
      '--updater',
      '--inspect=0',
    ];
    expect(desktopFlags(argv)).toEqual({ flags: { dataDir: '/d', demo: true }, updaterOnly: true });
  });

  it('take their value after an equals sign too, and one without its value is noticed', () => {
    const { flags, updaterOnly } = desktopFlags([
      '--source=kraken',
      '--tokens=SOL',
      '--log-level=warn',
      '--redis',
    ]);
    expect(flags).toEqual({ source: 'kraken', tokens: 'SOL', logLevel: 'warn', redis: '' });
    expect(updaterOnly).toBe(false);
    expect(() => readSettings({ flags })).toThrow(/--redis needs a value/);
  });
});

describe('the version', () => {
  it('is that of package.json, and empty where there is none', () => {
    writeFileSync(join(dataDir, 'package.json'), '{"version":"1.2.3"}');
    expect(packageVersion(dataDir)).toBe('1.2.3');
    writeFileSync(join(dataDir, 'package.json'), '{}');
    expect(packageVersion(dataDir)).toBe('');
    writeFileSync(join(dataDir, 'package.json'), '{"version":1}');
    expect(packageVersion(dataDir)).toBe('');
  });
});
