import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { TimeLine } from '../e2e/pages/time-line.ts';
import type { Scene } from './fake/scene.ts';
import { test } from './screen.ts';
import { documentsOf, LOOKS, WALLS, type Look } from './walls.ts';

/** Pictures for people to look at; they are compared with nothing and not kept in git. */
const SHOTS = fileURLToPath(new URL('../../node_modules/.cache/renderer-shots/', import.meta.url));
const SIZES = [
  [1280, 800],
  [1440, 900],
  [2560, 1440],
] as const;

/** Where the README's own pictures are; they are kept in git. */
const README = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));

/** A scene, the connection it comes to, and how long its trouble takes to be seen in full, ms. */
const SCENES: readonly (readonly [Scene['kind'], string, number])[] = [
  ['live', 'live', 1_500],
  ['empty', 'live', 1_000],
  ['loading', 'connecting', 1_000],
  ['stale', 'live', 5_500],
  ['redis-gone', 'live', 5_500],
  ['simulated', 'live', 1_500],
  ['no-sources', 'live', 4_000],
  ['history-gone', 'live', 1_500],
  ['engine-gone', 'reconnecting', 5_500],
];

/** One picture a size. */
async function shoot(page: Page, name: string): Promise<void> {
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    await page.waitForTimeout(400);
    await page.screenshot({ path: `${SHOTS}${name}-${width}.png` });
  }
}

test.beforeAll(() => mkdirSync(SHOTS, { recursive: true }));

for (const look of LOOKS) {
  const named = `${look.theme}-${look.density}`;
  for (const [kind, connection, wait] of SCENES) {
    test(`a picture of ${kind}, ${named}`, async ({ page, openScreen }) => {
      const { root } = await openScreen(kind, { theme: look.theme, documents: documentsOf(look) });
      await expect(root).toHaveAttribute('data-connection', connection, { timeout: 10_000 });
      await page.waitForTimeout(wait);
      await shoot(page, `${kind}-${named}`);
    });
  }

  for (const [name, panes] of Object.entries(WALLS)) {
    for (const kind of ['live', 'empty', 'loading', 'redis-gone'] as const) {
      test(`a picture of all ${name} panes, ${kind}, ${named}`, async ({ page, openScreen }) => {
        await openScreen(kind, { theme: look.theme, documents: documentsOf(look, panes) });
        await page.waitForTimeout(kind === 'redis-gone' ? 5_500 : 1_500);
        await shoot(page, `wall-${name}-${kind}-${named}`);
      });
    }
  }

  test(`pictures of the other layouts, the past, the palette and dialogs, ${named}`, async ({
    page,
    openScreen,
  }) => {
    const monitor = await openScreen('live', { theme: look.theme, documents: documentsOf(look) });
    const { desk } = monitor;
    await page.keyboard.press('Control+k');
    await desk.paletteField.fill('alert sol above 155');
    await page.waitForTimeout(300);
    await shoot(page, `palette-${named}`);
    await page.keyboard.press('Escape');
    await new TimeLine(page).pressAt(0.4);
    await page.waitForTimeout(1_000);
    await shoot(page, `past-${named}`);
    await page.keyboard.press('Escape');
    await desk.layout('Scalp').click();
    await page.waitForTimeout(1_000);
    await shoot(page, `scalp-${named}`);
    await desk.layout('Operations').click();
    await page.waitForTimeout(500);
    await monitor.operations.select('trades:user_0001');
    await monitor.operations.entries.nth(1).locator('summary').click();
    await shoot(page, `operations-${named}`);
    await monitor.operations.openDeadLetters();
    await monitor.operations.deadLetters.first().getByRole('button', { name: 'Drop' }).click();
    await monitor.operations.follow('no such thing');
    await shoot(page, `refused-${named}`);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.getByRole('button', { name: 'About Tenhertz' }).click();
    await page.waitForTimeout(300);
    await page.screenshot({ path: `${SHOTS}about-${named}-1280.png` });
  });

  test(`pictures of the welcome, ${named}`, async ({ page, openScreen }) => {
    const { screen } = documentsOf(look);
    await openScreen('live', {
      theme: look.theme,
      documents: { screen: { ...(screen as object), welcomed: false } },
    });
    await page.waitForTimeout(1_000);
    await shoot(page, `welcome-${named}`);
  });
}

/** The scenes on the README's page, each in one theme, and how long it takes until it shows what it is about, ms. */
const IN_README: readonly (readonly [Scene['kind'], Look['theme'], number])[] = [
  ['live', 'dark', 4_000],
  ['live', 'light', 4_000],
  ['stale', 'dark', 7_000],
  ['redis-gone', 'light', 7_000],
  ['simulated', 'dark', 4_000],
  ['loading', 'dark', 1_000],
  ['empty', 'light', 1_500],
];

test.describe('the pictures of the README', () => {
  test.skip(process.env['README_PICTURES'] === undefined, 'they are made anew with README_PICTURES=1');
  const size = { width: 1600, height: 940 };

  for (const [kind, theme, wait] of IN_README) {
    test(`of ${kind}, ${theme}`, async ({ page, openScreen }) => {
      const look = { theme, density: 'comfortable' } as const;
      const monitor = await openScreen(kind, { ...size, theme, documents: documentsOf(look) });
      if (kind !== 'loading' && kind !== 'empty') await monitor.intervalButton('1m').click();
      await page.waitForTimeout(wait);
      await page.screenshot({ path: `${README}${kind}-${theme}.png` });
    });
  }

  test('of the past, the palette and operations', async ({ page, openScreen }) => {
    const look = { theme: 'dark', density: 'comfortable' } as const;
    const monitor = await openScreen('live', { ...size, documents: documentsOf(look) });
    const { desk, operations } = monitor;
    await page.waitForTimeout(4_000);
    await page.keyboard.press('Control+k');
    await desk.paletteField.fill('alert sol above 155');
    await page.waitForTimeout(500);
    await page.screenshot({ path: `${README}palette-dark.png` });
    await page.keyboard.press('Escape');
    await new TimeLine(page).pressAt(0.4);
    await page.waitForTimeout(1_500);
    await page.screenshot({ path: `${README}past-dark.png` });
    await page.keyboard.press('Escape');
    await desk.layout('Operations').click();
    await operations.select('trades:user_0001');
    await operations.entries.nth(1).locator('summary').click();
    await page.waitForTimeout(1_000);
    await page.screenshot({ path: `${README}operations-dark.png` });
  });
});
