import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import { SettingsPart } from '../e2e/pages/settings-part.ts';
import { test } from './screen.ts';

test('a section is found in the palette, changed, and saved; what was typed stays while the pane is hidden', async ({
  page,
  openScreen,
}) => {
  const monitor = await openScreen('live');
  const settings = new SettingsPart(page);
  await monitor.desk.run('settings: rates');
  const rate = settings.field('Write prices every');
  await expect(rate).toHaveValue('250');
  await rate.fill('20');
  await expect(rate).toHaveAttribute('aria-invalid', 'true');
  await expect(settings.pane).toContainText('Must be from 50 to 60000 ms.');
  await expect(settings.save).toBeDisabled();
  await rate.fill('many');
  await expect(rate).toHaveAccessibleDescription(/Must be a number\./);
  await rate.fill('400');
  await expect(rate).toHaveAttribute('aria-invalid', 'false');
  await monitor.desk.run('hide settings');
  await expect(settings.pane).toBeHidden();
  await monitor.desk.run('show settings');
  await expect(rate).toHaveValue('400');
  await expect(settings.pane).toContainText('not saved');
  await rate.press('Enter');
  await expect(settings.pane).toContainText('Saved, and in use now.');
  await expect(settings.save).toBeDisabled();
  await settings.pane.getByRole('button', { name: 'Reset Write prices every to its default' }).click();
  await expect(rate).toHaveValue('500');
  await expect(settings.pane).toContainText('Will be the default: 500 ms.');
  await settings.discard.click();
  await expect(rate).toHaveValue('400');
});

test('a search goes through all sections, marks what it found, and says when there is nothing', async ({
  page,
  openScreen,
}) => {
  const monitor = await openScreen('live');
  const settings = new SettingsPart(page);
  await monitor.desk.run('show settings');
  await settings.search.fill('update rate');
  await expect(settings.field('Write prices every')).toBeVisible();
  await settings.search.fill('redis');
  await expect(settings.pane.locator('mark').first()).toHaveText(/redis/i);
  await settings.search.fill('colour-blind');
  await expect(settings.pane.getByRole('radio', { name: 'Dark' })).toBeVisible();
  await settings.search.fill('zebra');
  await expect(settings.pane).toContainText('No setting is called like that.');
  await settings.section('Redis').click();
  await expect(settings.field('Redis server')).toHaveAttribute('readonly', '');
  await expect(settings.field('Redis server')).toHaveAccessibleDescription(/Given with --redis/);
});

test('keys are written and never shown, rules and lists are edited, and what needs a restart says so', async ({
  page,
  openScreen,
}) => {
  const monitor = await openScreen('live');
  const settings = new SettingsPart(page);
  await monitor.desk.run('settings: sources');
  const key = settings.field('API key of Jupiter');
  await expect(key).toHaveValue('');
  await expect(key).toHaveAccessibleDescription(/Set; it is not shown\./);
  await settings.pane.getByRole('button', { name: 'kraken' }).click();
  await settings.pane.getByRole('button', { name: 'coinbase' }).click();
  await expect(settings.field('Price sources')).toHaveValue('kraken,coinbase');
  await settings.field('Price sources').fill('wrong');
  await expect(settings.pane).toContainText('There is no wrong.');
  await settings.field('Price sources').fill('refuse');
  await expect(settings.pane).not.toContainText('There is no wrong.');
  await settings.save.click();
  await expect(settings.field('Price sources')).toHaveAccessibleDescription(/The engine refuses this\./);
  await settings.pane.getByRole('button', { name: 'simulated' }).click();
  await settings.pane.getByRole('button', { name: /^Reset API key/ }).click();
  await settings.save.click();
  await expect(key).toHaveAccessibleDescription(/Not set\./);

  await settings.section('Tokens').click();
  await settings.field('Watched tokens').fill('');
  await expect(settings.pane).toContainText('Must name at least one.');
  await settings.discard.click();
  await settings.section('Ledger').click();
  await settings.pane.getByRole('button', { name: 'Add a rule' }).click();
  await settings.field('Channel or pattern of rule 1').fill('orders:*');
  await settings.field('Mode of rule 1').selectOption('strict');
  await settings.save.click();
  await expect(settings.pane).toContainText(
    'Restart Tenhertz to use what was changed: How channels are recorded.',
  );
  await settings.section('Program').click();
  await settings.field('Demo').check();
  await settings.field('How much is logged').selectOption('debug');
  await settings.save.click();
  await expect(settings.pane).toContainText('Saved. What needs a restart waits for the next start.');
});

test('the look counts at once, and alerts and keys are a step away', async ({ page, openScreen }) => {
  const monitor = await openScreen('live');
  const settings = new SettingsPart(page);
  await monitor.desk.run('settings: appearance');
  await settings.pane.getByRole('radio', { name: 'Light' }).check();
  expect(await monitor.theme()).toBe('light');
  await settings.pane.getByRole('radio', { name: 'Compact' }).check();
  await expect(monitor.root).toHaveAttribute('data-density', 'compact');
  await settings.section('Alerts').click();
  await expect(settings.pane.getByRole('slider', { name: 'Volume' })).toBeVisible();
  await settings.section('Appearance').click();
  await settings.pane.getByRole('button', { name: 'Keys…' }).click();
  await expect(monitor.desk.keys).toBeVisible();
});

test('settings that cannot be read say so and can be asked for again', async ({ page, openScreen }) => {
  const monitor = await openScreen('history-gone');
  const settings = new SettingsPart(page);
  await monitor.desk.run('settings: rates');
  await expect(settings.pane).toContainText('The settings file cannot be read.');
  await settings.pane.getByRole('button', { name: 'Try again' }).click();
  await expect(settings.field('Write prices every')).toBeVisible();
});

for (const theme of ['dark', 'light'] as const) {
  test(`the settings have no violation of accessibility, ${theme}`, async ({
    page,
    openScreen,
  }, testInfo) => {
    const monitor = await openScreen('live', { theme });
    const settings = new SettingsPart(page);
    await monitor.desk.run('show settings');
    for (const section of ['Sources', 'Rates', 'Ledger', 'Alerts', 'Appearance']) {
      await settings.section(section).click();
      if (section === 'Rates') await settings.field('Write prices every').fill('1');
      const found = await new AxeBuilder({ page }).include('.settings').analyze();
      expect(found.violations.map(({ id, nodes }) => `${section} ${id}: ${nodes[0]?.html ?? ''}`)).toEqual(
        [],
      );
      await page.screenshot({ path: testInfo.outputPath(`settings-${theme}-${section}.png`) });
    }
    await settings.search.fill('redis server');
    const found = await new AxeBuilder({ page }).include('.settings').analyze();
    expect(found.violations).toEqual([]);
    await page.screenshot({ path: testInfo.outputPath(`settings-${theme}-search.png`) });
  });
}
