import { Redis } from 'ioredis';
import { startTestRedis, type TestRedis } from '../support/redis-server.ts';
import {
  startCoinbaseVenue,
  type CoinbaseVenue,
  type CoinbaseVenueOptions,
} from '../support/venues/index.ts';
import { expect, test, type StartApp } from './fixtures.ts';
import { MonitorPage } from './pages/monitor-page.ts';
import {
  appliedEvents,
  COINBASE_RECORDING,
  expectNonePaintedTwice,
  expectPrices,
  paintsOf,
  watchPaints,
} from './support.ts';

/** The five products of the recording, as the watchlist names them. */
function tokensOf(venue: CoinbaseVenue): Map<string, string> {
  return new Map([...venue.lastPrices()].map(([product, price]) => [`coinbase:${product}`, price]));
}

interface Scene {
  venue: CoinbaseVenue;
  redis: TestRedis;
  monitor: MonitorPage;
}

test.describe('a recorded Coinbase session served by a local venue', () => {
  let redis: TestRedis;
  let venue: CoinbaseVenue | undefined;

  test.beforeEach(async () => {
    redis = await startTestRedis(['--appendonly', 'yes', '--appendfsync', 'everysec']);
  });

  test.afterEach(async () => {
    await venue?.stop();
    venue = undefined;
    await redis.stop();
  });

  async function open(app: StartApp, options: CoinbaseVenueOptions): Promise<Scene> {
    const started = await startCoinbaseVenue({ recordingFile: COINBASE_RECORDING, ...options });
    venue = started;
    const { page } = await app({
      args: [
        '--redis',
        redis.url,
        '--source',
        'coinbase',
        '--tokens',
        [...tokensOf(started).keys()].join(','),
      ],
      env: { TENHERTZ_COINBASE_URL: started.url },
    });
    await watchPaints(page);
    return { venue: started, redis, monitor: new MonitorPage(page) };
  }

  /** How many events were given a number, in all streams: prices, and what the desk tells of its own state. */
  async function publishedEvents(client: Redis): Promise<number> {
    const counters = await client.keys('seq:{stream:*}');
    const numbers = await Promise.all(counters.map(key => client.get(key)));
    return numbers.reduce((sum, number) => sum + Number(number), 0);
  }

  /** The last price of each product stands, and no event was painted twice. */
  async function expectEnd({ venue, monitor }: Scene): Promise<void> {
    await venue.finished;
    await expectPrices(monitor, tokensOf(venue));
    expectNonePaintedTwice(await paintsOf(monitor.page));
  }

  /** Every sequence number there is was applied once: the counts of both sides agree when nothing is published any more. */
  async function expectAppliedOnce({ venue, redis, monitor }: Scene): Promise<void> {
    venue.silence();
    const client = new Redis(redis.socketPath);
    try {
      await expect
        .poll(
          async () => {
            return (await appliedEvents(monitor)) - (await publishedEvents(client));
          },
          { timeout: 10_000, message: 'applied minus published' },
        )
        .toBe(0);
      expect(Number(await client.get('seq:{stream:price-updates}'))).toBeGreaterThan(5);
    } finally {
      client.disconnect();
    }
    await expect(monitor.statusValue('gaps')).toHaveText(/^0 open/);
    await expect(monitor.statusValue('duplicates')).toHaveText('0');
  }

  test('ends with exactly the last price of each product at its own pace, every event applied once', async ({
    app,
  }) => {
    test.setTimeout(90_000);
    const scene = await open(app, { speed: 1 });
    await expectEnd(scene);
    await expectAppliedOnce(scene);
  });

  test('ends the same with each frame sent twice', async ({ app }) => {
    const scene = await open(app, { speed: 6, twice: true });
    await expectEnd(scene);
    await expectAppliedOnce(scene);
  });

  test('ends the same with the venue closed in the middle', async ({ app }) => {
    const scene = await open(app, { speed: 6, closeAfter: 40 });
    await expectEnd(scene);
    await expectAppliedOnce(scene);
  });

  test('ends the same with Redis killed in the middle and started again', async ({ app }) => {
    const scene = await open(app, { speed: 3 });
    await expect.poll(() => scene.venue.played(), { timeout: 20_000 }).toBeGreaterThan(30);
    await scene.redis.kill();
    await expect(scene.monitor.statusValue('redis')).toHaveText(/^(down|connecting) since/);
    await scene.redis.restart();
    await expect(scene.monitor.statusValue('redis')).toHaveText(/^external/);
    await expectEnd(scene);
    await expect(scene.monitor.row('coinbase:SKL-USD').price).toHaveAttribute('data-freshness', 'fresh');
  });
});
