import { appFacade, DoubleApp } from './app.ts';
import { startChromium, type Browser } from './chromium.ts';
import { tell, type Order, type Report } from './control.ts';
import { DoubleIpc } from './ipc-main.ts';
import { lacking } from './lacking.ts';
import { DoubleNotifications } from './notifications.ts';
import { DoubleSession } from './protocol.ts';
import { DoubleTray } from './tray.ts';
import { DoubleWindows } from './windows.ts';

/** What a double is made with; a unit test gives its own. */
export interface DoubleOptions {
  /** Ends the process. */
  end(code: number): void;
  /** False: a desktop without a tray. */
  tray: boolean;
  /** False: a system that shows no notifications; it does by default. */
  notifications?: boolean;
  report?: (report: Report) => void;
  startBrowser?: () => Promise<Browser>;
}

/** One Electron: the module the app imports, and what drives it from outside. */
export function createDouble(options: DoubleOptions) {
  const report = options.report ?? tell;
  const startBrowser = options.startBrowser ?? startChromium;
  let browser: Promise<Browser> | undefined;
  // Electron's own loop keeps its process alive; here a timer does.
  const hold = setInterval(() => undefined, 2 ** 30);

  const app = new DoubleApp(async code => {
    await windows.closeAll();
    // One that could not be started was reported to whoever asked for a window.
    await (await browser?.catch(() => undefined))?.close();
    clearInterval(hold);
    options.end(code);
  });
  const ipc = new DoubleIpc();
  const session = new DoubleSession(app);
  const tray = new DoubleTray(app, view => report({ kind: 'tray', view }));
  const notifications = new DoubleNotifications(app, view => report({ kind: 'notification', view }));
  const windows = new DoubleWindows({
    life: app,
    ipc,
    session,
    browser: () => (browser ??= startBrowser()),
    opened: endpoint => report({ kind: 'window', endpoint }),
    closed: () => report({ kind: 'window-closed' }),
  });
  app.onCloseWindows(() => windows.closeAll());

  const dialog = lacking('electron.dialog', {
    showErrorBox: (title: string, content: string): void => {
      process.stderr.write(`[dialog] ${title}: ${content}\n`);
      report({ kind: 'dialog', title, content });
    },
  });

  return {
    electron: lacking('electron', {
      app: appFacade(app),
      BrowserWindow: windows.windowClass(),
      dialog,
      ipcMain: ipc.facade(),
      Menu: tray.menu(),
      nativeImage: tray.nativeImage(),
      Notification: notifications.notificationClass(options.notifications ?? true),
      protocol: session.protocol(),
      session: session.session(),
      Tray: tray.trayClass(options.tray),
    }),
    /** After the entry file has run to its end. */
    becomeReady: () => app.becomeReady(),
    obey(order: Order): void {
      if (order.kind === 'quit') app.quit();
      else if (order.kind === 'notification-click') notifications.click();
      else tray.click(order.label);
    },
  };
}
