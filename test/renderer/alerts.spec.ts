import { expect } from '@playwright/test';
import { AlertsPart } from '../e2e/pages/alerts-part.ts';
import { fire, lastAsked, refuse } from './ask-fake.ts';
import { complaintsAbout } from '../e2e/pages/axe.ts';
import { openAlerts } from './open-alerts.ts';
import { test } from './screen.ts';

test('rules are switched off, snoozed, woken, tried and removed; what needs a look stands first', async ({
  page,
  openScreen,
}) => {
  const alerts = await openAlerts(page, openScreen);
  for (const name of ['One', 'Two', 'Three'])
    await alerts.create({ token: 'SOL', direction: 'rises to', level: '500', name });
  await alerts.rule('One').getByRole('button', { name: 'On', exact: true }).click();
  await expect(alerts.rule('One')).toHaveAttribute('data-alert-state', 'disabled');
  await expect(alerts.pane.getByLabel('Snooze One')).toBeDisabled();
  await alerts.pane.getByLabel('Snooze Two').selectOption('until tomorrow');
  await expect(alerts.rule('Two')).toContainText('snoozed');
  await expect(alerts.count).toHaveAccessibleName('1 alert armed, 1 snoozed');
  await expect(alerts.pane.locator('.alert-name')).toHaveText(['Three', 'Two', 'One']);
  await alerts.rule('Two').getByRole('button', { name: 'Wake' }).click();
  await expect(alerts.rule('Two')).toHaveAttribute('data-alert-state', 'armed');
  await alerts.rule('Three').getByRole('button', { name: 'Test' }).click();
  await expect(page.getByRole('button', { name: 'Put away: test of Three' })).toBeVisible();
  await expect(alerts.rule('Three')).toHaveAttribute('data-alert-state', 'armed');

  await alerts.rule('Two').getByRole('button', { name: 'Remove Two' }).click();
  const question = page.getByRole('alertdialog');
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  await alerts.rule('Two').getByRole('button', { name: 'Remove Two' }).click();
  await question.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(alerts.rule('Two')).toHaveCount(0);
  await expect(alerts.pane.locator('.alert-item')).toHaveCount(2);
});

test('what the engine refuses to do with a rule is said over the list, and so is what is wrong with all', async ({
  page,
  openScreen,
}) => {
  const alerts = await openAlerts(page, openScreen);
  await alerts.create({ token: 'SOL', direction: 'rises to', level: '500', name: 'One' });
  await refuse(page, { 'alerts.enable': 'The rules cannot be written: the disk is full.' });
  await alerts.rule('One').getByRole('button', { name: 'On', exact: true }).click();
  await expect(alerts.pane.getByRole('alert')).toHaveText('The rules cannot be written: the disk is full.');
  await expect(alerts.rule('One')).toHaveAttribute('data-alert-state', 'armed');
  await refuse(page, {});
  await alerts.rule('One').getByRole('button', { name: 'On', exact: true }).click();
  await expect(alerts.rule('One')).toHaveAttribute('data-alert-state', 'disabled');
  await expect(alerts.pane.getByRole('alert')).toHaveCount(0);
  await page.evaluate(() => window.fakeEngine.alertTrouble('2 rules could not be read and are left out.'));
  await expect(alerts.pane.getByRole('alert')).toHaveText('2 rules could not be read and are left out.');
  await page.evaluate(() => window.fakeEngine.alertTrouble(null));
  await expect(alerts.pane.getByRole('alert')).toHaveCount(0);
});

