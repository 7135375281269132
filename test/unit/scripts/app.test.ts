import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { appCommand, readyMessage, signalFilter } from '../../../scripts/lib/app.mjs';
import { ensureElectron, findElectron, hasDisplay, mayTryDownload } from '../../../scripts/lib/electron.mjs';
import { OLDEST_NODE, refuseNode } from '../../../scripts/lib/node-version.mjs';
import packageJson from '../../../package.json' with { type: 'json' };

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'th-app-'));
  mkdirSync(join(root, 'node_modules/electron/dist'), { recursive: true });
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(root, { recursive: true, force: true });
});

describe('the Node version', () => {
  it('is the one package.json asks for', () => {
    expect(packageJson.engines.node).toBe(`>=${OLDEST_NODE.replace(/\.0$/, '')}`);
  });

  it.each(['20.19.0', '20.20.2', '22.0.0', '25.1.0'])('%s is new enough', version => {
    expect(refuseNode(version)).toBeUndefined();
  });

  it.each(['20.18.9', '18.20.0', '20'])('%s is refused with what to do', version => {
    expect(refuseNode(version)).toMatch(/needs Node 20\.19\.0 or newer; this is Node .*nodejs\.org/);
  });
});

describe('what shows the monitor', () => {
  const facts = { root: '/th', args: ['--demo'], electron: undefined, display: false };

  it('is Electron with all arguments where it is there', () => {
    expect(appCommand({ ...facts, electron: '/e/electron', display: true })).toEqual({
      ...{ command: '/e/electron', args: ['/th', '--demo'], host: 'desktop' },
    });
  });

  it('is the gateway otherwise; without a display no browser is opened', () => {
    expect(appCommand(facts).args).toEqual(['/th/bin/tenhertz.mjs', 'serve', '--demo', '--no-open']);
    expect(appCommand({ ...facts, display: true }).args).toEqual(['/th/bin/tenhertz.mjs', 'serve', '--demo']);
    expect(appCommand({ ...facts, args: ['--no-open'] }).args).toEqual([
      '/th/bin/tenhertz.mjs',
      'serve',
      '--no-open',
    ]);
  });

  it('is the updater alone when asked for', () => {
    expect(appCommand({ ...facts, args: ['--updater', '--demo'] }).args).toEqual([
      ...['/th/bin/tenhertz.mjs', 'updater', '--demo'],
    ]);
  });
});

describe('the ready line', () => {
  it('is told to a person with its address', () => {
    const line = '{"event":"ready","url":"http://127.0.0.1:4100/?token=abc"}';
    expect(readyMessage(line)).toContain(
      'Tenhertz is running: http://127.0.0.1:4100/?token=abc\n  (Ctrl+C stops it)',
    );
    expect(readyMessage('{"event":"ready"}')).toContain('Tenhertz is running. (Ctrl+C stops it)');
  });

  it.each(['', 'ready', '{"event":"other"}', '{broken', '{"url":"http://x"}'])('is not %s', line => {
    expect(readyMessage(line)).toBeUndefined();
  });
});

