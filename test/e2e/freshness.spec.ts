import { startCoinbaseVenue } from '../support/venues/index.ts';
import { expect, test } from './fixtures.ts';
import { complaintsAbout } from './pages/axe.ts';
import { MonitorPage } from './pages/monitor-page.ts';
import { COINBASE_RECORDING } from './support.ts';

/** A price is vouched for 2 s; one tick of the updater and one of the screen may pass before it shows. */
const STALE_WITHIN_MS = 2_000 + 500 + 200;

test('when the feed falls silent every price turns stale within 2 s and a tick, and its age counts on', async ({
  app,
}) => {
  const venue = await startCoinbaseVenue({ recordingFile: COINBASE_RECORDING, speed: 50 });
  try {
    const tokens = [...venue.lastPrices().keys()].map(product => `coinbase:${product}`);
    const { page } = await app({
      args: ['--source', 'coinbase', '--tokens', tokens.join(',')],
      env: { TENHERTZ_COINBASE_URL: venue.url },
    });
    const monitor = new MonitorPage(page);
    for (const token of tokens) {
      await expect(monitor.row(token).price).toHaveAttribute('data-freshness', 'fresh');
    }
    await expect(monitor.stateBadge).toHaveText(/LIVE/);

    venue.silence();
    await expect
      .poll(() => monitor.prices('stale').count(), {
        timeout: STALE_WITHIN_MS,
        intervals: [50],
      })
      .toBe(tokens.length);
    await expect(monitor.stateBadge).toHaveText(/STALE/);
    await expect(page.getByText('LIVE', { exact: true })).toHaveCount(0);
    await expect(monitor.banner).toBeVisible();

    const row = monitor.row(tokens[0] ?? '');
    const before = await row.ageSeconds();
    expect(before).toBeGreaterThanOrEqual(2);
    await expect.poll(() => row.ageSeconds()).toBeGreaterThan(before + 1);
    expect(await row.exactPrice(), 'the last known price stays').not.toBe('');
    expect(await complaintsAbout(page)).toEqual([]);
  } finally {
    await venue.stop();
  }
});

test('when the engine dies the page ages its numbers by itself and claims nothing to be live', async ({
  app,
  allowedErrors,
}) => {
  allowedErrors.push(/WebSocket connection .* failed/, /ERR_CONNECTION_REFUSED/);
  const { page, kill9, runner } = await app({ args: ['--demo'] });
  test.skip(
    runner !== 'gateway',
    'a desktop window ends with its main process; there is no page left to look at',
  );
  const monitor = new MonitorPage(page);
  await expect(monitor.row('SOL').price).toHaveAttribute('data-freshness', 'fresh');
  await kill9();
  await expect(monitor.root).toHaveAttribute('data-connection', /reconnecting|lost/, { timeout: 3_000 });
  await expect(monitor.prices('stale')).toHaveCount(5, { timeout: 4_000 });
  await expect(monitor.stateBadge).toHaveText(/DISCONNECTED/);
  await expect(monitor.statusValue('redis')).toHaveText(/unknown/);
});
