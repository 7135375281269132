import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import { batches } from '../e2e/pages/batches.ts';
import { keptDocuments } from './ask-fake.ts';
import { test } from './screen.ts';

const WIDE = { width: 1920, height: 1080 };

test('a wide desk has three charts, each with a token of its own; a small one has one', async ({
  page,
  openScreen,
}) => {
  const { desk, chart } = await openScreen('live', WIDE);
  await expect(chart.getByRole('heading', { name: 'SOL / USD' })).toBeVisible();
  await expect
    .poll(() => desk.panes())
    .toEqual(
      expect.arrayContaining(['Watchlist', 'Chart', 'BONK / USD (2)', 'JitoSOL / USD (3)', 'Positions']),
    );
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.reload();
  await expect.poll(() => desk.panes()).toContain('Chart');
  expect(await desk.panes()).not.toContain('BONK / USD (2)');
});

test('a selection is followed by the panes of its group and by no other', async ({ openScreen }) => {
  const { desk, chart, row } = await openScreen('live', WIDE).then(monitor => ({
    desk: monitor.desk,
    chart: monitor.chart,
    row: (token: string) => monitor.row(token).row,
  }));
  await row('RAY').click();
  await expect(chart.getByRole('heading', { name: 'RAY / USD' })).toBeVisible();
  await expect(desk.pane('BONK / USD (2)')).toBeVisible();
  await desk.link('BONK / USD (2)', 'Group A');
  await expect(desk.pane('RAY / USD (2)')).toBeVisible();
  await desk.link('RAY / USD (2)', 'No group');
  await row('SOL').click();
  await expect(chart.getByRole('heading', { name: 'SOL / USD' })).toBeVisible();
  await expect(desk.pane('RAY / USD (2)')).toBeVisible();
});

test('layouts are tabs: made, renamed, copied, deleted, and kept over a reload', async ({
  page,
  openScreen,
}) => {
  const { desk } = await openScreen('live');
  expect(await desk.layouts()).toEqual(['Desk', 'Scalp', 'Operations']);
  await desk.chooseLayoutCommand('New layout…');
  await desk.dialog.getByRole('textbox').fill('scalp');
  await desk.dialog.getByRole('button', { name: 'Create' }).click();
  await expect(desk.dialog.getByRole('alert')).toContainText('There is a layout called Scalp already');
  await desk.dialog.getByRole('textbox').fill('Night');
  await desk.dialog.getByRole('button', { name: 'Create' }).click();
  await expect(desk.layout('Night')).toHaveAttribute('aria-selected', 'true');
  await desk.choosePaneCommand('Trade tape', 'Close');
  await expect(desk.pane('Trade tape')).toBeHidden();
  await desk.chooseLayoutCommand('Duplicate this layout');
  await expect(desk.layout('Night copy')).toHaveAttribute('aria-selected', 'true');
  await expect(desk.pane('Trade tape')).toBeHidden();
  await desk.layout('Night copy').dblclick();
  await desk.dialog.getByRole('textbox').fill('Day');
  await desk.dialog.getByRole('textbox').press('Enter');
  await expect.poll(() => desk.layouts()).toEqual(['Desk', 'Scalp', 'Operations', 'Night', 'Day']);
  await expect
    .poll(() => keptDocuments(page))
    .toMatchObject({ layouts: { active: 'Day', layouts: [{}, {}, {}, { name: 'Night' }, { name: 'Day' }] } });
  await page.reload();
  await expect.poll(() => desk.layouts()).toEqual(['Desk', 'Scalp', 'Operations', 'Night', 'Day']);
  await expect(desk.layout('Day')).toHaveAttribute('aria-selected', 'true');
  await expect(desk.pane('Watchlist')).toBeVisible();
  await expect(desk.pane('Trade tape')).toBeHidden();
  await desk.chooseLayoutCommand('Delete this layout…');
  await desk.dialog.getByRole('button', { name: 'Keep it' }).click();
  await desk.chooseLayoutCommand('Delete this layout…');
  await desk.dialog.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect.poll(() => desk.layouts()).toEqual(['Desk', 'Scalp', 'Operations', 'Night']);
  await desk.layout('Night').click();
  await desk.chooseLayoutCommand('Reset this layout');
  await expect(desk.pane('Trade tape')).toBeVisible();
});

test('a layout goes into a file and comes back; a broken file is refused with a word', async ({
  openScreen,
}) => {
  const { desk } = await openScreen('live');
  await desk.choosePaneCommand('System health', 'Close');
  const { name, text } = await desk.exportLayout();
  expect(name).toBe('desk.tenhertz-layout.json');
  await desk.importLayout(text);
  await expect(desk.layout('Desk 2')).toHaveAttribute('aria-selected', 'true');
  await expect(desk.pane('Watchlist')).toBeVisible();
  await expect(desk.pane('System health')).toBeHidden();
  await desk.importLayout('{half');
  await expect(desk.notice).toContainText('This file is no layout: it is not JSON');
  await desk.importLayout(
    JSON.stringify({ name: 'Bad', dock: { grid: { width: 1, height: 1, root: {} }, panels: {} } }),
  );
  await expect(desk.notice).toContainText('The places of its panes cannot be read');
  await desk.notice.getByRole('button').click();
  await expect(desk.notice).toBeHidden();
  expect(await desk.layouts()).toEqual(['Desk', 'Scalp', 'Operations', 'Desk 2']);
});

