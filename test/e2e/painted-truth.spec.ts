import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { Decimal } from 'decimal.js';
import { Redis } from 'ioredis';
import { roundPrice } from '../../src/shared/price-format.ts';
import { startTestRedis } from '../support/redis-server.ts';
import { startCoinbaseVenue } from '../support/venues/index.ts';
import { watchCacheWrites, type CacheWrite } from './cache-writes.ts';
import { expect, test } from './fixtures.ts';
import { PRODUCTS, TRADES_PER_SECOND, publishTrades, tickerFrames } from './market-load.ts';
import { MonitorPage } from './pages/monitor-page.ts';

const SAMPLES = 200;
/** What one look at the page finds, all of it between two paints. */
interface Look {
  /** Of the watchlist, by token. */
  prices: Record<string, { price: string; eventId: string }>;
  chart: { price: string; eventId: string; close: string };
  marks: { token: string; price: string }[];
}

/** A price as the engine sent it to the page. */
interface Told {
  token: string;
  price: string;
  timestamp: number;
  /** The batch it came in. */
  seq: number;
}

/** A text, because the page's types are not known here. It runs at once: nothing is painted in between. */
const LOOK = `(() => {
  const prices = {};
  for (const row of document.querySelectorAll('.watchlist tr[data-token]')) {
    const { price = '', eventId = '' } = row.querySelector('.price[data-event-id]')?.dataset ?? {};
    prices[row.dataset.token] = { price, eventId };
  }
  const { price = '', eventId = '' } = document.querySelector('.headline').dataset;
  const close = document.querySelector('.legend [data-part="close"]').textContent;
  const marks = [...document.querySelectorAll('.positions tr[data-from="event"]')].map(row => ({
    token: row.dataset.token,
    price: row.querySelector('[data-part="mark"]').dataset.price ?? '',
  }));
  return { prices, chart: { price, eventId, close }, marks };
})()`;

/** Notes every price that comes to the page, by the id of its event. */
function watchWire(page: Page): Map<string, Told> {
  const told = new Map<string, Told>();
  page.on('websocket', socket => {
    socket.on('framereceived', ({ payload }) => {
      const frame = JSON.parse(String(payload)) as {
        event?: string;
        payload?: { seq: number; prices: (Omit<Told, 'seq'> & { eventId: string })[] };
      };
      if (frame.event !== 'feed.batch' || frame.payload === undefined) return;
      const { seq, prices } = frame.payload;
      for (const { eventId, token, price, timestamp } of prices) {
        told.set(eventId, { token, price, timestamp, seq });
      }
    });
  });
  return told;
}

/** The number behind what the legend writes: thousands grouped, zeros counted (`0.0₅30412`). */
function readLegend(text: string): Decimal {
  const counted = /^0\.0([₀-₉]+)(\d+)$/u.exec(text);
  if (counted === null) return new Decimal(text.replaceAll(',', ''));
  const digits = (counted[1] ?? '').replace(/./gu, digit => String(digit.charCodeAt(0) - '₀'.charCodeAt(0)));
  return new Decimal(`0.${'0'.repeat(Number(digits))}${counted[2] ?? ''}`);
}

/** Fails unless watchlist, chart and positions show the same price of a token in this look. */
function expectOneTruth({ prices, chart, marks }: Look, token: string): void {
  expect(chart, 'the headline and the watchlist').toMatchObject(prices[token] ?? {});
  expect(readLegend(chart.close).toFixed(), 'the last bar and the watchlist').toBe(
    new Decimal(roundPrice(prices[token]?.price ?? '')).toFixed(),
  );
  expect(marks).toHaveLength(PRODUCTS.length);
  for (const mark of marks) expect(mark.price, `the mark of ${mark.token}`).toBe(prices[mark.token]?.price);
}

/** The number below which this share of `values` lies. */
function quantile(values: readonly number[], share: number): number {
  return (
    values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0
  );
}

