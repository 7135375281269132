import { expect, type Page } from '@playwright/test';
import { AlertsPart } from '../e2e/pages/alerts-part.ts';
import { batches } from '../e2e/pages/batches.ts';
import type { MonitorPage } from '../e2e/pages/monitor-page.ts';
import { SettingsPart } from '../e2e/pages/settings-part.ts';
import { TimeLine } from '../e2e/pages/time-line.ts';
import { fire, lastAsked } from './ask-fake.ts';
import { complaintsAbout } from '../e2e/pages/axe.ts';
import { test } from './screen.ts';

/** Chooses how numbers and times are written, in the form. */
async function choose(
  page: Page,
  monitor: MonitorPage,
  locale: string,
  timeZone: string,
): Promise<SettingsPart> {
  const settings = new SettingsPart(page);
  await monitor.desk.run('settings: appearance');
  await settings.field('Numbers and dates').selectOption(locale);
  await settings.field('Time zone').selectOption(timeZone);
  return settings;
}

/** What is wider than its place and cut without a sign of it, or reaches out of the window. */
const CUT = `(() => {
  const places = ':not(.visually-hidden):is(.clock, .chart-zone, .status-value, .legend dd, .trade span, td.number, .time-at, .headline, .entry-time)';
  const cut = [...document.querySelectorAll(places)].filter(
    one => one.offsetParent !== null && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline',
  );
  const wide = document.documentElement.scrollWidth > window.innerWidth ? ['the page'] : [];
  return [...wide, ...cut.map(one => one.className + ': ' + one.textContent)];
})()`;

/** Writes down what is drawn on canvases from now on: there the labels of the axes are. */
const LISTEN_TO_CANVAS = `(() => {
  const draw = CanvasRenderingContext2D.prototype.fillText;
  window.drawn = new Set();
  CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
    window.drawn.add(text);
    return draw.call(this, text, ...place);
  };
})()`;

/** The labels drawn on canvases while the next batches are painted: every price has moved meanwhile. */
async function drawn(page: Page): Promise<string[]> {
  await page.evaluate('window.drawn.clear()');
  await batches(page, 7);
  return page.evaluate<string[]>('[...window.drawn]');
}

test('the labels of a chart are all written anew, in the locale and at the hours of the zone', async ({
  page,
  openScreen,
}) => {
  await page.addInitScript(LISTEN_TO_CANVAS);
  const monitor = await openScreen('live');
  await expect.poll(() => drawn(page)).toContainEqual(expect.stringMatching(/^14:3\d:\d\d$/));
  await choose(page, monitor, 'de-DE', 'Asia/Kolkata');
  const labels = await drawn(page);
  const [prices, times] = [/^\d+[.,]\d{2,}$/, /^\d\d:\d\d/].map(kind =>
    labels.filter(text => kind.test(text)),
  );
  expect(prices?.length).toBeGreaterThan(3);
  expect(prices?.filter(text => !/^\d+,\d+$/.test(text))).toEqual([]);
  expect(times?.length).toBeGreaterThan(2);
  expect(times?.filter(text => !/^20:0\d/.test(text))).toEqual([]);
});

test('numbers and times follow the locale and the zone on every pane, at once', async ({
  page,
  openScreen,
}) => {
  const monitor = await openScreen('live');
  const clock = page.locator('.clock');
  await expect(clock).toHaveText(/^14:3\d:\d\d UTC$/);
  await expect(monitor.row('SOL').price).toHaveText(/^1\d\d\.\d{4}$/);
  await monitor.desk.run('show alerts');
  const alerts = new AlertsPart(page);
  await fire(page, { text: 'SOL rises to 150.5: 1150.01' });
  await alerts.putAway('SOL rises to 150');
  await alerts.view('Log');
  await expect(alerts.deliveries.first()).toContainText('SOL rises to 150.5: 1,150.01');

  const settings = await choose(page, monitor, 'de-DE', 'Asia/Tokyo');
  const preview = settings.pane.getByRole('group', { name: 'Preview of numbers and times' });
  await expect(preview).toContainText('1.234.567,89');
  await expect(preview).toContainText(/21\. Nov\. 2026, 23:3\d:\d\d GMT\+9/);
  expect(await complaintsAbout(page)).toEqual([]);

  await expect(clock).toHaveText(/^23:3\d:\d\d GMT\+9$/);
  await expect(monitor.row('SOL').price).toHaveText(/^1\d\d,\d{4}$/);
  await expect(monitor.row('SOL').change).toHaveText(/^[+−]?\d,\d\d %$/);
  await expect(monitor.row('SOL').change).toHaveAttribute('title', / at 21\. Nov\. 2026, 09:00:00 GMT\+9$/);
  await expect(monitor.legend.locator('[data-part="close"]')).toHaveText(/^1\d\d,\d+$/);
  await expect(monitor.chart.locator('.chart-zone')).toHaveText('GMT+9');
  await expect(monitor.chart.locator('p.visually-hidden').first()).toContainText(
    /2[12]\. Nov\. 2026, \d\d:\d\d:\d\d GMT\+9/,
  );
  const trade = monitor.tape.rows.first();
  await expect(trade.locator('.trade-time')).toHaveText(/^23:3\d:\d\d,\d$/);
  await expect(monitor.statusValue('screen')).toHaveText(/^\d+,\d Hz$/);
  await expect(page.getByTitle('Go to a time (GMT+9)')).toHaveText(/^23:3\d:\d\d$/);
  await monitor.desk.run('show alerts');
  await expect(alerts.deliveries.first()).toContainText('SOL rises to 150,5: 1.150,01');
  await expect(alerts.deliveries.first().locator('time')).toHaveText(/^23:3\d:\d\d$/);
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(alerts.deliveries.first().locator('time')).toHaveAttribute(
    'datetime',
    /^2026-11-21T14:3\d.*Z$/,
  );
  expect(await complaintsAbout(page, '[data-pane="alerts"]')).toEqual([]);

  await choose(page, monitor, '', '');
  await expect(clock).toHaveText(/^14:3\d:\d\d UTC$/);
  await expect(monitor.row('SOL').price).toHaveText(/^1\d\d\.\d{4}$/);
});

