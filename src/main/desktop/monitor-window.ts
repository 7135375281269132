import { join } from 'node:path';
import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron';
import type { Clock } from '../engine/clock.ts';
import type { Logger } from '../engine/logger.ts';
import { MONITOR_URL } from './app-scheme.ts';
import type { Door } from './door.ts';
import { allowPaneWindows, lockPage, PAGE_PREFERENCES } from './hardening.ts';

/** A page that crashes sooner than this after its last start would only crash again. */
const RELOAD_AT_MOST_EVERY_MS = 10_000;

/** The one window of the app. */
export interface MonitorWindow {
  /** Brings it to the front; makes it when it is not there. */
  show(): void;
  /** Whether it is there, on the screen or minimised. */
  isOpen(): boolean;
}

/** Prepares the window; the first {@link MonitorWindow.show} creates it. Only then is a renderer process started. */
export function createMonitorWindow(deps: {
  BrowserWindow: new (options: BrowserWindowConstructorOptions) => BrowserWindow;
  door: Door;
  log: Logger;
  clock: Clock;
  /** The built program: `preload/index.cjs` is in it. */
  outDir: string;
}): MonitorWindow {
  const { door, log, clock } = deps;
  let open: BrowserWindow | undefined;

  const create = (): BrowserWindow => {
    const window = new deps.BrowserWindow({
      title: 'Tenhertz',
      width: 1440,
      height: 900,
      minWidth: 640,
      minHeight: 480,
      show: false,
      backgroundColor: '#0e1116',
      webPreferences: { ...PAGE_PREFERENCES, preload: join(deps.outDir, 'preload', 'index.cjs') },
    });
    const contents = window.webContents;
    let loadedAt = clock.monotonic();
    lockPage(contents);
    const closePanes = allowPaneWindows(contents);
    door.admit(contents);
    contents.on('preload-error', (_event, path, error) =>
      log.error({ err: error, path }, 'the preload failed'),
    );
    contents.on('render-process-gone', (_event, { reason, exitCode }) => {
      log.error({ reason, exitCode }, 'the page ended unexpectedly');
      if (clock.monotonic() - loadedAt < RELOAD_AT_MOST_EVERY_MS) return;
      loadedAt = clock.monotonic();
      contents.reload();
    });
    window.once('ready-to-show', () => window.show());
    window.on('closed', () => {
      closePanes();
      open = undefined;
    });
    window
      .loadURL(MONITOR_URL)
      .catch((error: unknown) => log.error({ err: error }, 'the monitor did not load'));
    return window;
  };

  return {
    isOpen: () => open !== undefined,
    show() {
      if (open === undefined) {
        open = create();
        return;
      }
      if (open.isMinimized()) open.restore();
      open.show();
      open.focus();
    },
  };
}
