import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import { AlertsPart } from '../e2e/pages/alerts-part.ts';
import { batches } from '../e2e/pages/batches.ts';
import { test } from './screen.ts';

for (const theme of ['dark', 'light'] as const) {
  for (const kind of [
    'live',
    'stale',
    'empty',
    'loading',
    'no-sources',
    'redis-gone',
    'simulated',
  ] as const) {
    test(`axe finds nothing to say about ${kind}, ${theme}`, async ({ page, openScreen }) => {
      // Axe looks at everything on a screen that moves.
      test.slow();
      const monitor = await openScreen(kind, { theme, troubleAfter: 5 });
      if (kind !== 'loading') await expect(monitor.root).toHaveAttribute('data-connection', 'live');
      if (kind === 'stale') await expect(monitor.banner).toBeVisible();
      await page.getByRole('button', { name: 'About Tenhertz' }).click();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)])).toEqual([]);
    });
  }
}

test('prices stand in the table and on the chart, fresh, and the badge says LIVE', async ({ openScreen }) => {
  const monitor = await openScreen('live');
  await expect(monitor.stateBadge).toHaveText('LIVE');
  expect(await monitor.tokens()).toEqual(['SOL', 'USDC', 'BONK', 'JitoSOL', 'RAY']);
  expect(await monitor.row('BONK').priceText()).toMatch(/^0\.0₅\d+$/);
  expect(await monitor.row('SOL').freshness()).toBe('fresh');
  await expect(monitor.headline).toHaveAttribute('data-freshness', 'fresh');
  await expect(monitor.legend).toContainText(/O1\d\d\.\d{4}H/);
});

test('every batch is confirmed and the root names the last one painted', async ({ page, openScreen }) => {
  const monitor = await openScreen('live');
  await expect.poll(() => monitor.seq()).toBeGreaterThan(20);
  // Between a batch and its frame one is under way: look when none is.
  const settled = await page.waitForFunction(() => {
    const { confirmed, sent } = window.fakeEngine;
    return confirmed.length < sent
      ? null
      : { confirmed: [...confirmed], sent, seq: document.documentElement.dataset['seq'] };
  });
  const log = (await settled.jsonValue()) ?? { confirmed: [], sent: 0, seq: '' };
  expect(log.confirmed).toEqual(Array.from({ length: log.sent }, (_, index) => index + 1));
  expect(Number(log.seq)).toBe(log.sent);
  await expect(monitor.statusValue('screen')).toHaveText(/^(9|10)\.\d Hz$/);
});

test('arrow keys move the selection and the chart follows', async ({ page, openScreen }) => {
  const monitor = await openScreen('live');
  await monitor.select('SOL');
  await monitor.row('SOL').row.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(monitor.row('BONK').row).toBeFocused();
  expect(await monitor.row('BONK').isSelected()).toBe(true);
  expect(await monitor.row('SOL').isSelected()).toBe(false);
  await expect(monitor.chart.getByRole('heading', { name: 'BONK / USD' })).toBeVisible();
  await page.keyboard.press('End');
  await expect(monitor.chart.getByRole('heading', { name: 'RAY / USD' })).toBeVisible();
});

test('intervals and the line change what is drawn', async ({ openScreen }) => {
  const monitor = await openScreen('live');
  for (const interval of ['5s', '1m', '1s'] as const) {
    await monitor.intervalButton(interval).click();
    await expect(monitor.intervalButton(interval)).toHaveAttribute('aria-pressed', 'true');
    await expect(monitor.chart.getByRole('img')).toHaveAttribute(
      'aria-label',
      `SOL / USD, ${interval}, candles`,
    );
  }
  await monitor.intervalButton('Line').click();
  await expect(monitor.chart.getByRole('img')).toHaveAttribute('aria-label', 'SOL / USD, 1s, line');
});

test('the legend follows the crosshair and comes back to the last bar', async ({ page, openScreen }) => {
  const monitor = await openScreen('live', { troubleAfter: 5 });
  const canvas = monitor.chart.getByRole('img');
  // Minutes, so that no new bar moves the chart under the pointer.
  await monitor.intervalButton('1m').click();
  await expect(monitor.legend).not.toContainText('—');
  await canvas.hover({ position: { x: 60, y: 200 } });
  const pointed = await monitor.legend.textContent();
  await batches(page, 12);
  expect(await monitor.legend.textContent()).toBe(pointed);
  await monitor.watchlist.hover();
  await expect(monitor.legend).not.toHaveText(pointed ?? '');
});

test('when the sources fall silent the numbers turn stale and the banner says who and since when', async ({
  openScreen,
}) => {
  const monitor = await openScreen('stale');
  await expect(monitor.banner).toContainText('No source vouches for SOL');
  await expect(monitor.banner).toContainText(/Kraken silent for \d+\.\d s, next attempt in/);
  await expect(monitor.banner).toContainText(/Jupiter rate limited until \d\d:\d\d:\d\d UTC/);
  await expect(monitor.stateBadge).toHaveText('STALE 5 of 5');
  const row = monitor.row('SOL');
  expect(await row.freshness()).toBe('stale');
  const before = await row.ageSeconds();
  await expect.poll(() => row.ageSeconds()).toBeGreaterThan(before + 0.5);
});

