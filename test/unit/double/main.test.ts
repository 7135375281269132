import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DoubleApp } from '../../double/app.ts';
import { createDouble } from '../../double/create-double.ts';
import { pack, unpack } from '../../double/carry.ts';
import type { Report } from '../../double/control.ts';
import { KnownEvents } from '../../double/events.ts';
import { DoubleIpc } from '../../double/ipc-main.ts';
import { mainWorldTexts, preparePreload, readPreload } from '../../double/preload.ts';
import { until } from '../../support/redis-server.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'th-double-unit-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start(options: { tray?: boolean } = {}) {
  const reports: Report[] = [];
  const end = vi.fn();
  const double = createDouble({
    end,
    tray: options.tray ?? true,
    report: report => reports.push(report),
    startBrowser: () => Promise.reject(new Error('no browser in a unit test')),
  });
  return { ...double, end, reports };
}

const scheme = { scheme: 'app', privileges: {} };
const bitmap = (electron: ReturnType<typeof start>['electron']) =>
  electron.nativeImage.createFromBitmap(Buffer.alloc(4), { width: 1, height: 1 });

describe('before the app is ready', () => {
  it('there is no window, no tray, no session and no handler of a scheme', () => {
    const { electron } = start();
    expect(() => new electron.BrowserWindow()).toThrow('Cannot create BrowserWindow before app is ready');
    expect(() => new electron.Tray(bitmap(electron))).toThrow('Cannot create Tray before app is ready');
    expect(() => electron.session.defaultSession).toThrow('Session can only be received when app is ready');
    expect(() => electron.protocol.handle('app', () => new Response())).toThrow('when app is ready');
    electron.app.exit(0);
  });

  it('schemes are registered, and only then', () => {
    const { electron, becomeReady } = start();
    electron.protocol.registerSchemesAsPrivileged([scheme]);
    expect(() => electron.protocol.registerSchemesAsPrivileged([scheme])).toThrow('not in the double');
    becomeReady();
    expect(() => electron.protocol.registerSchemesAsPrivileged([scheme])).toThrow('before app is ready');
    electron.app.exit(0);
  });

  it('nobody who waits for it is called', async () => {
    const { electron, becomeReady } = start();
    let ready = false;
    void electron.app.whenReady().then(() => (ready = true));
    await Promise.resolve();
    expect([ready, electron.app.isReady()]).toEqual([false, false]);
    becomeReady();
    await electron.app.whenReady();
    expect([ready, electron.app.isReady()]).toEqual([true, true]);
    electron.app.exit(0);
  });
});

describe('what the double lacks', () => {
  it('is said by name, for modules, members, events, options and preferences alike', () => {
    const { electron, becomeReady } = start();
    becomeReady();
    const anything = electron as unknown as Record<string, Record<string, unknown>>;
    expect(() => anything['shell']).toThrow('electron.shell is not in the double');
    expect(() => anything['app']?.['getLocale']).toThrow('electron.app.getLocale is not in the double');
    expect(() => electron.app.on('browser-window-focus', () => undefined)).toThrow(
      'event "browser-window-focus"',
    );
    expect(() => electron.app.setPath('logs', '/x')).toThrow('setPath("logs")');
    expect(() => new electron.BrowserWindow({ frame: false } as never)).toThrow('frame is not in the double');
    expect(() => new electron.BrowserWindow({ webPreferences: { sandbox: false } })).toThrow(
      'sandbox: false',
    );
    expect(() => new electron.BrowserWindow({ webPreferences: { partition: 'x' } })).toThrow('partition');
    expect(() => electron.Menu.buildFromTemplate([{ role: 'quit' } as never])).toThrow('role');
    electron.app.exit(0);
  });
});

