import type { ConsoleMessage, Page } from 'playwright-core';
import { toAppAddress } from './addresses.ts';
import { pack } from './carry.ts';
import { KnownEvents, makeEvent } from './events.ts';
import { lacking } from './lacking.ts';
import { RECEIVE } from './preload.ts';

/** A frame as `event.senderFrame` and `webContents.mainFrame` show it. */
export interface FrameView {
  readonly url: string;
  readonly parent: FrameView | null;
}

/** What a program may answer to a page that wants to open a window. */
export interface OpenAnswer {
  action: string;
  overrideBrowserWindowOptions?: { webPreferences?: Record<string, unknown> } & Record<string, unknown>;
}

/** One page: `window.webContents`. Waits for its Chromium page, which is opened in the background. */
export class DoubleContents extends KnownEvents {
  page: Page | undefined;
  destroyed = false;
  /** Set while the app itself navigates, so that the page's own navigations can be told apart. */
  navigating = false;
  openHandler: ((details: { url: string }) => OpenAnswer) | undefined;
  private readonly load: (address: string) => Promise<void>;

  constructor(load: (address: string) => Promise<void>) {
    super('electron.WebContents', [
      'did-start-navigation',
      'did-finish-load',
      'will-navigate',
      'will-redirect',
      'will-frame-navigate',
      'will-attach-webview',
      'preload-error',
      'render-process-gone',
      'did-create-window',
      'destroyed',
    ]);
    this.load = load;
  }

  get mainFrame(): FrameView {
    return frameView(toAppAddress(this.page?.url() ?? '') ?? '', null);
  }

  /** Sends to the preload; lost when no page is there to hear it, as in Electron. */
  send(channel: string, ...args: unknown[]): void {
    const packed = pack(args);
    if (this.destroyed) throw new TypeError('Object has been destroyed');
    // Given as text: it runs in the page, where this file's compiler options do not hold.
    const code = `window[Symbol.for(${JSON.stringify(RECEIVE)})]?.(${JSON.stringify(channel)}, ${JSON.stringify(packed)})`;
    this.page?.evaluate(code).catch(() => undefined);
  }

  reload(): void {
    const address = toAppAddress(this.page?.url() ?? '');
    if (address !== undefined) void this.load(address).catch(() => undefined);
  }

  /** The page was closed or its window was. */
  gone(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.fire('destroyed');
  }

  /** Follows what happens to the page. */
  watch(page: Page): void {
    this.page = page;
    page.on('framenavigated', frame => {
      const address = toAppAddress(frame.url());
      if (address === undefined) return;
      const isMainFrame = frame === page.mainFrame();
      this.fire('did-start-navigation', makeEvent({ url: address, isMainFrame, isSameDocument: false }));
    });
    page.on('load', () => this.fire('did-finish-load'));
    page.on('crash', () => {
      this.fire('render-process-gone', makeEvent({}), { reason: 'crashed', exitCode: 133 });
    });
    page.on('console', (message: ConsoleMessage) => {
      if (message.type() === 'error') process.stderr.write(`[page] ${message.text()}\n`);
    });
  }

  /** As the program sees it. */
  readonly facade = lacking('electron.WebContents', {
    on: (event: string, listener: () => void) => void this.on(event, listener),
    send: (channel: string, ...args: unknown[]) => this.send(channel, ...args),
    isDestroyed: () => this.destroyed,
    reload: () => this.reload(),
    setWindowOpenHandler: (handler: (details: { url: string }) => OpenAnswer) => {
      this.openHandler = handler;
    },
  });
}

/** A frame at the app's address `url`. */
export function frameView(url: string, parent: FrameView | null): FrameView {
  return lacking('electron.WebFrameMain', { url, parent });
}
