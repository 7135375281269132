import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import { keptDocuments } from './ask-fake.ts';
import { test } from './screen.ts';

test('the palette finds tokens, panes, layouts, settings by a few letters, and the last ones first', async ({
  page,
  openScreen,
}) => {
  const monitor = await openScreen('live');
  const { desk } = monitor;
  await expect(monitor.stateBadge).toHaveText('LIVE');
  await page.getByRole('button', { name: 'Search a token or type a command' }).click();
  await expect(desk.paletteField).toBeFocused();
  await desk.paletteField.fill('ray');
  await expect(desk.paletteLines.first()).toHaveText('RAY / USD');
  await desk.paletteField.press('Enter');
  await expect(monitor.chart.getByRole('heading', { name: 'RAY / USD' })).toBeVisible();
  await desk.run('layout operations');
  await expect(desk.layout('Operations')).toHaveAttribute('aria-selected', 'true');
  await desk.run('use the light');
  expect(await monitor.theme()).toBe('light');
  await desk.run('show watchlist');
  await expect(monitor.watchlist).toBeVisible();
  await page.keyboard.press('Control+k');
  const lines = await desk.paletteLines.allTextContents();
  expect(lines[0]).toContain('Show Watchlist');
  await desk.paletteField.fill('no such thing at all');
  await expect(desk.palette).toContainText('Nothing is called like that.');
  await desk.paletteField.press('Escape');
  await expect(desk.palette).toBeHidden();
});

test('commands show their keys, and keys can be chosen anew, clash, and come back', async ({
  page,
  openScreen,
}) => {
  const monitor = await openScreen('live');
  const { desk } = monitor;
  await desk.run('keys: look at them');
  await expect(desk.keys).toBeVisible();
  await expect(desk.keyRow('pane.maximise')).toContainText('Alt M');
  await desk.bind('look.light', 'F2');
  await expect(desk.keyRow('look.light')).toContainText('F2');
  await page.keyboard.press('F2');
  expect(await monitor.theme()).toBe('light');
  await desk.bind('look.dark', 'F2');
  await expect(desk.keyRow('look.dark')).toContainText('also: Use the light theme');
  await expect(desk.keys).toContainText('2 commands share a key');
  await desk
    .keyRow('look.dark')
    .getByRole('button', { name: /^Key of/ })
    .click();
  await page.keyboard.press('Escape');
  await desk
    .keyRow('look.dark')
    .getByRole('button', { name: /^Reset the key/ })
    .click();
  await expect(desk.keyRow('look.dark')).toContainText('none');
  await expect.poll(() => keptDocuments(page)).toMatchObject({ keys: { bindings: { 'look.light': 'F2' } } });
  await page.reload();
  await expect(desk.keyRow('look.light')).toContainText('F2');
  await desk.keys.getByRole('button', { name: 'Reset all' }).click();
  await expect(desk.keyRow('look.light')).toContainText('none');
});

test('typing never runs a command', async ({ page, openScreen }) => {
  const monitor = await openScreen('live', {
    documents: {
      screen: { welcomed: true, theme: 'dark' },
      keys: { version: 1, bindings: { 'look.light': 'l' } },
    },
  });
  await monitor.desk.run('keys: look at them');
  await monitor.desk.keys.getByRole('searchbox').fill('');
  await page.keyboard.type('l');
  expect(await monitor.theme()).toBe('dark');
  await expect(monitor.desk.keyRow('look.light')).toBeVisible();
  await monitor.watchlist.click();
  await page.keyboard.press('l');
  await expect.poll(() => monitor.theme()).toBe('light');
});

test('a first start offers one page that explains the screen; put away, it never comes again', async ({
  page,
  openScreen,
}) => {
  const { desk } = await openScreen('live', { documents: {} });
  const welcome = desk.pane('Welcome');
  await welcome.getByRole('button', { name: 'Show me' }).click();
  await expect(desk.dialog).toContainText('Every number has an age');
  await expect(desk.dialog).toContainText('Kraken');
  await page.keyboard.press('Escape');
  await expect(welcome).toBeHidden();
  await expect.poll(() => keptDocuments(page)).toMatchObject({ screen: { welcomed: true } });
  await page.reload();
  await expect(desk.pane('Watchlist')).toBeVisible();
  await expect(welcome).toBeHidden();
  await desk.run('what the numbers mean');
  await expect(desk.dialog).toContainText('Fresh');
  await desk.dialog.getByRole('button', { name: 'All keys' }).click();
  await expect(desk.keys).toBeVisible();
});

test('the look is compact, blue and orange when chosen, and remembered by the engine', async ({
  page,
  openScreen,
}) => {
  const monitor = await openScreen('live');
  const rowHeight = async (): Promise<number> => (await monitor.row('SOL').row.boundingBox())?.height ?? 0;
  const before = await rowHeight();
  await monitor.desk.run('compact rows');
  await expect.poll(rowHeight).toBeLessThan(before);
  await monitor.desk.run('blue and orange');
  await expect(monitor.root).toHaveAttribute('data-colours', 'blue-orange');
  await expect
    .poll(() => keptDocuments(page))
    .toMatchObject({ screen: { density: 'compact', colours: 'blue-orange' } });
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await expect(monitor.root).toHaveAttribute('data-colours', 'blue-orange');
  await expect(monitor.root).toHaveAttribute('data-density', 'compact');
});

for (const theme of ['dark', 'light'] as const)
  test(`axe finds nothing to say about palette, keys and welcome, ${theme}`, async ({ page, openScreen }) => {
    test.slow();
    const { desk } = await openScreen('live', { theme, documents: {} });
    const check = async (): Promise<void> => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)])).toEqual([]);
    };
    await desk.run('keys: look at them');
    await expect(desk.keys).toBeVisible();
    await check();
    await page.keyboard.press('Control+k');
    await expect(desk.paletteField).toBeFocused();
    await check();
    await page.keyboard.press('Escape');
    await desk.run('what the numbers mean');
    await expect(desk.dialog).toBeVisible();
    await check();
  });
