import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import { test } from './screen.ts';

for (const theme of ['dark', 'light'] as const) {
  test(`axe finds nothing to say about operations, ${theme}`, async ({ page, openScreen }) => {
    const { operations } = await openScreen('live', { theme });
    await operations.open();
    await operations.select('trades:user_0001');
    await operations.entries.first().locator('summary').click();
    const say = async (): Promise<unknown> =>
      (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => [
        id,
        nodes.map(node => node.html),
      ]);
    expect(await say()).toEqual([]);
    await operations.openDeadLetters();
    await operations.deadLetters.first().getByRole('button', { name: 'Drop' }).click();
    expect(await say()).toEqual([]);
  });
}

test('the views are tabs, by mouse and by arrow keys', async ({ page, openScreen }) => {
  const monitor = await openScreen('live');
  await page.getByRole('tab', { name: 'Desk' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'Scalp' })).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(monitor.operations.events).toBeVisible();
  await expect(page.getByRole('tab', { name: 'Operations' })).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(monitor.chart).toBeVisible();
  await expect(monitor.headline).toHaveAttribute('data-freshness', 'fresh');
});

test('the lag panel has a line for each channel', async ({ openScreen }) => {
  const { operations } = await openScreen('live');
  await operations.open();
  await expect(operations.lagCell('trades:user_0002', 'Lag')).toHaveText('142 ms');
  await expect(operations.lagCell('trades:user_0002', 'Lag')).toHaveAttribute('data-warn', 'true');
  await expect(operations.lagCell('trades:user_0002', 'Behind')).toHaveText('38');
  await expect(operations.lagCell('trades:user_0001', 'Healed')).toHaveText('1');
});

test('a stream shows its groups and its entries page by page, unknown types as such', async ({
  openScreen,
}) => {
  const { operations } = await openScreen('live');
  await operations.open();
  await operations.select('trades:user_0001');
  await expect(operations.group('settlement')).toContainText('204');
  await expect(operations.entries).toHaveCount(50);
  await operations.older();
  await expect(operations.entries).toHaveCount(100);
  await expect(operations.entries.filter({ hasText: 'order_cancelled' }).first()).toContainText(
    'unknown type',
  );
  await operations.entries.first().locator('summary').click();
  await expect(operations.entries.first().locator('pre')).toContainText('"token_pair": "');
});

test('a pattern can be followed and let go, and a refusal is shown in its words', async ({ openScreen }) => {
  const { operations } = await openScreen('live');
  await operations.open();
  await operations.follow('settings:*');
  await expect.poll(() => operations.patterns()).toContain('settings:*');
  await expect(operations.followSwitch('settings:user_0001')).toBeChecked();
  await operations.follow('no such thing');
  await expect(operations.refusal).toContainText('is no channel');
  await operations.unfollow('settings:*');
  await expect.poll(() => operations.patterns()).not.toContain('settings:*');
  await operations.followSwitch('trades:user_0001').click();
  await expect(operations.refusal).toContainText('followed through a pattern');
});

test('dead letters are dropped only when that is confirmed', async ({ page, openScreen }) => {
  const { operations } = await openScreen('live');
  await operations.open();
  await operations.select('trades:user_0001');
  await operations.openDeadLetters();
  await expect(operations.deadLetters).toHaveCount(2);
  await operations.deadLetters.first().getByRole('button', { name: 'Drop' }).click();
  await page.keyboard.press('Escape');
  await expect(operations.deadLetters).toHaveCount(2);
  const id = await operations.deadLetters.first().getAttribute('data-dead-id');
  await operations.settle('Drop', id ?? '');
  await expect(operations.deadLetters).toHaveCount(1);
  await expect(operations.events).toContainText('1 dead letter dropped.');
});
