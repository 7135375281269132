import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasDisplay } from '../../../src/main/cli/host.ts';
import { openCommand } from '../../../src/main/cli/open-browser.ts';
import { TenhertzError } from '../../../src/main/engine/errors.ts';
import { makeHost } from './fake-host.ts';

let host: ReturnType<typeof makeHost>;
beforeEach(() => {
  host = makeHost();
});
afterEach(() => host.remove());

describe('the program', () => {
  it('tells its version and its commands', async () => {
    expect(await host.run('--version')).toBe(0);
    expect(host.process.out).toBe('9.9.9\n');
    expect(await host.run('--help')).toBe(0);
    for (const word of [
      'serve',
      'updater',
      '--updater',
      '--data-dir',
      '--redis',
      '--source',
      '--tokens',
      '--demo',
    ]) {
      expect(host.process.out).toContain(word);
    }
    expect(host.made).toEqual([]);
  });

  it('lists the shared flags in the help of a command too', async () => {
    expect(await host.run('serve', '--help')).toBe(0);
    for (const word of ['--port', '--no-open', '--data-dir', '--log-level'])
      expect(host.process.out).toContain(word);
  });

  it.each([
    [['frobnicate']],
    [['serve', '--nonsense']],
    [['serve', 'more']],
    [['--redis']],
    [['serve', '--port', 'x']],
    [['serve', '--port', '65536']],
    [['serve', '--port', '-1']],
  ])('%j is wrong usage: exit code 2, a message, no stack trace, nothing started', async argv => {
    expect(await host.run(...argv)).toBe(2);
    expect(host.process.err).toMatch(/^error: /);
    expect(host.process.err).not.toContain('    at ');
    expect(host.made).toEqual([]);
  });

  it.each([
    [['serve', '--host', '0.0.0.0'], /needs TLS and a password/],
    [['serve', '--log-level', 'loud'], /--log-level must be one of/],
    [['updater', '--tokens', ','], /--tokens has an empty name/],
  ])('%j is wrong configuration: exit code 3, what to change, no stack trace', async (argv, message) => {
    expect(await host.run(...argv)).toBe(3);
    expect(host.process.err).toMatch(message);
    expect(host.process.err).not.toContain('    at ');
    expect(host.made).toEqual([]);
  });

  it('passes on the exit code of a known error, and stops what was started', async () => {
    host.engine.onStart = () =>
      Promise.reject(new TenhertzError('REDIS_MISSING', 'Install it.', { exitCode: 4 }));
    expect(await host.run('updater')).toBe(4);
    expect(host.process.err).toBe('tenhertz: Install it.\n');
    expect(host.engine.stopped).toBe(1);
  });

  it('shows where an unexpected error comes from, and ends with 1', async () => {
    host.engine.onStart = () => Promise.reject(new Error('unexpected'));
    expect(await host.run('updater')).toBe(1);
    expect(host.process.err).toContain('Error: unexpected\n    at ');
    host.process.err = '';
    host.engine.onStart = () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- what is thrown need not be an Error
      throw 'just text';
    };
    expect(await host.run('updater')).toBe(1);
    expect(host.process.err).toContain('just text');
  });

  it('tells the first error even when stopping fails as well', async () => {
    host.engine.onStart = () =>
      Promise.reject(new TenhertzError('REDIS_MISSING', 'Install it.', { exitCode: 4 }));
    host.engine.onStop = () => Promise.reject(new Error('cannot stop'));
    expect(await host.run('updater')).toBe(4);
    expect(host.process.err).toBe('tenhertz: Install it.\n');
  });
});

describe('what is opened', () => {
  it('is the system browser, by the means of each system', () => {
    expect(openCommand('linux', 'u')).toEqual(['xdg-open', ['u']]);
    expect(openCommand('darwin', 'u')).toEqual(['open', ['u']]);
    expect(openCommand('win32', 'u')).toEqual(['cmd.exe', ['/c', 'start', '', 'u']]);
  });

  it('needs a display, which Windows and macOS always have', () => {
    expect(hasDisplay({ platform: 'linux', env: {} })).toBe(false);
    expect(hasDisplay({ platform: 'linux', env: { DISPLAY: ':0' } })).toBe(true);
    expect(hasDisplay({ platform: 'linux', env: { WAYLAND_DISPLAY: 'wayland-0' } })).toBe(true);
    expect(hasDisplay({ platform: 'darwin', env: {} })).toBe(true);
    expect(hasDisplay({ platform: 'win32', env: {} })).toBe(true);
  });
});

describe('bin/tenhertz.mjs', () => {
  const launch = async (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> => {
    mkdirSync(join(host.rootDir, 'bin'), { recursive: true });
    const script = join(host.rootDir, 'bin', 'tenhertz.mjs');
    copyFileSync(join(import.meta.dirname, '../../../bin/tenhertz.mjs'), script);
    try {
      return { code: 0, ...(await promisify(execFile)(process.execPath, [script, ...args])) };
    } catch (error) {
      return error as { code: number; stdout: string; stderr: string };
    }
  };

  it('says plainly how to build what is not built', async () => {
    const { code, stderr } = await launch('serve');
    expect(code).toBe(4);
    expect(stderr).toContain('npm run build');
    expect(stderr).not.toContain('    at ');
  });

  it('runs what is built, with its arguments', async () => {
    mkdirSync(join(host.rootDir, 'out', 'main'), { recursive: true });
    writeFileSync(
      join(host.rootDir, 'out', 'main', 'tenhertz.js'),
      "console.log(process.argv.slice(2).join(' '));",
    );
    expect(await launch('serve', '--demo')).toMatchObject({ code: 0, stdout: 'serve --demo\n' });
  });
});
