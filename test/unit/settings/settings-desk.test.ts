import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSettings, type Settings } from '../../../src/main/engine/config/settings.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { createSettingsDesk, type SettingsDesk } from '../../../src/main/engine/settings/settings-desk.ts';
import type { SettingField, SettingsView, SettingValue } from '../../../src/shared/settings.ts';

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'th-settings-desk-'));
  path = join(dir, 'settings.json');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const file = (content: unknown): void =>
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
const kept = (): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** A desk on the test's directory, and what it put to use. */
function desk(
  flags = {},
  env: Record<string, string> = {},
): {
  settings: SettingsDesk;
  applied: { next: Settings; changed: readonly string[] }[];
  fail: { with?: Error };
} {
  const applied: { next: Settings; changed: readonly string[] }[] = [];
  const fail: { with?: Error } = {};
  const settings = createSettingsDesk({
    settings: readSettings({ flags: { dataDir: dir, ...flags }, env }),
    log: silentLogger,
    tokens: () => ['SOL', 'BONK'],
    apply(next, changed) {
      applied.push({ next, changed });
      return fail.with === undefined ? Promise.resolve() : Promise.reject(fail.with);
    },
  });
  return { settings, applied, fail };
}

function field(view: SettingsView, name: string): SettingField {
  const found = view.fields.find(one => one.name === name);
  if (found === undefined) throw new Error(`no field ${name}`);
  return found;
}

