import { Decimal } from 'decimal.js';
import type { Redis } from 'ioredis';
import type { Frame } from '../support/venues/index.ts';

/** Trades a second that other programs publish meanwhile. */
export const TRADES_PER_SECOND = 200;
/** Product, first price, and how many decimals it is quoted in. */
export const PRODUCTS = [
  ['AAA-USD', 151.2348, 4],
  ['BBB-USD', 0.0000030412, 10],
  ['CCC-USD', 68_412.5, 2],
  ['DDD-USD', 2.8411, 4],
  ['EEE-USD', 0.99987, 5],
  ['FFF-USD', 1_874.905, 3],
] as const;
/** The venue's frames go out for this long; the samples need less. */
const PLAYED_MS = 35_000;

/** Ticks of every product ten times a second, each price different from the one before. */
export function tickerFrames(): Frame[] {
  const all: Frame[] = [];
  const values = PRODUCTS.map(([, first]) => first as number);
  for (let at = 0; at < PLAYED_MS; at += 100) {
    PRODUCTS.forEach(([product, first, decimals], index) => {
      const turn = Math.sin(at * (index + 1)) > 0 ? 1 : -1;
      const value = (values[index] ?? first) + turn * first * 0.0007;
      values[index] = value;
      const time = new Date(Date.now() + at).toISOString();
      const sequence = 1 + at / 100;
      const text = JSON.stringify({
        ...{ type: 'ticker', sequence, product_id: product, price: value.toFixed(decimals), time },
        ...{ trade_id: sequence, last_size: '1' },
      });
      all.push({ at: at + index * 16, text });
    });
  }
  return all;
}

/** Trades of several channels, until stopped. */
export function publishTrades(client: Redis): () => void {
  let number = 0;
  const timer = setInterval(() => {
    const pipeline = client.pipeline();
    for (let count = 0; count < TRADES_PER_SECOND / 20; count += 1) {
      number += 1;
      const [product, price] = PRODUCTS[number % PRODUCTS.length] ?? PRODUCTS[0];
      const data = {
        ...{ id: `t-${number}`, action: number % 2 === 0 ? 'buy' : 'sell', amount: '1.5' },
        ...{ token_pair: product.replace('-', '/'), price: new Decimal(price).toFixed() },
      };
      const fields = ['event_id', `load-${number}`, 'event_type', 'trade_executed', 'source', 'bot'];
      const when = ['timestamp', new Date().toISOString()];
      pipeline.xadd(
        `stream:trades:load_${number % 4}`,
        '*',
        ...fields,
        ...when,
        'data',
        JSON.stringify(data),
      );
    }
    void pipeline.exec();
  }, 50);
  return () => clearInterval(timer);
}
