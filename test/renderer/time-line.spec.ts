import { expect } from '@playwright/test';
import type { MonitorPage } from '../e2e/pages/monitor-page.ts';
import { TimeLine } from '../e2e/pages/time-line.ts';
import { refuse } from './ask-fake.ts';
import { complaintsAbout } from '../e2e/pages/axe.ts';
import { test, type OpenScreen } from './screen.ts';

async function openLine(openScreen: OpenScreen): Promise<{ monitor: MonitorPage; line: TimeLine }> {
  const monitor = await openScreen('live', { width: 1920, height: 1080 });
  await expect(monitor.row('SOL').price).not.toHaveText('');
  return { monitor, line: new TimeLine(monitor.page) };
}

test('the line is dragged: the moment follows the pointer, stays when it is let go, and the end is now', async ({
  page,
  openScreen,
}) => {
  const { line } = await openLine(openScreen);
  const box = await line.moment.boundingBox();
  if (box === null) throw new Error('The time line is not on the screen.');
  const y = box.y + box.height / 2;
  const x = (share: number): number => box.x + box.width * share;
  await page.mouse.move(x(0.75), y);
  await page.mouse.down();
  await expect(line.notice).toBeVisible();
  const first = await line.at();
  await page.mouse.move(x(0.25), y, { steps: 4 });
  // Half of a quarter of an hour, whatever the present does meanwhile.
  await expect.poll(async () => Math.abs(first - (await line.at()) - 450_000)).toBeLessThan(5_000);
  await page.mouse.up();
  await line.arrived();
  const stands = await line.at();
  await page.mouse.move(x(0.6), y, { steps: 2 });
  expect(await line.at()).toBe(stands);
  await page.mouse.move(x(0.25), y);
  await page.mouse.down();
  await page.mouse.move(x(0.5), y);
  // However long it takes: the end of the line it was taken from is still now.
  await page.clock.fastForward(30_000);
  await page.mouse.move(x(1) + 40, y, { steps: 4 });
  await page.mouse.up();
  await expect(line.notice).toBeHidden();
  await expect(line.moment).toHaveAttribute('aria-valuetext', 'Now');
});

test('only the first button of a mouse moves the line', async ({ openScreen }) => {
  const { line } = await openLine(openScreen);
  await line.moment.click({ button: 'middle', position: { x: 50, y: 10 } });
  await expect(line.region).toHaveAttribute('data-when', 'now');
  await line.pressAt(0.5);
  await expect(line.region).toHaveAttribute('data-when', 'past');
});

test('Home is where the line begins, Space plays and pauses, and other keys are left alone', async ({
  openScreen,
}) => {
  const { line } = await openLine(openScreen);
  await line.moment.focus();
  await line.moment.press('Space');
  await expect(line.region).toHaveAttribute('data-when', 'now');
  await line.moment.press('Home');
  await expect(line.notice).toBeVisible();
  await line.arrived();
  const at = await line.at();
  await line.moment.press('x');
  expect(await line.at()).toBe(at);
  await line.moment.press('Space');
  await expect(line.play).toHaveAccessibleName('Pause');
  await expect.poll(() => line.at()).toBeGreaterThan(at);
  await line.moment.press('Space');
  await expect(line.play).toHaveAccessibleName('Play');
  await line.now.click();
  await expect(line.notice).toBeHidden();
});

test('a speed counts for the next playback, and at once for one that runs', async ({ openScreen }) => {
  const { monitor, line } = await openLine(openScreen);
  const speed = line.region.getByRole('combobox', { name: 'Speed' });
  await expect(line.play).toBeDisabled();
  await speed.selectOption('10');
  await line.region.getByRole('button', { name: '◀ Step' }).click();
  await expect(line.notice).toBeVisible();
  await line.pressAt(0.1);
  await line.arrived();
  const at = await line.at();
  await monitor.desk.run('play the past');
  await expect.poll(() => line.at()).toBeGreaterThan(at + 5_000);
  await speed.selectOption('50');
  await expect(line.play).toHaveAccessibleName('Pause');
  const then = await line.at();
  await expect.poll(() => line.at()).toBeGreaterThan(then + 50_000);
  await monitor.desk.run('play the past');
  await expect(line.play).toHaveAccessibleName('Play');
});

test('the line shows as much time as is chosen', async ({ openScreen }) => {
  const { line } = await openLine(openScreen);
  const reach = async (): Promise<number> =>
    Number(await line.moment.getAttribute('aria-valuemax')) -
    Number(await line.moment.getAttribute('aria-valuemin'));
  expect(await reach()).toBeLessThanOrEqual(900_000);
  await line.region.getByRole('combobox', { name: 'Span of the time line' }).selectOption('7 d');
  expect(await reach()).toBeGreaterThan(6 * 86_400_000);
});

test('a time that is not typed, or taken back with Escape, goes nowhere', async ({ openScreen }) => {
  const { line } = await openLine(openScreen);
  const open = line.region.getByRole('button', { name: /\d\d:\d\d:\d\d/ });
  const field = line.region.getByLabel(/^Date and time/);
  await open.click();
  await expect(field).toBeFocused();
  await field.press('Escape');
  await expect(field).toBeHidden();
  await open.click();
  await field.fill('');
  await field.press('Enter');
  await expect(field).toBeHidden();
  await expect(line.region).toHaveAttribute('data-when', 'now');
});

test('a moment that cannot be read is said, the screen stays where it was, and the next one is asked for', async ({
  page,
  openScreen,
}) => {
  const { line } = await openLine(openScreen);
  await line.pressAt(0.5);
  await line.arrived();
  const at = await line.at();
  await refuse(page, { 'moment.read': 'The ledger is not there.', 'moment.density': 'not now' });
  await line.pressAt(0.2);
  await expect(page.getByText('The ledger is not there.')).toBeVisible();
  expect(await line.at()).toBe(at);
  await refuse(page, {});
  await line.pressAt(0.2);
  await expect.poll(() => line.at()).toBeLessThan(at - 60_000);
  await expect(page.getByText('The ledger is not there.')).toBeHidden();
});

test('a playback that gets nothing more says so, and goes on when there is more', async ({
  page,
  openScreen,
}) => {
  const { line } = await openLine(openScreen);
  await line.pressAt(0.2);
  await line.arrived();
  await refuse(page, { 'moment.play': 'The server of the ledger went away.' });
  const at = await line.at();
  await line.play.click();
  await expect(page.getByText('The server of the ledger went away.')).toBeVisible();
  expect(await line.at()).toBe(at);
  await refuse(page, {});
  await expect.poll(() => line.at()).toBeGreaterThan(at);
  await expect(page.getByText('The server of the ledger went away.')).toBeHidden();
});

test('axe finds nothing to say about the line while a time is typed and a moment cannot be read', async ({
  page,
  openScreen,
}) => {
  const { line } = await openLine(openScreen);
  await line.pressAt(0.5);
  await line.arrived();
  await refuse(page, { 'moment.read': 'The ledger is not there.' });
  await line.pressAt(0.2);
  await expect(page.getByText('The ledger is not there.')).toBeVisible();
  await line.region.getByRole('button', { name: /\d\d:\d\d:\d\d/ }).click();
  expect(await complaintsAbout(page, '.time-line')).toEqual([]);
});
