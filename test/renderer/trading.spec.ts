import { expect } from '@playwright/test';
import { complaintsAbout } from '../e2e/pages/axe.ts';
import { test } from './screen.ts';

test('trades come newest first, each once, with side, value and large ones marked', async ({
  openScreen,
}) => {
  const { tape } = await openScreen('live');
  await expect.poll(() => tape.total()).toBeGreaterThan(62);
  const ids = await tape.ids();
  const numbers = ids.map(id => Number(id.replace('trade-', '')));
  expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBeLessThan(40);
  const large = tape.row('trade-56');
  await expect(large.side).toHaveText(/^(Buy|Sell)$/);
  await expect(large.value).toHaveText(/^\$\d,\d{3} large$/);
  expect(await large.size()).toBe('large');
});

test('the tape stands still under the pointer, counts what waits, and goes on afterwards', async ({
  page,
  openScreen,
}) => {
  const { tape, watchlist } = await openScreen('live');
  await expect.poll(() => tape.total()).toBeGreaterThan(60);
  await tape.list.hover();
  const before = await tape.ids();
  await expect(tape.pausedBar).toContainText(/Paused · [1-9]\d* new/);
  expect(await tape.ids()).toEqual(before);
  await page.mouse.wheel(0, 400);
  await watchlist.hover();
  await expect(tape.pausedBar).toBeHidden();
  await expect.poll(() => tape.list.evaluate(list => list.scrollTop)).toBe(0);
  expect((await tape.ids())[0]).not.toBe(before[0]);
});

test('the keyboard pauses the tape by its focus and by the Pause button', async ({ page, openScreen }) => {
  const { tape } = await openScreen('live');
  await tape.pauseButton.focus();
  await page.keyboard.press('Enter');
  await expect(tape.pauseButton).toHaveAttribute('aria-pressed', 'true');
  await expect(tape.pausedBar).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(tape.pausedBar).toBeHidden();
  await tape.notice.getByRole('button').focus();
  await page.keyboard.press('Tab');
  await expect(tape.list).toBeFocused();
  await expect(tape.pausedBar).toBeVisible();
});

test('small trades can be left out', async ({ openScreen }) => {
  const { tape } = await openScreen('live');
  await expect(tape.region.locator('[data-size="small"]')).not.toHaveCount(0);
  await tape.hideSmallButton.click();
  await expect(tape.region.locator('[data-size="small"]')).toHaveCount(0);
  await expect(tape.rows).not.toHaveCount(0);
});

test('a healed gap is told over the tape until it is put away', async ({ openScreen }) => {
  const { tape } = await openScreen('live');
  await expect(tape.notice).toContainText('Gap healed: trades:user_0001 #4182-4190, 9 events');
  await tape.dismissNotice();
  await expect(tape.notice).toBeHidden();
});

test('a snapshot after a silence says what was missed', async ({ openScreen }) => {
  const { tape, statusValue } = await openScreen('missed').then(monitor => ({
    tape: monitor.tape,
    statusValue: monitor.statusValue('missed'),
  }));
  await expect(tape.notice).toContainText(
    'This window missed 1,204 events while it did not answer; the list starts anew.',
  );
  await expect(statusValue).toHaveText('1,204');
});

test('positions are valued at the newest price, each number with its freshness', async ({ openScreen }) => {
  const { positions } = await openScreen('live');
  await expect.poll(() => positions.tokens()).toEqual(['SOL', 'BONK', 'JitoSOL', 'RAY']);
  const sol = positions.row('SOL', 'positions:user_0001');
  await expect(sol.amount).toHaveText('212.500');
  await expect(sol.pnl).toHaveText(/^\+\$1,13\d\.\d\d$/);
  expect(await sol.markFreshness()).toBe('fresh');
  expect(await positions.row('RAY').freshness()).toBe('delayed');
  await expect(positions.row('RAY').value).toHaveText(/^−\$3,2\d\d\.\d\d$/);
  await expect(positions.totalPnl).toHaveAttribute('data-freshness', 'delayed');
});

test('components say how they are', async ({ openScreen }) => {
  const monitor = await openScreen('live');
  await expect(monitor.component('mev-bot')).toContainText('degraded');
  await expect(monitor.component('settlement')).toHaveAttribute('data-freshness', 'stale');
});

test('fifty thousand trades at once all arrive in order while the screen keeps painting', async ({
  page,
  openScreen,
}) => {
  const { tape } = await openScreen('spike', { width: 1440, height: 900 });
  const slow = await page.evaluate(
    () =>
      new Promise<number[]>(resolve => {
        const waits: number[] = [];
        let last = performance.now();
        const frame = (): void => {
          const now = performance.now();
          waits.push(now - last);
          last = now;
          if (window.fakeEngine.spikeDoneAt === null) requestAnimationFrame(frame);
          else resolve(waits.toSorted((a, b) => b - a));
        };
        requestAnimationFrame(frame);
      }),
  );
  await expect.poll(() => tape.total()).toBeGreaterThanOrEqual(50_000);
  const p95 = slow[Math.floor(slow.length * 0.05)] ?? 0;
  console.log(
    `spike: ${slow.length} frames, p95 ${p95.toFixed(0)} ms, worst ${(slow[0] ?? 0).toFixed(0)} ms`,
  );
  // How fast is the benchmark's; a page that froze until the end would have painted next to nothing.
  expect(slow.length).toBeGreaterThan(10);
  const numbers = (await tape.allIds()).map(id => Number(id.replace('trade-', '')));
  expect(numbers.length).toBeGreaterThanOrEqual(5_000);
  expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) - index));
});

test('axe finds nothing to say about a filtered tape that stands still', async ({ page, openScreen }) => {
  const { tape } = await openScreen('live', { width: 1920, height: 1080 });
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await page.getByRole('textbox', { name: 'Least size in dollars' }).fill('lots');
  await tape.rows.first().hover();
  expect(await complaintsAbout(page, '.tape')).toEqual([]);
});
