import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from '@playwright/test';
import { test } from './screen.ts';

/** Pictures for people to look at; they are compared with nothing and not kept in git. */
const SHOTS = fileURLToPath(new URL('../../node_modules/.cache/renderer-shots/', import.meta.url));
const SIZES = [
  [1280, 800],
  [1440, 900],
  [1920, 1080],
  [2560, 1440],
] as const;
const SCENES = [
  ['live', 'live'],
  ['empty', 'live'],
  ['loading', 'connecting'],
  ['stale', 'live'],
  ['redis-gone', 'live'],
  ['simulated', 'live'],
  ['no-sources', 'live'],
  ['engine-gone', 'reconnecting'],
] as const;

test.beforeAll(() => mkdirSync(SHOTS, { recursive: true }));

for (const theme of ['dark', 'light'] as const) {
  for (const [kind, connection] of SCENES) {
    test(`a picture of ${kind}, ${theme}`, async ({ page, openScreen }) => {
      const monitor = await openScreen(kind, { theme });
      await expect(monitor.root).toHaveAttribute('data-connection', connection, { timeout: 10_000 });
      // Long enough for the trouble of the scene to be four seconds old.
      await page.waitForTimeout(kind === 'loading' || kind === 'empty' ? 1_000 : 5_500);
      for (const [width, height] of SIZES) {
        await page.setViewportSize({ width, height });
        await page.waitForTimeout(350);
        await page.screenshot({ path: `${SHOTS}${kind}-${theme}-${width}.png` });
      }
    });
  }
}

test('pictures of a very small price, of a line, and of a narrow window', async ({ page, openScreen }) => {
  const monitor = await openScreen('live');
  await monitor.select('BONK');
  await monitor.intervalButton('5s').click();
  await page.waitForTimeout(1_500);
  await page.screenshot({ path: `${SHOTS}bonk-dark-1280.png` });
  await monitor.intervalButton('1m').click();
  await monitor.intervalButton('Line').click();
  await monitor.chart.getByRole('img').hover({ position: { x: 200, y: 200 } });
  await page.waitForTimeout(500);
  await page.screenshot({ path: `${SHOTS}line-dark-1280.png` });
  await page.setViewportSize({ width: 1024, height: 700 });
  await page.waitForTimeout(500);
  await page.screenshot({ path: `${SHOTS}narrow-dark-1024.png` });
  await page.getByRole('button', { name: 'About Tenhertz' }).click();
  await page.waitForTimeout(500);
  await page.screenshot({ path: `${SHOTS}about-dark-1024.png` });
});

for (const theme of ['dark', 'light'] as const) {
  test(`pictures of operations and of a paused tape, ${theme}`, async ({ page, openScreen }) => {
    const monitor = await openScreen('live', { theme });
    await monitor.tape.list.hover();
    await page.waitForTimeout(2_500);
    await page.screenshot({ path: `${SHOTS}paused-${theme}-1280.png` });
    await monitor.operations.open();
    await monitor.operations.select('trades:user_0001');
    await monitor.operations.entries.nth(1).locator('summary').click();
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      await page.waitForTimeout(350);
      await page.screenshot({ path: `${SHOTS}operations-${theme}-${width}.png` });
    }
    await monitor.operations.openDeadLetters();
    await monitor.operations.deadLetters.first().getByRole('button', { name: 'Drop' }).click();
    await monitor.operations.follow('no such thing');
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.waitForTimeout(350);
    await page.screenshot({ path: `${SHOTS}dead-${theme}-1280.png` });
  });
}
