import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { startTestRedis, type TestRedis } from '../support/redis-server.ts';
import { expect, test } from './fixtures.ts';
import { AlertsPart } from './pages/alerts-part.ts';
import { complaintsAbout } from './pages/axe.ts';
import { MonitorPage } from './pages/monitor-page.ts';

/** A token nobody else prices, so that its price is what this file says. */
const TOKEN = 'ALRT';

test.describe('alerts', () => {
  let redis: TestRedis;
  let client: Redis;

  test.beforeEach(async () => {
    redis = await startTestRedis(['--appendonly', 'yes']);
    client = new Redis(redis.socketPath, { protocol: 2 });
  });
  test.afterEach(async () => {
    client.disconnect();
    await redis.stop();
  });

  /** Publishes a price as another program would, and answers its event id. */
  const price = async (value: string, eventId: string = randomUUID()): Promise<string> => {
    const data = JSON.stringify({ token: TOKEN, price: value, timestamp: new Date().toISOString() });
    await client.xadd(
      'stream:prices:alrt',
      '*',
      ...['event_id', eventId, 'event_type', 'price_update', 'source', 'test-bot', 'data', data],
    );
    return eventId;
  };

  test('a rule made on the screen fires once when the price crosses, and knows it after kill -9 and a restart', async ({
    app,
    allowedErrors,
  }) => {
    // Two starts of the app.
    test.slow();
    allowedErrors.push(/WebSocket connection .* failed/);
    const args = ['--redis', redis.url, '--source', 'simulated'];
    const first = await app({ args });
    let alerts = new AlertsPart(first.page);
    await alerts.open();
    await expect(alerts.pane).toContainText('No alerts yet');
    await price('1.00');

    await alerts.create({ token: TOKEN, direction: 'rises to', level: '1.5', name: 'Up we go' });
    await expect(alerts.rule('Up we go')).toContainText('armed');
    await expect(alerts.count).toHaveAccessibleName('1 alert armed');

    await price('1.49');
    const crossing = await price('1.51');
    await price('1.51', crossing);
    await expect(alerts.toasts).toHaveText([/Up we go.*ALRT rises to 1\.5: 1\.51/]);
    await expect(alerts.announced).toHaveText(/ALRT rises to 1\.5/i);
    await expect(alerts.rule('Up we go')).toContainText('cooling');
    await expect(alerts.count).toHaveAccessibleName('1 alert armed, 1 new');
    await alerts.putAway('Up we go');
    await expect(alerts.toasts).toHaveCount(0);
    await alerts.view('Log');
    await expect(alerts.deliveries).toHaveCount(1);
    await expect(alerts.deliveries).toHaveAttribute('data-event-id', crossing);

    await first.kill9();
    await first.page.close();
    // While nothing runs, the crossing comes again, as after a take-over, and the price goes back.
    await price('1.51', crossing);
    const second = await app({ args, dataDir: first.dataDir });
    alerts = new AlertsPart(second.page);
    await alerts.open();
    await expect(alerts.rule('Up we go')).toContainText('cooling');
    await alerts.view('Log');
    await expect(alerts.deliveries).toHaveCount(1);
    await expect(alerts.toasts).toHaveCount(0);
  });

  test('a crossing while nothing ran is found at the next start and says so', async ({
    app,
    allowedErrors,
  }) => {
    // Two starts of the app.
    test.slow();
    allowedErrors.push(/WebSocket connection .* failed/);
    const args = ['--redis', redis.url, '--source', 'simulated'];
    const first = await app({ args });
    let alerts = new AlertsPart(first.page);
    await alerts.open();
    await price('2.00');
    await alerts.create({ token: TOKEN, direction: 'falls to', level: '1', name: 'Down' });
    await expect(alerts.rule('Down')).toContainText('armed');
    await expect(alerts.rule('Down')).not.toContainText('come back first');
    await first.kill9();
    await first.page.close();
    await price('0.90');
    await price('2.10');

    const second = await app({ args, dataDir: first.dataDir });
    alerts = new AlertsPart(second.page);
    await alerts.open();
    await alerts.view('Log');
    await expect(alerts.deliveries).toHaveCount(1);
    await expect(alerts.deliveries).toContainText('0.9');
    await expect(alerts.deliveries).toContainText('while away');
  });

  test('muted, snoozed and switched off rules make no noise, and the log says why', async ({ app }) => {
    const { page } = await app({ args: ['--redis', redis.url, '--source', 'simulated'] });
    const alerts = new AlertsPart(page);
    await alerts.open();
    await price('1.00');
    for (const name of ['Muted', 'Snoozed', 'Off'])
      await alerts.create({ token: TOKEN, direction: 'crosses', level: '1.5', name, everyMs: 0 });
    await alerts.rule('Off').getByRole('button', { name: 'On' }).click();
    await expect(alerts.rule('Off')).toContainText('off');
    await alerts.pane.getByLabel('Snooze Snoozed').selectOption('1 hour');
    await expect(alerts.rule('Snoozed')).toContainText('snoozed');
    await alerts.pane.getByLabel('Mute all alerts').selectOption('5 minutes');
    await expect(alerts.pane).toContainText('All muted');
    await price('1.60');
    await alerts.view('Log');
    await expect(alerts.deliveries).toHaveCount(2);
    await expect(alerts.deliveries.filter({ hasText: 'silent: mute' })).toHaveCount(1);
    await expect(alerts.deliveries.filter({ hasText: 'silent: snooze' })).toHaveCount(1);
    await expect(alerts.toasts).toHaveCount(0);
    await alerts.pane.getByRole('button', { name: 'Unmute' }).click();
    await alerts.view('Rules');
    await price('1.40');
    await expect(alerts.toasts).toHaveText([/Muted/]);
  });

  test('the pane and its editor have no accessibility violation and work by keyboard', async ({ app }) => {
    // Axe looks at a dozen states.
    test.slow();
    const { page } = await app({ args: ['--demo'] });
    const monitor = new MonitorPage(page);
    const alerts = new AlertsPart(page);
    await alerts.open();
    await expect(monitor.row('SOL').price).toHaveAttribute('data-freshness', 'fresh');
    await page.keyboard.press('Alt+a');
    const dialog = page.getByRole('dialog', { name: 'New alert' });
    await expect(dialog).toBeVisible();
    for (const kind of [
      '% move',
      'Profit and loss',
      'Volume',
      'Position',
      'Stale price',
      'Lag',
      'Source down',
      'Price',
    ]) {
      await dialog.getByLabel('Alert me about').selectOption(kind);
      expect(await complaintsAbout(page, '[role="dialog"]'), kind).toEqual([]);
    }
    await dialog.getByLabel('Level').fill('nonsense');
    await page.keyboard.press('Enter');
    await expect(dialog.getByLabel('Level')).toHaveAttribute('aria-invalid', 'true');
    await expect(dialog).toContainText('Enter a number such as 150.25.');
    await dialog.getByLabel('Level').fill('0.01');
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
    await expect(alerts.pane).toContainText('SOL crosses 0.01');
    for (const view of ['Log', 'Sound and quiet hours', 'Rules'] as const) {
      await alerts.view(view);
      expect(await complaintsAbout(page, '.alerts'), view).toEqual([]);
    }
    await monitor.toggleTheme();
    expect(await complaintsAbout(page)).toEqual([]);
  });
});

test('the desktop app notifies by the system, also from the tray without a window', async ({
  app,
}, testInfo) => {
  test.skip(testInfo.project.name !== 'double', 'only the desktop app has notifications of the system');
  const { page, desktop } = await app({ args: ['--demo'] });
  const alerts = new AlertsPart(page);
  await alerts.open();
  await alerts.create({ token: 'SOL', direction: 'crosses', level: '1', name: 'Never' });
  await alerts.rule('Never').getByRole('button', { name: 'Test' }).click();
  await expect.poll(() => desktop?.notifications()).toMatchObject([{ title: 'Never', silent: true }]);
});
