import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { test } from './screen.ts';

test('positions nobody tells are kept from the trades: average, realised, unrealised, today', async ({
  openScreen,
}) => {
  const { positions } = await openScreen('kept', { width: 1920, height: 1080 });
  await expect.poll(() => positions.tokens()).toContain('BONK');
  const sol = positions.row('SOL', 'trades:user_0001');
  await expect(sol.row).toHaveAttribute('data-from', 'trades');
  await expect(sol.row.locator('[data-part="average"]')).toHaveText(/^15\d\.\d+$/);
  for (const part of ['unrealised', 'realised', 'today', 'pnl']) {
    await expect(sol.row.locator(`[data-part="${part}"]`)).toHaveText(/^[+−]?\$[\d,]+\.\d\d$/);
  }
  // The channel's first event is not known, so what was held before is not in it, and that is said.
  await expect(positions.row('SOL', 'trade-events').amount).toContainText('of the trades since Nov 21, 2026');
  await expect(positions.totalValue).toHaveAttribute('data-partial', 'false');
});

test('the position of a token is exported with every digit', async ({ page, openScreen }) => {
  const { positions } = await openScreen('kept', { width: 1920, height: 1080 });
  await expect.poll(() => positions.tokens()).toContain('BONK');
  const download = page.waitForEvent('download');
  await positions.rows.first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Export CSV' }).click();
  const lines = (await readFile(await (await download).path(), 'utf8')).split('\r\n');
  expect(lines[0]).toBe('\uFEFFToken,Amount,Average,Mark,Value,Unrealised,Realised,PnL,Today,Age');
  expect(lines[1]).toMatch(/^SOL,-?\d+\.\d+,15\d\.\d{10,},15\d\.\d{4},/);
});

for (const theme of ['dark', 'light'] as const) {
  test(`axe finds nothing to say about tables, their menus and fields, ${theme}`, async ({
    page,
    openScreen,
  }) => {
    const monitor = await openScreen('kept', { theme, width: 1920, height: 1080 });
    await page.getByRole('button', { name: 'Add a token' }).click();
    await page.getByRole('textbox', { name: 'Token to add' }).fill('nope');
    await expect(page.locator('.add-token-said')).toContainText('Unknown token');
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await monitor.watchlist.getByRole('columnheader', { name: 'Price' }).getByRole('button').click();
    await page.getByRole('button', { name: 'Columns and export' }).first().click();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)])).toEqual([]);
  });
}

test('the tape is filtered by channel, token and least size, and says when nothing passes', async ({
  page,
  openScreen,
}) => {
  const { tape } = await openScreen('live', { width: 1920, height: 1080 });
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await page.getByRole('combobox', { name: 'Channel' }).selectOption('trades:user_0001');
  await page.getByRole('searchbox', { name: 'Token or pair' }).fill('jito');
  await expect(tape.rows.first()).toContainText('JitoSOL');
  expect(new Set(await tape.rows.locator('.trade-token').allInnerTexts())).toEqual(new Set(['JitoSOL']));
  const least = page.getByRole('textbox', { name: 'Least size in dollars' });
  await least.fill('lots');
  await expect(least).toHaveAttribute('aria-invalid', 'true');
  await least.fill('9m');
  await expect(tape.empty).toContainText('No trade passes the filter yet');
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(tape.rows).not.toHaveCount(0);
  const download = page.waitForEvent('download');
  await page.getByRole('search').getByRole('button', { name: 'Export CSV' }).click();
  const lines = (await readFile(await (await download).path(), 'utf8')).split('\r\n');
  expect(lines[0]).toBe('\uFEFFTime,Channel,Pair,Side,Amount,Price,Value,Currency,Event');
  expect(lines.length).toBeGreaterThan(60);
});
