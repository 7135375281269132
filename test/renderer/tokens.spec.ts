import { expect } from '@playwright/test';
import { lastAsked, refuse } from './ask-fake.ts';
import { complaintsAbout } from '../e2e/pages/axe.ts';
import { test } from './screen.ts';

test('a token is added by symbol, by mint and by venue, and each refusal is said in the engine’s words', async ({
  page,
  openScreen,
}) => {
  const monitor = await openScreen('live', { height: 1000 });
  await page.getByRole('button', { name: 'Add a token' }).click();
  const field = page.getByRole('textbox', { name: 'Token to add' });
  const said = page.locator('.add-token-said');
  const add = page.locator('.add-token').getByRole('button', { name: 'Add', exact: true });
  await expect(said).toHaveText('Symbol, mint or venue:product');
  await expect(add).toBeDisabled();
  await field.press('Enter');
  expect(await lastAsked(page, 'tokens.add')).toBeUndefined();

  await field.fill('  coinbase:SKL-USD ');
  await expect(said).toContainText('coinbase:SKL-USD, priced by Kraken, Jupiter');
  await field.press('Enter');
  await expect.poll(() => monitor.tokens()).toHaveLength(6);
  expect(await lastAsked(page, 'tokens.add')).toEqual({ name: 'coinbase:SKL-USD' });
  await expect(field).toHaveValue('');
  await expect(said).toHaveText('Symbol, mint or venue:product');

  const mint = 'JUPyiwrYJFskUPiHa7hkeR8VUtAeFoSYbKedZNsDvCN';
  await refuse(page, { 'tokens.check': `No source knows the mint ${mint}.` });
  await field.fill(mint);
  await expect(said).toHaveText(`No source knows the mint ${mint}.`);
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(add).toBeDisabled();

  await refuse(page, { 'tokens.add': 'The watchlist is full: 500 tokens at most.' });
  await field.fill('jup');
  await expect(said).toContainText('JUP, priced by');
  await add.click();
  await expect(said).toHaveText('The watchlist is full: 500 tokens at most.');
  await expect(field).toHaveValue('jup');
  await field.fill('');
  await expect(said).toHaveText('Symbol, mint or venue:product');
  await field.press('Escape');
  await expect(field).toBeHidden();
});

test('a token that none of the sources can price is said to stay empty', async ({ page, openScreen }) => {
  const monitor = await openScreen('live');
  await page.getByRole('button', { name: 'Add a token' }).click();
  await page.getByRole('textbox', { name: 'Token to add' }).fill('unpriced:ABC');
  await expect(page.locator('.add-token-said')).toHaveText(
    'unpriced:ABC: none of the sources in use can price it, so its row stays empty',
  );
  expect(await monitor.tokens()).toHaveLength(5);
});

test('a move or a removal that is refused leaves the list as it was and says why', async ({
  page,
  openScreen,
}) => {
  const monitor = await openScreen('live');
  const notice = page.locator('.watchlist-notice');
  await refuse(page, { 'tokens.order': 'The list cannot be written.', 'tokens.remove': 'SOL is needed.' });
  await monitor.row('SOL').row.focus();
  await page.keyboard.press('Alt+ArrowDown');
  await expect(notice).toContainText('The list cannot be written.');
  await expect.poll(() => monitor.tokens()).toEqual(['SOL', 'USDC', 'BONK', 'JitoSOL', 'RAY']);
  await notice.getByRole('button', { name: 'Dismiss' }).click();
  await expect(notice).toBeHidden();
  await monitor.row('SOL').row.focus();
  await page.keyboard.press('Delete');
  await expect(notice).toContainText('SOL is needed.');
  await expect(notice.getByRole('button', { name: 'Undo' })).toHaveCount(0);
  await refuse(page, { 'tokens.add': 'The list is locked.' });
  await monitor.row('BONK').row.focus();
  await page.keyboard.press('Delete');
  await expect(notice).toContainText('BONK removed.');
  await notice.getByRole('button', { name: 'Undo' }).click();
  await expect(notice).toContainText('The list is locked.');
  await expect.poll(() => monitor.tokens()).toEqual(['SOL', 'USDC', 'JitoSOL', 'RAY']);
});

