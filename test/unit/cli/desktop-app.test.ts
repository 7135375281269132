import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { electronBinary, flagTexts } from '../../../src/main/cli/desktop-app.ts';
import { makeHost } from './fake-host.ts';

let host: ReturnType<typeof makeHost>;
beforeEach(() => {
  host = makeHost();
  host.process.env['DISPLAY'] = ':0';
});
afterEach(() => host.remove());

/** The program that was started, once it was. */
async function started(): Promise<(typeof host.started)[number]> {
  for (;;) {
    const [first] = host.started;
    if (first !== undefined) return first;
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}

describe('tenhertz without a command', () => {
  it('starts the desktop app with the same flags and ends with it', async () => {
    const electron = host.installElectron();
    const ended = host.run('--demo', '--data-dir', '/d d', '--tokens=SOL', '--updater');
    const { command, args, child } = await started();
    expect(command).toBe(electron);
    expect(args).toEqual([
      join(host.rootDir, 'out', 'main', 'index.js'),
      '--data-dir=/d d',
      '--tokens=SOL',
      '--demo',
      '--updater',
    ]);
    child.emit('exit', 0);
    expect(await ended).toBe(0);
    expect(host.made).toEqual([]);
    expect(host.process.listenerCount('SIGINT')).toBe(0);
  });

  it.each([
    [3, 3],
    [9, 1],
    [null, 1],
  ])('passes on exit code %s as %s', async (code, expected) => {
    host.installElectron();
    const ended = host.run();
    (await started()).child.emit('exit', code);
    expect(await ended).toBe(expected);
  });

  it('passes on signals', async () => {
    host.installElectron();
    const ended = host.run();
    const { child } = await started();
    host.process.emit('SIGTERM');
    host.process.emit('SIGINT');
    expect(child.signals).toEqual(['SIGTERM', 'SIGINT']);
    child.emit('exit', 0);
    await ended;
  });

  it('shows an Electron that cannot be started as the unexpected error it is', async () => {
    host.installElectron();
    const ended = host.run();
    (await started()).child.emit('error', new Error('EACCES'));
    expect(await ended).toBe(1);
    expect(host.process.err).toContain('EACCES');
  });

  const reasons: [string, RegExp, () => void][] = [
    ['the app is not built', /not built/, () => rmSync(join(host.rootDir, 'out', 'main', 'index.js'))],
    [
      'there is no binary',
      /not installed/,
      () => rmSync(join(host.rootDir, 'node_modules'), { recursive: true }),
    ],
    ['there is no display', /no display/, () => (host.process.env['DISPLAY'] = '')],
    ['we are root', /other than root/, () => (host.process.getuid = () => 0)],
  ];
  it.each(reasons)('serves the browser instead when %s, and says so', async (_what, message, change) => {
    host.installElectron();
    change();
    const ended = host.run();
    const { port } = await host.ready();
    expect(port).toBeGreaterThan(0);
    expect(host.process.err).toMatch(message);
    expect(host.process.err).toContain('using the browser instead');
    host.process.emit('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('runs the updater alone instead of the tray', async () => {
    const ended = host.run('--updater');
    expect(await host.ready()).toMatchObject({ url: null, port: null });
    expect(host.process.err).toContain('running the updater without a tray');
    host.process.emit('SIGTERM');
    expect(await ended).toBe(0);
  });
});

describe('the Electron binary', () => {
  it('is found where the package put it, or where it is said to be', () => {
    const electron = host.installElectron();
    expect(electronBinary(host.rootDir, undefined)).toBe(electron);
    const elsewhere = join(host.rootDir, 'elsewhere');
    expect(electronBinary(host.rootDir, elsewhere)).toBeUndefined();
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'electron'), '');
    expect(electronBinary(host.rootDir, elsewhere)).toBe(join(elsewhere, 'electron'));
    rmSync(electron);
    expect(electronBinary(host.rootDir, undefined)).toBeUndefined();
    rmSync(join(host.rootDir, 'node_modules'), { recursive: true });
    expect(electronBinary(host.rootDir, elsewhere)).toBe(join(elsewhere, 'electron'));
  });

  it('gets the flags that were given, as they were given', () => {
    expect(flagTexts({ redis: 'unix:///r', source: 'a,b', logLevel: 'warn', demo: false })).toEqual([
      '--redis=unix:///r',
      '--source=a,b',
      '--log-level=warn',
    ]);
  });
});