test('a level is typed as the locale writes it, kept plain, and a doubtful one is asked about', async ({
  page,
  openScreen,
}) => {
  const monitor = await openScreen('live');
  await choose(page, monitor, 'de-DE', 'UTC');
  const alerts = new AlertsPart(page);
  await alerts.open();
  await alerts.pane.getByRole('button', { name: 'New alert' }).click();
  const dialog = page.getByRole('dialog', { name: 'New alert' });
  const level = dialog.getByLabel('Level');
  await level.fill('many');
  await dialog.getByRole('button', { name: 'Create alert' }).click();
  await expect(level).toHaveAccessibleDescription(/Enter a number such as 150,25\./);
  await level.fill('1.234');
  await dialog.getByRole('button', { name: 'Create alert' }).click();
  await expect(level).toHaveAccessibleDescription(/can be read in two ways\. Write 1234 or 1,234\./);
  await level.fill('1.234,5');
  await dialog.getByRole('button', { name: 'Create alert' }).click();
  await expect(dialog).toBeHidden();
  expect(await lastAsked(page, 'alerts.save')).toMatchObject({ draft: { condition: { level: '1234.5' } } });
  await expect(alerts.pane.locator('.alert-name')).toContainText('1.234,5');
  await alerts.pane.locator('.alert-name').click();
  await expect(page.getByRole('dialog').getByLabel('Level')).toHaveValue('1234,5');
});

test('a time is typed by the clocks of the zone', async ({ page, openScreen }) => {
  const monitor = await openScreen('live');
  await choose(page, monitor, 'en-IN', 'Asia/Kolkata');
  const line = new TimeLine(page);
  await page.getByTitle('Go to a time (IST)').click();
  const field = line.region.getByLabel('Date and time (IST)');
  await expect(field).toHaveValue(/^2026-11-21T20:0\d:\d\d$/);
  await field.fill('2026-11-21T17:30:05');
  await page.keyboard.press('Enter');
  await expect(line.notice).toContainText('21 Nov 2026, 17:30:05 IST');
  expect(await line.at()).toBe(Date.parse('2026-11-21T12:00:05Z'));
});

test('the choice is kept with the look; one that means nothing here is told and left to the system', async ({
  page,
  openScreen,
}) => {
  const screen = { version: 1, welcomed: true, region: { locale: 'fr-FR', timeZone: 'Mars/Base' } };
  const monitor = await openScreen('live', { documents: { screen } });
  await expect(monitor.row('SOL').price).toHaveText(/^1\d\d,\d{4}$/);
  await expect(page.locator('.clock')).toHaveText(/ UTC$/);
  await monitor.desk.run('settings: appearance');
  const settings = new SettingsPart(page);
  await expect(settings.pane.getByRole('alert')).toHaveText(
    /“Mars\/Base” is no time zone this machine knows: .*UTC/,
  );
  await expect(settings.field('Time zone')).toHaveValue('Mars/Base');
  await settings.field('Time zone').selectOption('America/New_York');
  await expect(settings.pane.getByRole('alert')).toHaveCount(0);
  await expect(page.locator('.clock')).toHaveText(/^09:3\d:\d\d UTC−5$/);
  await expect
    .poll(() => lastAsked(page, 'desk.write'))
    .toMatchObject({ value: { region: { locale: 'fr-FR', timeZone: 'America/New_York' } } });
  await page.reload();
  await expect(page.locator('.clock')).toHaveText(/^09:3\d:\d\d /);
});

for (const theme of ['dark', 'light'] as const) {
  test(`in German and Tokyo nothing is cut at 1280 (${theme})`, async ({ page, openScreen }, testInfo) => {
    const monitor = await openScreen('live', { theme });
    const before = await monitor.watchlist.boundingBox();
    await choose(page, monitor, 'de-DE', 'Asia/Tokyo');
    await monitor.desk.run('hide settings');
    await expect(page.locator('.clock')).toHaveText(/GMT\+9$/);
    expect(await monitor.watchlist.boundingBox()).toEqual(before);
    await page.screenshot({ path: testInfo.outputPath(`tokyo-${theme}.png`) });
    await expect.poll(() => page.evaluate<string[]>(CUT)).toEqual([]);
  });
}
