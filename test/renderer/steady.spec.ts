import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { batches } from '../e2e/pages/batches.ts';
import { test } from './screen.ts';
import { documentsOf, WALLS } from './walls.ts';

type Boxes = Readonly<Record<string, string>>;

/** The boxes of what must not move, by a name: bars, panes, title bars, headers of tables, rows, and every cell of the first rows. */
async function boxesOf(page: Page, what: readonly string[]): Promise<Boxes> {
  return page.evaluate(selectors => {
    const boxes: Record<string, string> = {};
    for (const selector of selectors) {
      for (const [index, element] of [...document.querySelectorAll(selector)].entries()) {
        const { x, y, width, height } = element.getBoundingClientRect();
        const pane = element.closest('[data-region]')?.getAttribute('data-region') ?? '';
        boxes[`${selector} ${pane} ${index}`] = [x, y, width, height].map(side => side.toFixed(1)).join(' ');
      }
    }
    return boxes;
  }, what);
}

const FRAME = ['header', '.page', '[data-region]', 'footer', '.time-line', '.dv-tabs-and-actions-container'];
const TABLES = [
  '.data-table thead th',
  '.tape-head > span',
  '.compact-table thead th',
  '.chart-header',
  '.legend',
  '.chart-stage',
];
const ROWS = ['.data-table tbody tr:nth-child(-n + 4)', '.data-table tbody tr:nth-child(-n + 4) > *'];

/** What of `after` is elsewhere than in `before`; what one of them does not have is left out. */
function moved(before: Boxes, after: Boxes): string[] {
  return Object.entries(after).flatMap(([name, box]) =>
    before[name] === undefined || before[name] === box ? [] : [`${name}: ${before[name]} -> ${box}`],
  );
}

const LOOK = { theme: 'dark', density: 'comfortable' } as const;

for (const [name, panes] of [['the desk', undefined], ...Object.entries(WALLS)] as const) {
  test(`from the first outline to live nothing moves: ${name}`, async ({ page, openScreen }) => {
    const { root } = await openScreen('late', { ...LOOK, documents: documentsOf(LOOK, panes) });
    await expect(page.locator('.skeleton, .tile').first()).toBeVisible();
    await expect(page.locator('[data-region]').first()).toBeVisible();
    await page.evaluate(() => document.fonts.ready);
    await expect(root).toHaveAttribute('data-connection', 'connecting');
    // In place of rows there are outlines of them, just as high.
    const before = await boxesOf(page, [...FRAME, ...TABLES, '.data-table tbody tr:nth-child(-n + 4)']);
    expect(Object.keys(before).length).toBeGreaterThan(12);
    await page.evaluate(() => window.fakeEngine.begin());
    await expect(root).toHaveAttribute('data-connection', 'live');
    await batches(page, 15);
    // The notice of the tape stands above its head, as drawn: it pushes the tape down by its own height until it is put away.
    const notice = page.getByRole('note', { name: 'Trade tape notice' }).getByRole('button');
    if ((await notice.count()) > 0) await notice.click();
    const after = await boxesOf(page, [...FRAME, ...TABLES, '.data-table tbody tr:nth-child(-n + 4)']);
    expect(moved(before, after)).toEqual([]);
  });

  test(`while numbers change nothing moves, nor under the pointer: ${name}`, async ({ page, openScreen }) => {
    const { root } = await openScreen('live', { ...LOOK, documents: documentsOf(LOOK, panes) });
    await expect(root).toHaveAttribute('data-connection', 'live');
    await batches(page, 15);
    const before = await boxesOf(page, [...FRAME, ...TABLES, ...ROWS]);
    const texts = await page.locator('[data-region]').allInnerTexts();
    for (const row of await page.locator('tbody tr, .trade').all()) {
      if (!(await row.isVisible())) continue;
      await row.hover({ force: true, timeout: 2_000 }).catch(() => {});
      expect(moved(before, await boxesOf(page, [...FRAME, ...TABLES, ...ROWS]))).toEqual([]);
    }
    expect(await page.locator('[data-region]').allInnerTexts()).not.toEqual(texts);
  });
}

test('a number that becomes far wider widens its column once; none is cut, and no row moves', async ({
  page,
  openScreen,
}) => {
  await openScreen('live', { ...LOOK, documents: documentsOf(LOOK) });
  const amount = page.locator('.positions [data-part="amount"]').first();
  await expect(amount).toHaveText('212.500');
  await batches(page, 10);
  const rows = ['.positions tbody tr', '.positions'];
  const before = await boxesOf(page, rows);
  /** Whether the cell cuts its number; `text` is put there first. */
  const cut = (text = ''): Promise<boolean> =>
    amount.evaluate((cell, wanted) => {
      if (wanted !== '') cell.textContent = wanted;
      const { scrollWidth, clientWidth } = cell.closest('td') ?? cell;
      return scrollWidth > clientWidth;
    }, text);
  expect(await cut('1,182,000,000,000.125')).toBe(true);
  await expect.poll(() => cut()).toBe(false);
  // As many digits as before again: the column stays as it is.
  await amount.evaluate(cell => (cell.textContent = '212.500'));
  const wide = await boxesOf(page, ['.positions thead th']);
  await batches(page, 12);
  expect(moved(wide, await boxesOf(page, ['.positions thead th']))).toEqual([]);
  expect(moved(before, await boxesOf(page, rows))).toEqual([]);
});

test('a notice over the chart moves nothing, neither when it comes nor when it goes', async ({
  page,
  openScreen,
}) => {
  const monitor = await openScreen('redis-gone', { ...LOOK, troubleAfter: 25, documents: documentsOf(LOOK) });
  await expect(monitor.root).toHaveAttribute('data-connection', 'live');
  await batches(page, 12);
  await expect(monitor.banner).toBeHidden();
  const before = await boxesOf(page, [...FRAME, ...TABLES, ...ROWS]);
  await expect(monitor.banner).toBeVisible({ timeout: 10_000 });
  expect(moved(before, await boxesOf(page, [...FRAME, ...TABLES, ...ROWS]))).toEqual([]);
});

test('the past lies over the panes: below its notice everything keeps its width and its place', async ({
  page,
  openScreen,
}) => {
  const monitor = await openScreen('still', { ...LOOK, documents: documentsOf(LOOK) });
  await expect(monitor.row('SOL').price).not.toHaveText('');
  // Ages that stand still: one that grows on a slow machine takes the room of a column.
  await expect(page.locator('.watchlist thead th')).toHaveCount(5);
  // The tables look at their columns every half second.
  await page.clock.runFor(1_000);
  const sides = ['[data-region]', '.watchlist thead th', '.positions thead th'];
  const across = async (): Promise<Boxes> =>
    Object.fromEntries(
      Object.entries(await boxesOf(page, sides)).map(([key, box]) => {
        const [x, , width] = box.split(' ');
        return [key, `${x} ${width}`];
      }),
    );
  const before = await across();
  await page.getByRole('button', { name: 'Step', exact: false }).first().click();
  await expect(page.locator('.app')).toHaveAttribute('data-when', 'past');
  await page.clock.runFor(1_000);
  expect(moved(before, await across())).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(page.locator('.app')).toHaveAttribute('data-when', 'now');
  await expect.poll(async () => moved(before, await across())).toEqual([]);
});