test('the menu of a row moves it to the top and shows it on the chart', async ({ page, openScreen }) => {
  const monitor = await openScreen('live');
  const choose = async (token: string, label: string): Promise<void> => {
    await monitor.row(token).row.focus();
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: label }).click();
  };
  await choose('RAY', 'Move to the top');
  await expect.poll(() => monitor.tokens()).toEqual(['RAY', 'SOL', 'USDC', 'BONK', 'JitoSOL']);
  await choose('BONK', 'Show on the linked charts');
  await expect(monitor.chart.getByRole('heading', { name: 'BONK / USD' })).toBeVisible();
  await choose('RAY', 'Move down');
  await expect.poll(() => monitor.tokens()).toEqual(['SOL', 'RAY', 'USDC', 'BONK', 'JitoSOL']);
});

test('sorted rows cannot be moved by hand, and the way back to the own order is one click', async ({
  page,
  openScreen,
}) => {
  const monitor = await openScreen('live');
  await monitor.watchlist.getByRole('columnheader', { name: 'Token' }).getByRole('button').click();
  await expect.poll(() => monitor.tokens()).toEqual(['BONK', 'JitoSOL', 'RAY', 'SOL', 'USDC']);
  await monitor.row('BONK').row.focus();
  await page.keyboard.press('Alt+ArrowDown');
  expect(await lastAsked(page, 'tokens.order')).toBeUndefined();
  await expect(monitor.row('BONK').row).not.toHaveAttribute('draggable', 'true');
  await page.getByRole('button', { name: 'Columns and export' }).first().click();
  await page.getByRole('menuitem', { name: 'Reset columns and order' }).click();
  await expect.poll(() => monitor.tokens()).toEqual(['SOL', 'USDC', 'BONK', 'JitoSOL', 'RAY']);
});

test('a column is dragged to another place and made wider by its edge', async ({ page, openScreen }) => {
  const monitor = await openScreen('live', { width: 1920, height: 1080 });
  const headers = async (): Promise<string[]> =>
    (await monitor.watchlist.getByRole('columnheader').allInnerTexts()).map(text => text.trim());
  const header = (name: string) => monitor.watchlist.getByRole('columnheader', { name, exact: true });
  await expect.poll(headers).toEqual(['Token', 'Price', 'Today', '5 min', 'Age']);
  await header('Age').dragTo(header('Price'));
  await expect.poll(headers).toEqual(['Token', 'Age', 'Price', 'Today', '5 min']);
  await header('Price').dragTo(header('Price'), {
    sourcePosition: { x: 5, y: 5 },
    targetPosition: { x: 20, y: 5 },
  });
  await expect.poll(headers).toEqual(['Token', 'Age', 'Price', 'Today', '5 min']);
  const width = async (): Promise<number> => (await header('Price').boundingBox())?.width ?? 0;
  const before = await width();
  const edge = await header('Price').locator('.column-edge').boundingBox();
  if (edge === null) throw new Error('The edge is not on the screen.');
  await page.mouse.move(edge.x + edge.width / 2, edge.y + edge.height / 2);
  await page.mouse.down();
  await page.mouse.move(edge.x + 60, edge.y + edge.height / 2, { steps: 5 });
  await page.mouse.up();
  await expect.poll(width).toBeGreaterThan(before + 15);
  const wide = await width();
  await page.mouse.move(edge.x - 100, edge.y + edge.height / 2, { steps: 3 });
  expect(Math.abs((await width()) - wide)).toBeLessThan(2);
});

test('a filter is emptied by Escape, and says what it does not find', async ({ page, openScreen }) => {
  const monitor = await openScreen('many', { width: 1920, height: 1080 });
  const filter = page.getByRole('searchbox', { name: 'Filter the watchlist' });
  await filter.fill('no such token');
  await expect(monitor.watchlist).toContainText('No token matches “no such token”.');
  await filter.press('Escape');
  await expect(filter).toHaveValue('');
  await expect(monitor.row('SOL').row).toBeVisible();
  await filter.press('Escape');
  await expect(filter).toHaveValue('');
});

test('axe finds nothing to say about a refused token and a notice with an undo', async ({
  page,
  openScreen,
}) => {
  const monitor = await openScreen('live');
  await monitor.row('BONK').row.focus();
  await page.keyboard.press('Delete');
  await expect(page.locator('.watchlist-notice')).toContainText('BONK removed.');
  await page.getByRole('button', { name: 'Add a token' }).click();
  await page.getByRole('textbox', { name: 'Token to add' }).fill('nope');
  await expect(page.locator('.add-token-said')).toContainText('Unknown token "nope"');
  expect(await complaintsAbout(page, '.watchlist')).toEqual([]);
});
