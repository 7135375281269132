import { expect, test } from './fixtures.ts';
import { complaintsAbout } from './pages/axe.ts';
import type { MonitorPage } from './pages/monitor-page.ts';
import { SettingsPart } from './pages/settings-part.ts';
import { keptDocument, liveWithPrices, openDemo } from './support.ts';

/** What is read of a file with a layout. */
interface LayoutFile {
  tenhertz: string;
  version: number;
  name: string;
  dock: { panels: Record<string, unknown> };
}

test('a layout is named, changed, kept, goes into a file and comes back from it, and is reset', async ({
  app,
}) => {
  // Axe looks at a live page.
  test.slow();
  const { page, dataDir, monitor } = await openDemo(app);
  const { desk } = monitor;
  const tape = desk.pane('Trade tape');
  const selected = (name: string) => expect(desk.layout(name)).toHaveAttribute('aria-selected', 'true');
  await desk.nameNewLayout('scalp');
  await expect(desk.dialog.getByRole('alert')).toContainText('There is a layout called Scalp already');
  await desk.dialog.getByRole('textbox').fill('Night');
  await desk.dialog.getByRole('button', { name: 'Create' }).click();
  await selected('Night');
  await desk.choosePaneCommand('Trade tape', 'Close');
  await expect(tape).toBeHidden();
  await desk.layout('Desk').click();
  await expect(tape).toBeVisible();
  await desk.layout('Night').click();
  await selected('Night');
  await expect(tape).toBeHidden();

  const file = await desk.exportLayout();
  expect(file.name).toBe('night.tenhertz-layout.json');
  const content = JSON.parse(file.text) as LayoutFile;
  expect(content).toMatchObject({ tenhertz: 'layout', version: 1, name: 'Night' });
  expect(Object.keys(content.dock.panels)).toContain('watchlist');
  expect(Object.keys(content.dock.panels)).not.toContain('tape');

  await desk.importLayout(file.text.slice(0, 40));
  await expect(desk.notice).toContainText('This file is no layout: it is not JSON');
  await desk.importLayout(file.text);
  await selected('Night 2');
  await expect(desk.pane('Watchlist')).toBeVisible();
  await expect(tape).toBeHidden();
  await expect.poll(() => keptDocument(dataDir, 'layouts')).toContain('"active":"Night 2"');
  await page.reload();
  await liveWithPrices(monitor);
  await selected('Night 2');
  await expect(tape).toBeHidden();
  expect(await desk.layouts()).toEqual(['Desk', 'Scalp', 'Operations', 'Night', 'Night 2']);

  await desk.chooseLayoutCommand('Reset this layout');
  await expect(tape).toBeVisible();
  await desk.layout('Night').click();
  await selected('Night');
  await expect(tape).toBeHidden();
  expect(await complaintsAbout(page)).toEqual([]);
});

/** The hour that the clock shows, and the one it stands for in UTC, in one look: it goes on all the time. */
async function hours({ page }: MonitorPage): Promise<{ shown: number; utc: number }> {
  return page.evaluate(`(() => {
    const clock = document.querySelector('.clock');
    return { shown: parseInt(clock.textContent, 10), utc: new Date(clock.dateTime).getUTCHours() };
  })()`);
}

test('a setting is found, refused in words, put right and used at once; theme, rows, numbers and times follow too', async ({
  app,
}) => {
  // Axe looks at a live page.
  test.slow();
  const { page, dataDir, monitor, pid } = await openDemo(app);
  const settings = new SettingsPart(page);
  await monitor.desk.run('show settings');
  await settings.search.fill('zebra');
  await expect(settings.pane).toContainText('No setting is called like that.');
  await settings.search.fill('symbols');
  await expect(settings.pane.locator('mark')).toHaveText('Symbols');
  const tokens = settings.field('Watched tokens');
  await tokens.fill('SOL\nNOPE');
  await expect(tokens).toHaveAccessibleDescription(/Unknown token "NOPE"/);
  await expect(tokens).toHaveAttribute('aria-invalid', 'true');
  await expect(settings.save).toBeDisabled();
  expect(await complaintsAbout(page, '.settings')).toEqual([]);
  expect(await monitor.tokens()).toHaveLength(5);
  await tokens.fill('BONK\nSOL');
  await settings.save.click();
  await expect(settings.pane).toContainText('Saved, and in use now.');
  await expect.poll(() => monitor.tokens()).toEqual(['BONK', 'SOL']);
  await expect(monitor.row('BONK').price).toHaveAttribute('data-freshness', 'fresh');

  await settings.section('Appearance').click();
  for (const [name, theme] of [
    ['Light', 'light'],
    ['Dark', 'dark'],
  ] as const) {
    await settings.pane.getByRole('radio', { name }).check();
    await expect(monitor.root).toHaveAttribute('data-theme', theme);
  }
  const height = async (): Promise<number> => (await monitor.row('SOL').row.boundingBox())?.height ?? 0;
  const before = await height();
  await settings.pane.getByRole('radio', { name: 'Compact' }).check();
  await expect.poll(height).toBeLessThan(before);

  const { price } = monitor.row('SOL');
  const clock = page.locator('.clock');
  await settings.writeBy('en-US', 'UTC');
  await expect(clock).toHaveText(/ UTC$/);
  await expect(price).toHaveText(/^\d+\.\d+$/);
  const here = await hours(monitor);
  expect(here.shown).toBe(here.utc);
  await settings.writeBy('de-DE', 'Asia/Tokyo');
  await expect(clock).toHaveText(/ GMT\+9$/);
  await expect(price).toHaveText(/^\d+,\d+$/);
  expect(await monitor.row('SOL').exactPrice(), 'the price behind it stays plain').toMatch(/^\d+(\.\d+)?$/);
  const there = await hours(monitor);
  expect(there.shown).toBe((there.utc + 9) % 24);
  await expect(monitor.row('SOL').change).toHaveAttribute(
    'title',
    / \d\d?\. \p{L}+\.? \d{4}, 09:00:00 GMT\+9$/u,
  );

  await expect.poll(() => keptDocument(dataDir, 'screen')).toContain('Asia/Tokyo');
  await page.evaluate('localStorage.clear()');
  await page.reload();
  await expect(clock).toHaveText(/ GMT\+9$/);
  await liveWithPrices(monitor);
  await expect(price).toHaveText(/^\d+,\d+$/);
  await expect(monitor.root).toHaveAttribute('data-density', 'compact');
  expect(await monitor.tokens()).toEqual(['BONK', 'SOL']);
  expect(() => process.kill(pid, 0), 'the same app all along').not.toThrow();
  expect(await complaintsAbout(page)).toEqual([]);
});