describe('what Electron refuses', () => {
  it('is refused: a menu entry without a name, a picture of the wrong size, a relative preload', () => {
    const { electron, becomeReady } = start();
    becomeReady();
    expect(() => electron.Menu.buildFromTemplate([{}])).toThrow('Invalid template for MenuItem');
    expect(() => electron.nativeImage.createFromBitmap(Buffer.alloc(3), { width: 1, height: 1 })).toThrow(
      'size',
    );
    expect(() => new electron.Tray({} as never)).toThrow('NativeImage');
    expect(() => new electron.BrowserWindow({ webPreferences: { preload: 'x.cjs' } })).toThrow(
      'absolute path',
    );
    electron.app.exit(0);
  });

  it('is refused: a second handler of a channel or a scheme', () => {
    const { electron, becomeReady } = start();
    electron.protocol.registerSchemesAsPrivileged([scheme]);
    becomeReady();
    electron.protocol.handle('app', () => new Response());
    expect(() => electron.protocol.handle('app', () => new Response())).toThrow(
      'The scheme has been registered',
    );
    expect(() => electron.protocol.handle('file', () => new Response())).toThrow('unprivileged scheme');
    electron.ipcMain.handle('c', () => 1);
    expect(() => electron.ipcMain.handle('c', () => 1)).toThrow('second handler');
    electron.app.exit(0);
  });

  it('is refused: an address without a handler, or of a file that is not there', async () => {
    const { electron, becomeReady } = start();
    becomeReady();
    const window = new electron.BrowserWindow({ show: false });
    await expect(window.loadURL('app://x/')).rejects.toThrow('ERR_UNKNOWN_URL_SCHEME (-302)');
    await expect(window.loadURL('file:///nowhere/index.html')).rejects.toThrow('ERR_FILE_NOT_FOUND (-6)');
    await expect(window.loadURL('https://example.org')).rejects.toThrow('not in the double');
    electron.app.exit(0);
  });
});

describe('the way from the page to the main process', () => {
  it('answers, reduces errors to their text, and cannot carry what cannot be cloned', async () => {
    const ipc = new DoubleIpc();
    const { handle } = ipc.facade();
    handle('echo', (_event, ...args) => args);
    handle('fail', () => Promise.reject(Object.assign(new Error('no'), { code: 'LOST' })));
    handle('fn', () => () => 1);
    const answer = await ipc.ask({}, 'echo', pack([1, { a: 2 }]));
    expect(answer.ok && unpack(answer.text)).toEqual([1, { a: 2 }]);
    expect(await ipc.ask({}, 'fail', pack([]))).toEqual({ ok: false, text: 'Error: no' });
    expect(await ipc.ask({}, 'fn', pack([]))).toEqual({
      ok: false,
      text: 'Error: An object could not be cloned.',
    });
    expect(await ipc.ask({}, 'nobody', pack([]))).toMatchObject({
      text: "Error: No handler registered for 'nobody'",
    });
  });
});

describe('a preload', () => {
  const write = (name: string, source: string): string => {
    const path = join(folder, name);
    writeFileSync(path, source);
    return path;
  };

  it('that is an ES module, or is not there, is an error', async () => {
    for (const path of [
      write('index.mjs', "import { contextBridge } from 'electron';"),
      write('export.js', 'export const x = 1;'),
      join(folder, 'missing.cjs'),
    ]) {
      expect(readPreload(path)).toHaveProperty('error');
      expect(await preparePreload(path)).toHaveProperty('error');
    }
  });

  it('that is a script becomes one for the page, with the functions it runs there outside their closure', async () => {
    const path = write(
      'index.cjs',
      "const { contextBridge } = require('electron'); const near = 1; contextBridge.executeInMainWorld({ func: () => near });",
    );
    expect(mainWorldTexts(readFileSync(path, 'utf8'))).toEqual(['() => near']);
    const prepared = await preparePreload(path);
    expect('script' in prepared && prepared.script).toContain('["() => near", (() => near)]');
  });

  it('that throws at once still reaches the page, which says so', async () => {
    const path = write('throws.cjs', "throw new Error('early');");
    expect(await preparePreload(path)).toHaveProperty('script');
  });
});

describe('the end of the app', () => {
  it('asks before-quit, which can refuse', () => {
    const { electron, end } = start();
    const asked = vi.fn((event: { preventDefault(): void }) => event.preventDefault());
    electron.app.on('before-quit', asked as unknown as () => void);
    electron.app.quit();
    expect(asked).toHaveBeenCalledOnce();
    expect(end).not.toHaveBeenCalled();
    electron.app.exit(0);
  });

  it('by quit goes through will-quit and quit, by exit at once, and ends once', async () => {
    const { electron, end } = start();
    const seen: string[] = [];
    for (const name of ['before-quit', 'will-quit', 'quit']) electron.app.on(name, () => seen.push(name));
    electron.app.quit();
    await until(() => end.mock.calls.length > 0, 1_000, 'it did not end');
    electron.app.exit(3);
    electron.app.quit();
    expect(seen.slice(0, 3)).toEqual(['before-quit', 'will-quit', 'quit']);
    expect(end.mock.calls).toEqual([[0]]);
  });

  it('closes the windows on the way, which is no reason to quit again', async () => {
    const { electron, becomeReady, end } = start();
    becomeReady();
    const closed = vi.fn();
    const asked = vi.fn();
    new electron.BrowserWindow({ show: false }).on('closed', closed);
    electron.app.on('before-quit', asked);
    electron.app.quit();
    await until(() => end.mock.calls.length > 0, 1_000, 'it did not end');
    expect(closed).toHaveBeenCalledOnce();
    expect(asked).toHaveBeenCalledOnce();
  });

  it('comes by itself when the last window goes, unless somebody listens for that', async () => {
    const alone = new DoubleApp(() => Promise.resolve());
    const quit = vi.fn();
    alone.on('quit', quit);
    alone.windowsGone();
    await until(() => quit.mock.calls.length > 0, 1_000, 'it did not quit');
    const kept = new DoubleApp(() => Promise.resolve());
    const gone = vi.fn();
    kept.on('window-all-closed', gone).on('quit', () => expect.unreachable());
    kept.windowsGone();
    expect(gone).toHaveBeenCalledOnce();
  });
});

