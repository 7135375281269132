import { expect } from '@playwright/test';
import { complaintsAbout } from './pages/axe.ts';
import { AlertsPart } from './pages/alerts-part.ts';
import { ChartPart } from './pages/chart-part.ts';
import { MonitorPage } from './pages/monitor-page.ts';
import { keptDocument } from './support.ts';
import { test, type Tick } from './test-bot.ts';

const MINUTE = 60_000;
/** Where five minutes begin that are over: every longer interval has them in one bar. */
const FIRST = Math.floor(Date.now() / (5 * MINUTE)) * 5 * MINUTE - 5 * MINUTE;

/** Four prices of a minute: one in each quarter of it. */
function minute(start: number, ...prices: readonly [string, string, string, string]): Tick[] {
  return prices.map((price, quarter) => [start + quarter * 15_000 + 5_000, price]);
}

/** Five minutes of which every bar is known. */
const SOL = [
  ...minute(FIRST, '150', '151.25', '149.5', '150.5'),
  ...minute(FIRST + MINUTE, '150.75', '152', '150.25', '151'),
  ...minute(FIRST + 2 * MINUTE, '151', '153.75', '150', '153.5'),
  ...minute(FIRST + 3 * MINUTE, '153.25', '154', '152.5', '152.75'),
  ...minute(FIRST + 4 * MINUTE, '152.5', '153', '151.75', '152.25'),
];
const BONK = SOL.map(([at], index): Tick => [at, `0.0000${3_000 + index}`]);
/** What the legend says of the third and of the last of them. */
const THIRD = '151.00 153.75 150.00 153.50 4.25';
const LAST = '152.50 153.00 151.75 152.25 —';

// Each is a whole story.
test.describe.configure({ timeout: 120_000 });

const BEGIN = { args: ['--tokens', 'SOL,BONK'] };

test('charts say every bar to the digit, with volume and own trades, at the same time on all, and follow their group', async ({
  app,
  bot,
}) => {
  await bot.prices('SOL', SOL);
  await bot.prices('BONK', BONK);
  const { page, dataDir } = await app(BEGIN);
  const monitor = new MonitorPage(page);
  const { desk } = monitor;
  await expect(monitor.root).toHaveAttribute('data-connection', 'live');
  await desk.layout('Scalp').click();
  const [one, two] = [new ChartPart(page, 'chart-1'), new ChartPart(page, 'chart-2')];
  for (const chart of [one, two]) await chart.drawn();
  await expect.poll(() => two.bar()).toBe(LAST);
  for (const interval of ['5m', '15m', '1h', '4h', '1d']) {
    await one.choose(interval);
    await expect.poll(() => one.bar(), interval).toBe('150.00 154.00 149.50 152.25 —');
  }

  // Trades are the volume of their bars, and own ones are told with them.
  const at = FIRST + 2 * MINUTE + 20_000;
  await bot.trades([
    { at, action: 'buy', amount: '1.5', price: '153.75' },
    { at, action: 'buy', amount: '2.25', price: '153.75' },
    { at: at + 15_000, action: 'sell', amount: '0.5', price: '150' },
  ]);
  await expect.poll(() => monitor.tape.total()).toBe(3);
  await one.choose('15s');
  await two.press('ArrowLeft', 'ArrowLeft', 'ArrowLeft');
  await expect.poll(() => two.bar()).toBe(THIRD);
  await expect(two.legend('trades')).toHaveText('Buy 2 × 3.75 · Sell 0.5');

  // The minute and its first quarter, its second one, and the next minute's first.
  await expect.poll(() => one.bar()).toBe('151 151 151 151 —');
  await one.press('ArrowRight');
  await expect.poll(() => one.bar()).toBe('153.75 153.75 153.75 153.75 3.75');
  await expect(one.legend('trades')).toHaveText('Buy 2 × 3.75');
  expect(await two.bar()).toBe(THIRD);
  await one.press('ArrowRight', 'ArrowRight', 'ArrowRight');
  await expect.poll(() => two.bar()).toBe('153.25 154.00 152.50 152.75 —');
  await one.press('Escape');
  await expect.poll(() => two.bar()).toBe(LAST);

  // A line of one, and another token on the chart that is left in the group.
  await one.button('Line').click();
  await desk.link('SOL / USD (2)', 'No group');
  await monitor.select('BONK');
  await expect(one.title).toHaveText('BONK / USD');
  await expect(one.canvas).toHaveAttribute('aria-label', 'BONK / USD, 15s, line');
  await expect.poll(() => one.bar()).toBe('0.0₄3019 0.0₄3019 0.0₄3019 0.0₄3019 —');
  await expect(two.title).toHaveText('SOL / USD');
  await one.press('ArrowLeft');
  await expect.poll(() => two.bar()).toBe(LAST);
  await one.press('Escape');
  await expect.poll(() => keptDocument(dataDir, 'layouts')).toContain('"line"');
  expect(await complaintsAbout(page)).toEqual([]);

  await page.reload();
  await expect(one.canvas).toHaveAttribute('aria-label', 'BONK / USD, 15s, line');
  await expect(two.canvas).toHaveAttribute('aria-label', 'SOL / USD, 1m, candles');
  await expect.poll(() => two.bar()).toBe(LAST);
  await desk.link('SOL / USD (2)', 'Group A');
  await expect(two.title).toHaveText('BONK / USD');
});

