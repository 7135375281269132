import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { claimDataDir, readStart } from '../../../src/main/desktop/claim.ts';
import { setUpEnding } from '../../../src/main/desktop/ending.ts';
import { allowPaneWindows, denyPermissions, lockPage } from '../../../src/main/desktop/hardening.ts';
import { TenhertzError } from '../../../src/main/engine/errors.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { ManualClock } from '../../support/manual-clock.ts';

let dataDir: string;
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'th-desktop-'));
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

describe('the start', () => {
  const read = (...args: string[]) => {
    const exit = vi.fn();
    const written: string[] = [];
    const argv = ['electron', 'main', ...args];
    const stderr = { write: (text: string) => written.push(text) };
    return { start: readStart({ app: { exit }, process: { argv, env: {}, stderr } }), exit, written };
  };

  it('reads flags', () => {
    const { start, exit } = read('--data-dir', dataDir, '--demo', '--updater');
    expect(start).toMatchObject({ updaterOnly: true, settings: { dataDir, demo: true } });
    expect(exit).not.toHaveBeenCalled();
  });

  it('with a mistake in them says so without a stack trace and ends with its code', () => {
    const { start, exit, written } = read('--data-dir', dataDir, '--log-level', 'loud');
    expect(start).toBeUndefined();
    expect(exit).toHaveBeenCalledWith(3);
    expect(written.join('')).toMatch(/^tenhertz: --log-level must be one of .*\n$/);
  });

  it('keeps the profile, and with it the lock, in the data directory; a second start ends', () => {
    const app = {
      setName: vi.fn(),
      setPath: vi.fn(),
      exit: vi.fn(),
      requestSingleInstanceLock: vi.fn(() => true),
    };
    expect(claimDataDir({ app, dataDir })).toBe(true);
    expect(app.setPath).toHaveBeenCalledWith('userData', join(dataDir, 'desktop'));
    expect(app.exit).not.toHaveBeenCalled();
    app.requestSingleInstanceLock.mockReturnValue(false);
    expect(claimDataDir({ app, dataDir })).toBe(false);
    expect(app.exit).toHaveBeenCalledWith(0);
  });
});

describe('the page', () => {
  it('may not navigate, open windows, hold a webview or get a permission', () => {
    const listeners = new Map<string, (event: { preventDefault(): void }) => void>();
    let openHandler: (details: never) => { action: string } = () => ({ action: 'allow' });
    lockPage({
      setWindowOpenHandler: (handler: typeof openHandler) => void (openHandler = handler),
      on: (event: string, listener: (...args: never[]) => void) =>
        listeners.set(event, listener as (event: { preventDefault(): void }) => void),
    });
    expect(openHandler(undefined as never)).toEqual({ action: 'deny' });
    expect([...listeners.keys()].sort()).toEqual([
      'will-attach-webview',
      'will-frame-navigate',
      'will-navigate',
      'will-redirect',
    ]);
    for (const listener of listeners.values()) {
      const preventDefault = vi.fn();
      listener({ preventDefault });
      expect(preventDefault).toHaveBeenCalledOnce();
    }

    const session = { setPermissionRequestHandler: vi.fn(), setPermissionCheckHandler: vi.fn() };
    denyPermissions(session);
    const answer = vi.fn();
    (session.setPermissionRequestHandler.mock.calls[0]?.[0] as (...args: unknown[]) => void)(
      null,
      'media',
      answer,
    );
    expect(answer).toHaveBeenCalledWith(false);
    expect((session.setPermissionCheckHandler.mock.calls[0]?.[0] as () => boolean)()).toBe(false);
  });
});

