import type { Locator, Page } from '@playwright/test';
import { expect } from '@playwright/test';
import type { MonitorPage } from '../e2e/pages/monitor-page.ts';
import { test, type OpenScreen } from './screen.ts';
import { documentsOf, WALLS, type Look } from './walls.ts';

/** The Chromium the pictures were made with. Another one draws letters differently: docs/development.md says how to renew them. */
const MADE_WITH = '156';

/** Pictures kept in git, compared pixel by pixel but for this share: the edges of letters. */
const COMPARED = {
  maxDiffPixelRatio: 0.004,
  threshold: 0.15,
  animations: 'disabled',
  caret: 'hide',
} as const;

// Playwright hides the caret with a style sheet of its own.
test.use({
  bypassCSP: true,
  locale: 'en-US',
  timezoneId: 'UTC',
  deviceScaleFactor: 1,
  reducedMotion: 'reduce',
});

test.beforeEach(({ browser }) => {
  const [major] = browser.version().split('.');
  test.skip(process.platform !== 'linux', `the pictures were made on linux, this is ${process.platform}`);
  test.skip(major !== MADE_WITH, `the pictures were made with Chromium ${MADE_WITH}, this is ${major}`);
});

/** Curves are drawn, not laid out: their places are covered. */
function drawn(page: Page): Locator[] {
  return [page.locator('.chart-stage, .sparkline, .tile svg')];
}

/** The screen of `panes` at a standstill: one snapshot, and a time that does not go on. */
async function still(
  openScreen: OpenScreen,
  look: Look,
  panes?: readonly (readonly string[])[],
): Promise<MonitorPage> {
  const monitor = await openScreen('still', { ...look, documents: documentsOf(look, panes) });
  const { page, root } = monitor;
  await expect(root).toHaveAttribute('data-connection', 'live');
  await page.evaluate(async () => {
    await document.fonts.ready;
  });
  // Columns have become as wide as their numbers: the tables look every half second of the page's clock.
  await page.clock.runFor(1_200);
  await page.mouse.move(0, 0);
  return monitor;
}

/** Panes of Inter alone: a fixed-width letter is the system's own, and differs from machine to machine. */
const SHEETS: readonly (readonly [wall: keyof typeof WALLS, kinds: readonly string[], look: Look])[] = [
  ['market', ['watchlist', 'positions', 'pools', 'sources'], { theme: 'dark', density: 'comfortable' }],
  ['market', ['watchlist', 'tape'], { theme: 'light', density: 'comfortable' }],
  ['market', ['watchlist', 'positions', 'tape'], { theme: 'light', density: 'compact' }],
  ['system', ['health', 'alerts', 'settings', 'lag'], { theme: 'dark', density: 'comfortable' }],
  ['system', ['alerts', 'settings'], { theme: 'light', density: 'compact' }],
];

for (const [wall, kinds, look] of SHEETS) {
  const named = `${look.theme}-${look.density}`;
  test(`the panes look as they did: ${kinds.join(', ')}, ${named}`, async ({ page, openScreen }) => {
    await still(openScreen, look, WALLS[wall]);
    for (const kind of kinds) {
      const pane = page.locator(`[data-region="${kind}"]`);
      await expect.soft(pane).toHaveScreenshot(`${kind}-${named}.png`, { ...COMPARED, mask: drawn(page) });
    }
  });
}

test('the bar at the top looks as it did', async ({ page, openScreen }) => {
  for (const theme of ['dark', 'light'] as const) {
    await still(openScreen, { theme, density: 'comfortable' });
    await expect.soft(page.locator('header')).toHaveScreenshot(`bar-${theme}.png`, COMPARED);
  }
});
