import { test as base } from '@playwright/test';
import { startCoverage } from '../e2e/pages/page-coverage.ts';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MonitorPage } from '../e2e/pages/monitor-page.ts';
import { built, fakeEngine } from './build-renderer.ts';
import type { Scene } from './fake/scene.ts';
import { serveFolder } from './serve-folder.ts';

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
      const server = createServer(serveFolder(built('screen')));
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
      await provide(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
    { scope: 'worker' },
  ],
  openScreen: async ({ page, address }, provide) => {
    const saveCoverage = await startCoverage(page);
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
        if (kind === 'still') await page.clock.setFixedTime('2026-11-21T14:32:07Z');
        await page.addInitScript(
          scene => {
            window.scene = scene;
          },
          { kind, troubleAfter, ...(documents === undefined ? {} : { documents }) },
        );
        await page.addInitScript({ path: fakeEngine() });
        await page.goto(address);
        return new MonitorPage(page);
      },
    );
    await saveCoverage?.();
    // A content policy violation is reported on the console: it fails here.
    if (complaints.length > 0) throw new Error(`The page complained:\n${complaints.join('\n')}`);
  },
});
