import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  isMonitorUrl,
  MONITOR_URL,
  registerScheme,
  serveRenderer,
} from '../../../src/main/desktop/app-scheme.ts';

let folder: string;
let get: (address: string, method?: string) => Promise<Response>;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'th-scheme-'));
  const renderer = join(folder, 'renderer');
  mkdirSync(join(renderer, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.html'), 'secret');
  mkdirSync(join(folder, 'renderer-other'));
  writeFileSync(join(folder, 'renderer-other', 'a.html'), 'secret');
  writeFileSync(join(renderer, 'index.html'), '<title>Tenhertz</title>');
  writeFileSync(join(renderer, 'assets', 'a b.js'), 'export {}');
  writeFileSync(join(renderer, 'assets', 'data.bin'), '1');
  let handler: (request: Request) => Response | Promise<Response> = () => new Response();
  serveRenderer({ handle: (_scheme, given) => void (handler = given) }, renderer);
  get = async (address, method = 'GET') => handler(new Request(address, { method }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the scheme of the app', () => {
  it('is registered with an origin of its own', () => {
    const registerSchemesAsPrivileged = vi.fn();
    registerScheme({ registerSchemesAsPrivileged });
    expect(registerSchemesAsPrivileged).toHaveBeenCalledWith([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
  });

  it('shows the monitor under a policy that allows the page itself and no network', async () => {
    const page = await get(MONITOR_URL);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<title>Tenhertz</title>');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = page.headers.get('content-security-policy') ?? '';
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "connect-src 'none'",
      "frame-ancestors 'none'",
    ]) {
      expect(policy).toContain(rule);
    }
    expect(policy).not.toContain('unsafe');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('knows the types of files, and calls others bytes', async () => {
    expect((await get('app://tenhertz/assets/a%20b.js')).headers.get('content-type')).toContain(
      'text/javascript',
    );
    expect((await get('app://tenhertz/assets/data.bin')).headers.get('content-type')).toBe(
      'application/octet-stream',
    );
  });

  it.each([
    'app://tenhertz/nothing.html',
    'app://tenhertz/assets',
    'app://tenhertz/',
    'app://tenhertz/../secret.html',
    'app://tenhertz/%2e%2e/secret.html',
    'app://tenhertz/..%2fsecret.html',
    'app://tenhertz/..%2frenderer-other%2fa.html',
    'app://tenhertz/%2fetc%2fpasswd',
    'app://tenhertz/index.html%00.js',
    'app://tenhertz/%zz',
    'app://other/index.html',
  ])('has nothing at %s', async address => {
    const answer = await get(address);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toBe('Not found');
  });

  it('is for reading only', async () => {
    expect((await get(MONITOR_URL, 'POST')).status).toBe(404);
  });

  it.each([
    [MONITOR_URL, true],
    [`${MONITOR_URL}#settings`, true],
    ['app://tenhertz/other.html', false],
    ['app://tenhertz.example/index.html', false],
    ['https://tenhertz/index.html', false],
    ['no address', false],
  ])('%s is the monitor: %s', (address, is) => {
    expect(isMonitorUrl(address)).toBe(is);
  });
});