describe('the desk of settings', () => {
  it('says of each setting what stands in the file, what is in use, from where, and its limits', async () => {
    file({ updateEveryMs: 250, ledger: { retention: { ticksDays: 2 } } });
    const view = await desk().settings.read();
    expect(field(view, 'updateEveryMs')).toMatchObject({
      ...{ value: 250, effective: 250, from: 'file', min: 50, max: 60_000, whole: true, unit: 'ms' },
      ...{ fallback: 500, applies: 'now', locked: null, pending: false },
    });
    expect(field(view, 'ledger.retention.ticksDays')).toMatchObject({ value: 2, max: 36_500, whole: false });
    expect(field(view, 'batchEveryMs')).toMatchObject({ value: null, effective: 100, from: 'default' });
    expect(field(view, 'tokens')).toMatchObject({ value: null, effective: ['SOL', 'BONK'] });
    expect(field(view, 'sources').choices).toEqual(expect.arrayContaining(['auto', 'kraken', 'simulated']));
    expect(view).toMatchObject({ path, problem: null });
  });

  it('never sends a key or a password back, only that there is one', async () => {
    const redis = 'redis://tr8der:hunter2@cache.example:6380/1';
    const postgres = 'postgres://desk:s3cret@db.example/ledger';
    file({ jupiterApiKey: 'abc-key', redis, postgres });
    const view = await desk().settings.read();
    expect(field(view, 'jupiterApiKey')).toMatchObject({ value: null, hidden: true, effective: null });
    expect(field(view, 'redis')).toMatchObject({
      ...{ value: null, hidden: true, effective: 'redis://cache.example:6380/1', from: 'file' },
    });
    expect(field(view, 'postgres').effective).toBe('postgres://db.example:5432/ledger');
    expect(JSON.stringify(view)).not.toMatch(/hunter2|s3cret|abc-key|tr8der/);
  });

  it('writes changes into a file for this user only, leaves the rest as it was, and applies what it can', async () => {
    file({ redis: 'embedded', venueUrls: { kraken: 'ws://127.0.0.1:2' }, priceTtlMs: 3_000 });
    chmodSync(path, 0o644);
    const { settings, applied } = desk();
    const change = await settings.write({
      ...{ updateEveryMs: 250, redis: 'redis://127.0.0.1:6390', 'venueUrls.kraken': null },
      ...{ 'ledger.retention.recordsDays': 30, priceTtlMs: null, jupiterApiKey: ' key ' },
    });
    expect(change).toMatchObject({
      ...{ saved: true, problems: [], restart: ['redis'] },
      now: [
        'updateEveryMs',
        'venueUrls.kraken',
        'ledger.retention.recordsDays',
        'priceTtlMs',
        'jupiterApiKey',
      ],
    });
    expect(kept()).toEqual({
      ...{ redis: 'redis://127.0.0.1:6390', updateEveryMs: 250, jupiterApiKey: ' key ' },
      ledger: { retention: { recordsDays: 30 } },
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(applied).toHaveLength(1);
    expect(applied[0]?.next).toMatchObject({ updateEveryMs: 250, priceTtlMs: 2_000, jupiterApiKey: 'key' });
    expect(applied[0]?.next.ledger.retention.recordsDays).toBe(30);
    expect(applied[0]?.next).toMatchObject({ redisInFile: 'embedded' });
    expect(field(change.settings, 'redis')).toMatchObject({ effective: 'embedded', pending: true });
    const back = await settings.write({ redis: null, jupiterApiKey: null });
    expect(field(back.settings, 'redis')).toMatchObject({ value: null, pending: false });
    expect(settings.inUse().jupiterApiKey).toBeUndefined();
  });

  it.each<[string, SettingValue, RegExp | undefined]>([
    ['updateEveryMs', 10, /^Must be a whole number from 50 to 60000\.$/],
    ['updateEveryMs', 0.5, /^Must be a whole number\.$/],
    ['updateEveryMs', 2_000, /^Must be shorter than priceTtlMs/],
    ['batchEveryMs', 'soon', /whole number/],
    ['priceTtlMs', 1_000, undefined],
    ['sources', 'krakken', /Unknown source "krakken"/],
    ['sources', 'recorded:/no/such/file', /cannot be read|no such file/i],
    ['sources', ' ', /^Must not be empty\.$/],
    ['tokens', [], /^Must name at least one token\.$/],
    ['tokens', ['SOL', 'nonsense'], /nonsense/],
    ['tokens', Array.from({ length: 1_001 }, (_, index) => `coinbase:T${index}-USD`), /at most 1000/],
    [
      'pools',
      ['RAY/SOL', 'SOL/NONSENSE'],
      /^Unknown pool "SOL\/NONSENSE"\. Accepted: a pair of known tokens/,
    ],
    ['pools', Array.from({ length: 51 }, () => 'RAY/SOL'), /^Must name at most 50 pools\.$/],
    ['pools', [], undefined],
    ['poolTtlMs', 999, /^Must be a whole number from 1000 to 600000\.$/],
    ['venueUrls.raydium', 'ftp://x', /^Must be an http, https, ws or wss URL\.$/],
    ['venueUrls.kraken', 'ftp://x', /^Must be an http, https, ws or wss URL\.$/],
    ['redis', 'http://x', /^Must be embedded, redis:/],
    ['postgres', 'mysql://x', /^Must be embedded, off or postgres:/],
    ['ledger.retention.ticksDays', 0, /at least an hour/],
    ['ledger.retention.ticksDays', 40_000, /at most 36500 days/],
    ['ledger.modes', [{ pattern: 'bad name', mode: 'off' }], /channel or a pattern/],
    ['logLevel', 'loud', /^Must be one of debug, info/],
    ['logLevel', 'debug', undefined],
  ])('weighs %s = %j as a start would', async (name, value, wrong) => {
    const { settings, applied } = desk();
    const problems = await settings.check({ [name]: value });
    if (wrong === undefined) {
      expect(problems).toEqual([]);
      return;
    }
    expect(problems).toEqual([{ field: name, message: expect.stringMatching(wrong) as string }]);
    const change = await settings.write({ [name]: value, batchEveryMs: 200, ...{ [name]: value } });
    expect(change).toMatchObject({ saved: false, problems, now: [], restart: [] });
    expect(() => statSync(path)).toThrow();
    expect(applied).toEqual([]);
  });

  it('says at the setting that was changed when two do not go together', async () => {
    file({ updateEveryMs: 1_500 });
    expect(await desk().settings.check({ priceTtlMs: 1_000 })).toEqual([
      { field: 'priceTtlMs', message: 'Must be longer than the time between two writes of a price.' },
    ]);
  });

  it('locks what a flag or a variable decides, and says which', async () => {
    file({ logLevel: 'warn' });
    const { settings } = desk(
      { redis: 'embedded', source: 'simulated' },
      { DATABASE_URL: 'postgres://u:p@h/d', JUPITER_API_KEY: 'k' },
    );
    const view = await settings.read();
    expect(field(view, 'redis')).toMatchObject({
      ...{ from: 'flag', locked: 'Given with --redis: start Tenhertz without it to change this here.' },
    });
    expect(field(view, 'sources')).toMatchObject({ effective: 'simulated', from: 'flag' });
    expect(field(view, 'postgres')).toMatchObject({ from: 'environment', effective: 'postgres://h:5432/d' });
    expect(field(view, 'postgres').locked).toMatch(/DATABASE_URL in the environment/);
    const change = await settings.write({ redis: 'redis://127.0.0.1:1', logLevel: 'info' });
    expect(change.saved).toBe(false);
    expect(change.problems).toMatchObject([
      { field: 'redis', message: expect.stringMatching(/--redis/) as string },
    ]);
    expect(await settings.check({ jupiterApiKey: null })).toMatchObject([{ field: 'jupiterApiKey' }]);
    expect(kept()).toEqual({ logLevel: 'warn' });
  });

  it('refuses to touch a file that is no JSON, and says so', async () => {
    const { settings } = desk();
    file('{ "redis": ');
    const view = await settings.read();
    expect(view.problem).toMatch(/is not JSON.*left as it is/);
    expect(field(view, 'updateEveryMs').effective).toBe(500);
    await expect(settings.write({ updateEveryMs: 250 })).rejects.toMatchObject({
      code: 'SETTINGS_NOT_WRITTEN',
    });
    await expect(settings.check({ updateEveryMs: 250 })).rejects.toMatchObject({
      code: 'SETTINGS_NOT_WRITTEN',
    });
    expect(readFileSync(path, 'utf8')).toBe('{ "redis": ');
    file({});
    expect((await settings.write({ updateEveryMs: 250 })).saved).toBe(true);
  });

  it('names what is wrong in a file that somebody else has changed, and writes nothing beside it', async () => {
    const { settings } = desk();
    file({ colour: 'red', demo: 'yes' });
    const view = await settings.read();
    expect(view.problem).toMatch(/not fit for a start.*demo: .*colour/s);
    const change = await settings.write({ updateEveryMs: 250 });
    expect(change.saved).toBe(false);
    expect(change.problems.map(({ field: name }) => name).toSorted()).toEqual(['demo', null]);
    expect(kept()).toEqual({ colour: 'red', demo: 'yes' });
    file({ updateEveryMs: 5_000 });
    expect((await settings.read()).problem).toMatch(/shorter than priceTtlMs/);
  });

  it('knows no other names', async () => {
    const { settings } = desk();
    await expect(settings.check({ redisServerPath: '/bin/sh' })).rejects.toMatchObject({
      code: 'BAD_ARGUMENTS',
    });
    await expect(settings.write({ __proto: 'x' })).rejects.toMatchObject({ code: 'BAD_ARGUMENTS' });
  });

  it('says when something was saved but could not be put to use', async () => {
    const { settings, fail } = desk();
    fail.with = new Error('no line');
    const change = await settings.write({ sources: 'kraken' });
    expect(change).toMatchObject({
      ...{
        saved: true,
        problems: [{ field: null, message: 'Saved, but not in use before a restart: no line' }],
      },
    });
    expect(kept()).toEqual({ sources: 'kraken' });
  });
});