describe('windows of single panes', () => {
  const setUp = () => {
    const listeners = new Map<string, (...args: unknown[]) => void>();
    let open: (details: { url: string }) => {
      action: string;
      overrideBrowserWindowOptions?: object;
    } = () => ({
      action: 'none',
    });
    const closeAll = allowPaneWindows({
      setWindowOpenHandler: (handler: never) => void (open = handler),
      on: (event: string, listener: (...args: never[]) => void) =>
        listeners.set(event, listener as (...args: unknown[]) => void),
    });
    return { open: (url: string) => open({ url }), listeners, closeAll };
  };

  it('are the only windows a page may open, at exactly one address', () => {
    const { open } = setUp();
    for (const url of [
      'https://example.org/popout.html',
      'app://tenhertz/index.html',
      'app://tenhertz/popout.html?x',
      'app://other/popout.html',
      'app://tenhertz/../popout.html',
      'about:blank',
      'javascript:alert(1)',
      '',
    ])
      expect(open(url), url).toEqual({ action: 'deny' });
    expect(open('app://tenhertz/popout.html')).toMatchObject({
      action: 'allow',
      overrideBrowserWindowOptions: {
        webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false },
      },
    });
  });

  it('are locked themselves, and closed with the monitor', () => {
    const { listeners, closeAll } = setUp();
    const made = ['open', 'gone'].map(state => ({
      webContents: { setWindowOpenHandler: vi.fn(), on: vi.fn() },
      close: vi.fn(),
      isDestroyed: () => state === 'gone',
    }));
    for (const window of made) listeners.get('did-create-window')?.(window);
    const calls = made[0]?.webContents.setWindowOpenHandler.mock.calls as [() => unknown][] | undefined;
    expect(calls?.[0]?.[0]()).toEqual({ action: 'deny' });
    expect(made[0]?.webContents.on).toHaveBeenCalledWith('will-navigate', expect.any(Function));
    closeAll();
    closeAll();
    expect(made.map(window => window.close.mock.calls.length)).toEqual([1, 0]);
  });
});

describe('the end', () => {
  const setUp = (stop: () => Promise<void> = () => Promise.resolve()) => {
    const listeners = new Map<string, (event: { preventDefault(): void }) => void>();
    const signals = new Map<string, (error: unknown) => void>();
    const exit = vi.fn();
    const showErrorBox = vi.fn();
    const written: string[] = [];
    const clock = new ManualClock();
    const stopped = vi.fn(stop);
    const ending = setUpEnding({
      app: { exit, on: (event, listener) => listeners.set(event, listener) },
      dialog: { showErrorBox },
      process: {
        stderr: { write: text => written.push(text) },
        on: (event, listener) => signals.set(event, listener),
      },
      engine: { stop: stopped },
      clock,
      log: silentLogger,
    });
    const quit = () => {
      const preventDefault = vi.fn();
      listeners.get('before-quit')?.({ preventDefault });
      return preventDefault;
    };
    return { ending, exit, showErrorBox, written, clock, stopped, quit, signals };
  };

  it('by quit stops the engine first, once, however often it is asked', async () => {
    const { quit, exit, stopped, clock } = setUp();
    expect(quit()).toHaveBeenCalledOnce();
    expect(exit).not.toHaveBeenCalled();
    quit();
    await clock.advance(0);
    expect(stopped).toHaveBeenCalledOnce();
    expect(exit.mock.calls).toEqual([[0]]);
  });

  it.each(['SIGINT', 'SIGTERM'])('by %s is the same', async signal => {
    const { signals, exit, clock } = setUp();
    signals.get(signal)?.(undefined);
    await clock.advance(0);
    expect(exit.mock.calls).toEqual([[0]]);
  });

  it('does not wait longer than 4.5 s for an engine that hangs', async () => {
    const { quit, exit, clock } = setUp(() => new Promise(() => undefined));
    quit();
    await clock.advance(4_499);
    expect(exit).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(exit).toHaveBeenCalledWith(0);
  });

  it('comes also when the engine cannot stop cleanly', async () => {
    const { quit, exit, clock } = setUp(() => Promise.reject(new Error('no')));
    quit();
    await clock.advance(0);
    expect(exit).toHaveBeenCalledWith(0);
  });

  it('by an error says what on stderr and on screen, and has its exit code', async () => {
    const { ending, exit, showErrorBox, written, clock } = setUp();
    ending.fail(new TenhertzError('REDIS_MISSING', 'Install redis-server.', { exitCode: 4 }));
    ending.fail(new Error('a second one'));
    await clock.advance(0);
    expect(written).toEqual(['tenhertz: Install redis-server.\n']);
    expect(showErrorBox).toHaveBeenCalledWith('Tenhertz cannot go on', 'Install redis-server.');
    expect(exit.mock.calls).toEqual([[4]]);
  });

  it.each(['uncaughtException', 'unhandledRejection'])('by %s has exit code 1', async event => {
    const { signals, exit, clock } = setUp();
    signals.get(event)?.(new Error('unexpected'));
    await clock.advance(0);
    expect(exit.mock.calls).toEqual([[1]]);
  });
});
