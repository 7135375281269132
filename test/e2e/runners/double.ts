import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import type { Order, Report } from '../../double/control.ts';
import type { TrayView } from '../../double/tray.ts';
import { appEnvironment, startProcess, type AppProcess } from './app-process.ts';
import { ROOT } from './chromium.ts';
import type { DesktopParts, LaunchOptions, RunningApp } from './runner.ts';

/** As long as the gateway has for its ready line: the engine and a Chromium are started first. */
const WINDOW_WITHIN_MS = 60_000;

/** The desktop app without a page yet, for instance in the tray only. */
export interface DoubleApp {
  readonly app: AppProcess;
  readonly desktop: DesktopParts;
  /** The page of the newest window; waits for it. */
  page(): Promise<Page>;
  reports(): readonly Report[];
  readonly kill9: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Starts the built main process on the double. */
export async function startDouble({
  args = [],
  env,
  dataDir,
}: Omit<LaunchOptions, 'browser'>): Promise<DoubleApp> {
  const double = join(ROOT, 'test', 'double');
  const start = ['--enable-source-maps', '--import', join(double, 'register.mjs'), join(double, 'run.ts')];
  // Chromium's profile goes below the data directory, so that what is left of it can be told from other runs.
  const temporary = join(dataDir, 'tmp');
  await mkdir(temporary, { recursive: true });
  const app = startProcess(
    process.execPath,
    [...start, join(ROOT, 'out', 'main', 'index.js'), '--data-dir', dataDir, ...args],
    { env: appEnvironment({ TMPDIR: temporary, ...env }), stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
  );
  const reports: Report[] = [];
  app.child.on('message', report => reports.push(report as Report));
  let browser: Browser | undefined;
  const order = (wish: Order): void => void app.child.send(wish);
  return {
    app,
    reports: () => reports,
    desktop: {
      tray: () => reports.filter(isTray).at(-1)?.view,
      clickTray: label => order(label === undefined ? { kind: 'tray-click' } : { kind: 'tray-click', label }),
      notifications: () => reports.flatMap(one => (one.kind === 'notification' ? [one.view] : [])),
      clickNotification: () => order({ kind: 'notification-click' }),
      windowsOpened: () => reports.filter(isWindow).length,
      windowsClosed: () => reports.filter(({ kind }) => kind === 'window-closed').length,
    },
    async page() {
      const window = await app.until(() => reports.filter(isWindow).at(-1), WINDOW_WITHIN_MS, 'window');
      browser ??= await chromium.connectOverCDP(window.endpoint);
      const pages = browser.contexts().flatMap(context => context.pages());
      const page = pages.at(-1);
      if (page === undefined) throw new Error(`The window is gone.\n${app.logs()}`);
      return page;
    },
    async kill9() {
      await app.kill9();
      await browser?.close();
    },
    async close() {
      await app.end(() => order({ kind: 'quit' }));
      await browser?.close();
    },
  };
}

/** The built desktop app in the double: its main process in Node, its preload and page in Chromium. */
export async function launchDouble(options: LaunchOptions): Promise<RunningApp> {
  const started = await startDouble(options);
  try {
    const { app, desktop, kill9, close } = started;
    return {
      runner: 'double',
      page: await started.page(),
      logs: app.logs,
      pid: app.pid,
      desktop,
      kill9,
      close,
    };
  } catch (error) {
    await started.app.kill9();
    throw error;
  }
}

function isTray(report: Report): report is { kind: 'tray'; view: TrayView } {
  return report.kind === 'tray';
}

function isWindow(report: Report): report is { kind: 'window'; endpoint: string } {
  return report.kind === 'window';
}
