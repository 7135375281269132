import { expect, test } from './fixtures.ts';
import { complaintsAbout } from './pages/axe.ts';
import { keptDocument, liveWithPrices, openDemo } from './support.ts';

/** How many steps of Tab lead from the title of a pane to its rows at most. */
const STEPS_TO_ROWS = 12;

test('the first start offers one page about the screen; put away, it does not come back', async ({ app }) => {
  // Axe looks at a live page.
  test.slow();
  const { page, dataDir, monitor } = await openDemo(app);
  const { desk } = monitor;
  const welcome = desk.pane('Welcome');
  await expect(welcome).toContainText('New here?');
  expect(await complaintsAbout(page, '[aria-label="Welcome"]')).toEqual([]);
  await welcome.getByRole('button', { name: 'Show me' }).click();
  await expect(desk.dialog).toContainText('Every number has an age');
  await expect(desk.dialog).toContainText('Prices: Simulated.');
  expect(await complaintsAbout(page, '[role="dialog"]')).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(desk.dialog).toBeHidden();
  await expect(welcome).toBeHidden();

  await desk.run('compact rows');
  await expect
    .poll(async () => JSON.parse((await keptDocument(dataDir, 'screen')) || '{}') as unknown)
    .toMatchObject({ welcomed: true, density: 'compact' });
  // What the browser remembers is gone: the rows are compact once the engine's document has been read.
  await page.evaluate('localStorage.clear()');
  await page.reload();
  await expect(monitor.root).toHaveAttribute('data-density', 'compact');
  await liveWithPrices(monitor);
  await expect(welcome).toBeHidden();

  await desk.run('what the numbers mean');
  await expect(desk.dialog).toContainText('Fresh');
  await desk.dialog.getByRole('button', { name: 'All keys' }).click();
  await expect(desk.keys).toBeVisible();
  expect(await complaintsAbout(page)).toEqual([]);
});

