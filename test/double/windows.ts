import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Frame, Page, Route } from 'playwright-core';
import { toAppAddress, toPageAddress } from './addresses.ts';
import type { AppLife } from './app.ts';
import { admitChild } from './child-window.ts';
import type { Browser } from './chromium.ts';
import { KnownEvents, makeEvent } from './events.ts';
import type { DoubleIpc } from './ipc-main.ts';
import { lacking, NotInTheDouble, refuseUnknown } from './lacking.ts';
import { collectCoverage } from './page-coverage.ts';
import { BINDING, preparePreload } from './preload.ts';
import type { DoubleSession } from './protocol.ts';
import { DoubleContents, frameView, type FrameView } from './web-contents.ts';

const WINDOW_OPTIONS = [
  'title',
  'width',
  'height',
  'minWidth',
  'minHeight',
  'show',
  'backgroundColor',
  'webPreferences',
];
/** The only values these may have: the double shows sandboxed pages and no others. */
const PREFERENCES: Readonly<Record<string, unknown>> = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  webviewTag: false,
  spellcheck: false,
};

/** What windows need of the rest of the double. */
export interface WindowDeps {
  life: AppLife;
  ipc: DoubleIpc;
  session: DoubleSession;
  /** Started with the first window: an app without windows has no renderer. */
  browser(): Promise<Browser>;
  opened(endpoint: string): void;
  /** The program has been told that a window is gone. */
  closed(): void;
}

/** The options of a window that the double looks at. */
export interface WindowOptions {
  show?: boolean;
  webPreferences?: { preload?: string } & Record<string, unknown>;
}

/** Every window of the app. */
export class DoubleWindows {
  private readonly open = new Set<DoubleWindow>();
  private readonly deps: WindowDeps;

  constructor(deps: WindowDeps) {
    this.deps = deps;
  }

  /** `electron.BrowserWindow`. */
  windowClass() {
    const { deps, open } = this;
    function BrowserWindow(options: WindowOptions = {}): DoubleWindow['facade'] {
      deps.life.needReady('Cannot create BrowserWindow before app is ready');
      checkOptions(options);
      const window = new DoubleWindow(deps, options, () => {
        open.delete(window);
        if (open.size === 0) deps.life.windowsGone();
      });
      open.add(window);
      return window.facade;
    }
    return BrowserWindow as unknown as new (options?: WindowOptions) => DoubleWindow['facade'];
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.open].map(window => window.close()));
  }
}

/** One window; the program sees its {@link DoubleWindow.facade}. */
export class DoubleWindow {
  private readonly events = new KnownEvents('electron.BrowserWindow', ['ready-to-show', 'closed']);
  private readonly contents = new DoubleContents(address => this.load(address));
  private readonly page: Promise<Page>;
  private readonly deps: WindowDeps;
  private readonly gone: () => void;
  private readonly preloadPath: string | undefined;
  private shown: boolean;
  private closed = false;
  private saveCoverage: () => Promise<void> = () => Promise.resolve();

  constructor(deps: WindowDeps, options: WindowOptions, gone: () => void) {
    this.deps = deps;
    this.gone = gone;
    this.shown = options.show ?? true;
    this.preloadPath = options.webPreferences?.preload;
    this.page = this.openPage();
    // Whoever loads an address is told; without that it must not end the process.
    this.page.catch(() => undefined);
  }

  readonly facade = lacking('electron.BrowserWindow', {
    webContents: this.contents.facade,
    on: (event: string, listener: () => void) => void this.events.on(event, listener),
    once: (event: string, listener: () => void) => void this.events.once(event, listener),
    loadURL: (address: string) => this.load(address),
    show: () => void (this.shown = true),
    focus: () => void this.contents.page?.bringToFront(),
    isMinimized: () => false,
    restore: () => undefined,
    isVisible: () => this.shown,
    isDestroyed: () => this.closed,
  });

  async close(): Promise<void> {
    if (this.closed) return;
    const page = await this.page.catch(() => undefined);
    await this.saveCoverage();
    await page?.close();
    this.onClosed();
  }

  private onClosed(): void {
    if (this.closed) return;
    this.closed = true;
    this.contents.gone();
    this.events.fire('closed');
    this.gone();
    this.deps.closed();
  }

