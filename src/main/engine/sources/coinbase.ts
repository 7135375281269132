import { z } from 'zod';
import { readPrice, readTime } from './read-price.ts';
import { excerpt, type Said, type Venue, type VenueSession } from './venue.ts';

/** Coinbase Exchange's public feed; no key is needed for `ticker` and `heartbeat`. */
export const COINBASE_URL = 'wss://ws-feed.exchange.coinbase.com';

const Frame = z.object({ type: z.string() });
const Ticker = z.object({
  product_id: z.string().max(64),
  price: z.string(),
  sequence: z.int().nonnegative(),
  trade_id: z.int().nonnegative().optional(),
  time: z.string().optional(),
});
const Heartbeat = z.object({
  product_id: z.string().max(64),
  last_trade_id: z.int().nonnegative().optional(),
});
const Problem = z.object({ message: z.string().optional(), reason: z.string().optional() });

/** What the connection has said about one product. */
interface LastTicker {
  sequence: number;
  tradeId: number | undefined;
}

/**
 * Coinbase Exchange: `ticker` is one frame per match (the price of the last trade, as text), `heartbeat` once a second per
 * product. A heartbeat confirms the last ticker unless it names a newer trade than the one we have. A subscription must
 * be sent within 5 s of connecting. Field names: https://docs.cdp.coinbase.com/exchange/websocket-feed/channels.
 */
export const coinbase: Venue = {
  name: 'coinbase',
  title: 'Coinbase',
  badProductSpoilsAll: true,
  openSession: () => new CoinbaseSession(),
};

class CoinbaseSession implements VenueSession {
  readonly #last = new Map<string, LastTicker>();
  #asked: readonly string[] = [];

  subscribe(products: readonly string[]): string[] {
    this.#asked = products;
    return [JSON.stringify({ type: 'subscribe', product_ids: products, channels: ['ticker', 'heartbeat'] })];
  }

  unsubscribe(products: readonly string[]): string[] {
    for (const product of products) this.#last.delete(product);
    this.#asked = this.#asked.filter(product => !products.includes(product));
    return [
      JSON.stringify({ type: 'unsubscribe', product_ids: products, channels: ['ticker', 'heartbeat'] }),
    ];
  }

  read(text: string): Said[] {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return [malformed(text)];
    }
    const frame = Frame.safeParse(value);
    if (!frame.success) return [malformed(text)];
    switch (frame.data.type) {
      case 'ticker':
        return this.#ticker(value, text);
      case 'heartbeat':
        return this.#heartbeat(value, text);
      case 'error':
        return this.#problem(value);
      default:
        return [];
    }
  }

  #ticker(value: unknown, text: string): Said[] {
    const parsed = Ticker.safeParse(value);
    if (!parsed.success) return [malformed(text)];
    const { product_id: product, sequence, trade_id: tradeId } = parsed.data;
    const reading = readPrice(parsed.data.price);
    if (!reading.ok) return [{ kind: 'refused', reason: reading.reason, detail: excerpt(text) }];
    const last = this.#last.get(product);
    if (last !== undefined && sequence < last.sequence) {
      const detail = `${product}: sequence ${sequence} came after ${last.sequence}`;
      return [{ kind: 'refused', reason: 'old', detail }];
    }
    // The same frame once more says the same price once more.
    if (last?.sequence === sequence) return [{ kind: 'confirmed', products: [product] }];
    this.#last.set(product, { sequence, tradeId });
    return [{ kind: 'price', product, price: reading.price, sourceTime: readTime(parsed.data.time) }];
  }

  #heartbeat(value: unknown, text: string): Said[] {
    const parsed = Heartbeat.safeParse(value);
    if (!parsed.success) return [malformed(text)];
    const { product_id: product, last_trade_id: lastTrade } = parsed.data;
    const last = this.#last.get(product);
    if (last === undefined) return [];
    const missedTrade = lastTrade !== undefined && last.tradeId !== undefined && lastTrade > last.tradeId;
    return missedTrade ? [] : [{ kind: 'confirmed', products: [product] }];
  }

  /** `NOPE-USD is not a valid product`: the products are found by name, whatever the words around them. */
  #problem(value: unknown): Said[] {
    const problem = Problem.safeParse(value);
    const message = problem.success
      ? [problem.data.message, problem.data.reason].filter(part => part !== undefined).join(': ')
      : 'an error without words';
    const words = new Set(message.split(/[^A-Za-z0-9-]+/));
    const named = this.#asked.filter(product => words.has(product));
    if (named.length === 0) return [{ kind: 'trouble', message: excerpt(message) }];
    return named.map(product => ({ kind: 'no-such-product', product }));
  }
}

function malformed(text: string): Said {
  return { kind: 'refused', reason: 'malformed', detail: excerpt(text) };
}
