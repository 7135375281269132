import { describe, expect, it } from 'vitest';
import { pack, unpack } from '../../double/carry.ts';
import { DoubleIpc } from '../../double/ipc-main.ts';
import { onePixel, start } from './start-double.ts';

const scheme = { scheme: 'app', privileges: {} };

describe('before the app is ready', () => {
  it('there is no window, no tray, no session and no handler of a scheme', () => {
    const { electron } = start();
    expect(() => new electron.BrowserWindow()).toThrow('Cannot create BrowserWindow before app is ready');
    expect(() => new electron.Tray(onePixel(electron))).toThrow('Cannot create Tray before app is ready');
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
