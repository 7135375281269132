import { z } from 'zod';
import { readPrice } from './read-price.ts';
import { excerpt, type Said, type Venue } from './venue.ts';

const Frame = z.object({ stream: z.string(), data: z.unknown() });
const BookTicker = z.object({ s: z.string().max(64), b: z.string(), a: z.string() });

/**
 * Binance spot's combined stream, for recordings (the live feed is not offered yet). `bookTicker` carries the best bid and
 * ask without a time; the price is their middle, since nothing else is said about a trade.
 */
export const binance: Venue = {
  name: 'binance',
  title: 'Binance',
  badProductSpoilsAll: false,
  openSession: () => ({ subscribe: () => [], unsubscribe: () => [], read: readFrame }),
};

function readFrame(text: string): Said[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [{ kind: 'refused', reason: 'malformed', detail: excerpt(text) }];
  }
  const frame = Frame.safeParse(value);
  if (!frame.success || !frame.data.stream.endsWith('@bookTicker')) return [];
  const ticker = BookTicker.safeParse(frame.data.data);
  if (!ticker.success) return [{ kind: 'refused', reason: 'malformed', detail: excerpt(text) }];
  const bid = readPrice(ticker.data.b);
  const ask = readPrice(ticker.data.a);
  if (!bid.ok) return [{ kind: 'refused', reason: bid.reason, detail: excerpt(text) }];
  if (!ask.ok) return [{ kind: 'refused', reason: ask.reason, detail: excerpt(text) }];
  return [
    { kind: 'price', product: ticker.data.s, price: bid.price.plus(ask.price).div(2), sourceTime: null },
  ];
}
