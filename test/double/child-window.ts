import type { Page } from 'playwright-core';
import { toAppAddress } from './addresses.ts';
import { lacking, NotInTheDouble, refuseUnknown } from './lacking.ts';
import { DoubleContents } from './web-contents.ts';

/** Options of a child window that change nothing a page could see. */
const OPTIONS = ['title', 'minWidth', 'minHeight', 'autoHideMenuBar', 'webPreferences'];

/**
 * A window that a page of `opener` has opened: kept and shown to the program where its handler allows it, closed where it
 * does not. Electron asks before there is a window; here Chromium has opened it already, on an address that only the app answers.
 *
 * @param checkPreferences throws for preferences the double would silently ignore
 */
export function admitChild(
  opener: DoubleContents,
  page: Page,
  checkPreferences: (preferences: Record<string, unknown>) => void,
): void {
  const url = toAppAddress(page.url()) ?? page.url();
  const answer = opener.openHandler?.({ url });
  if (answer?.action !== 'allow') {
    void page.close();
    if (answer === undefined) throw new NotInTheDouble('a window that no handler was asked about');
    return;
  }
  const { webPreferences = {}, ...options } = answer.overrideBrowserWindowOptions ?? {};
  refuseUnknown('electron.BrowserWindow option', options, OPTIONS);
  checkPreferences(webPreferences);
  const contents = new DoubleContents(() =>
    Promise.reject(new NotInTheDouble('loading a child window again')),
  );
  contents.watch(page);
  page.on('close', () => contents.gone());
  opener.fire(
    'did-create-window',
    lacking('electron.BrowserWindow', {
      webContents: contents.facade,
      close: () => void page.close(),
      isDestroyed: () => page.isClosed(),
    }),
  );
}
