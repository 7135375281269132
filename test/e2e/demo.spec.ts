import { killEmbeddedRedis } from '../support/embedded-redis.ts';
import { expect, test } from './fixtures.ts';
import { complaintsAbout } from './pages/axe.ts';
import { MonitorPage } from './pages/monitor-page.ts';
import { appliedEvents } from './support.ts';

test('the demo shows five labelled tokens that tick ten times a second, and a full chart', async ({
  app,
}) => {
  const { page } = await app({ args: ['--demo'] });
  const monitor = new MonitorPage(page);
  await expect(monitor.marketBadge).toHaveText(/SIMULATED/);
  expect(await monitor.tokens()).toEqual(['SOL', 'USDC', 'BONK', 'JitoSOL', 'RAY']);
  for (const token of await monitor.tokens()) {
    const row = monitor.row(token);
    await expect(row.price).toHaveAttribute('data-freshness', 'fresh');
    expect(await row.exactPrice()).toMatch(/^\d+(\.\d+)?$/);
    await expect(row.change).toHaveText(/[+−-]?\d+\.\d\d %/);
    await expect(row.source).toHaveText('Simulated');
  }
  await expect
    .poll(async () => parseFloat((await monitor.statusValue('screen').textContent()) ?? ''))
    .toBeGreaterThan(8);
  await expect(monitor.row('BONK').price).toHaveText(/^0\.0[₀-₉]+\d+$/);
  await expect(page.getByRole('region', { name: 'Pools' })).toContainText(/SOL\/USDC[\s\S]*SIMULATED/);
  const before = await appliedEvents(monitor);
  await expect.poll(() => appliedEvents(monitor)).toBeGreaterThan(before + 50);
});

test('another token and another interval go to the chart', async ({ app }) => {
  const { page } = await app({ args: ['--demo'] });
  const monitor = new MonitorPage(page);
  await monitor.select('BONK');
  await expect(monitor.chart).toContainText('BONK / USD');
  await expect.poll(() => monitor.headline.textContent()).toMatch(/^0\.0/);
  for (const name of ['1s', '5s', '1m', 'Line'] as const) {
    await monitor.intervalButton(name).click();
    await expect(monitor.intervalButton(name)).toHaveAttribute('aria-pressed', 'true');
  }
  await expect(monitor.chart.locator('canvas').first()).toBeVisible();
});

test('the live screen has no accessibility violation in either theme', async ({ app }) => {
  // Axe looks at everything on the screen, twice, while it ticks ten times a second.
  test.slow();
  const { page } = await app({ args: ['--demo'] });
  const monitor = new MonitorPage(page);
  await expect(monitor.row('SOL').price).toHaveAttribute('data-freshness', 'fresh');
  for (let turn = 0; turn < 2; turn += 1) {
    expect(await complaintsAbout(page)).toEqual([]);
    await monitor.toggleTheme();
  }
});

test('without any live source the screen says so, invents nothing, and has the demo one click away', async ({
  app,
}) => {
  // Port 9 answers nobody here.
  const away = 'ws://127.0.0.1:9';
  const { page } = await app({
    args: ['--source', 'auto'],
    env: {
      TENHERTZ_KRAKEN_URL: away,
      TENHERTZ_COINBASE_URL: away,
      TENHERTZ_JUPITER_URL: 'http://127.0.0.1:9',
      TENHERTZ_RAYDIUM_URL: 'http://127.0.0.1:9',
    },
  });
  const monitor = new MonitorPage(page);
  await expect(monitor.banner).toContainText(/no (live )?source/i);
  await expect(monitor.prices('unavailable')).toHaveCount(5);
  await expect(monitor.marketBadge).toHaveCount(0);

  await monitor.useSimulatedMarket();
  await expect(monitor.marketBadge).toHaveText(/SIMULATED/);
  await expect(monitor.row('SOL').price).toHaveAttribute('data-freshness', 'fresh');
  await expect(monitor.row('SOL').source).toHaveText('Simulated');

  await monitor.tryLiveSources();
  await expect(monitor.marketBadge).toHaveCount(0);
  await expect(monitor.prices('unavailable')).toHaveCount(5);
});

test('when Redis is killed the screen says so, and is live again by itself', async ({ app }) => {
  const { page, dataDir } = await app({ args: ['--demo'] });
  const monitor = new MonitorPage(page);
  await expect(monitor.row('SOL').price).toHaveAttribute('data-freshness', 'fresh');
  await killEmbeddedRedis(dataDir);
  await expect(monitor.statusValue('redis')).toHaveText(/^embedded/, { timeout: 15_000 });
  const applied = await appliedEvents(monitor);
  await expect.poll(() => appliedEvents(monitor), { timeout: 15_000 }).toBeGreaterThan(applied);
  await expect(monitor.row('SOL').price).toHaveAttribute('data-freshness', 'fresh');
});
