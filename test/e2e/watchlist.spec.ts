import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { complaintsAbout } from './pages/axe.ts';
import { MonitorPage } from './pages/monitor-page.ts';
import { TablePart } from './pages/table-part.ts';
import { keptDocument } from './support.ts';
import { test, type Tick } from './test-bot.ts';

const MINUTE = 60_000;

// Each is a whole story.
test.describe.configure({ timeout: 120_000 });

/** A price that stood for these minutes before now. */
function stood(from: number, to: number, price: string): Tick[] {
  const now = Date.now();
  return Array.from({ length: from - to }, (_, index) => [now - (from - index) * MINUTE, price]);
}

test('tokens are added, refused, moved, removed and filtered, and the list is the same after a reload', async ({
  app,
  bot,
}) => {
  const { page, dataDir } = await app();
  const monitor = new MonitorPage(page);
  const table = new TablePart(page, 'Watchlist');
  await expect(monitor.root).toHaveAttribute('data-connection', 'live');
  await expect.poll(() => monitor.tokens()).toEqual(['SOL', 'USDC', 'BONK', 'JitoSOL', 'RAY']);
  await monitor.row('RAY').row.focus();
  await page.keyboard.press('Delete');
  await expect.poll(() => monitor.tokens()).toEqual(['SOL', 'USDC', 'BONK', 'JitoSOL']);

  const add = page.getByRole('button', { name: 'Add a token' });
  await add.click();
  const field = page.getByRole('textbox', { name: 'Token to add' });
  const said = page.locator('.add-token-said');
  await field.fill('coinbase:nonsense');
  await expect(said).toContainText('a coinbase product looks like coinbase:SKL-USD');
  await field.fill('nope');
  await expect(said).toContainText('Unknown token "nope"');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await field.press('Enter');
  await field.fill('sol');
  await expect(said).toHaveText('SOL is in the watchlist already.');
  expect(await complaintsAbout(page)).toEqual([]);
  for (const [typed, answer] of [
    ['4k3Dyjzvzp8eMZWUXbBCjEvwSkkk59S5iCNLY3QrkX6R', 'RAY, priced by Kraken'],
    ['coinbase:skl-usd', 'coinbase:SKL-USD: none of the sources in use can price it, so its row stays empty'],
    ['kraken:EUR/USD', 'kraken:EUR/USD, priced by Kraken'],
    ['okx:ABC-USDT', 'okx:ABC-USDT: none'],
    ['okx:DEF-USDT', 'okx:DEF-USDT: none'],
  ] as const) {
    await field.fill(typed);
    await expect(said).toContainText(answer);
    await field.press('Enter');
    await expect(field).toHaveValue('');
  }
  await field.press('Escape');
  await expect(add).toBeFocused();
  // What no source of ours prices another program may.
  await bot.prices('coinbase:SKL-USD', [[Date.now(), '0.041230000000000001']]);
  await expect.poll(() => monitor.row('coinbase:SKL-USD').exactPrice()).toBe('0.041230000000000001');

  await monitor.row('BONK').row.focus();
  await page.keyboard.press('Alt+ArrowUp');
  await expect.poll(async () => (await monitor.tokens()).slice(0, 3)).toEqual(['SOL', 'BONK', 'USDC']);
  await expect(monitor.row('BONK').row).toBeFocused();
  await table.chooseOf(monitor.row('RAY').row, 'Move to the top');
  const order = ['RAY', 'SOL', 'BONK', 'USDC', 'JitoSOL', 'SKL-USD', 'EUR/USD', 'ABC-USDT', 'DEF-USDT'];
  await expect.poll(() => monitor.tokens()).toEqual(order);

  const filter = page.getByRole('searchbox', { name: 'Filter the watchlist' });
  await filter.fill('-usd');
  await expect.poll(() => monitor.tokens()).toEqual(['SKL-USD', 'ABC-USDT', 'DEF-USDT']);
  await filter.fill('nothing like it');
  await expect(monitor.watchlist).toContainText('No token matches “nothing like it”.');
  await filter.press('Escape');
  await expect.poll(() => monitor.tokens()).toEqual(order);

  const kept = JSON.parse(await readFile(join(dataDir, 'settings.json'), 'utf8')) as { tokens: string[] };
  expect(kept.tokens.slice(0, 7).join()).toBe('RAY,SOL,BONK,USDC,JitoSOL,coinbase:SKL-USD,kraken:EUR/USD');
  await page.reload();
  await expect.poll(() => monitor.tokens()).toEqual(order);
  await expect.poll(() => monitor.row('coinbase:SKL-USD').exactPrice()).toBe('0.041230000000000001');
  expect(await complaintsAbout(page)).toEqual([]);
});

