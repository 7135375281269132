import { test as base, type CDPSession, type Locator, type Page } from '@playwright/test';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { built, fakeEngine } from '../build-renderer.ts';
import type { Scene } from '../fake/scene.ts';
import { serveFolder } from '../serve-folder.ts';

/** One chart of the page. */
export interface Shown {
  id: string;
  token?: string;
  settings?: Record<string, unknown>;
  /** Taken out of the document, as a tab that is not in front. */
  hidden?: boolean;
}

declare global {
  interface Window {
    charts: {
      show(shown: readonly Shown[]): void;
      theme(theme: 'dark' | 'light'): void;
      /** Every `set`, `replace` and `update` of every chart so far. */
      calls: string[];
      /** How many marks of own trades the chart that was drawn last has. */
      marks(): number;
    };
  }
}

/** A page of charts alone. */
export class ChartsPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  show(shown: readonly Shown[]): Promise<void> {
    return this.page.evaluate(charts => window.charts.show(charts), shown);
  }

  pane(id: string): Locator {
    return this.page.locator(`[data-pane="${id}"]`);
  }

  stage(id: string): Locator {
    return this.pane(id).locator('.chart-stage');
  }

  /** What the legend says of open, high, low, close or volume. */
  legend(id: string, part: 'open' | 'high' | 'low' | 'close' | 'volume'): Locator {
    return this.pane(id).locator(`[data-part="${part}"]`);
  }

  /** Open, high, low and close of the newest bar of each of these charts. They move, hence all are read in one go. */
  async newestBars(...ids: string[]): Promise<string[]> {
    return this.page.evaluate(
      panes =>
        panes.map(pane =>
          ['open', 'high', 'low', 'close']
            .map(part => document.querySelector(`[data-pane="${pane}"] [data-part="${part}"]`)?.textContent)
            .join(' '),
        ),
      ids,
    );
  }

  /** How often charts were told this. */
  async calls(kind: 'set' | 'replace' | 'update'): Promise<number> {
    return this.page.evaluate(name => window.charts.calls.filter(call => call === name).length, kind);
  }

  /** Waits until a chart has bars. */
  async drawn(id: string): Promise<void> {
    await this.pane(id).locator('.chart-stage[data-phase="drawn"]').waitFor();
  }

  /** The newest points before which bars were asked for. */
  asked(): Promise<number[]> {
    return this.page.evaluate(() => window.fakeEngine.history);
  }
}

export type OpenCharts = (
  shown: readonly Shown[],
  options?: {
    kind?: Scene['kind'];
    theme?: 'dark' | 'light';
    width?: number;
    height?: number;
    leak?: boolean;
    troubleAfter?: number;
    reducedMotion?: boolean;
  },
) => Promise<ChartsPage>;

/** `openCharts`: the charts' page on an invented engine; a page that complains fails. */
export const test = base.extend<{ openCharts: OpenCharts }, { address: string }>({
  address: [
    async ({}, provide) => {
      const server: Server = createServer(serveFolder(built('charts')));
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
      await provide(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
    { scope: 'worker' },
  ],
  openCharts: async ({ page, address }, provide) => {
    const complaints: string[] = [];
    page.on('pageerror', error => complaints.push(error.message));
    page.on('console', message => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    await provide(async (shown, options = {}) => {
      const { kind = 'live', theme = 'dark', width = 1280, height = 800, troubleAfter = 15 } = options;
      await page.setViewportSize({ width, height });
      await page.emulateMedia({
        colorScheme: theme,
        reducedMotion: options.reducedMotion === true ? 'reduce' : 'no-preference',
      });
      await page.clock.install({ time: '2026-11-21T14:32:07Z' });
      await page.addInitScript(
        scene => {
          window.scene = scene;
        },
        { kind, troubleAfter },
      );
      await page.addInitScript({ path: fakeEngine() });
      await page.goto(options.leak === true ? `${address}?leak` : address);
      const charts = new ChartsPage(page);
      await charts.show(shown);
      return charts;
    });
    if (complaints.length > 0) throw new Error(`The page complained:\n${complaints.join('\n')}`);
  },
});

/** How many canvases of this page live although they are in no document, after the garbage was collected. */
export async function detachedCanvases(session: CDPSession): Promise<number> {
  const { result: prototype } = await session.send('Runtime.evaluate', {
    expression: 'HTMLCanvasElement.prototype',
  });
  await session.send('HeapProfiler.collectGarbage');
  const { objects } = await session.send('Runtime.queryObjects', {
    prototypeObjectId: prototype.objectId ?? '',
  });
  const { result } = await session.send('Runtime.callFunctionOn', {
    objectId: objects.objectId ?? '',
    functionDeclaration: 'function () { return this.filter(canvas => !canvas.isConnected).length; }',
    returnByValue: true,
  });
  await session.send('Runtime.releaseObject', { objectId: objects.objectId ?? '' });
  return result.value as number;
}
