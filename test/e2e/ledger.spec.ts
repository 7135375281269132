import { Redis } from 'ioredis';
import { startTestRedis } from '../support/redis-server.ts';
import { startCoinbaseVenue } from '../support/venues/index.ts';
import { expect, test } from './fixtures.ts';
import { complaintsAbout } from './pages/axe.ts';
import { MonitorPage } from './pages/monitor-page.ts';
import { COINBASE_RECORDING } from './support.ts';

test('a desk whose Redis lost everything opens on what the ledger knows: old prices, positions, tape and chart', async ({
  app,
}) => {
  const redis = await startTestRedis();
  const client = new Redis(redis.socketPath);
  const venue = await startCoinbaseVenue({ recordingFile: COINBASE_RECORDING, speed: 50 });
  try {
    const tokens = [...venue.lastPrices().keys()].map(product => `coinbase:${product}`);
    const [token = ''] = tokens;
    const start = {
      args: ['--redis', redis.url, '--source', 'coinbase', '--tokens', tokens.join(',')],
      postgres: 'embedded',
      env: { TENHERTZ_COINBASE_URL: venue.url },
    };
    const before = await app(start);
    const first = new MonitorPage(before.page);
    await expect(first.row(token).price).toHaveAttribute('data-freshness', 'fresh');
    const tell = (channel: string, type: string, data: object): Promise<unknown> =>
      client.xadd(
        `stream:${channel}`,
        '*',
        ...['event_id', `${channel} of before`, 'event_type', type, 'source', 'bot', 'sequence_number', '1'],
        ...['timestamp', new Date().toISOString(), 'data', JSON.stringify(data)],
      );
    const pair = token.slice('coinbase:'.length);
    await tell('trades:user_0001', 'trade_executed', {
      ...{ id: 't-1', action: 'buy', token_pair: pair, amount: '3.5', price: '1.25' },
    });
    await tell('positions:user_0001', 'position_update', { token, amount: '212.5', pnl: '42.10' });
    await expect(before.page.locator('[data-event-id="trades:user_0001 of before"]').first()).toBeVisible();
    venue.silence();
    await expect(first.row(token).price).toHaveAttribute('data-freshness', 'stale', { timeout: 5_000 });
    const price = await first.row(token).exactPrice();
    await before.close();

    await client.flushall();
    const after = await app({ ...start, dataDir: before.dataDir });
    const monitor = new MonitorPage(after.page);
    for (const one of tokens) {
      await expect(monitor.row(one).price).toHaveAttribute('data-freshness', 'stale');
      await expect(monitor.row(one).age).not.toHaveText('—');
    }
    expect(await monitor.row(token).exactPrice()).toBe(price);
    await expect(monitor.stateBadge).toHaveText(/STALE|NO PRICES|DISCONNECTED|WAITING/);
    await expect(after.page.locator('[data-event-id="trades:user_0001 of before"]').first()).toBeVisible();
    await expect(after.page.locator('[data-event-id="positions:user_0001 of before"]').first()).toBeVisible();
    await monitor.select(token);
    await expect(monitor.chart.locator('[data-phase]').first()).toHaveAttribute('data-phase', 'drawn');
    await expect(monitor.legend.locator('[data-part="close"]')).not.toHaveText('—');
    expect(await client.xlen('stream:trades:user_0001')).toBe(0);
    expect(await complaintsAbout(after.page)).toEqual([]);
  } finally {
    client.disconnect();
    await venue.stop();
    await redis.stop();
  }
});
