import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import { batches } from '../e2e/pages/batches.ts';
import type { MonitorPage } from '../e2e/pages/monitor-page.ts';
import { TimeLine } from '../e2e/pages/time-line.ts';
import { test } from './screen.ts';

/** The screen before its first price shows nothing to travel from. */
async function settled(monitor: MonitorPage): Promise<TimeLine> {
  await expect(monitor.row('SOL').price).not.toHaveText('');
  return new TimeLine(monitor.page);
}

test('the whole screen shows the moment that was pressed, and stays there', async ({ openScreen }) => {
  const monitor = await openScreen('live', { width: 1920, height: 1080 });
  const line = await settled(monitor);
  await line.pressAt(0.25);
  await expect(line.notice).toBeVisible();
  await expect(line.badge).toHaveText('PAST');
  await expect(monitor.page.locator('.app')).toHaveAttribute('data-when', 'past');
  const at = await line.at();
  const price = await monitor.row('SOL').price.textContent();
  const trade = await monitor.page.locator('[data-event-id^="past-"]').first().getAttribute('data-event-id');
  await batches(monitor.page, 15);
  expect(await line.at()).toBe(at);
  expect(await monitor.row('SOL').price.textContent()).toBe(price);
  expect(await monitor.page.locator('[data-event-id^="past-"]').first().getAttribute('data-event-id')).toBe(
    trade,
  );
  // The health of then: this source was silent, whatever it is now.
  await expect(monitor.statusBar).toContainText(/Kraken/i);
});

test('Escape is back to the live screen at once, and nothing was missed meanwhile', async ({
  openScreen,
}) => {
  const monitor = await openScreen('live', { width: 1920, height: 1080 });
  const line = await settled(monitor);
  await line.pressAt(0.5);
  await expect(line.notice).toBeVisible();
  // The live screen goes on behind the past.
  const before = await monitor.seq();
  await batches(monitor.page, 10);
  await monitor.page.keyboard.press('Escape');
  await expect(line.notice).toBeHidden();
  await expect(monitor.page.locator('[data-event-id^="past-"]')).toHaveCount(0);
  expect(await monitor.seq()).toBeGreaterThan(before + 5);
  await expect(monitor.root).toHaveAttribute('data-connection', 'live');
});

test('by keyboard: steps of a second and ten, a minute, and End', async ({ openScreen }) => {
  const monitor = await openScreen('live', { width: 1920, height: 1080 });
  const line = await settled(monitor);
  await line.moment.focus();
  await line.moment.press('PageDown');
  await expect(line.notice).toBeVisible();
  const at = await line.at();
  await line.moment.press('Shift+ArrowLeft');
  await expect.poll(() => line.at()).toBe(at - 10_000);
  await line.moment.press('ArrowRight');
  await expect.poll(() => line.at()).toBe(at - 9_000);
  await line.moment.press('End');
  await expect(line.notice).toBeHidden();
});

test('the past is played: time, prices and the tape go on, every trade once', async ({ openScreen }) => {
  const monitor = await openScreen('live', { width: 1920, height: 1080 });
  const line = await settled(monitor);
  await line.pressAt(0.25);
  await expect(line.notice).toBeVisible();
  const at = await line.at();
  await line.region.getByRole('combobox', { name: 'Speed' }).selectOption('10');
  await line.play.click();
  await expect.poll(() => line.at()).toBeGreaterThan(at + 15_000);
  await line.play.click();
  const ids = await monitor.page
    .locator('[data-event-id^="past-"]')
    .evaluateAll(rows => rows.map(row => Number(row.getAttribute('data-event-id')?.slice('past-'.length))));
  const trades = ids.filter(id => !Number.isNaN(id));
  expect(new Set(trades).size).toBe(trades.length);
  expect(trades).toEqual([...trades].sort((a, b) => b - a));
  const stands = await line.at();
  await batches(monitor.page, 5);
  expect(await line.at()).toBe(stands);
});

test('a time can be typed', async ({ openScreen }) => {
  const monitor = await openScreen('live', { width: 1920, height: 1080 });
  const line = await settled(monitor);
  await line.region.getByRole('button', { name: /\d\d:\d\d:\d\d/ }).click();
  await line.region.getByLabel('Date and time (UTC)').fill('2026-11-21T12:00:05');
  await line.region.getByRole('button', { name: 'Go' }).click();
  await expect(line.notice).toContainText('Nov 21, 2026, 12:00:05 UTC');
});

for (const theme of ['dark', 'light'] as const) {
  test(`axe finds nothing to say about the past, ${theme}`, async ({ openScreen }) => {
    const monitor = await openScreen('live', { theme, width: 1920, height: 1080 });
    const line = await settled(monitor);
    await line.pressAt(0.4);
    await expect(line.notice).toBeVisible();
    const { violations } = await new AxeBuilder({ page: monitor.page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
  });
}
