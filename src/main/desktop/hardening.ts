import type { Session, WebContents, WebPreferences } from 'electron';

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
  on(event: string, listener: (event: { preventDefault(): void }) => void): unknown;
};

/** The page stays where it is: no navigation, no redirect, no new window, no `<webview>`. */
export function lockPage(contents: LockableContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  for (const name of ['will-navigate', 'will-redirect', 'will-frame-navigate', 'will-attach-webview']) {
    contents.on(name, event => event.preventDefault());
  }
}
