import { join } from 'node:path';
import process from 'node:process';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeImage,
  Notification,
  protocol,
  session,
  Tray,
} from 'electron';
import { systemClock } from '../engine/clock.ts';
import { packageVersion } from '../engine/config/package-version.ts';
import { createEngine } from '../engine/create-engine.ts';
import { createLogger } from '../engine/logger.ts';
import { registerScheme, serveRenderer } from './app-scheme.ts';
import { claimDataDir, readStart, type Start } from './claim.ts';
import { openDoor } from './door.ts';
import { setUpEnding } from './ending.ts';
import { denyPermissions } from './hardening.ts';
import { createMonitorWindow } from './monitor-window.ts';
import { showNotifications } from './notifications.ts';
import { createTray } from './tray.ts';

// Nothing here may wait at the top level: Electron is ready only once this file has run to its end.
const start = readStart({ app, process });
if (start !== undefined && claimDataDir({ app, dataDir: start.settings.dataDir })) runApp(start);

/** The whole app, from the pinned scheme to the started engine. */
function runApp({ settings, updaterOnly }: Start): void {
  registerScheme(protocol);
  const root = join(import.meta.dirname, '..', '..');
  const { dataDir } = settings;
  const clock = systemClock;
  const log = createLogger(settings.logLevel);
  const version = packageVersion(root);
  const engine = createEngine({ settings, dataDir, clock, log, host: 'desktop', version });
  const ending = setUpEnding({ app, dialog, process, engine, clock, log });
  const door = openDoor({ ipcMain, engine, log });
  const monitor = createMonitorWindow({ BrowserWindow, door, log, clock, outDir: join(root, 'out') });
  const showMonitor = updaterOnly ? undefined : () => monitor.show();
  app.on('second-instance', () => showMonitor?.());
  app.on('activate', () => showMonitor?.());

  app
    .whenReady()
    .then(async () => {
      denyPermissions(session.defaultSession);
      serveRenderer(protocol, join(root, 'out', 'renderer'));
      const parts = { Tray, Menu, nativeImage, engine, clock, log };
      const tray = createTray({ ...parts, onOpen: showMonitor, onQuit: () => app.quit() });
      // Without a tray nothing could be reached once the window is closed.
      app.on('window-all-closed', () => {
        if (!tray.present) app.quit();
      });
      showNotifications({
        ...{ Notification, engine, clock, log },
        onOpen: showMonitor,
        hasWindow: () => monitor.isOpen(),
      });
      showMonitor?.();
      await engine.start();
      log.info({ dataDir, updaterOnly, tray: tray.present }, 'desktop app started');
    })
    .catch((error: unknown) => ending.fail(error));
}