test('an alert’s line is dragged to another level, and there the alert rings, also after a reload', async ({
  app,
  bot,
}) => {
  await bot.prices('SOL', SOL);
  const { page } = await app(BEGIN);
  const monitor = new MonitorPage(page);
  const alerts = new AlertsPart(page);
  await alerts.open();
  const chart = new ChartPart(page, 'chart-1');
  await chart.drawn();
  await chart.choose('1m');
  await chart.press('a');
  const line = chart.lines;
  await expect(line).toHaveAttribute('aria-valuenow', '152.25');
  await expect(alerts.pane).toContainText('SOL rises to 152.25');

  await chart.dragLine(line, -60);
  await expect(line).toHaveAttribute('data-phase', 'still');
  await expect.poll(() => chart.levelOf(line)).toBeGreaterThan(152.5);
  await line.press('Shift+ArrowUp');
  await expect(line).toHaveAttribute('data-phase', 'moving');
  await line.press('Enter');
  await expect(line).toHaveAttribute('data-phase', 'still');
  const level = await chart.levelOf(line);
  await expect(alerts.pane).toContainText(`SOL rises to ${level}`);

  await page.reload();
  await expect(line).toHaveAttribute('aria-valuenow', String(level));
  await expect(monitor.root).toHaveAttribute('data-connection', 'live');
  // Over where it was, not yet where it is.
  const now = Date.now();
  const over = String(Math.ceil(level) + 1);
  await bot.prices('SOL', [
    [now, '152.4'],
    [now, over],
  ]);
  await expect(alerts.toasts).toHaveText([new RegExp(`SOL rises to ${level}0*: ${over}`)]);
  await expect(line).toHaveAttribute('data-state', /fired|cooling/);
  expect(await complaintsAbout(page)).toEqual([]);
});

test('older bars come as one scrolls back, and a chart behind a tab misses nothing and stays where it was', async ({
  app,
  bot,
}) => {
  const bars = 1_300;
  const oldest = FIRST - bars * MINUTE;
  await bot.prices(
    'SOL',
    Array.from({ length: bars }, (_, index): Tick => [oldest + index * MINUTE, `${100 + (index % 7)}.5`]),
  );
  await bot.prices('SOL', SOL);
  const { page } = await app(BEGIN);
  const monitor = new MonitorPage(page);
  await expect(monitor.root).toHaveAttribute('data-connection', 'live');
  const chart = new ChartPart(page, 'chart-1');
  await chart.drawn();
  await chart.choose('1m');
  await monitor.desk.choosePaneCommand('Chart', 'Move down');
  await expect.poll(() => chart.bar()).toBe(LAST);
  await chart.press('+', '+', '+');
  // A page has a thousand bars: the first bar of all is of the second page.
  await expect
    .poll(async () => {
      await chart.press('Home');
      return chart.summary();
    })
    .toContain(`from ${words(oldest)} to`);
  await expect(chart.now).toBeVisible();
  await chart.press('t');
  const table = chart.pane.getByRole('table', { name: /Bars of SOL/ });
  await expect(table.getByRole('rowheader').last()).toHaveText(words(oldest));
  await expect(table.locator('tbody tr').last()).toContainText('100.5');
  await chart.press('t');

  // Behind a tab: what is looked at stays, and what happens meanwhile is there afterwards.
  const looked = await chart.summary();
  await monitor.desk.pane('Chart').getByRole('tab', { name: 'Positions' }).click();
  await expect(chart.pane).toBeHidden();
  const now = Date.now();
  await bot.prices('SOL', [
    [now, '160.25'],
    [now, '161'],
    [now, '159.5'],
    [now, '160.75'],
  ]);
  await expect.poll(() => monitor.row('SOL').exactPrice()).toBe('160.75');
  await monitor.desk.pane('Positions').getByRole('tab', { name: 'Chart' }).click();
  await expect(chart.stage).toBeVisible();
  await expect.poll(() => chart.summary()).toBe(looked);
  await chart.now.click();
  await expect.poll(() => chart.bar()).toBe('160.25 161.00 159.50 160.75 —');
  await chart.press('ArrowLeft', 'ArrowLeft');
  await expect.poll(() => chart.bar()).toBe(LAST);
  expect(await complaintsAbout(page)).toEqual([]);
});

test('own trades that the tape has forgotten are told by the ledger', async ({ app, bot }) => {
  await bot.prices('SOL', SOL);
  const { page } = await app({ ...BEGIN, postgres: 'embedded' });
  const monitor = new MonitorPage(page);
  const chart = new ChartPart(page, 'chart-1');
  await expect(monitor.root).toHaveAttribute('data-connection', 'live');
  await chart.drawn();
  await chart.choose('1m');
  const at = FIRST + 4 * MINUTE;
  await bot.trades([
    { at, action: 'sell', amount: '0.25', price: '152.5' },
    // More of others than a window begins with.
    ...Array.from({ length: 700 }, (_, index) => ({
      ...{ at: at + index, action: 'buy' as const, amount: '1000', price: '0.00003', pair: 'BONK/USDC' },
    })),
  ]);
  await expect.poll(() => monitor.tape.total()).toBe(701);
  await chart.press('ArrowLeft');
  await expect(chart.legend('trades')).toHaveText('Sell 0.25');
  // The ledger is written a moment behind the tape.
  await expect(async () => {
    await page.reload();
    await expect.poll(() => monitor.tape.total()).toBe(500);
    await chart.drawn();
    await chart.press('ArrowLeft');
    await expect(chart.legend('trades')).toHaveText('Sell 0.25', { timeout: 5_000 });
  }).toPass({ timeout: 60_000 });
  expect(await complaintsAbout(page)).toEqual([]);
});

/** A moment as the screen writes it. */
function words(at: number): string {
  const day = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeZone: 'UTC' }).format(at);
  return `${day}, ${new Date(at).toISOString().slice(11, 19)} UTC`;
}
