import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TenhertzError } from '../../../src/main/engine/errors.ts';
import { addressOf, readRedisSettings } from '../../../src/main/engine/redis/settings.ts';

function refusal(run: () => unknown): TenhertzError {
  try {
    run();
  } catch (error) {
    if (error instanceof TenhertzError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('where the settings come from', () => {
  const env = { REDIS_URL: 'redis://from-url', REDIS_HOST: 'from-host' };

  it('uses the embedded Redis when nothing is said', () => {
    expect(readRedisSettings({ env: {} })).toEqual({ kind: 'embedded' });
    expect(readRedisSettings({ env: { REDIS_URL: '', REDIS_HOST: '' }, file: '' })).toEqual({
      kind: 'embedded',
    });
  });

  it('prefers the flag, then REDIS_URL, then the parts, then the settings file', () => {
    const address = (settings: ReturnType<typeof readRedisSettings>) =>
      settings.kind === 'external' ? settings.address : settings.kind;
    const file = 'redis://from-file';
    expect(address(readRedisSettings({ flag: 'redis://from-flag', env, file }))).toBe(
      'redis://from-flag:6379',
    );
    expect(address(readRedisSettings({ flag: 'embedded', env, file }))).toBe('embedded');
    expect(address(readRedisSettings({ env, file }))).toBe('redis://from-url:6379');
    expect(address(readRedisSettings({ env: { REDIS_HOST: 'from-host' }, file }))).toBe(
      'redis://from-host:6379',
    );
    expect(address(readRedisSettings({ env: {}, file }))).toBe('redis://from-file:6379');
  });

  it('puts REDIS_HOST, PORT, USERNAME, PASSWORD and DB together', () => {
    const parts = {
      REDIS_HOST: '::1',
      REDIS_PORT: '7000',
      REDIS_USERNAME: 'desk',
      REDIS_PASSWORD: 'p@ss/word',
      REDIS_DB: '3',
    };
    expect(readRedisSettings({ env: parts })).toEqual({
      kind: 'external',
      options: { host: '::1', port: 7000, username: 'desk', password: 'p@ss/word', db: 3 },
      address: 'redis://[::1]:7000/3',
    });
    expect(readRedisSettings({ env: { REDIS_PASSWORD: 'x' } })).toMatchObject({
      options: { host: '127.0.0.1', port: 6379, password: 'x' },
    });
  });
});

describe('addresses', () => {
  it.each([
    ['redis://h', { host: 'h', port: 6379 }, 'redis://h:6379'],
    ['redis://h:1234/5', { host: 'h', port: 1234, db: 5 }, 'redis://h:1234/5'],
    ['redis://h?db=2', { host: 'h', port: 6379, db: 2 }, 'redis://h:6379/2'],
    ['redis://:s%2Fe%23c@h', { host: 'h', port: 6379, password: 's/e#c' }, 'redis://h:6379'],
    ['redis://u:pw@[::1]:9', { host: '::1', port: 9, username: 'u', password: 'pw' }, 'redis://[::1]:9'],
    ['rediss://h', { host: 'h', port: 6379, tls: {} }, 'rediss://h:6379'],
    ['unix:///run/r.sock', { path: '/run/r.sock' }, 'unix:///run/r.sock'],
    ['unix:///run/r.sock?db=1', { path: '/run/r.sock', db: 1 }, 'unix:///run/r.sock?db=1'],
    [
      'unix://u:p%40:w@/run/r.sock',
      { path: '/run/r.sock', username: 'u', password: 'p@:w' },
      'unix:///run/r.sock',
    ],
  ])('reads %s', (flag, options, address) => {
    expect(readRedisSettings({ flag, env: {} })).toEqual({ kind: 'external', options, address });
  });

  it('reads the certificate authority named with ?ca=', () => {
    const dir = mkdtempSync(join(tmpdir(), 'th-ca-'));
    writeFileSync(join(dir, 'ca.pem'), 'PEM');
    const settings = readRedisSettings({ flag: `rediss://h:1?ca=${join(dir, 'ca.pem')}`, env: {} });
    rmSync(dir, { recursive: true });
    expect(settings).toMatchObject({ options: { tls: { ca: 'PEM' } }, address: 'rediss://h:1' });
  });

  it('spells the defaults out', () => {
    expect(addressOf({})).toBe('redis://127.0.0.1:6379');
  });
});

describe('bad settings', () => {
  it.each([
    ['http://h', /must be embedded, redis:/],
    ['localhost:6379', /must be embedded, redis:/],
    ['', /must be embedded/],
    ['redis://', /not a valid address/],
    ['redis://h:70000', /not a valid address/],
    ['redis://h:0', /port from 1/],
    ['redis://h/one', /database number/],
    ['redis://h/12345678', /database number/],
    ['redis://h#x', /%23/],
    ['redis://h?ca=/x', /only \?db=/],
    ['rediss://h?tls=no', /only \?ca= and \?db=/],
    ['rediss://h?ca=/does/not/exist.pem', /cannot be read: \/does/],
    ['redis://:%zz@h', /%25/],
    ['redis://user@h', /no password/],
    ['unix:relative.sock', /full path/],
    ['unix:///r.sock?db=-1', /whole number/],
  ])('refuses %s with a message that says what to change', (flag, message) => {
    const error = refusal(() => readRedisSettings({ flag, env: {} }));
    expect(error).toMatchObject({ code: 'BAD_REDIS_SETTINGS', exitCode: 3 });
    expect(error.message).toMatch(message);
  });

  it.each([
    [{ REDIS_PORT: 'abc' }, /REDIS_PORT/],
    [{ REDIS_DB: '-1' }, /REDIS_DB/],
    [{ REDIS_HOST: 'redis://h' }, /REDIS_URL/],
  ])('refuses the environment %o', (env, message) => {
    expect(refusal(() => readRedisSettings({ env })).message).toMatch(message);
  });

  it('never shows a password, in an error or in an address, however the address is broken', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9]{12,20}$/);
    const around = fc.constantFrom('', '/', '#', '?', '@', ':', '%', ' ', '&');
    const url = fc.constantFrom('redis://', 'rediss://', 'unix://', 'http://', 'redis:');
    fc.assert(
      fc.property(url, around, secret, around, (scheme, before, password, after) => {
        const flag = `${scheme}user:${before}${password}${after}@host:6379/path`;
        let shown: string;
        try {
          const settings = readRedisSettings({ flag, env: {} });
          shown = settings.kind === 'external' ? settings.address : '';
        } catch (error) {
          const { message, facts, cause } = error as TenhertzError;
          shown = JSON.stringify([message, facts, String(cause)]);
        }
        // The host can be what a stray separator made of it; the address never carries the login.
        expect(shown).not.toContain(password);
      }),
      { numRuns: 500 },
    );
  });
});