test('the watchlist sorts, tells changes over windows, copies and exports every digit, and keeps its columns', async ({
  app,
  bot,
}) => {
  const now = new Date();
  await bot.prices('SOL', [
    ...stood(1_450, 1_430, '100'),
    ...stood(75, 45, '120'),
    ...stood(12, 2, '125'),
    [now.getTime(), '150.12345678901234567'],
  ]);
  await bot.prices('BONK', [[now.getTime(), '0.0000304120001']]);
  await bot.prices('RAY', [...stood(12, 2, '4'), [now.getTime(), '3']]);
  const { page, dataDir } = await app({ args: ['--tokens', 'SOL,BONK,RAY'] });
  const monitor = new MonitorPage(page);
  const table = new TablePart(page, 'Watchlist');
  await expect(monitor.root).toHaveAttribute('data-connection', 'live');
  await expect.poll(() => monitor.row('RAY').exactPrice()).toBe('3');
  await monitor.desk.choosePaneCommand('Watchlist', 'Maximise');
  await table.toggleColumns('1 h', '24 h', '5 m', 'Today', '5 min');
  const change = (token: string, place: number) => monitor.row(token).row.locator('.change').nth(place);
  for (const [place, text] of ['+20.10 %', '+25.10 %', '+50.12 %'].entries())
    await expect(change('SOL', place)).toHaveText(text);
  await expect(change('RAY', 0)).toHaveText('−25.00 %');
  await expect(change('RAY', 1)).toHaveText('—');

  await table.sortBy('Price');
  await expect(table.header('Price')).toHaveAttribute('aria-sort', 'descending');
  await expect.poll(() => monitor.tokens()).toEqual(['SOL', 'RAY', 'BONK']);
  await table.sortBy('Price');
  await expect.poll(() => monitor.tokens()).toEqual(['BONK', 'RAY', 'SOL']);
  // A price that changes goes to its place.
  await bot.prices('BONK', [[Date.now(), '4.5']]);
  await expect.poll(() => monitor.tokens()).toEqual(['RAY', 'BONK', 'SOL']);

  await monitor.row('SOL').row.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Control+c');
  await expect(table.said).toHaveText(/^Copied/);
  await page.getByRole('button', { name: 'Add a token' }).click();
  const field = page.getByRole('textbox', { name: 'Token to add' });
  await field.press('Control+v');
  await expect(field).toHaveValue('150.12345678901234567');
  await field.press('Escape');
  await table.chooseOf(monitor.row('RAY').row, 'Copy row');
  await expect(table.said).toHaveText('Copied the row');

  const { name, lines } = await table.csv();
  expect(name).toMatch(/^watchlist-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.csv$/);
  expect(lines[0]).toBe('\uFEFFToken,Price,5 m,1 h,24 h,Age');
  expect(lines[1]).toBe(`RAY,3,-25.00,,,${now.toISOString()}`);
  expect(lines[3]).toBe(`SOL,150.12345678901234567,20.10,25.10,50.12,${now.toISOString()}`);
  expect(lines).toHaveLength(4);
  await monitor.desk.choosePaneCommand('Watchlist', 'Restore');
  await expect.poll(() => keptDocument(dataDir, 'layouts')).toContain('"spark"');
  expect(await complaintsAbout(page)).toEqual([]);

  await page.reload();
  await expect(table.header('Price')).toHaveAttribute('aria-sort', 'ascending');
  await expect.poll(() => monitor.tokens()).toEqual(['RAY', 'BONK', 'SOL']);
  await expect(table.header('5 min')).toHaveCount(0);
});

