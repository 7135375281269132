import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import type { MonitorPage } from '../e2e/pages/monitor-page.ts';
import { test } from './screen.ts';

/** Names of the rows from top to bottom. */
const tokens = (monitor: MonitorPage): Promise<string[]> => monitor.tokens();

async function focusRow(monitor: MonitorPage, token: string): Promise<void> {
  await monitor.row(token).row.focus();
}

/** What axe has to say about the page as it is. */
async function complaints(page: Page): Promise<unknown> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)]);
}

/** How much of the time the page's main thread worked, and how far apart frames came. */
async function busyShare(page: Page, ms: number): Promise<{ share: number; p95: number }> {
  const session = await page.context().newCDPSession(page);
  // Time on the processor: what other programs take from this machine is not ours.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const task = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
  };
  const before = await task();
  const p95 = await page.evaluate<number>(`new Promise(resolve => {
    const waits = [];
    let last = performance.now();
    const end = last + ${ms};
    const frame = now => {
      waits.push(now - last);
      last = now;
      if (now < end) requestAnimationFrame(frame);
      else resolve(waits.sort((a, b) => a - b)[Math.floor(waits.length * 0.95)]);
    };
    requestAnimationFrame(frame);
  })`);
  return { share: ((await task()) - before) / (ms / 1_000), p95 };
}

test('a token is added by keyboard alone: what the name stands for is said while it is typed', async ({
  page,
  openScreen,
}) => {
  const monitor = await openScreen('live');
  await page.getByRole('button', { name: 'Add a token' }).focus();
  await page.keyboard.press('Enter');
  const field = page.getByRole('textbox', { name: 'Token to add' });
  await expect(field).toBeFocused();
  await page.keyboard.type('nope');
  await expect(page.locator('.add-token-said')).toContainText('Unknown token "nope"');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await field.fill('sol');
  await expect(page.locator('.add-token-said')).toContainText('SOL is in the watchlist already');
  await field.fill('wif');
  await expect(page.locator('.add-token-said')).toContainText('WIF, priced by Kraken, Jupiter');
  await page.keyboard.press('Enter');
  await expect.poll(() => tokens(monitor)).toEqual(['SOL', 'USDC', 'BONK', 'JitoSOL', 'RAY', 'WIF']);
  await expect(monitor.row('WIF').price).toHaveText(/^2\.\d{4}$/);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Add a token' })).toBeFocused();
});

test('tokens are moved and removed by keyboard, and a removed one comes back where it was', async ({
  page,
  openScreen,
}) => {
  const monitor = await openScreen('live');
  await focusRow(monitor, 'BONK');
  await page.keyboard.press('Alt+ArrowUp');
  await expect.poll(() => tokens(monitor)).toEqual(['SOL', 'BONK', 'USDC', 'JitoSOL', 'RAY']);
  await expect(monitor.row('BONK').row).toBeFocused();
  await page.keyboard.press('Delete');
  await expect.poll(() => tokens(monitor)).toEqual(['SOL', 'USDC', 'JitoSOL', 'RAY']);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => tokens(monitor)).toEqual(['SOL', 'BONK', 'USDC', 'JitoSOL', 'RAY']);
});

test('a row is dragged to another place', async ({ openScreen }) => {
  const monitor = await openScreen('live');
  await monitor.row('RAY').row.dragTo(monitor.row('USDC').row);
  await expect.poll(() => tokens(monitor)).toEqual(['SOL', 'RAY', 'USDC', 'BONK', 'JitoSOL']);
});

test('headers sort by mouse and keyboard and say so; the order is kept over a reload', async ({
  page,
  openScreen,
}) => {
  const monitor = await openScreen('live');
  const header = (name: string) => monitor.watchlist.getByRole('columnheader', { name });
  await header('Price').getByRole('button').click();
  await expect(header('Price')).toHaveAttribute('aria-sort', 'descending');
  await expect.poll(() => tokens(monitor)).toEqual(['JitoSOL', 'SOL', 'RAY', 'USDC', 'BONK']);
  await header('Token').getByRole('button').focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => tokens(monitor)).toEqual(['BONK', 'JitoSOL', 'RAY', 'SOL', 'USDC']);
  await page.keyboard.press('ArrowRight');
  await expect(header('Price').getByRole('button')).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(header('Price')).toHaveAttribute('aria-sort', 'ascending');
  await page.keyboard.press('Enter');
  await expect.poll(() => tokens(monitor)).toEqual(['SOL', 'USDC', 'BONK', 'JitoSOL', 'RAY']);
});