test('all alerts are muted for a while and let ring again', async ({ page, openScreen }) => {
  const monitor = await openScreen('live');
  const alerts = new AlertsPart(page);
  await alerts.open();
  await alerts.create({ token: 'SOL', direction: 'rises to', level: '500', name: 'One' });
  await alerts.pane.getByLabel('Mute all alerts').selectOption('1 hour');
  await expect(alerts.pane).toContainText(/All muted, again in/);
  await expect(alerts.count).toHaveAccessibleName('1 alert armed, muted');
  await alerts.pane.getByRole('button', { name: 'Unmute' }).click();
  await expect(alerts.pane.getByLabel('Mute all alerts')).toBeVisible();
  await monitor.desk.run('mute all alerts until tomorrow');
  await expect(alerts.count).toHaveAccessibleName('1 alert armed, muted');
  await monitor.desk.run('let alerts ring again');
  await expect(alerts.count).toHaveAccessibleName('1 alert armed');
});

test('until the engine says anything the pane waits and claims nothing', async ({ page, openScreen }) => {
  const monitor = await openScreen('loading');
  await monitor.desk.run('show alerts');
  const { pane } = new AlertsPart(page);
  await expect(pane.getByRole('list', { name: 'Alerts are being loaded' })).toHaveAttribute(
    'aria-busy',
    'true',
  );
  await expect(pane).not.toContainText('No alerts yet');
});

test('words in the palette become an alert, and the editor opens when the engine refuses it', async ({
  page,
  openScreen,
}) => {
  const monitor = await openScreen('live');
  await expect(monitor.stateBadge).toHaveText('LIVE');
  const alerts = new AlertsPart(page);
  await monitor.desk.run('alert sol 5% in 10 min');
  await expect(alerts.count).toHaveAccessibleName('1 alert armed');
  expect((await lastAsked(page, 'alerts.save'))?.['draft']).toMatchObject({
    condition: { kind: 'move', percent: '5', windowMs: 600_000 },
  });
  await refuse(page, { 'alerts.save': 'There are too many alerts.' });
  await monitor.desk.run('alert sol under 90');
  await expect(alerts.editor.getByLabel('Level')).toHaveValue('90');
  await page.keyboard.press('Escape');
  await refuse(page, { 'alerts.mute': 'not now' });
  await monitor.desk.run('mute all alerts for 5 min');
  await expect(alerts.pane).toBeVisible();
});

test('an alert is made, changed and removed without a mouse', async ({ page, openScreen }) => {
  const monitor = await openScreen('live');
  await expect(monitor.stateBadge).toHaveText('LIVE');
  const alerts = new AlertsPart(page);
  await alerts.open();
  await page.keyboard.press('Alt+a');
  const dialog = alerts.editor;
  await expect(dialog.getByLabel('Alert me about')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(dialog.getByLabel('Token')).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(dialog.getByLabel('Level')).toBeFocused();
  await page.keyboard.type('300');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  const change = alerts.pane.getByRole('button', { name: 'Change SOL crosses 300' });
  await change.focus();
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveAccessibleName('Change alert');
  await page.keyboard.press('Escape');
  await expect(change).toBeFocused();
  await alerts.pane.getByRole('button', { name: 'Remove SOL crosses 300' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(alerts.pane).toContainText('No alerts yet.');
});

for (const theme of ['dark', 'light'] as const)
  test(`axe finds nothing to say about rules, what rings, and a refusal, ${theme}`, async ({
    page,
    openScreen,
  }) => {
    await openScreen('live', { theme });
    const alerts = new AlertsPart(page);
    await alerts.open();
    await alerts.create({ token: 'SOL', direction: 'rises to', level: '500', name: 'One' });
    await alerts.create({ token: 'RAY', direction: 'falls to', level: '1', name: 'Two' });
    await alerts.pane.getByLabel('Snooze Two').selectOption('1 hour');
    await fire(page, { ruleId: 'rule-1', name: 'One' });
    await refuse(page, { 'alerts.test': 'Not now.' });
    await alerts.rule('Two').getByRole('button', { name: 'Test' }).click();
    await alerts.rule('Two').getByRole('button', { name: 'Remove Two' }).click();
    await expect(alerts.pane.getByRole('alert')).toHaveText('Not now.');
    expect(await complaintsAbout(page, '.alerts')).toEqual([]);
    expect(await complaintsAbout(page, '.alert-toasts')).toEqual([]);
  });