test('watchlist, chart, positions and the price cache tell one truth in 200 looks under load, and to the last digit at rest', async ({
  app,
}, testInfo) => {
  test.skip(testInfo.project.name !== 'gateway', 'it listens to the WebSocket that only the gateway has');
  test.setTimeout(300_000);
  const redis = await startTestRedis();
  const client = new Redis(redis.socketPath);
  const venue = await startCoinbaseVenue({ frames: tickerFrames() });
  const cache = await watchCacheWrites(redis.socketPath);
  const tokens = PRODUCTS.map(([product]) => `coinbase:${product}`);
  const dataDir = await mkdtemp(join(tmpdir(), 'th-app-'));
  await writeFile(join(dataDir, 'settings.json'), JSON.stringify({ updateEveryMs: 100 }));
  let stopTrades = (): void => undefined;
  try {
    const started = await app({
      dataDir,
      open: false,
      args: ['--redis', redis.url, '--source', 'coinbase', '--tokens', tokens.join(',')],
      env: { TENHERTZ_COINBASE_URL: venue.url },
    });
    const { page, url = '' } = started;
    const wire = watchWire(page);
    await page.goto(url);
    const monitor = new MonitorPage(page);
    for (const [index, token] of tokens.entries()) {
      const data = JSON.stringify({ token, amount: '2.5', pnl: '0', timestamp: new Date().toISOString() });
      const fields = ['event_id', `held-${index}`, 'event_type', 'position_update', 'source', 'bot'];
      const when = ['timestamp', new Date().toISOString()];
      await client.xadd('stream:positions:user_0001', '*', ...fields, ...when, 'data', data);
    }
    await expect(page.locator('.positions tr[data-from="event"]')).toHaveCount(tokens.length);
    stopTrades = publishTrades(client);
    await expect.poll(() => monitor.tape.total(), { timeout: 20_000 }).toBeGreaterThan(TRADES_PER_SECOND);
    await monitor.intervalButton('1s').click();

    const overtaken: number[] = [];
    const ahead: number[] = [];
    const painted = new Map(tokens.map(token => [token, { changes: 0, write: -1 }]));
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      const token = tokens[Math.floor((sample * tokens.length) / SAMPLES)] ?? '';
      if ((await monitor.row(token).row.getAttribute('aria-selected')) !== 'true') {
        await monitor.select(token);
        await expect(monitor.chart.locator('[data-phase="drawn"]')).toHaveCount(1);
      }
      const before = Date.now();
      const look = await page.evaluate<Look>(LOOK);
      const after = Date.now();
      expectOneTruth(look, token);
      for (const [name, { price, eventId }] of Object.entries(look.prices)) {
        expect(wire.get(eventId), `what was sent as ${eventId}`).toMatchObject({ token: name, price });
        const writes = cache.byToken.get(name) ?? [];
        const { timestamp = 0 } = wire.get(eventId) ?? {};
        const write = lastWrite(writes, price, timestamp);
        expect(write, `${name} shows a price the cache had`).toBeGreaterThanOrEqual(0);
        expect(writes[write]?.at, `${name} was in the cache before it was shown`).toBeLessThanOrEqual(
          after + 1,
        );
        const known = painted.get(name);
        if (known !== undefined) {
          expect(write, `${name} never goes back`).toBeGreaterThanOrEqual(known.write);
          if (write > known.write) known.changes += 1;
          known.write = write;
        }
        const next = writes[write + 1]?.at ?? before;
        overtaken.push(Math.max(0, before - next));
        ahead.push(writes.slice(write + 1).filter(({ at }) => at <= before).length);
      }
      await pause((sample * 7) % 60);
    }
    const within = ahead.filter(count => count <= 2).length;
    console.log(
      `painted truth: ${SAMPLES} looks, ${ahead.length} prices, all equal on the screen; the cache was ahead by ` +
        `p50 ${quantile(ahead, 0.5)}, p95 ${quantile(ahead, 0.95)}, most ${Math.max(...ahead)} writes ` +
        `(a tick and a batch, or less, in ${((100 * within) / ahead.length).toFixed(1)} %), the newer one for ` +
        `p50 ${quantile(overtaken, 0.5).toFixed(0)} ms, p95 ${quantile(overtaken, 0.95).toFixed(0)} ms, ` +
        `most ${Math.max(...overtaken).toFixed(0)} ms`,
    );
    // As long as a price may be called fresh: a screen that is further behind shows it as delayed or stale.
    expect(Math.max(...overtaken)).toBeLessThan(2_000);
    for (const [token, { changes }] of painted) {
      expect(changes, `${token} moved during the looks`).toBeGreaterThan(SAMPLES / 10);
    }

    stopTrades();
    await venue.finished;
    const last = venue.lastPrices();
    for (const [index, token] of tokens.entries()) {
      const price = new Decimal(last.get(PRODUCTS[index]?.[0] ?? '') ?? '').toFixed();
      await expect.poll(() => monitor.row(token).exactPrice()).toBe(price);
    }
    const rest = await page.evaluate<Look>(LOOK);
    expectOneTruth(rest, tokens.at(-1) ?? '');
    for (const token of tokens) {
      const cached = JSON.parse((await client.get(`price:${token}`)) ?? '{}') as { price?: string };
      expect(cached.price, `${token} in the cache`).toBe(rest.prices[token]?.price);
    }
  } finally {
    stopTrades();
    cache.stop();
    client.disconnect();
    await venue.stop();
    await redis.stop();
  }
});

/** Place of the newest write of that price vouched for at that time; -1 when there was none. */
function lastWrite(writes: readonly CacheWrite[], price: string, timestamp: number): number {
  return writes.findLastIndex(write => write.price === price && write.timestamp === timestamp);
}
