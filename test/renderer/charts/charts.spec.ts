import AxeBuilder from '@axe-core/playwright';
import { expect, type Locator, type Page } from '@playwright/test';
import { batches } from '../../e2e/pages/batches.ts';
import { test, type ChartsPage } from './harness.ts';

/** Presses keys on a chart one after the other. */
async function press(stage: Locator, ...keys: string[]): Promise<void> {
  await stage.focus();
  for (const key of keys) await stage.press(key);
}

async function summaryOf(charts: ChartsPage, id: string): Promise<string> {
  return (await charts.stage(id).locator('p.visually-hidden').textContent()) ?? '';
}

/** Scrolls a chart back with the mouse, as far as one drag goes. */
async function dragBack(page: Page, stage: Locator): Promise<void> {
  const box = await stage.boundingBox();
  if (box === null) throw new Error('The chart is not on the page.');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + 40, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 120, y, { steps: 4 });
  await page.mouse.up();
}

test('shows all nine intervals where there is room, fewer with a menu where not', async ({
  page,
  openCharts,
}) => {
  const charts = await openCharts([{ id: 'a', token: 'SOL' }], { width: 1280 });
  await charts.drawn('a');
  const button = (name: string): Locator => charts.pane('a').getByRole('button', { name, exact: true });
  for (const interval of ['5s', '15s', '1m', '5m', '15m', '1h', '4h', '1d', '1s']) {
    await button(interval).click();
    await expect(button(interval)).toHaveAttribute('aria-pressed', 'true');
    await expect(charts.pane('a').getByRole('img')).toHaveAttribute(
      'aria-label',
      `SOL / USD, ${interval}, candles`,
    );
  }
  await page.setViewportSize({ width: 700, height: 500 });
  await expect(button('4h')).toBeHidden();
  await expect(button('1m')).toBeVisible();
  await page.setViewportSize({ width: 420, height: 400 });
  await expect(button('1m')).toBeHidden();
  await charts.pane('a').getByRole('button', { name: 'All intervals, 1s is shown' }).click();
  await page.getByRole('menuitemradio', { name: /^4 hours/ }).click();
  await expect(charts.pane('a').getByRole('img')).toHaveAttribute('aria-label', 'SOL / USD, 4h, candles');
});

test('tells volume in the legend of bars that have one', async ({ openCharts }) => {
  const charts = await openCharts([{ id: 'a', token: 'SOL', settings: { interval: '1m' } }]);
  await charts.drawn('a');
  await expect(charts.legend('a', 'volume')).toHaveText(/^[\d.,]+$/);
});

test('the crosshair of one chart shows on the others at the same time, the price only on the same token', async ({
  page,
  openCharts,
}) => {
  const charts = await openCharts([
    { id: 'a', token: 'SOL', settings: { interval: '1m' } },
    { id: 'b', token: 'SOL', settings: { interval: '15s' } },
    { id: 'c', token: 'BONK', settings: { interval: '1m' } },
  ]);
  for (const id of ['a', 'b', 'c']) await charts.drawn(id);
  const before = await charts.legend('c', 'close').textContent();
  await charts.stage('a').hover({ position: { x: 200, y: 200 } });
  await expect(charts.legend('c', 'close')).not.toHaveText(before ?? '');
  const closes = await Promise.all(['a', 'b', 'c'].map(id => charts.legend(id, 'open').textContent()));
  await batches(page, 6);
  // It stands still while the newest bars move.
  expect(await Promise.all(['a', 'b', 'c'].map(id => charts.legend(id, 'open').textContent()))).toEqual(
    closes,
  );
  // The minute and its first quarter begin at the same price.
  expect(closes[0]).toBe(closes[1]);
  await charts.stage('c').hover({ position: { x: 100, y: 200 } });
  await expect(charts.legend('a', 'open')).not.toHaveText(closes[0] ?? '');
  await page.mouse.move(5, 5);
});

test('older bars come in pages as one scrolls back, in place, until there are none', async ({
  page,
  openCharts,
}) => {
  const charts = await openCharts([{ id: 'a', token: 'SOL', settings: { interval: '1m' } }]);
  await charts.drawn('a');
  const stage = charts.stage('a');
  const paged = async (): Promise<number> => (await charts.asked()).filter(Number.isFinite).length;
  expect(await paged()).toBe(0);
  const sets = await charts.calls('set');
  for (let drag = 0; drag < 3; drag += 1) await dragBack(page, stage);
  await expect.poll(paged).toBeGreaterThan(0);
  await press(stage, 'Home');
  await expect.poll(paged).toBeGreaterThan(1);
  // Three thousand minutes, of which ten in five hundred are missing.
  await expect
    .poll(async () => {
      await press(stage, 'Home');
      return summaryOf(charts, 'a');
    })
    .toContain('from Nov 19, 2026, 12:');
  const asked = await paged();
  await press(stage, 'Home');
  await batches(page, 5);
  expect(await paged()).toBe(asked);
  expect(await charts.calls('set')).toBe(sets);
  await charts.pane('a').getByRole('button', { name: 'Now', exact: true }).click();
  await expect(charts.pane('a').getByRole('button', { name: 'Now', exact: true })).toBeHidden();
});

