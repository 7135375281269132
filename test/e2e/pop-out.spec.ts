import { expect, test } from './fixtures.ts';
import { MonitorPage } from './pages/monitor-page.ts';

test('a pane goes into a window of its own, goes on there, and comes back when that is closed', async ({
  app,
}) => {
  const { page } = await app({ args: ['--demo'] });
  const monitor = new MonitorPage(page);
  await expect.poll(() => monitor.tape.total()).toBeGreaterThan(0);
  const opening = page.waitForEvent('popup');
  await monitor.desk.choosePaneCommand('Trade tape', 'Open in a window');
  const popup = await opening;
  const tape = popup.locator('.tape');
  await expect(tape.locator('.trade').first()).toBeVisible();
  const before = await tape.getAttribute('data-total');
  await expect.poll(() => tape.getAttribute('data-total')).not.toBe(before);
  await expect(tape).toHaveCSS('font-family', /Inter/);
  await popup.close();
  await expect(monitor.tape.rows.first()).toBeVisible();
});

test('the window of a pane goes with the window it came from', async ({ app }) => {
  const { page } = await app({ args: ['--demo'] });
  const monitor = new MonitorPage(page);
  await expect.poll(() => monitor.tape.total()).toBeGreaterThan(0);
  const opening = page.waitForEvent('popup');
  await monitor.desk.choosePaneCommand('Trade tape', 'Open in a window');
  const popup = await opening;
  await expect(popup.locator('.trade').first()).toBeVisible();
  const closed = popup.waitForEvent('close');
  await page.close({ runBeforeUnload: true });
  await closed;
});
