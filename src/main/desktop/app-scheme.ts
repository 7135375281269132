import { readFile } from 'node:fs/promises';
import { extname, resolve, sep } from 'node:path';
import type { Protocol } from 'electron';

const SCHEME = 'app';
const HOST = 'tenhertz';

/** The address of the monitor's page. It has an origin of its own, which `file://` would not have: `'self'` means us. */
export const MONITOR_URL = `${SCHEME}://${HOST}/index.html`;

/** The page of a pane in a window of its own: empty, of the same origin. */
const POPOUT_URL = `${SCHEME}://${HOST}/popout.html`;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

const HEADERS: Readonly<Record<string, string>> = {
  // The page talks to the engine through the preload, never over a network.
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** Makes `app:` a scheme with an origin; must run before the app is ready. */
export function registerScheme(protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Answers `app://tenhertz/…` with the files of `rendererDir`, and nothing else. */
export function serveRenderer(protocol: Pick<Protocol, 'handle'>, rendererDir: string): void {
  protocol.handle(SCHEME, request => answer(request, rendererDir));
}

/** Whether `address` is the monitor's own page. */
export function isMonitorUrl(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return url.protocol === `${SCHEME}:` && url.host === HOST && url.pathname === '/index.html';
}

/** Whether `address` is the empty page that a pane in a window of its own lives in. */
export function isPopoutUrl(address: string): boolean {
  return address === POPOUT_URL;
}

async function answer(request: Request, rendererDir: string): Promise<Response> {
  const file = request.method === 'GET' ? fileOf(request.url, rendererDir) : undefined;
  if (file !== undefined) {
    try {
      const type = TYPES[extname(file)] ?? 'application/octet-stream';
      return new Response(await readFile(file), { headers: { ...HEADERS, 'content-type': type } });
    } catch {
      // Not there, or a folder: the same answer as for an address that is not ours.
    }
  }
  return new Response('Not found', { status: 404, headers: { ...HEADERS, 'content-type': 'text/plain' } });
}

function fileOf(address: string, rendererDir: string): string | undefined {
  const url = new URL(address);
  if (url.host !== HOST) return undefined;
  let path: string;
  try {
    path = decodeURIComponent(url.pathname);
  } catch {
    return undefined;
  }
  const folder = resolve(rendererDir);
  const file = resolve(folder, `.${path}`);
  return file.startsWith(folder + sep) && !path.includes('\0') ? file : undefined;
}
