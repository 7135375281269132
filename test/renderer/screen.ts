import { test as base } from '@playwright/test';
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MonitorPage } from '../e2e/pages/monitor-page.ts';
import { FAKE_ENGINE } from './build-renderer.ts';
import type { Scene } from './fake/scene.ts';

const BUILT = fileURLToPath(new URL('../../node_modules/.cache/renderer-harness', import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Opens the built renderer on an invented engine that plays `scene`. */
export type OpenScreen = (
  kind: Scene['kind'],
  options?: {
    theme?: 'dark' | 'light';
    troubleAfter?: number;
    width?: number;
    height?: number;
    documents?: Scene['documents'];
  },
) => Promise<MonitorPage>;

/** `openScreen`, a server of the built renderer, and a page that must not complain. */
export const test = base.extend<{ openScreen: OpenScreen }, { address: string }>({
  address: [
    async ({}, provide) => {
      const server = serveBuilt();
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
      await provide(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
    { scope: 'worker' },
  ],
  openScreen: async ({ page, address }, provide) => {
    const complaints: string[] = [];
    page.on('pageerror', error => complaints.push(error.message));
    page.on('console', message => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    await provide(
      async (kind, { theme = 'dark', troubleAfter = 15, width = 1280, height = 800, documents } = {}) => {
        await page.setViewportSize({ width, height });
        await page.emulateMedia({ colorScheme: theme });
        // The same moment in every run; from there on time flows as usual.
        await page.clock.install({ time: '2026-11-21T14:32:07Z' });
        await page.addInitScript(
          scene => {
            window.scene = scene;
          },
          { kind, troubleAfter, ...(documents === undefined ? {} : { documents }) },
        );
        await page.addInitScript({ path: FAKE_ENGINE });
        await page.goto(address);
        return new MonitorPage(page);
      },
    );
    // A content policy violation is reported on the console: it fails here.
    if (complaints.length > 0) throw new Error(`The page complained:\n${complaints.join('\n')}`);
  },
});

function serveBuilt(): Server {
  return createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://x').pathname);
    const file = join(BUILT, path === '/' ? 'index.html' : path);
    if (!file.startsWith(BUILT) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  });
}
