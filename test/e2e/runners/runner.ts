import type { Browser, Page } from '@playwright/test';

/** The three ways the same monitor is shown. */
export type RunnerName = 'gateway' | 'double' | 'electron';

/** How the app is started. */
export interface LaunchOptions {
  /** Shared flags, such as `--demo`. `--data-dir` is added. */
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
  dataDir: string;
  /** Where a runner that shows the monitor in a browser opens its page. */
  browser: Browser;
}

/** A running app and its screen. */
export interface RunningApp {
  readonly runner: RunnerName;
  readonly page: Page;
  /** The gateway's address with its token; the others have none. */
  readonly url?: string;
  /** What the app has written so far, stdout and stderr. */
  readonly logs: () => string;
  /** The process with the engine in it. */
  readonly pid: number;
  /** What a host has besides a page; `undefined` where there is none. */
  readonly desktop?: DesktopParts;
  /** kill -9 of the process with the engine; resolves when it is gone. */
  readonly kill9: () => Promise<void>;
  /** Ends it as a person would; fails when that takes longer than 5 s. */
  readonly close: () => Promise<void>;
}

/** What the tests can see of a desktop app outside its page. */
export interface DesktopParts {
  /** The tray's menu and tooltip as last shown. */
  tray(): { tooltip: string; menu: { label: string; enabled: boolean }[] } | undefined;
  clickTray(label?: string): void;
  /** What the system was asked to show so far. */
  notifications(): { title: string; body: string; silent: boolean }[];
  /** A click on the newest of them. */
  clickNotification(): void;
  /** How many windows were opened so far. */
  windowsOpened(): number;
  /** How many of them the app knows to be closed. */
  windowsClosed(): number;
}
