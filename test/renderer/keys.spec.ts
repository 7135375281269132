import { expect } from '@playwright/test';
import type { MonitorPage } from '../e2e/pages/monitor-page.ts';
import { complaintsAbout } from '../e2e/pages/axe.ts';
import { test, type OpenScreen } from './screen.ts';

async function openKeys(openScreen: OpenScreen, options?: Parameters<OpenScreen>[1]): Promise<MonitorPage> {
  const monitor = await openScreen('live', options);
  await monitor.desk.openKeys();
  return monitor;
}

test('a key is chosen by keyboard alone, and the focus stays on its row', async ({ page, openScreen }) => {
  const monitor = await openKeys(openScreen);
  const { desk } = monitor;
  const button = desk.keyOf('look.light');
  await expect(button).toHaveAccessibleName('Key of Use the light theme: none');
  await button.focus();
  await page.keyboard.press('Enter');
  const recorder = desk.keys.getByRole('button', { name: /^Press the new key of Use the light theme/ });
  await expect(recorder).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(button).toBeFocused();
  await expect(button).toHaveAccessibleName('Key of Use the light theme: none');
  await page.keyboard.press('Enter');
  await expect(recorder).toBeFocused();
  // A modifier alone is no key yet; the keys that move the focus are not given away.
  await page.keyboard.down('Control');
  await expect(recorder).toHaveText('Press a key, Esc to keep');
  await page.keyboard.up('Control');
  await page.keyboard.press('Tab');
  await expect(recorder).toHaveText('Tab is needed to move around.');
  await page.keyboard.press('Space');
  await expect(recorder).toHaveText('Space is needed to move around.');
  await page.keyboard.press('Control+Shift+KeyL');
  await expect(button).toBeFocused();
  await expect(button).toHaveAccessibleName('Key of Use the light theme: Ctrl Shift L');
  await page.keyboard.press('Control+Shift+KeyL');
  expect(await monitor.theme()).toBe('light');
});

test('while a key is chosen no command runs, and a click elsewhere leaves everything as it was', async ({
  openScreen,
}) => {
  const monitor = await openKeys(openScreen, { theme: 'dark' });
  const { desk } = monitor;
  await desk.bind('look.light', 'F2');
  await desk.bind('look.dark', 'F2');
  // The key that was pressed for the second command did not run the first.
  expect(await monitor.theme()).toBe('dark');
  const row = desk.keyRow('look.compact');
  await row.getByRole('button', { name: /^Key of/ }).click();
  await expect(row).toContainText('Press a key');
  await desk.keys.getByRole('searchbox').click();
  await expect(row).not.toContainText('Press a key');
});

test('a key used twice is marked on both rows until one of them lets it go', async ({ openScreen }) => {
  const { desk } = await openKeys(openScreen);
  await desk.bind('look.light', 'F2');
  await desk.bind('look.dark', 'F2');
  for (const [row, rival] of [
    ['look.light', 'Use the dark theme'],
    ['look.dark', 'Use the light theme'],
  ] as const) {
    await expect(desk.keyRow(row)).toHaveAttribute('data-conflict', 'true');
    await expect(desk.keyRow(row).getByTitle(`Also the key of: ${rival}`)).toBeVisible();
  }
  await expect(desk.keys).toContainText('2 commands share a key');
  await desk
    .keyRow('look.light')
    .getByRole('button', { name: /^Take the key/ })
    .click();
  await expect(desk.keyRow('look.light')).toContainText('none');
  await expect(desk.keyRow('look.dark')).toHaveAttribute('data-conflict', 'false');
  await expect(desk.keys).not.toContainText('share a key');
});

test('a default key is taken away, stays away, and comes back with a reset', async ({ page, openScreen }) => {
  const { desk } = await openKeys(openScreen);
  const row = desk.keyRow('pane.maximise');
  await expect(row).toContainText('Alt M');
  await row.getByRole('button', { name: /^Take the key/ }).click();
  await expect(row).toContainText('none');
  await expect(row.getByRole('button', { name: /^Take the key/ })).toHaveCount(0);
  await expect
    .poll(() => page.evaluate(() => sessionStorage.getItem('fake-desk.keys') ?? ''))
    .toContain('pane.maximise');
  await page.reload();
  await expect(row).toContainText('none');
  await row.getByRole('button', { name: /^Reset the key/ }).click();
  await expect(row).toContainText('Alt M');
  await expect(row.getByRole('button', { name: /^Reset the key/ })).toHaveCount(0);
  await expect(desk.keys.getByRole('button', { name: 'Reset all' })).toBeDisabled();
});

test('a search finds commands by title and by other words for them, and says when there are none', async ({
  openScreen,
}) => {
  const { desk } = await openKeys(openScreen);
  const search = desk.keys.getByRole('searchbox', { name: 'Search the keys' });
  await search.fill('do not disturb');
  await expect(desk.keyRow('alerts.mute-1h')).toBeVisible();
  await expect(desk.keyRow('pane.maximise')).toHaveCount(0);
  await search.fill('no such command');
  await expect(desk.keys).toContainText('No command is called like that.');
});

test('axe finds nothing to say about keys that clash and one that is being chosen', async ({
  page,
  openScreen,
}) => {
  const { desk } = await openKeys(openScreen);
  await desk.bind('look.light', 'F2');
  await desk.bind('look.dark', 'F2');
  await desk
    .keyRow('look.compact')
    .getByRole('button', { name: /^Key of/ })
    .click();
  await page.keyboard.press('Tab');
  await expect(desk.keyRow('look.compact')).toContainText('Tab is needed to move around.');
  expect(await complaintsAbout(page, '.keys')).toEqual([]);
});