test('the palette finds commands and tokens by their words, runs them, and gives the keyboard back', async ({
  app,
}) => {
  // Axe looks at a live page.
  test.slow();
  const { page, dataDir, monitor } = await openDemo(app);
  const { desk } = monitor;
  const { row } = monitor.row('BONK');
  await row.focus();

  await page.keyboard.press('Control+k');
  await expect(desk.paletteField).toBeFocused();
  await page.keyboard.type('colour-blind');
  await expect(desk.paletteLines.first()).toContainText('Up and down in blue and orange');
  await page.keyboard.press('Enter');
  await expect(desk.palette).toBeHidden();
  await expect(monitor.root).toHaveAttribute('data-colours', 'blue-orange');
  await expect(row).toBeFocused();

  await page.keyboard.press('Control+k');
  await page.keyboard.type('ray');
  await expect(desk.paletteLines.first()).toHaveText('RAY / USD');
  await page.keyboard.press('Enter');
  await expect(monitor.chart.getByRole('heading', { name: 'RAY / USD' })).toBeVisible();
  await expect(row).toBeFocused();

  await page.keyboard.press('Control+k');
  await page.keyboard.type('layout');
  await expect(desk.paletteLines.first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowDown');
  await expect(desk.paletteLines.nth(1)).toHaveAttribute('aria-selected', 'true');
  expect(await complaintsAbout(page, '[role="dialog"]')).toEqual([]);
  await desk.paletteField.fill('no such thing at all');
  await expect(desk.palette).toContainText('Nothing is called like that.');
  await page.keyboard.press('Escape');
  await expect(desk.palette).toBeHidden();
  await expect(row).toBeFocused();

  // What was used last comes first, also after a reload.
  await expect.poll(() => keptDocument(dataDir, 'screen')).toContain('token.RAY');
  await page.reload();
  await liveWithPrices(monitor);
  await expect(monitor.root).toHaveAttribute('data-colours', 'blue-orange');
  await page.keyboard.press('Control+k');
  await expect(desk.paletteLines.first()).toHaveText('RAY / USD');
  await page.keyboard.press('Escape');
  await expect(desk.palette).toBeHidden();
  expect(await complaintsAbout(page)).toEqual([]);
});

test('from the top of the page to a row, its menu and an entry of it: all by keyboard', async ({ app }) => {
  // Axe looks at a live page.
  test.slow();
  const { page, monitor } = await openDemo(app);
  const { desk } = monitor;
  const { keyboard } = page;
  const sol = monitor.row('SOL').row;
  const bonk = monitor.row('BONK').row;
  await keyboard.press('Tab');
  await expect(page.getByRole('banner').locator(':focus-visible')).toHaveCount(1);

  const round: (string | null)[] = [];
  do {
    await keyboard.press('F6');
    round.push(await desk.focusedPane());
  } while (round.length < 12 && (round.length === 1 || round.at(-1) !== round[0]));
  expect(round.slice(1).sort()).toEqual(
    ['Chart', 'Pools', 'Positions', 'System health', 'Trade tape', 'Watchlist'].sort(),
  );
  while ((await desk.focusedPane()) !== 'Watchlist') await keyboard.press('F6');
  for (let step = 0; step < STEPS_TO_ROWS && (await sol.and(page.locator(':focus')).count()) === 0; step += 1)
    await keyboard.press('Tab');
  await expect(sol.and(page.locator(':focus-visible'))).toHaveCount(1);

  await keyboard.press('ArrowDown');
  await keyboard.press('ArrowDown');
  await expect(bonk).toBeFocused();
  await expect(monitor.chart.getByRole('heading', { name: 'BONK / USD' })).toBeVisible();
  await keyboard.press('Shift+F10');
  const menu = page.getByRole('menu', { name: 'Menu of BONK' });
  await expect(menu).toBeVisible();
  expect(await complaintsAbout(page, '[role="menu"]')).toEqual([]);
  await keyboard.press('Escape');
  await expect(menu).toBeHidden();
  await expect(bonk).toBeFocused();
  await keyboard.press('Shift+F10');
  await expect(menu).toBeVisible();
  await keyboard.press('Home');
  await expect(menu.getByRole('menuitem').first()).toBeFocused();
  for (const entry of ['Move up', 'Move down', 'Move to the top']) {
    await keyboard.press('ArrowDown');
    await expect(menu.getByRole('menuitem', { name: entry })).toBeFocused();
  }
  await keyboard.press('Enter');
  await expect.poll(() => monitor.tokens()).toEqual(['BONK', 'SOL', 'USDC', 'JitoSOL', 'RAY']);
  await expect(bonk).toBeFocused();

  await keyboard.press('Alt+m');
  await expect(desk.pane('Trade tape')).toBeHidden();
  await keyboard.press('Alt+m');
  await expect(desk.pane('Trade tape')).toBeVisible();
  await keyboard.press('Alt+3');
  await expect(desk.layout('Operations')).toHaveAttribute('aria-selected', 'true');
  await expect(desk.pane('Events')).toBeVisible();
  await keyboard.press('F6');
  await expect.poll(() => desk.focusedPane()).not.toBeNull();
  expect(await complaintsAbout(page)).toEqual([]);
});

test('a key is chosen anew, clashes visibly, works, and is kept over a reload and a restart until it is reset', async ({
  app,
  allowedErrors,
}) => {
  // Two starts of the app.
  test.slow();
  allowedErrors.push(/WebSocket connection .* failed/);
  const command = 'layout.show-3';
  const first = await openDemo(app);
  let { page, monitor } = first;
  const { dataDir } = first;
  const selected = async (layout: string): Promise<void> =>
    expect(monitor.desk.layout(layout)).toHaveAttribute('aria-selected', 'true');
  await monitor.desk.openKeys();
  await expect(monitor.desk.keyOf(command)).toHaveAccessibleName('Key of Layout: Operations: Alt 3');

  await monitor.desk.bind(command, 'F6');
  await expect(monitor.desk.keyRow(command)).toContainText('also: Go to the next pane');
  await expect(monitor.desk.keyRow('pane.next')).toContainText('also: Layout: Operations');
  await expect(monitor.desk.keys.getByRole('status')).toHaveText('2 commands share a key');
  expect(await complaintsAbout(page, '.keys')).toEqual([]);
  await monitor.desk.bind(command, 'F4');
  await expect(monitor.desk.keyRow('pane.next')).toHaveAttribute('data-conflict', 'false');
  await expect(monitor.desk.keys.getByRole('status')).toHaveCount(0);

  await page.keyboard.press('F4');
  await selected('Operations');
  await page.keyboard.press('Alt+1');
  await selected('Desk');
  await expect.poll(() => keptDocument(dataDir, 'keys')).toContain(`"${command}":"F4"`);
  await expect.poll(() => keptDocument(dataDir, 'layouts')).toMatch(/"active":"Desk".*"keys"/);
  await page.reload();
  await liveWithPrices(monitor);
  await expect(monitor.desk.keyOf(command)).toHaveAccessibleName('Key of Layout: Operations: F4');
  // The key of before leads nowhere now; a key after it is heard.
  await page.keyboard.press('Alt+3');
  await page.keyboard.press('Alt+2');
  await selected('Scalp');
  await page.keyboard.press('F4');
  await selected('Operations');
  await page.keyboard.press('Alt+1');
  await selected('Desk');

  await expect.poll(() => keptDocument(dataDir, 'layouts')).toContain('"active":"Desk"');
  await first.kill9();
  await page.close();
  ({ page, monitor } = await openDemo(app, { dataDir }));
  await expect(monitor.desk.keyOf(command)).toHaveAccessibleName('Key of Layout: Operations: F4');
  await page.keyboard.press('F4');
  await selected('Operations');
  await page.keyboard.press('Alt+1');
  await monitor.desk
    .keyRow(command)
    .getByRole('button', { name: /^Reset the key/ })
    .click();
  await expect(monitor.desk.keyOf(command)).toHaveAccessibleName('Key of Layout: Operations: Alt 3');
  await page.keyboard.press('Alt+3');
  await selected('Operations');
  await expect.poll(() => keptDocument(dataDir, 'keys')).not.toContain(command);
  expect(await complaintsAbout(page)).toEqual([]);
});
