import { expect } from '@playwright/test';
import { AlertsPart } from '../e2e/pages/alerts-part.ts';
import { fire, lastAsked, refuse } from './ask-fake.ts';
import { complaintsAbout } from '../e2e/pages/axe.ts';
import { openAlerts } from './open-alerts.ts';
import { test } from './screen.ts';

test('quiet hours are set by day and time, refused with a reason, and kept', async ({ page, openScreen }) => {
  const alerts = await openAlerts(page, openScreen);
  await alerts.view('Sound and quiet hours');
  const quiet = alerts.pane.getByRole('region', { name: 'Quiet hours' });
  const save = quiet.getByRole('button', { name: 'Save quiet hours' });
  await expect(save).toBeDisabled();
  await quiet.getByRole('checkbox').check();
  await expect(quiet.getByLabel('From')).toHaveValue('22:00');
  await quiet.getByLabel('From').fill('21:30');
  // Every day until one is taken away; with the last one back it is every day again.
  const sunday = quiet.getByRole('button', { name: 'Sunday' });
  await expect(sunday).toHaveAttribute('aria-pressed', 'true');
  await sunday.click();
  await expect(sunday).toHaveAttribute('aria-pressed', 'false');
  await expect(quiet.getByRole('button', { name: 'Monday' })).toHaveAttribute('aria-pressed', 'true');
  await sunday.click();
  await expect(sunday).toHaveAttribute('aria-pressed', 'true');
  await quiet.getByRole('button', { name: 'Saturday' }).click();
  await quiet.getByRole('button', { name: 'Add hours' }).click();
  await quiet.getByLabel('to', { exact: true }).nth(1).fill('08:15');
  await quiet.getByRole('button', { name: 'Add hours' }).click();
  await quiet.getByRole('button', { name: 'Remove hours 3' }).click();
  await quiet.getByLabel('Time zone').fill('Mars/Base');
  await refuse(page, { 'alerts.quiet': 'There is no time zone "Mars/Base".' });
  await save.click();
  await expect(alerts.pane.getByRole('alert')).toHaveText('There is no time zone "Mars/Base".');
  await expect(quiet.getByLabel('Time zone')).toHaveValue('Mars/Base');
  await refuse(page, {});
  await quiet.getByLabel('Time zone').fill('Europe/Berlin');
  await save.click();
  await expect(save).toBeDisabled();
  expect((await lastAsked(page, 'alerts.quiet'))?.['quietHours']).toEqual({
    ...{ enabled: true, zone: 'Europe/Berlin' },
    ranges: [
      { from: '21:30', to: '07:00', days: [0, 1, 2, 3, 4, 5] },
      { from: '22:00', to: '08:15', days: [] },
    ],
  });
});

test('the volume is set by keyboard and kept over a reload, and every sound can be heard', async ({
  page,
  openScreen,
}) => {
  const alerts = await openAlerts(page, openScreen);
  await alerts.view('Sound and quiet hours');
  const volume = alerts.pane.getByRole('slider', { name: 'Volume' });
  await volume.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect(volume).toHaveAttribute('aria-valuetext', '5 %');
  for (const sound of ['Chime', 'Bell', 'Ping', 'Rising', 'Falling', 'Alarm'])
    await alerts.pane.getByRole('button', { name: sound, exact: true }).click();
  await expect(alerts.pane).toContainText('The app shows them, also when no window is open.');
  await page.reload();
  await alerts.open();
  await alerts.view('Sound and quiet hours');
  await expect(volume).toHaveAttribute('aria-valuetext', '5 %');
});

test('what rings is announced, shown a few at a time, written down, and marked as seen', async ({
  page,
  openScreen,
}) => {
  const monitor = await openScreen('live');
  const alerts = new AlertsPart(page);
  await alerts.open();
  await alerts.view('Log');
  await expect(alerts.pane).toContainText('Nothing has fired yet.');
  await fire(page, { name: 'First', text: 'SOL rises to 150: 150.01' });
  await expect(alerts.announced).toHaveText('Alert. SOL rises to 150: 150.01');
  await fire(page, { name: 'Quiet one', suppressed: 'quiet hours' });
  await fire(page, { name: 'Away', whileAway: true, sound: null });
  for (const name of ['Third', 'Fourth', 'Fifth', 'Sixth'])
    await fire(page, { name, test: name === 'Sixth' });
  await expect(alerts.deliveries).toHaveCount(7);
  await expect(alerts.deliveries.filter({ hasText: 'silent: quiet hours' })).toHaveCount(1);
  await expect(alerts.deliveries.filter({ hasText: 'while away' })).toHaveCount(1);
  await expect(alerts.deliveries.filter({ hasText: 'test' })).toHaveCount(1);
  await expect(page.locator('.alert-toast-more')).toHaveText(/^and \d more in the log$/);
  await alerts.putAway('Fifth');
  await expect(alerts.pane.getByRole('button', { name: /^Log \(6 new\)/ })).toBeVisible();
  await monitor.desk.run('put away all ringing');
  await expect(alerts.toasts).toHaveCount(0);
  await alerts.pane.getByRole('button', { name: 'Mark 1 as seen' }).click();
  await expect(alerts.pane.getByRole('button', { name: 'Mark all as seen' })).toBeDisabled();
  await expect(alerts.pane.getByRole('button', { name: 'Log', exact: true })).toBeVisible();
});

test('a log that cannot be read says so and is asked for again', async ({ page, openScreen }) => {
  await openScreen('missed', { troubleAfter: 10 });
  await refuse(page, { 'alerts.deliveries': 'The log is being written anew.' });
  const alerts = new AlertsPart(page);
  await alerts.open();
  await alerts.view('Log');
  await expect(alerts.pane.getByRole('alert')).toContainText(
    'The log could not be read. The log is being written anew.',
  );
  await refuse(page, {});
  await alerts.pane.getByRole('button', { name: 'Try again' }).click();
  await expect(alerts.pane).toContainText('Nothing has fired yet.');
});

for (const theme of ['dark', 'light'] as const)
  test(`axe finds nothing to say about the log and quiet hours, ${theme}`, async ({ page, openScreen }) => {
    await openScreen('live', { theme });
    const alerts = new AlertsPart(page);
    await alerts.open();
    await fire(page, { name: 'One', suppressed: 'mute', whileAway: true });
    await fire(page, { name: 'Two', test: true });
    await alerts.view('Log');
    await expect(alerts.deliveries).toHaveCount(2);
    expect(await complaintsAbout(page, '.alerts')).toEqual([]);
    await alerts.view('Sound and quiet hours');
    await alerts.pane.getByRole('checkbox').check();
    expect(await complaintsAbout(page, '.alerts')).toEqual([]);
  });