test('positions are kept from trades to the digit, told ones stand as told, totals add both, and a reload changes nothing', async ({
  app,
  bot,
}) => {
  const at = Date.now();
  await bot.prices('SOL', [[at, '150.25']]);
  await bot.prices('JitoSOL', [[at, '180.5']]);
  const { page } = await app();
  const monitor = new MonitorPage(page);
  const { positions, desk } = monitor;
  await expect.poll(() => monitor.row('SOL').exactPrice()).toBe('150.25');
  await desk.choosePaneCommand('Positions', 'Maximise');
  await bot.trades([
    { at, action: 'buy', amount: '10', price: '100' },
    { at, action: 'buy', amount: '10', price: '110' },
    { at, action: 'sell', amount: '5', price: '120' },
    { at, action: 'buy', amount: '0.1', price: '0.3', pair: 'BONK/USDC' },
    { at, action: 'buy', amount: '0.2', price: '0.3', pair: 'BONK/USDC' },
  ]);
  await bot.position('JitoSOL', '12.5', '1137.69');
  await expect.poll(() => positions.tokens()).toEqual(['SOL', 'BONK', 'JitoSOL']);
  const table = new TablePart(page, 'Positions');
  const cell = (token: string, part: string) => positions.row(token).row.locator(`[data-part="${part}"]`);
  const isTold = async (token: string, told: Record<string, string>): Promise<void> => {
    for (const [part, text] of Object.entries(told)) await expect(cell(token, part), part).toHaveText(text);
  };
  await isTold('SOL', {
    ...{ amount: '15', average: '105', value: '$2,253.75', unrealised: '+$678.75', realised: '+$75.00' },
    ...{ pnl: '+$753.75', today: '+$753.75' },
  });
  await isTold('BONK', { amount: '0.3', value: '—', unrealised: '—' });
  await isTold('JitoSOL', {
    amount: '12.5',
    value: '$2,256.25',
    pnl: '+$1,137.69',
    realised: '—',
    today: '—',
  });
  await expect(positions.totalValue).toContainText('$4,510.00');
  await expect(positions.totalValue).toContainText('1 without a price left out');
  await expect(positions.totalPnl).toContainText('+$1,891.44');

  await bot.prices('SOL', [[Date.now(), '90.25']]);
  await bot.prices('BONK', [[Date.now(), '0.4']]);
  await isTold('SOL', { value: '$1,353.75', unrealised: '−$221.25', pnl: '−$146.25' });
  await isTold('BONK', { unrealised: '+$0.03' });
  await expect(positions.totalValue).toHaveText('Value $3,610.12');
  await expect(positions.totalPnl).toContainText('+$991.47');
  expect(await complaintsAbout(page)).toEqual([]);

  const { lines } = await table.csv();
  expect(lines.map(line => line.split(',').slice(0, 8).join())).toEqual([
    '\uFEFFToken,Amount,Average,Mark,Value,Unrealised,Realised,PnL',
    'SOL,15,105,90.25,1353.75,-221.25,75,-146.25',
    'BONK,0.3,0.3,0.4,0.12,0.03,0,0.03',
    'JitoSOL,12.5,,180.5,2256.25,,,1137.69',
  ]);
  await page.reload();
  await expect.poll(() => positions.tokens()).toEqual(['SOL', 'BONK', 'JitoSOL']);
  await expect(positions.totalPnl).toContainText('+$991.47');
  await isTold('SOL', { amount: '15', pnl: '−$146.25' });
});