test('new prices are single updates, never a new setting of everything', async ({ openCharts }) => {
  const charts = await openCharts([
    { id: 'a', token: 'SOL' },
    { id: 'b', token: 'SOL', settings: { interval: '5s' } },
  ]);
  for (const id of ['a', 'b']) await charts.drawn(id);
  const [sets, replaces] = [await charts.calls('set'), await charts.calls('replace')];
  const updates = await charts.calls('update');
  await expect.poll(() => charts.calls('update')).toBeGreaterThan(updates + 10);
  expect(await charts.calls('set')).toBe(sets);
  expect(await charts.calls('replace')).toBe(replaces);
});

test('a hidden chart comes back with everything that happened meanwhile', async ({ page, openCharts }) => {
  const shown = { id: 'a', token: 'SOL', settings: { interval: '1s' } };
  const charts = await openCharts([shown, { ...shown, id: 'b' }]);
  for (const id of ['a', 'b']) await charts.drawn(id);
  const stage = charts.stage('a');
  await press(stage, '+', '+');
  const sets = await charts.calls('set');
  await charts.show([
    { ...shown, hidden: true },
    { ...shown, id: 'b' },
  ]);
  // Three bars and more.
  await batches(page, 30);
  await charts.show([shown, { ...shown, id: 'b' }]);
  await expect(stage.locator('canvas').first()).toBeVisible();
  await page.mouse.move(5, 5);
  await expect.poll(async () => new Set(await charts.newestBars('a', 'b')).size).toBe(1);
  expect((await charts.newestBars('a'))[0]).toMatch(/^(\d\S* ){3}\d\S*$/);
  expect(await charts.calls('set')).toBe(sets);
  const size = await stage.locator('table').first().boundingBox();
  expect(size?.width).toBeGreaterThan(300);
  expect(size?.height).toBeGreaterThan(200);
});

test('everything works by keyboard: crosshair, zoom, scale, dates, table', async ({ page, openCharts }) => {
  const charts = await openCharts([{ id: 'a', token: 'SOL', settings: { interval: '1m' } }]);
  await charts.drawn('a');
  const stage = charts.stage('a');
  // The summary is written every second.
  await batches(page, 12);
  const bars = async (): Promise<number> => Number(/^\d+/.exec(await summaryOf(charts, 'a'))?.[0]);
  const first = await bars();
  await press(stage, '-', '-');
  await expect.poll(bars).toBeGreaterThan(first);
  await press(stage, 'f');
  await expect.poll(bars).toBeGreaterThan(350);
  await press(stage, 'l');
  await press(stage, 'End', 'ArrowLeft', 'ArrowLeft', 'Shift+ArrowLeft');
  const pointed = await charts.legend('a', 'open').textContent();
  await batches(page, 5);
  expect(await charts.legend('a', 'open').textContent()).toBe(pointed);
  await press(stage, 'Escape');
  await expect(charts.legend('a', 'open')).not.toHaveText(pointed ?? '');
  await press(stage, 'g');
  await page.keyboard.type('yesterday');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('Write a date as 2026-11-21');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('2026-11-21 02:00');
  await page.keyboard.press('Enter');
  await expect(stage).toBeFocused();
  await expect
    .poll(() => summaryOf(charts, 'a'))
    .toMatch(/from Nov 2\d, 2026, \d\d:\d\d:00 UTC to Nov 21, 2026, 0[2-9]/);
  await press(stage, 't');
  const table = charts.pane('a').getByRole('table', { name: /Bars of SOL/ });
  await expect(table.getByRole('rowheader').first()).toHaveText(/^Nov 21, 2026, 0\d:\d\d:00 UTC$/);
  await press(stage, 't');
  await expect(table).toBeHidden();
  await press(stage, 'End');
  await expect(charts.pane('a').getByRole('button', { name: 'Now', exact: true })).toBeHidden();
});

test('a past that cannot be had is said, tried again by itself, and put under what came meanwhile', async ({
  page,
  openCharts,
}) => {
  const charts = await openCharts([{ id: 'a', token: 'SOL' }], { kind: 'history-gone' });
  const message = charts.pane('a').locator('.chart-message');
  await expect(message).toContainText('No history (The ledger is not there).');
  await charts.drawn('a');
  await page.screenshot({ path: test.info().outputPath('error.png') });
  await message.getByRole('button', { name: 'Try again' }).click();
  await expect(message).toBeHidden({ timeout: 12_000 });
  await expect.poll(async () => Number(/^\d+/.exec(await summaryOf(charts, 'a'))?.[0])).toBeGreaterThan(30);
});

for (const theme of ['dark', 'light'] as const)
  test(`axe finds nothing to say about charts with everything on them, ${theme}`, async ({
    page,
    openCharts,
  }) => {
    const charts = await openCharts(
      [
        { id: 'a', token: 'SOL', settings: { interval: '1m' } },
        { id: 'b', token: 'BONK', settings: { interval: '5s' } },
      ],
      { theme },
    );
    for (const id of ['a', 'b']) await charts.drawn(id);
    await press(charts.stage('a'), 'a');
    await expect(charts.pane('a').getByRole('spinbutton')).toBeVisible();
    await press(charts.stage('b'), 't');
    await press(charts.stage('a'), 'g');
    const { violations } = await new AxeBuilder({ page })
      .include('main')
      .disableRules(['region', 'page-has-heading-one'])
      .analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)])).toEqual([]);
    await page.keyboard.press('Escape');
    await charts.pane('a').getByRole('button', { name: 'Chart tools' }).click();
    await expect(page.getByRole('menu')).toBeVisible();
    const open = await new AxeBuilder({ page }).include('.menu').analyze();
    expect(open.violations.map(({ id }) => id)).toEqual([]);
  });