test('layouts that cannot be read are left out, and the screen says so', async ({ openScreen }) => {
  const { desk } = await openScreen('live', {
    documents: {
      screen: { welcomed: true },
      layouts: {
        version: 1,
        active: 'Mine',
        layouts: [
          { name: 'Lost', desk: 7 },
          { name: 'Mine', dock: null },
        ],
      },
    },
  });
  await expect(desk.pane('Watchlist')).toBeVisible();
  await expect(desk.notice).toContainText('Layouts that cannot be read were left out: Lost');
  expect(await desk.layouts()).toEqual(['Mine']);
});

test('nothing is lost when a pane is hidden and shown', async ({ page, openScreen }) => {
  const monitor = await openScreen('live');
  const { desk } = monitor;
  await monitor.intervalButton('5s').click();
  await monitor.tape.hideSmallButton.click();
  await expect.poll(() => monitor.tape.total()).toBeGreaterThan(60);
  await desk.layout('Operations').click();
  await expect(desk.pane('Lag')).toBeVisible();
  await batches(page, 7);
  await desk.layout('Desk').click();
  await expect(monitor.intervalButton('5s')).toHaveAttribute('aria-pressed', 'true');
  await expect(monitor.tape.hideSmallButton).toHaveAttribute('aria-pressed', 'true');
  expect(await monitor.tape.total()).toBeGreaterThan(60);
  await desk.choosePaneCommand('Trade tape', 'Close');
  await desk.run('show trade tape');
  await expect(monitor.tape.hideSmallButton).toHaveAttribute('aria-pressed', 'true');
  await expect(monitor.tape.rows.first()).toBeVisible();
});

test('panes are maximised, moved, resized and reached by keyboard alone', async ({ page, openScreen }) => {
  const { desk } = await openScreen('live');
  await expect(desk.pane('Watchlist')).toBeVisible();
  const active = (): Promise<string | null> =>
    page.evaluate(() => document.activeElement?.closest('[data-region]')?.getAttribute('aria-label') ?? null);
  const seen: (string | null)[] = [];
  for (let step = 0; step < 6; step += 1) {
    await page.keyboard.press('F6');
    seen.push(await active());
  }
  expect(new Set(seen).size).toBe(5);
  await page.keyboard.press('Shift+F6');
  expect(await active()).toBe(seen[4]);
  while ((await active()) !== 'Watchlist') await page.keyboard.press('F6');
  const width = async (): Promise<number> => (await desk.pane('Watchlist').boundingBox())?.width ?? 0;
  const before = await width();
  await page.keyboard.press('Control+Alt+ArrowRight');
  await expect.poll(width).toBeGreaterThan(before + 30);
  await page.keyboard.press('Alt+m');
  await expect.poll(width).toBeGreaterThan(1_200);
  await page.keyboard.press('Alt+m');
  await expect.poll(width).toBeLessThan(500);
  await page.keyboard.press('Control+Alt+Shift+ArrowRight');
  await expect(desk.pane('Watchlist').getByRole('tab')).toHaveCount(2);
});

test('a pane goes into a window of its own, looks the same there, and comes back', async ({
  page,
  openScreen,
}) => {
  const monitor = await openScreen('live', { theme: 'light' });
  await expect(monitor.tape.rows.first()).toBeVisible();
  const opening = page.waitForEvent('popup');
  await monitor.desk.choosePaneCommand('Trade tape', 'Open in a window');
  const popup = await opening;
  await expect(popup.locator('.trade').first()).toBeVisible();
  await expect(popup.locator('html')).toHaveAttribute('data-theme', 'light');
  expect(await popup.locator('.tape').evaluate(one => getComputedStyle(one).fontFamily)).toContain('Inter');
  const first = await popup.locator('.tape').getAttribute('data-total');
  await expect.poll(() => popup.locator('.tape').getAttribute('data-total')).not.toBe(first);
  await monitor.toggleTheme();
  await expect(popup.locator('html')).toHaveAttribute('data-theme', 'dark');
  await popup.close();
  await expect(monitor.tape.rows.first()).toBeVisible();
});

for (const theme of ['dark', 'light'] as const)
  test(`axe finds nothing to say about menus, dialogs and tabs, ${theme}`, async ({ page, openScreen }) => {
    test.slow();
    const { desk } = await openScreen('live', { theme });
    const check = async (): Promise<void> => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)])).toEqual([]);
    };
    await desk.run('move this pane right');
    await desk
      .pane('Positions')
      .getByRole('button', { name: /^Link:/ })
      .click();
    await check();
    await page.keyboard.press('Escape');
    await desk.chooseLayoutCommand('New layout…');
    await check();
    await page.keyboard.press('Escape');
    await desk.layout('Scalp').click();
    await expect(desk.pane('Trade tape')).toBeVisible();
    await check();
  });
