import { Redis } from 'ioredis';
import { startTestRedis } from '../support/redis-server.ts';
import { startCoinbaseVenue } from '../support/venues/index.ts';
import { expect, test } from './fixtures.ts';
import { MonitorPage } from './pages/monitor-page.ts';
import { COINBASE_RECORDING } from './support.ts';

/** A ticker frame of SKL-USD with another price. */
function ticker(price: string, sequence: number): string {
  return JSON.stringify({
    type: 'ticker',
    sequence,
    product_id: 'SKL-USD',
    price,
    time: new Date(Date.UTC(2026, 0, 1) + sequence).toISOString(),
    trade_id: sequence,
  });
}

const FUTURE = 9_000_000_000;

test('bad frames and bad entries are refused and counted, and the rest goes on', async ({ app }) => {
  const redis = await startTestRedis();
  const venue = await startCoinbaseVenue({ recordingFile: COINBASE_RECORDING, speed: 50 });
  const client = new Redis(redis.socketPath);
  try {
    const tokens = [...venue.lastPrices().keys()].map(product => `coinbase:${product}`);
    const { page, logs } = await app({
      args: [
        '--redis',
        redis.url,
        '--source',
        'coinbase',
        '--tokens',
        [...tokens, 'coinbase:NOPE-USD'].join(','),
      ],
      env: { TENHERTZ_COINBASE_URL: venue.url },
    });
    const monitor = new MonitorPage(page);
    const row = monitor.row('coinbase:SKL-USD');
    await expect(row.price).toHaveAttribute('data-freshness', 'fresh');
    await venue.finished;

    // Entries as a broken producer would leave them, and a cache value that is no JSON.
    await client.xadd('stream:price-updates', '*', 'nothing', '');
    await client.xadd(
      'stream:price-updates',
      '*',
      'event_type',
      'price_update',
      'data',
      '{"token":"SOL","pri',
    );
    await client.xadd(
      'stream:price-updates',
      '*',
      'event_type',
      'price_update',
      'data',
      '{"token":"SOL","price":"-1"}',
    );
    await client.set('price:coinbase:SKL-USD', 'not json');

    for (const price of ['-1', '0', '1e400', 'NaN', '']) venue.inject(ticker(price, FUTURE));
    venue.inject('{"type":"ticker","product_id":"SKL-USD","pri');
    venue.inject('[]');
    venue.inject(ticker('5', FUTURE).replace('SKL-USD', 'ELSE-USD'));
    await expect
      .poll(async () => Number((await monitor.statusValue('refused').textContent())?.replaceAll(',', '')))
      .toBeGreaterThanOrEqual(10);

    // A frame of 10 MB ends the connection; the next one is up again by itself.
    const connections = venue.connections();
    venue.inject(Buffer.alloc(10 * 1024 * 1024, 0x20));
    await expect.poll(() => venue.connections(), { timeout: 10_000 }).toBeGreaterThan(connections);
    await expect(monitor.source('coinbase')).toHaveAttribute('data-state', 'live', { timeout: 15_000 });
    await expect(row.price).toHaveAttribute('data-freshness', 'fresh', { timeout: 15_000 });
    venue.inject(ticker('0.8123', FUTURE + 1));
    await expect.poll(() => row.exactPrice(), { timeout: 15_000 }).toBe('0.8123');

    await expect(monitor.row('coinbase:NOPE-USD').price).toHaveAttribute('data-freshness', 'unavailable');
    await expect(monitor.source('coinbase')).toContainText('NOPE-USD');
    expect(await client.xlen('dead:{stream:price-updates}')).toBeGreaterThanOrEqual(2);

    const lines = logs()
      .split('\n')
      .filter(line => line.includes('"level":40'));
    const repeated = new Map<string, number>();
    for (const line of lines) {
      const { msg } = JSON.parse(line) as { msg: string };
      repeated.set(msg, (repeated.get(msg) ?? 0) + 1);
    }
    expect(Math.max(...repeated.values()), [...repeated.keys()].join('; ')).toBeLessThanOrEqual(3);
  } finally {
    client.disconnect();
    await venue.stop();
    await redis.stop();
  }
});
