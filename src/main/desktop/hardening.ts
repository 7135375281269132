import type { Session, WebContents, WebPreferences } from 'electron';
import { isPopoutUrl } from './app-scheme.ts';

/** A page that can do what a page in a browser tab can, and speak to the preload. */
export const PAGE_PREFERENCES = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  webviewTag: false,
  spellcheck: false,
} as const satisfies WebPreferences;

/** No camera, no location, no notifications from the page: everything it may have comes through the contract. */
export function denyPermissions(
  session: Pick<Session, 'setPermissionRequestHandler' | 'setPermissionCheckHandler'>,
): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
}

/** The part of `WebContents` that is locked. */
export type LockableContents = Pick<WebContents, 'setWindowOpenHandler'> & {
  on(event: string, listener: (...args: never[]) => void): unknown;
};

/** The page stays where it is: no navigation, no redirect, no new window, no `<webview>`. */
export function lockPage(contents: LockableContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  for (const name of ['will-navigate', 'will-redirect', 'will-frame-navigate', 'will-attach-webview']) {
    contents.on(name, (event: { preventDefault(): void }) => event.preventDefault());
  }
}

/** A window of a single pane, as far as it is touched here. */
export interface PaneWindow {
  readonly webContents: LockableContents;
  close(): void;
  isDestroyed(): boolean;
}

/**
 * Lets a locked page open one more kind of window, and no other: the empty page its panes move into, which is scripted by
 * the monitor alone, is not admitted by the door, and may open and go nowhere itself. Returns what closes those that are open.
 */
export function allowPaneWindows(contents: LockableContents): () => void {
  const open = new Set<PaneWindow>();
  contents.setWindowOpenHandler(({ url }) =>
    isPopoutUrl(url)
      ? {
          action: 'allow',
          overrideBrowserWindowOptions: {
            title: 'Tenhertz',
            minWidth: 240,
            minHeight: 160,
            autoHideMenuBar: true,
            webPreferences: PAGE_PREFERENCES,
          },
        }
      : { action: 'deny' },
  );
  contents.on('did-create-window', (window: PaneWindow) => {
    lockPage(window.webContents);
    open.add(window);
  });
  return () => {
    for (const window of open) if (!window.isDestroyed()) window.close();
    open.clear();
  };
}