describe('signals', () => {
  it('reach the app once, though npm repeats them at once; a later one is passed on again', () => {
    let now = 0;
    const passes = signalFilter({ terminal: false, now: () => now });
    expect(passes('SIGINT')).toBe(true);
    now = 20;
    expect(passes('SIGINT')).toBe(false);
    expect(passes('SIGTERM')).toBe(true);
    now = 3_000;
    expect(passes('SIGINT')).toBe(true);
  });

  it('leave Ctrl+C to the terminal, which sends it to the app itself', () => {
    const passes = signalFilter({ terminal: true });
    expect(passes('SIGINT')).toBe(false);
    expect(passes('SIGTERM')).toBe(true);
  });

  it.each([
    ['SIGTERM', "process.on('SIGTERM', () => process.exit(5)); setInterval(() => {}, 1e3); ", 5],
    ['SIGINT', 'setInterval(() => {}, 1e3); ', 130],
    ['SIGTERM', 'setInterval(() => {}, 1e3); ', 143],
  ] as const)('%s ends the app and its code is ours', async (signal, script, code) => {
    const ready = `${script}console.log('{"event":"ready","url":"http://here/"}')`;
    const module = join(import.meta.dirname, '../../../scripts/lib/app.mjs');
    const text = `import { runApp } from ${JSON.stringify(module)};
      const app = { command: process.execPath, args: ['-e', ${JSON.stringify(ready)}] };
      process.exitCode = await runApp(app, { cwd: '.', env: {}, terminal: false });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', text], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let output = '';
    child.stdout.on('data', (data: Buffer) => {
      if (!output.includes('running') && (output += data.toString()).includes('running')) child.kill(signal);
    });
    expect(await once(child, 'exit')).toEqual([code, null]);
    expect(output).toContain('Tenhertz is running: http://here/');
  });

  it('end the app when npm, which ran us, was ended and with it only its shell', async () => {
    const lib = join(import.meta.dirname, '../../../scripts/lib');
    const app = `console.log('{"event":"ready","url":"http://' + process.pid + '/"}'); setInterval(() => {}, 1e3)`;
    const text = `import { runApp } from '${lib}/app.mjs'; import { endWithNpm } from '${lib}/run.mjs';
      endWithNpm({ env: { npm_lifecycle_event: 'start' }, everyMs: 20 });
      await runApp({ command: process.execPath, args: ['-e', ${JSON.stringify(app)}] }, { cwd: '.', env: {}, terminal: false });`;
    writeFileSync(join(root, 'start.mjs'), text);
    const shell = spawn('sh', ['-c', `"${process.execPath}" "${root}/start.mjs"; true`], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let output = '';
    shell.stdout.on('data', (data: Buffer) => (output += data.toString()));
    await vi.waitFor(() => expect(output).toContain('running'), 5_000);
    shell.kill('SIGTERM');
    const pid = Number(/running: http:\/\/(\d+)/.exec(output)?.[1]);
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), 5_000);
  });

  it('a program that cannot be started is an error, not a crash', async () => {
    const { runApp } = await import('../../../scripts/lib/app.mjs');
    const error = vi.spyOn(console, 'error').mockReturnValue();
    const app = { command: join(root, 'none'), args: [] };
    expect(await runApp(app, { cwd: root, env: {} })).toBe(1);
    expect(error).toHaveBeenCalledWith(expect.stringContaining('could not be started'));
  });
});

describe('Electron', () => {
  const install = (): void => {
    writeFileSync(join(root, 'node_modules/electron/path.txt'), 'electron');
    writeFileSync(join(root, 'node_modules/electron/dist/electron'), '', { mode: 0o755 });
  };

  it('is found by its files, and not when only half of them are there', () => {
    expect(findElectron(root, {})).toBeUndefined();
    writeFileSync(join(root, 'node_modules/electron/path.txt'), 'electron');
    expect(findElectron(root, {})).toBeUndefined();
    install();
    expect(findElectron(root, {})).toBe(join(root, 'node_modules/electron/dist/electron'));
    expect(findElectron(root, { ELECTRON_OVERRIDE_DIST_PATH: join(root, 'other') })).toBeUndefined();
  });

  it('is downloaded when that can be had', async () => {
    const download = vi.fn(() => {
      install();
      return Promise.resolve({ code: 0 });
    });
    const reach = vi.fn(() => Promise.resolve(true));
    const env = { ELECTRON_MIRROR: 'http://mirror/' };
    expect(await ensureElectron(root, { env, reach, download })).toMatch(/electron$/);
    expect(reach).toHaveBeenCalledWith('http://mirror/');
    expect(await ensureElectron(root, { env, reach, download })).toMatch(/electron$/);
    expect(download).toHaveBeenCalledTimes(1);
  });

  it('is not asked for again within a day after it could not be had', async () => {
    const reach = vi.fn(() => Promise.resolve(false));
    const download = vi.fn(() => Promise.resolve({ code: 1 }));
    const day = 24 * 60 * 60 * 1000;
    const at = (now: number) => ensureElectron(root, { env: {}, now, reach, download });
    expect(await at(1)).toBeUndefined();
    expect(await at(day)).toBeUndefined();
    expect(reach).toHaveBeenCalledTimes(1);
    reach.mockResolvedValue(true);
    expect(await at(day + 1)).toBeUndefined();
    expect(download).toHaveBeenCalledTimes(1);
    expect(mayTryDownload('nonsense', 0)).toBe(true);
  });

  it('counts a mirror that does not answer as one that cannot be had', async () => {
    const download = vi.fn(() => Promise.resolve({ code: 0 }));
    expect(
      await ensureElectron(root, { env: { ELECTRON_MIRROR: 'http://127.0.0.1:9/' }, download }),
    ).toBeUndefined();
    expect(download).not.toHaveBeenCalled();
  });

  it('needs a display on Linux and has one elsewhere', () => {
    expect(hasDisplay({}, 'linux')).toBe(false);
    expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true);
    expect(hasDisplay({ WAYLAND_DISPLAY: 'w' }, 'linux')).toBe(true);
    expect(hasDisplay({}, 'darwin')).toBe(true);
    expect(hasDisplay({}, 'win32')).toBe(true);
  });
});