describe('the single instance', () => {
  it('is the first to ask; a second is told no and the first hears of it', async () => {
    const first = start();
    const second = start();
    const heard = vi.fn();
    expect(() => first.electron.app.requestSingleInstanceLock()).toThrow('setPath');
    for (const { electron } of [first, second]) electron.app.setPath('userData', folder);
    first.electron.app.on('second-instance', heard);
    expect(first.electron.app.requestSingleInstanceLock()).toBe(true);
    // Another process holds it: our parent stands for one that is alive.
    first.electron.app.exit(0);
    writeFileSync(join(folder, 'double.lock'), String(process.ppid));
    expect(second.electron.app.requestSingleInstanceLock()).toBe(false);
    second.electron.app.exit(0);
  });

  it('hears of the second, and takes over from one that died', async () => {
    const { electron } = start();
    writeFileSync(join(folder, 'double.lock'), '999999999');
    electron.app.setPath('userData', folder);
    expect(electron.app.requestSingleInstanceLock()).toBe(true);
    const heard = vi.fn();
    electron.app.on('second-instance', heard);
    writeFileSync(join(folder, 'double-second-1'), JSON.stringify(['electron', 'main', '--demo']));
    await until(() => heard.mock.calls.length > 0, 2_000, 'nobody heard of it');
    expect(heard.mock.calls[0]?.[1]).toEqual(['electron', 'main', '--demo']);
    electron.app.exit(0);
  });
});

describe('the tray', () => {
  it('reports what it shows and can be clicked', () => {
    const { electron, becomeReady, reports, obey } = start();
    becomeReady();
    const tray = new electron.Tray(bitmap(electron));
    const clicked = vi.fn();
    tray.on('click', () => clicked('icon'));
    tray.setToolTip('fine');
    tray.setContextMenu(
      electron.Menu.buildFromTemplate([
        { label: 'state', enabled: false },
        { type: 'separator' },
        { label: 'Open', click: () => clicked('Open') },
      ]),
    );
    const shown = reports.at(-1);
    expect(shown?.kind === 'tray' && shown.view).toMatchObject({
      tooltip: 'fine',
      menu: [
        { label: 'state', enabled: false },
        { label: 'Open', enabled: true },
      ],
    });
    obey({ kind: 'tray-click' });
    obey({ kind: 'tray-click', label: 'Open' });
    expect(clicked.mock.calls).toEqual([['icon'], ['Open']]);
    expect(() => obey({ kind: 'tray-click', label: 'state' })).toThrow('nothing to click');
    electron.app.exit(0);
  });

  it('is not there on a desktop without one', () => {
    const { electron, becomeReady } = start({ tray: false });
    becomeReady();
    expect(() => new electron.Tray(bitmap(electron))).toThrow('there is no tray here');
    electron.app.exit(0);
  });
});

describe('a message for the person', () => {
  it('is reported', () => {
    const { electron, reports } = start();
    vi.spyOn(process.stderr, 'write').mockReturnValueOnce(true);
    electron.dialog.showErrorBox('title', 'content');
    expect(reports).toEqual([{ kind: 'dialog', title: 'title', content: 'content' }]);
    electron.app.exit(0);
  });
});

describe('an event', () => {
  it('is heard once or always, and only if it can come', () => {
    const events = new KnownEvents('electron.Thing', ['a']);
    const heard = vi.fn();
    events.once('a', heard).on('a', heard);
    events.fire('a');
    events.fire('a');
    expect(heard).toHaveBeenCalledTimes(3);
    expect(() => events.on('b', heard)).toThrow('electron.Thing event "b"');
  });
});