test('when the engine is gone nothing claims to be up and ages count on', async ({ openScreen }) => {
  const monitor = await openScreen('engine-gone');
  await expect(monitor.root).toHaveAttribute('data-connection', 'reconnecting', { timeout: 8_000 });
  await expect(monitor.stateBadge).toHaveText('DISCONNECTED');
  await expect(monitor.banner).toContainText('The engine does not answer');
  for (const id of ['redis', 'source:kraken', 'updater', 'subscription']) {
    await expect(monitor.statusValue(id)).toHaveText('unknown');
  }
  await expect(monitor.source('kraken')).toContainText('unknown');
  await expect.poll(() => monitor.row('RAY').ageSeconds()).toBeGreaterThan(2.5);
  expect(await monitor.row('RAY').freshness()).toBe('stale');
});

test('without any live source the simulated market is one click away, and so is the way back', async ({
  page,
  openScreen,
}) => {
  const monitor = await openScreen('no-sources');
  await expect(monitor.banner).toContainText('No live source can be reached');
  await expect(monitor.stateBadge).toHaveText('NO PRICES');
  await monitor.useSimulatedMarket();
  await expect(monitor.marketBadge).toHaveText('SIMULATED');
  expect(await page.evaluate(() => window.fakeEngine.used)).toEqual(['simulated']);
  await monitor.tryLiveSources();
  await expect(monitor.marketBadge).toBeHidden();
});

test('the theme is remembered over a reload', async ({ page, openScreen }) => {
  const monitor = await openScreen('live', { theme: 'dark' });
  expect(await monitor.theme()).toBe('dark');
  await monitor.toggleTheme();
  expect(await monitor.theme()).toBe('light');
  await page.reload();
  expect(await monitor.theme()).toBe('light');
});

for (const width of [1024, 1280, 1440, 1600, 2560]) {
  test(`nothing overflows at a width of ${width}`, async ({ page, openScreen }) => {
    const monitor = await openScreen('stale', { width });
    await expect(monitor.banner).toBeVisible();
    const overflowing = await page.evaluate(() =>
      [
        '.top-bar',
        '.chart-line',
        '.legend',
        '.status-bar',
        '.status-left',
        '.watchlist tbody tr',
        '.positions-scroll',
        '.desk',
        'body',
      ]
        .flatMap(selector => [...document.querySelectorAll(selector)].map(element => ({ selector, element })))
        .filter(({ element }) => element.scrollWidth > element.clientWidth)
        .map(({ selector }) => selector),
    );
    expect(overflowing).toEqual([]);
  });
}

for (const width of [1024, 1280, 1440])
  test(`everything in the top bar has a place and a line of its own at a width of ${width}`, async ({
    page,
    openScreen,
  }) => {
    const monitor = await openScreen('simulated', { width });
    await expect(monitor.marketBadge).toHaveText('SIMULATED');
    await monitor.desk.run('alert sol above 1000');
    await expect(new AlertsPart(page).count).toBeVisible();
    const parts = await page.evaluate(() =>
      [
        ...document.querySelectorAll(
          '.top-left > :is(svg, h1), .layout-tabs > *, .palette-button, .top-right > *',
        ),
      ].map(part => {
        const { left, right } = part.getBoundingClientRect();
        const text = document.createRange();
        text.selectNodeContents(part);
        return { part: part.textContent, left, right, height: text.getBoundingClientRect().height };
      }),
    );
    expect(parts.length).toBeGreaterThanOrEqual(8);
    for (const [index, { part, left, height }] of parts.entries()) {
      expect(left, `${part} begins after what is before it`).toBeGreaterThanOrEqual(
        parts[index - 1]?.right ?? 0,
      );
      expect(height, `the height of ${part}`).toBeLessThanOrEqual(30);
    }
    expect(parts.at(-1)?.right).toBeLessThanOrEqual(width);
  });

declare global {
  interface Window {
    /** What moved since the test began to look. */
    moved: string[];
  }
}

/** What the browser tells of something that moved. */
interface Shifted {
  node: Node | null;
  previousRect: DOMRect;
  currentRect: DOMRect;
}

for (const view of ['desk', 'operations'] as const)
  test(`digits that change move nothing (${view})`, async ({ page, openScreen }) => {
    const monitor = await openScreen('live');
    await expect(monitor.stateBadge).toHaveText('LIVE');
    if (view === 'operations') {
      await monitor.operations.open();
      await expect(monitor.operations.entries).toHaveCount(50);
    } else {
      await expect(page.locator('[data-phase="drawn"]')).toHaveCount(1);
      await expect.poll(() => monitor.positions.tokens()).not.toEqual([]);
      await expect.poll(() => monitor.tape.total()).toBeGreaterThan(0);
    }
    await page.evaluate(() => {
      window.moved = [];
      new PerformanceObserver(list => {
        for (const entry of list.getEntries()) {
          const { sources } = entry as PerformanceEntry & { sources: Shifted[] };
          // A longer number in its box on the right edge begins further left: its text moves, no box does. The badge is as
          // wide as its words, which are others while a busy machine is late. Rows of the tape go down as trades come.
          for (const { node, previousRect: from, currentRect: to } of sources)
            if (node instanceof Element && !node.matches('.badge, .trade'))
              window.moved.push(`${node.className} from ${from.x},${from.y} to ${to.x},${to.y}`);
        }
      }).observe({ type: 'layout-shift' });
    });
    await batches(page, 30);
    expect(await page.evaluate(() => window.moved)).toEqual([]);
  });