  private async openPage(): Promise<Page> {
    const { context, endpoint } = await this.deps.browser();
    const page = await unusedPage(context);
    this.saveCoverage = await collectCoverage(page);
    this.contents.watch(page);
    page.on('close', () => this.onClosed());
    page.on('popup', child => admitChild(this.contents, child, checkPreferences));
    // The windows the page opens are not its own to answer for, but the app answers them too.
    await context.route('**/*', route => this.serve(route));
    await page.route('**/*', route => this.answer(page, route));
    await this.addPreload(page);
    this.deps.opened(endpoint);
    return page;
  }

  private async addPreload(page: Page): Promise<void> {
    if (this.preloadPath === undefined) return;
    const prepared = await preparePreload(this.preloadPath);
    if ('error' in prepared) {
      // Electron says so and shows the page without it.
      this.contents.fire('preload-error', makeEvent({}), this.preloadPath, prepared.error);
      process.stderr.write(`Unable to load preload script: ${this.preloadPath}: ${prepared.error.message}\n`);
      return;
    }
    await page.exposeBinding(BINDING, ({ frame }, channel: string, packed: string) => {
      const event = { sender: this.contents.facade, senderFrame: viewOf(frame) };
      return this.deps.ipc.ask(lacking('electron.IpcMainInvokeEvent', event), channel, packed);
    });
    await page.addInitScript({ content: prepared.script });
  }

  private async load(address: string): Promise<void> {
    const { protocol } = new URL(address);
    if (protocol === 'file:' && !existsSync(fileURLToPath(address))) {
      throw new Error(`ERR_FILE_NOT_FOUND (-6) loading '${address}'`);
    }
    if (['file:', 'http:', 'https:', 'data:'].includes(protocol))
      throw new NotInTheDouble(`loading ${protocol}`);
    if (!this.deps.session.has(protocol.slice(0, -1))) {
      throw new Error(`ERR_UNKNOWN_URL_SCHEME (-302) loading '${address}'`);
    }
    const page = await this.page;
    this.contents.navigating = true;
    try {
      await page.goto(toPageAddress(address), { waitUntil: 'load' });
    } finally {
      this.contents.navigating = false;
    }
    this.events.fire('ready-to-show');
  }

  /** Every request of the page: the app's own addresses are answered by the app, nothing else leaves. */
  private async answer(page: Page, route: Route): Promise<void> {
    const request = route.request();
    if (request.isNavigationRequest() && !this.contents.navigating && request.url() !== page.url()) {
      const asked = makeEvent({ url: toAppAddress(request.url()) ?? request.url() });
      const main = request.frame() === page.mainFrame();
      if (main) this.contents.fire('will-navigate', asked);
      this.contents.fire('will-frame-navigate', asked);
      if (asked.defaultPrevented) return route.abort('aborted');
    }
    return this.serve(route);
  }

  private async serve(route: Route): Promise<void> {
    const request = route.request();
    const address = toAppAddress(request.url());
    const sent = address && new Request(address, { method: request.method(), headers: request.headers() });
    const response = sent ? await this.deps.session.answer(sent) : undefined;
    if (response === undefined) {
      process.stderr.write(`[double] a request left the app and was stopped: ${request.url()}\n`);
      return route.abort('blockedbyclient');
    }
    const headers = Object.fromEntries(response.headers);
    return route.fulfill({
      status: response.status,
      headers,
      body: Buffer.from(await response.arrayBuffer()),
    });
  }
}

function checkOptions(options: WindowOptions): void {
  refuseUnknown('electron.BrowserWindow option', options, WINDOW_OPTIONS);
  const { preload, ...preferences } = options.webPreferences ?? {};
  checkPreferences(preferences);
  if (preload !== undefined && !isAbsolute(preload))
    throw new Error('preload script must have absolute path');
}

function checkPreferences(preferences: Record<string, unknown>): void {
  refuseUnknown('electron.BrowserWindow webPreferences', preferences, Object.keys(PREFERENCES));
  for (const [key, value] of Object.entries(preferences)) {
    if (value !== PREFERENCES[key]) throw new NotInTheDouble(`webPreferences ${key}: ${String(value)}`);
  }
}

/** The tab Chromium starts with serves the first window. */
async function unusedPage(context: BrowserContext): Promise<Page> {
  return context.pages().find(page => page.url() === 'about:blank') ?? (await context.newPage());
}

function viewOf(frame: Frame): FrameView {
  const parent = frame.parentFrame();
  return frameView(toAppAddress(frame.url()) ?? frame.url(), parent === null ? null : viewOf(parent));
}
