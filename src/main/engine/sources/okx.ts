import { z } from 'zod';
import { readPrice } from './read-price.ts';
import { excerpt, type Said, type Venue } from './venue.ts';

const Frame = z.object({ arg: z.object({ channel: z.string() }), data: z.array(z.unknown()) });
const Ticker = z.object({ instId: z.string().max(64), last: z.string(), ts: z.string().regex(/^\d{1,15}$/) });

/** OKX v5 public `tickers`, for recordings (the live feed is not offered). The price is that of the last trade; `ts` is in ms. */
export const okx: Venue = {
  name: 'okx',
  title: 'OKX',
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
  if (!frame.success || frame.data.arg.channel !== 'tickers') return [];
  return frame.data.data.map((row): Said => {
    const ticker = Ticker.safeParse(row);
    if (!ticker.success) return { kind: 'refused', reason: 'malformed', detail: excerpt(text) };
    const { instId: product, last, ts } = ticker.data;
    const reading = readPrice(last);
    if (!reading.ok) return { kind: 'refused', reason: reading.reason, detail: excerpt(text) };
    return { kind: 'price', product, price: reading.price, sourceTime: Number(ts) };
  });
}