test('columns are shown, hidden, moved and made wider', async ({ page, openScreen }) => {
  const monitor = await openScreen('live', { width: 1920, height: 1080 });
  const headers = () => monitor.watchlist.getByRole('columnheader').allInnerTexts();
  expect((await headers()).map(text => text.trim())).toEqual(['Token', 'Price', 'Today', '5 min', 'Age']);
  await page.locator('[data-pane-tools="watchlist"], .pane-tools, .dv-groupview').first().waitFor();
  const columns = page.getByRole('button', { name: 'Columns and export' }).first();
  await columns.click();
  await page.getByRole('menuitemcheckbox', { name: /^5 min/ }).click();
  await page.getByRole('menuitemcheckbox', { name: /^1 h/ }).click();
  await page.keyboard.press('Escape');
  await expect.poll(headers).toEqual(['Token', 'Price', '1 h', 'Today', 'Age']);
  await expect(monitor.row('SOL').row.locator('.change').first()).toHaveText(/^[+−]\d\.\d\d %$/);
  const header = monitor.watchlist.getByRole('columnheader', { name: 'Today' });
  await header.getByRole('button').focus();
  await page.keyboard.press('Alt+ArrowLeft');
  await expect.poll(headers).toEqual(['Token', 'Price', 'Today', '1 h', 'Age']);
  const width = async (): Promise<number> => (await header.boundingBox())?.width ?? 0;
  const before = await width();
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(width).toBeGreaterThan(before + 8);
});

test('cells are reached by arrows, copied, and the menu of a row opens by Shift+F10', async ({
  page,
  context,
  openScreen,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const monitor = await openScreen('live');
  const clipboard = () => page.evaluate<string>('navigator.clipboard.readText()');
  await focusRow(monitor, 'SOL');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Control+c');
  await expect.poll(clipboard).toMatch(/^15\d\.\d{4}$/);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Control+c');
  await expect.poll(clipboard).toMatch(/^(0\.99|1\.0)\d+$/);
  await page.keyboard.press('Shift+F10');
  const menu = page.getByRole('menu');
  await expect(menu.getByRole('menuitem', { name: 'Copy row' })).toBeVisible();
  expect(await complaints(page)).toEqual([]);
  await menu.getByRole('menuitem', { name: 'Copy row' }).click();
  await expect.poll(clipboard).toMatch(/^USDC\t/);
  await expect(page.locator('.table-said').first()).toHaveText('Copied the row');
});

test('the table is exported as CSV with exact prices and a name that says when', async ({
  page,
  openScreen,
}) => {
  const monitor = await openScreen('live');
  await monitor.row('SOL').row.click({ button: 'right' });
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Export CSV' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^watchlist-2026-11-21T14-32-\d\dZ\.csv$/);
  const lines = (await readFile(await file.path(), 'utf8')).split('\r\n');
  // The column of the curves is there where there is room for it.
  expect(lines[0]).toMatch(/^\uFEFFToken,Price,Today,(5 min,)?Age$/);
  expect(lines[3]).toMatch(/^BONK,0\.00000\d+,-?\d+\.\d\d,([^,]*,)?2026-11-21T/);
});

test('five hundred symbols at ten batches a second: only rows in sight are drawn, frames keep coming', async ({
  page,
  openScreen,
}) => {
  const monitor = await openScreen('many', { width: 1920, height: 1080 });
  await expect(monitor.watchlist.getByRole('table')).toHaveAttribute('aria-rowcount', '501');
  expect(await monitor.watchlist.locator('tbody tr').count()).toBeLessThan(60);
  const busy = await busyShare(page, 5_000);
  console.log(
    `500 symbols: main thread busy ${(busy.share * 100).toFixed(0)} %, frame p95 ${busy.p95.toFixed(1)} ms`,
  );
  expect(busy.share).toBeLessThan(0.6);
  await focusRow(monitor, 'SOL');
  await page.keyboard.press('End');
  await expect(monitor.row('T494').row).toBeFocused();
  await page.getByRole('searchbox', { name: 'Filter the watchlist' }).fill('t49');
  await expect.poll(() => tokens(monitor)).toEqual(['T49', 'T490', 'T491', 'T492', 'T493', 'T494']);
});
