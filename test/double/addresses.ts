/**
 * Chromium without Electron knows no schemes of an app's own. An address such as `app://tenhertz/index.html` is therefore
 * shown as `https://tenhertz.app.invalid/index.html`: one origin stays one origin, secure as a privileged scheme is, and no
 * such host can ever exist.
 */
export function toPageAddress(address: string): string {
  const url = new URL(address);
  return `https://${url.host}.${url.protocol.slice(0, -1)}.invalid${url.pathname}${url.search}${url.hash}`;
}

/** The app's address of a page address; `undefined` for anything that is not the app's. */
export function toAppAddress(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  const [host, scheme, end, ...more] = url.hostname.split('.');
  if (url.protocol !== 'https:' || end !== 'invalid' || more.length > 0 || !host || !scheme) return undefined;
  return `${scheme}://${host}${url.pathname}${url.search}${url.hash}`;
}
