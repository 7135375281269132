import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, type StartApp, type StartOptions } from './fixtures.ts';
import { MonitorPage } from './pages/monitor-page.ts';

/** A recording of real market data (see `test/recordings/README.md`). */
export const COINBASE_RECORDING = join(
  import.meta.dirname,
  '..',
  'recordings',
  'coinbase-exchange-2021-04-17.ndjson',
);

/** The demo, live and with prices: what is done from here on meets a screen that works. */
export async function openDemo(
  app: StartApp,
  options: StartOptions = {},
): Promise<Awaited<ReturnType<StartApp>> & { monitor: MonitorPage }> {
  const started = await app({ args: ['--demo'], ...options });
  const monitor = new MonitorPage(started.page);
  await liveWithPrices(monitor);
  return { ...started, monitor };
}

/** Waits until the screen is live and has prices, at a start or after a reload. */
export async function liveWithPrices(monitor: MonitorPage): Promise<void> {
  await expect(monitor.root).toHaveAttribute('data-connection', 'live');
  await expect(monitor.row('SOL').price).toHaveAttribute('data-freshness', 'fresh');
}

/** A document that the screen keeps with the engine, as text; empty while there is none. */
export async function keptDocument(dataDir: string, name: 'screen' | 'keys' | 'layouts'): Promise<string> {
  return readFile(join(dataDir, 'desk', `${name}.json`), 'utf8').catch(() => '');
}

/** What was painted where, in order: the ids of the events behind one token's price. */
export type Paints = Record<string, string[]>;

/** Runs in the page, where the names of this project's types are not known. */
const WATCH = `
  const paints = (globalThis.tenhertzPaints = {});
  const note = cell => {
    const id = cell.getAttribute('data-event-id');
    const token = cell.closest('tr').getAttribute('data-token');
    if (!id) return;
    const ids = (paints[token] ??= []);
    if (ids.at(-1) !== id) ids.push(id);
  };
  for (const cell of document.querySelectorAll('.watchlist .price')) note(cell);
  new MutationObserver(changes => {
    for (const { target } of changes) if (target.matches('.watchlist .price')) note(target);
  }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['data-event-id'] });
`;

/** A window of the double is there before its address is loaded; what is put into that page would be lost. */
async function opened(page: Page): Promise<void> {
  await page.locator('html[data-connection]').waitFor();
}

/** Starts noting every event id that a price cell of the watchlist takes on. */
export async function watchPaints(page: Page): Promise<void> {
  await opened(page);
  await page.evaluate(WATCH);
}

/** The paints noted since {@link watchPaints}. */
export async function paintsOf(page: Page): Promise<Paints> {
  return page.evaluate<Paints>('globalThis.tenhertzPaints');
}

/** Fails when an event id was painted, replaced, and painted again. */
export function expectNonePaintedTwice(paints: Paints): void {
  expect(Object.keys(paints).length).toBeGreaterThan(0);
  for (const [token, ids] of Object.entries(paints)) {
    expect(ids.length, `${token} was painted`).toBeGreaterThan(1);
    expect(new Set(ids).size, `${token} painted an event twice`).toBe(ids.length);
  }
}

/** Waits until the watchlist shows exactly these prices. */
export async function expectPrices(monitor: MonitorPage, prices: ReadonlyMap<string, string>): Promise<void> {
  for (const [token, price] of prices) {
    await expect
      .poll(() => monitor.row(token).exactPrice(), { message: `the last price of ${token}`, timeout: 15_000 })
      .toBe(price);
  }
}

/** How many events the engine says it has applied. */
export async function appliedEvents(monitor: MonitorPage): Promise<number> {
  const title = (await monitor.statusEntry('subscription').getAttribute('title')) ?? '';
  return Number(/([\d,]+) events applied/.exec(title)?.[1]?.replaceAll(',', '') ?? Number.NaN);
}

/** Starts counting the batches that the page paints. */
export async function watchBatches(page: Page): Promise<void> {
  await opened(page);
  await page.evaluate(`
    globalThis.tenhertzBatches = 0;
    new MutationObserver(changes => { globalThis.tenhertzBatches += changes.length; })
      .observe(document.documentElement, { attributes: true, attributeFilter: ['data-seq'] });
  `);
}

/** Batches painted since {@link watchBatches}. */
export async function batchesPainted(page: Page): Promise<number> {
  return page.evaluate<number>('globalThis.tenhertzBatches');
}
