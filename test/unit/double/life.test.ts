import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DoubleApp } from '../../double/app.ts';
import { KnownEvents } from '../../double/events.ts';
import { mainWorldTexts, preparePreload, readPreload } from '../../double/preload.ts';
import { until } from '../../support/redis-server.ts';
import { onePixel, start } from './start-double.ts';

const nothing = (): Promise<void> => Promise.resolve();

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'th-double-unit-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

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
    const alone = new DoubleApp(nothing);
    const quit = vi.fn();
    alone.on('quit', quit);
    alone.windowsGone();
    await until(() => quit.mock.calls.length > 0, 1_000, 'it did not quit');
    const kept = new DoubleApp(nothing);
    const gone = vi.fn();
    kept.on('window-all-closed', gone).on('quit', () => expect.unreachable());
    kept.windowsGone();
    expect(gone).toHaveBeenCalledOnce();
  });
});

describe('the single instance', () => {
  it('is the first to ask; a second is told no', () => {
    const first = start();
    const second = start();
    expect(() => first.electron.app.requestSingleInstanceLock()).toThrow('setPath');
    for (const { electron } of [first, second]) electron.app.setPath('userData', folder);
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
    const double = start();
    const { electron, reports } = double;
    double.becomeReady();
    const tray = new electron.Tray(onePixel(electron));
    const clicked = vi.fn<(what: string) => void>();
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
    double.obey({ kind: 'tray-click' });
    double.obey({ kind: 'tray-click', label: 'Open' });
    expect(clicked.mock.calls).toEqual([['icon'], ['Open']]);
    expect(() => double.obey({ kind: 'tray-click', label: 'state' })).toThrow('nothing to click');
    electron.app.exit(0);
  });

  it('is not there on a desktop without one', () => {
    const { electron, becomeReady } = start({ tray: false });
    becomeReady();
    expect(() => new electron.Tray(onePixel(electron))).toThrow('there is no tray here');
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
