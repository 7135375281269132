import { expect, type Page } from '@playwright/test';
import type { DeskPart } from '../e2e/pages/desk-part.ts';
import { complaintsAbout } from '../e2e/pages/axe.ts';
import { test } from './screen.ts';

/** The pane the focus is in. */
const focused = (page: Page): Promise<string | null> =>
  page.evaluate(() => document.activeElement?.closest('[data-region]')?.getAttribute('aria-label') ?? null);

/** Closes every pane but one, and the tabs that come to light behind them. */
async function closeAll(desk: DeskPart, but?: string): Promise<void> {
  for (;;) {
    const name = (await desk.panes()).find(one => one !== but);
    if (name === undefined) return;
    await desk.choosePaneCommand(name, 'Close');
    await expect(desk.pane(name)).toBeHidden();
  }
}

test('a closed pane leaves the focus in another one and comes back through the palette', async ({
  page,
  openScreen,
}) => {
  const { desk } = await openScreen('live');
  await expect(desk.pane('Trade tape')).toBeVisible();
  await desk.choosePaneCommand('Trade tape', 'Close');
  await expect(desk.pane('Trade tape')).toBeHidden();
  await expect.poll(() => focused(page)).not.toBeNull();
  await desk.run('show trade tape');
  await expect(desk.pane('Trade tape')).toBeVisible();
  await expect.poll(() => focused(page)).toBe('Trade tape');
  // What is there already is brought to the front, not made a second time.
  await desk.run('show trade tape');
  expect((await desk.panes()).filter(name => name === 'Trade tape')).toHaveLength(1);
});

test('a maximised pane says how to restore it, keeps F6 to itself, and gives way to one that is asked for', async ({
  page,
  openScreen,
}) => {
  const { desk } = await openScreen('live');
  await expect(desk.pane('Watchlist')).toBeVisible();
  await desk.choosePaneCommand('Watchlist', 'Maximise');
  const width = async (): Promise<number> => (await desk.pane('Watchlist').boundingBox())?.width ?? 0;
  await expect.poll(width).toBeGreaterThan(1_200);
  await page.keyboard.press('F6');
  expect(await focused(page)).toBe('Watchlist');
  await desk.choosePaneCommand('Watchlist', 'Restore');
  await expect.poll(width).toBeLessThan(600);
  await desk.choosePaneCommand('Watchlist', 'Maximise');
  await expect.poll(width).toBeGreaterThan(1_200);
  await desk.run('show trade tape');
  await expect(desk.pane('Trade tape')).toBeVisible();
  await expect.poll(width).toBeLessThan(600);
});

test('a pane joins its neighbour as a tab, gets a place of its own again, and tabs are stepped through', async ({
  page,
  openScreen,
}) => {
  const { desk } = await openScreen('live');
  await expect(desk.pane('Watchlist')).toBeVisible();
  await desk.choosePaneCommand('Watchlist', 'Move right');
  await expect(desk.pane('Watchlist').getByRole('tab')).toHaveCount(2);
  await page.keyboard.press('Alt+PageDown');
  await expect(desk.pane('Watchlist')).toBeHidden();
  await page.keyboard.press('Alt+PageUp');
  await expect(desk.pane('Watchlist')).toBeVisible();
  await desk.run('a place of its own: left');
  await expect(desk.pane('Watchlist').getByRole('tab')).toHaveCount(1);
  const left = async (name: string): Promise<number> => (await desk.pane(name).boundingBox())?.x ?? -1;
  expect(await left('Watchlist')).toBeLessThan(await left('Chart'));
  // There is nothing above it: it goes to the upper edge.
  await desk.choosePaneCommand('Positions', 'Move down');
  await expect(desk.pane('Positions')).toBeVisible();
});

test('the last pane stays where it is when it is moved, and an empty desk takes a pane again', async ({
  page,
  openScreen,
}) => {
  const { desk } = await openScreen('live');
  await expect(desk.pane('Watchlist')).toBeVisible();
  await closeAll(desk, 'Watchlist');
  const before = await desk.pane('Watchlist').boundingBox();
  await desk.choosePaneCommand('Watchlist', 'Move left');
  expect(await desk.pane('Watchlist').boundingBox()).toEqual(before);
  await closeAll(desk);
  await page.keyboard.press('F6');
  await page.keyboard.press('Alt+m');
  await page.keyboard.press('Control+k');
  await desk.paletteField.fill('show positions');
  await desk.palette.getByRole('option').first().waitFor();
  await desk.paletteField.press('Enter');
  await expect.poll(() => desk.panes()).toEqual(['Positions']);
});

test('axe finds nothing to say about a desk of tabs and one of nothing', async ({ page, openScreen }) => {
  const { desk } = await openScreen('live');
  await expect(desk.pane('Watchlist')).toBeVisible();
  await desk.choosePaneCommand('Watchlist', 'Move right');
  await expect(desk.pane('Watchlist').getByRole('tab')).toHaveCount(2);
  expect(await complaintsAbout(page)).toEqual([]);
  await closeAll(desk);
  expect(await complaintsAbout(page)).toEqual([]);
});
