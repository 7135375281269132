import AxeBuilder from '@axe-core/playwright';
import { expect, type Locator, type Page } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { TimeLine } from '../e2e/pages/time-line.ts';
import { test } from './screen.ts';

/** Pictures for people to look at; they are compared with nothing and not kept in git. */
const SHOTS = fileURLToPath(new URL('../../node_modules/.cache/renderer-shots/', import.meta.url));
test.beforeAll(() => mkdirSync(SHOTS, { recursive: true }));

const region = (page: Page): Locator => page.getByRole('region', { name: 'Pools', exact: true });
const row = (page: Page, name: string): Locator =>
  region(page)
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name, exact: true }) });
const part = (page: Page, name: string, which: string): Locator =>
  row(page, name).locator(`[data-part="${which}"]`);

test('pools stand under the watchlist, with what they hold, the impact of a trade, and the age', async ({
  page,
  openScreen,
}) => {
  await openScreen('live', { width: 1920, height: 1080 });
  await expect(region(page).getByRole('rowheader').locator('.token')).toHaveText([
    'SOL/USDC',
    'RAY/SOL',
    'BONK/SOL',
    'JitoSOL/SOL',
  ]);
  await expect(part(page, 'SOL/USDC', 'liquidity')).toHaveText('$18.42M');
  await expect(part(page, 'RAY/SOL', 'volume24h')).toHaveText('$3.88M');
  // Half of the pool is 2,035,000 dollars: 9,975 of it are 0.488 %.
  await expect(part(page, 'RAY/SOL', 'impact')).toHaveText('0.488 %');
  await expect(part(page, 'SOL/USDC', 'impact')).toHaveText(/^≤ 0\.\d+ %$/);
  await expect(part(page, 'RAY/SOL', 'liquidity')).toHaveAttribute('data-freshness', 'delayed');
  await expect(region(page).getByRole('note')).toHaveText(
    /^Raydium, updated \d+\.\d s ago, cached by the venue$/,
  );
});

test('the size and the side of the trade are the trader’s, and stay', async ({ page, openScreen }) => {
  await openScreen('live', { width: 1920, height: 1080 });
  const size = region(page).getByRole('textbox', { name: 'Size of the trade in dollars' });
  await size.fill('1m');
  await expect(region(page).getByRole('columnheader', { name: 'Impact $1m' })).toBeVisible();
  await expect(part(page, 'RAY/SOL', 'impact')).toHaveText('32.89 %');
  await region(page).getByRole('combobox', { name: 'Side of the trade' }).selectOption('sell');
  await expect(part(page, 'RAY/SOL', 'impact')).toHaveAttribute('title', /with the fee 33\.\d\d %/);
  await size.fill('lots');
  await expect(size).toHaveAttribute('aria-invalid', 'true');
  await expect(region(page).getByRole('columnheader', { name: 'Impact $10k' })).toBeVisible();
});

test('a pool selects the token of its link group, by pointer and by keyboard', async ({
  page,
  openScreen,
}) => {
  const monitor = await openScreen('live', { width: 1920, height: 1080 });
  await row(page, 'BONK/SOL').click();
  await expect(monitor.watchlist.locator('tr[aria-selected="true"]')).toContainText('BONK');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(monitor.watchlist.locator('tr[aria-selected="true"]')).toContainText('JitoSOL');
});

test('pools are exported with every digit', async ({ page, openScreen }) => {
  await openScreen('live', { width: 2560, height: 1440 });
  const download = page.waitForEvent('download');
  await row(page, 'RAY/SOL').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Export CSV' }).click();
  const text = await readFile(await (await download).path(), 'utf8');
  expect(text).toContain('RAY/SOL,4070000');
  expect(text).toMatch(/^\uFEFFPool,Liquidity/);
});

test('every state says what it is: none, loading, stale, not reachable, simulated', async ({
  page,
  openScreen,
}) => {
  await openScreen('empty', { width: 1920, height: 1080 });
  await expect(region(page)).toContainText('No pools are watched.');
  await openScreen('loading', { width: 1920, height: 1080 });
  await expect(region(page).getByRole('status', { name: 'Pools: waiting for the engine' })).toBeVisible();
  await openScreen('stale', { width: 1920, height: 1080 });
  await expect(part(page, 'RAY/SOL', 'liquidity')).toHaveAttribute('data-freshness', 'stale', {
    timeout: 10_000,
  });
  await openScreen('no-sources', { width: 1920, height: 1080 });
  await expect(part(page, 'RAY/SOL', 'liquidity')).toHaveAttribute('data-freshness', 'unavailable');
  await expect(region(page).getByRole('note')).toContainText('Raydium cannot be asked');
  await region(page).screenshot({ path: `${SHOTS}pools-unreachable.png` });
  await openScreen('recorded', { width: 1920, height: 1080 });
  await expect(region(page)).toContainText('A recording holds no pools.');
  await openScreen('simulated', { width: 1920, height: 1080 });
  await expect(region(page).getByRole('note')).toContainText('SIMULATED');
});

test('the venue of pools is among the sources', async ({ page, openScreen }) => {
  await openScreen('live', { width: 1920, height: 1080 });
  await page.getByRole('tab', { name: 'Sources' }).first().click();
  await expect(
    page.getByRole('table', { name: 'Sources' }).locator('tr[data-source="raydium"]'),
  ).toContainText('4 of 4');
});

for (const theme of ['dark', 'light'] as const) {
  test(`axe finds nothing to say about pools, ${theme}`, async ({ page, openScreen }) => {
    await openScreen('live', { theme, width: 1920, height: 1080 });
    await expect(row(page, 'SOL/USDC')).toBeVisible();
    await region(page).getByRole('textbox', { name: 'Size of the trade in dollars' }).fill('x');
    const { violations } = await new AxeBuilder({ page }).include('.pools').analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)])).toEqual([]);
    await region(page).getByRole('textbox', { name: 'Size of the trade in dollars' }).fill('10k');
    await page.screenshot({ path: `${SHOTS}pools-${theme}-1920.png` });
    await page.setViewportSize({ width: 1280, height: 800 });
    await region(page).screenshot({ path: `${SHOTS}pools-${theme}-1280.png` });
  });
}

test('in the past the pane says that pools are not kept, shows none of now, and has them again after Escape', async ({
  page,
  openScreen,
}) => {
  const monitor = await openScreen('live', { width: 1920, height: 1080 });
  await expect(region(page).getByRole('rowheader').locator('.token')).toHaveCount(4);
  await expect(monitor.row('SOL').price).not.toHaveText('');
  const line = new TimeLine(page);
  await line.pressAt(0.5);
  await expect(line.notice).toBeVisible();
  await expect(region(page)).toContainText('Pools are not kept for the past. Escape goes back to now.');
  await expect(region(page).getByRole('rowheader')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(line.notice).toBeHidden();
  await expect(region(page).getByRole('rowheader').locator('.token')).toHaveCount(4);
});
