import { mkdtemp, readFile, rm, stat, writeFile, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeSettingsFile } from '../../../src/main/engine/config/settings-file.ts';
import { readSettings } from '../../../src/main/engine/config/settings.ts';
import { createMetrics } from '../../../src/main/engine/health/metrics.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { openMarket } from '../../../src/main/engine/market.ts';
import { MAX_TOKENS } from '../../../src/shared/tokens.ts';
import { ManualClock } from '../../support/manual-clock.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tenhertz-watchlist-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const file = (): string => join(dir, 'settings.json');
const kept = async (): Promise<unknown> => JSON.parse(await readFile(file(), 'utf8'));

function open(flags: { source?: string; tokens?: string } = {}) {
  const added: string[][] = [];
  const opened = openMarket({
    settings: readSettings({ flags: { dataDir: dir, source: 'simulated', ...flags } }),
    clock: new ManualClock(),
    log: silentLogger,
    metrics: createMetrics(),
    onAdded: tokens => added.push([...tokens]),
  });
  opened.market.start();
  return { ...opened, added };
}

describe('the watchlist', () => {
  it('takes a symbol, a mint or a product, asks the sources for it at once, and keeps the list', async () => {
    await writeFile(file(), JSON.stringify({ demo: false, tokens: ['SOL'], logLevel: 'warn' }));
    const { watchlist, market, added } = open();
    expect(await watchlist.add('bonk')).toEqual({ tokens: ['SOL', 'BONK'], kept: true, note: null });
    await watchlist.add('4k3Dyjzvzp8eMZWUXbBCjEvwSkkk59S5iCNLY3QrkX6R');
    await watchlist.add('coinbase:skl-usd');
    expect(watchlist.tokens()).toEqual(['SOL', 'BONK', 'RAY', 'coinbase:SKL-USD']);
    expect(added).toEqual([['BONK'], ['RAY'], ['coinbase:SKL-USD']]);
    expect(market.sources()[0]?.observation('coinbase:SKL-USD')?.source).toBe('simulated');
    expect(await kept()).toEqual({
      demo: false,
      tokens: ['SOL', 'BONK', 'RAY', 'coinbase:SKL-USD'],
      logLevel: 'warn',
    });
    expect(readSettings({ flags: { dataDir: dir } }).tokens).toEqual(watchlist.tokens());
    await market.stop();
  });

  it('lets a token go, and the sources no longer vouch for it', async () => {
    const { watchlist, market } = open();
    expect((await watchlist.remove('USDC')).tokens).toEqual(['SOL', 'BONK', 'JitoSOL', 'RAY']);
    expect(market.sources()[0]?.observation('USDC')).toBeUndefined();
    expect(market.statuses()[0]).toMatchObject({ asked: 4 });
    await market.stop();
  });

  it('puts tokens in order; those not named keep their place behind, unknown ones are passed over', async () => {
    const { watchlist } = open();
    await watchlist.order(['RAY', 'gone', 'SOL']);
    expect(watchlist.tokens()).toEqual(['RAY', 'SOL', 'USDC', 'BONK', 'JitoSOL']);
  });

  it('says what a name stands for and who can price it, without adding it', () => {
    const { watchlist } = open({ source: 'kraken,jupiter', tokens: 'RAY' });
    expect(watchlist.check(' sol ')).toEqual({
      token: 'SOL',
      mint: 'So11111111111111111111111111111111111111112',
      sources: ['kraken', 'jupiter'],
    });
    expect(watchlist.check('coinbase:SKL-USD')).toMatchObject({ mint: null, sources: [] });
    expect(watchlist.check('kraken:SKL/USD').sources).toEqual(['kraken']);
    expect(watchlist.tokens()).toEqual(['RAY']);
  });

  it.each([
    ['UNKNOWN_TOKEN', 'nothing', /Accepted: a symbol/],
    ['UNKNOWN_TOKEN', 'coinbase:SKL/USD', /a coinbase product looks like coinbase:SKL-USD/],
    ['ALREADY_THERE', 'sol', /SOL is in the watchlist already/],
  ])('refuses with %s to add %s', async (code, name, message) => {
    const { watchlist } = open();
    expect(() => watchlist.check(name)).toThrow(message);
    await expect(watchlist.add(name)).rejects.toMatchObject({ code });
  });

  it('refuses to grow beyond its limit, to remove what is not there, and to become empty', async () => {
    const many = Array.from({ length: MAX_TOKENS }, (_, index) => `binance:T${index}USDT`).join(',');
    await expect(open({ tokens: many }).watchlist.add('SOL')).rejects.toMatchObject({ code: 'TOO_MANY' });
    const { watchlist } = open({ tokens: 'SOL' });
    await expect(watchlist.remove('RAY')).rejects.toMatchObject({ code: 'NOT_THERE' });
    await expect(watchlist.remove('SOL')).rejects.toMatchObject({ code: 'LAST_TOKEN' });
  });

  it('holds for the session, and says so, when the list was given as a flag or came with a recording', async () => {
    const flag = await open({ tokens: 'SOL' }).watchlist.add('RAY');
    expect(flag).toMatchObject({ tokens: ['SOL', 'RAY'], kept: false, note: /--tokens/ });
    const source = 'recorded:test/recordings/coinbase-exchange-2021-04-17.ndjson';
    expect(await open({ source }).watchlist.add('RAY')).toMatchObject({ kept: false, note: /recording/ });
    await expect(kept()).rejects.toThrow('ENOENT');
  });

  it('changes all the same, and says why it is not kept, when the settings cannot be written', async () => {
    const { watchlist } = open();
    await writeFile(file(), '[1]');
    const change = await watchlist.remove('RAY');
    expect(change.kept).toBe(false);
    expect(change.note).toMatch(/holds until the program ends; it was not kept: .*does not hold an object/);
    expect(watchlist.tokens()).not.toContain('RAY');
    expect(await kept()).toEqual([1]);
  });
});

describe('the settings file', () => {
  it('is made for this user only, and keeps the rights it has', async () => {
    await changeSettingsFile(dir, { tokens: ['SOL'] });
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    await chmod(file(), 0o640);
    await changeSettingsFile(dir, { demo: true, tokens: undefined });
    expect((await stat(file())).mode & 0o777).toBe(0o640);
    expect(await kept()).toEqual({ demo: true });
  });

  it('loses no change when several come at once', async () => {
    await Promise.all(['a', 'b', 'c', 'd'].map(name => changeSettingsFile(dir, { [name]: name })));
    expect(await kept()).toEqual({ a: 'a', b: 'b', c: 'c', d: 'd' });
  });

  it.each([
    ['not JSON', '{'],
    ['not an object', 'null'],
  ])('is left alone when it is %s', async (_, text) => {
    await writeFile(file(), text);
    await expect(changeSettingsFile(dir, { a: 1 })).rejects.toMatchObject({ code: 'SETTINGS_NOT_WRITTEN' });
    expect(await readFile(file(), 'utf8')).toBe(text);
    // The next change is not held up by the one that failed.
    await writeFile(file(), '{}');
    await changeSettingsFile(dir, { a: 1 });
    expect(await kept()).toEqual({ a: 1 });
  });

  it('says which file could not be written', async () => {
    const missing = join(dir, 'not', 'there');
    await expect(changeSettingsFile(missing, { a: 1 })).rejects.toMatchObject({
      code: 'SETTINGS_NOT_WRITTEN',
      facts: { path: join(missing, 'settings.json') },
    });
  });
});
