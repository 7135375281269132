import { expect } from '@playwright/test';
import { test } from './fixtures.ts';
import { complaintsAbout } from './pages/axe.ts';
import { batches } from './pages/batches.ts';
import { MonitorPage } from './pages/monitor-page.ts';
import { TimeLine } from './pages/time-line.ts';

test('the demo travels back: the screen shows what it showed then, the health too, and Escape is back', async ({
  app,
}) => {
  const { page } = await app({ args: ['--demo'], postgres: 'embedded' });
  const monitor = new MonitorPage(page);
  const line = new TimeLine(page);
  await expect(monitor.row('SOL').price).not.toHaveText('');
  await expect(page.locator('[data-event-id]').first()).toBeVisible();
  // A past of three seconds.
  await batches(page, 30);
  await line.moment.focus();
  await line.moment.press('ArrowLeft');
  await line.moment.press('ArrowLeft');
  await expect(line.notice).toBeVisible();
  await expect(line.badge).toHaveText('PAST');
  await line.arrived();
  const then = await monitor.row('SOL').price.textContent();
  expect(then).toMatch(/\d/);
  await batches(page, 10);
  expect(await monitor.row('SOL').price.textContent()).toBe(then);
  await expect(monitor.statusBar).toContainText('Redis');
  expect(await complaintsAbout(page)).toEqual([]);
  await line.play.click();
  await expect.poll(() => monitor.row('SOL').price.textContent()).not.toBe(then);
  await page.keyboard.press('Escape');
  await expect(line.notice).toBeHidden();
  await expect(monitor.root).toHaveAttribute('data-connection', 'live');
});
