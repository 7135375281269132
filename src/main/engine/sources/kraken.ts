import { Decimal } from 'decimal.js';
import { z } from 'zod';
import { parseJsonWithDecimals } from './decimal-json.ts';
import { readPrice, readTime, type Refusal } from './read-price.ts';
import { excerpt, type Said, type Venue, type VenueSession } from './venue.ts';

/** Kraken's public WebSocket v2; no key is needed for `ticker`. */
export const KRAKEN_URL = 'wss://ws.kraken.com/v2';

/** Numbers have become their own text (see `decimal-json.ts`); a JSON string is accepted alike. */
const Numeral = z.string();
const Frame = z.object({ channel: z.string().optional(), method: z.string().optional() });
const TickerFrame = z.object({ type: z.enum(['snapshot', 'update']), data: z.array(z.unknown()).min(1) });
const Ticker = z.object({
  symbol: z.string().max(64),
  bid: Numeral.nullish(),
  ask: Numeral.nullish(),
  last: Numeral.nullish(),
  timestamp: z.string().nullish(),
});
const StatusFrame = z.object({ data: z.array(z.object({ system: z.string() })).min(1) });
const Answer = z.object({
  success: z.boolean(),
  error: z.string().optional(),
  symbol: z.string().optional(),
});

/** A product's newest known sides; updates may carry only what changed. */
interface Sides {
  bid?: Decimal;
  ask?: Decimal;
  last?: Decimal;
}

/** Answers that mean the product does not exist; others (rate limit, service unavailable) may pass. */
const NO_SUCH_PRODUCT = /not supported|not found|invalid|unknown/i;

/**
 * Kraken WebSocket v2, channel `ticker` with `event_trigger: bbo`: a frame whenever the best bid or ask changes, so a thin
 * pair (JITOSOL, RAY) moves without a trade. https://docs.kraken.com/api/docs/websocket-v2/ticker.
 *
 * A subscribe snapshot alone is not a live tick (a closed market has one too): it is kept for merging, and the product
 * counts as live from its first update on this connection. From then on every heartbeat *and* every other ticker frame
 * confirms it: Kraken sends heartbeats only when it has sent nothing else, so on a busy connection there are none.
 */
export const kraken: Venue = {
  name: 'kraken',
  title: 'Kraken',
  badProductSpoilsAll: false,
  openSession: () => new KrakenSession(),
};

class KrakenSession implements VenueSession {
  readonly #sides = new Map<string, Sides>();
  readonly #live = new Set<string>();
  #online = true;

  subscribe(products: readonly string[]): string[] {
    const params = { channel: 'ticker', symbol: products, event_trigger: 'bbo', snapshot: true };
    return [JSON.stringify({ method: 'subscribe', params, req_id: 1 })];
  }

  unsubscribe(products: readonly string[]): string[] {
    for (const product of products) this.#live.delete(product);
    const params = { channel: 'ticker', symbol: products, event_trigger: 'bbo' };
    return [JSON.stringify({ method: 'unsubscribe', params, req_id: 2 })];
  }

  read(text: string): Said[] {
    let value: unknown;
    try {
      value = parseJsonWithDecimals(text);
    } catch {
      return [malformed(text)];
    }
    const frame = Frame.safeParse(value);
    if (!frame.success) return [malformed(text)];
    switch (frame.data.channel) {
      case 'ticker':
        return this.#tickers(value, text);
      case 'heartbeat':
        return this.#confirmLive();
      case 'status':
        return this.#status(value, text);
      default:
        return frame.data.method === 'subscribe' ? this.#answer(value, text) : [];
    }
  }

  #tickers(value: unknown, text: string): Said[] {
    const parsed = TickerFrame.safeParse(value);
    if (!parsed.success) return [malformed(text)];
    const confirmed = this.#confirmLive();
    const said = parsed.data.data.flatMap(ticker =>
      this.#ticker(ticker, parsed.data.type === 'snapshot', text),
    );
    // A frame with anything refused in it confirms nothing: what it meant to change is not known.
    return said.some(one => one.kind === 'refused') ? said : [...confirmed, ...said];
  }

  #ticker(value: unknown, isSnapshot: boolean, text: string): Said[] {
    const parsed = Ticker.safeParse(value);
    if (!parsed.success) return [malformed(text)];
    const { symbol, timestamp } = parsed.data;
    const merged: Sides = isSnapshot ? {} : { ...this.#sides.get(symbol) };
    for (const side of ['bid', 'ask', 'last'] as const) {
      const given = parsed.data[side];
      if (given === undefined || given === null) continue;
      const reading = readPrice(given);
      if (!reading.ok) return [refused(reading.reason, text)];
      merged[side] = reading.price;
    }
    this.#sides.set(symbol, merged);
    const price = priceOf(merged);
    if (isSnapshot || price === undefined || !this.#online) return [];
    this.#live.add(symbol);
    return [{ kind: 'price', product: symbol, price, sourceTime: readTime(timestamp ?? undefined) }];
  }

  #confirmLive(): Said[] {
    return this.#live.size === 0 ? [] : [{ kind: 'confirmed', products: [...this.#live] }];
  }

  /** `online`, `maintenance`, `cancel_only`, `limit_only`, `post_only`: only an online exchange has a live market. */
  #status(value: unknown, text: string): Said[] {
    const parsed = StatusFrame.safeParse(value);
    const system = parsed.data?.data[0]?.system;
    if (system === undefined) return [malformed(text)];
    this.#online = system === 'online';
    if (this.#online) return [];
    this.#live.clear();
    return [{ kind: 'closed', message: `Kraken says its market is not open (${excerpt(system)})` }];
  }

  #answer(value: unknown, text: string): Said[] {
    const parsed = Answer.safeParse(value);
    if (!parsed.success) return [malformed(text)];
    const { success, error = 'an error without words', symbol } = parsed.data;
    if (success || /already subscribed/i.test(error)) return [];
    const product = symbol ?? /\S+\/\S+/.exec(error)?.[0];
    if (product === undefined || !NO_SUCH_PRODUCT.test(error))
      return [{ kind: 'trouble', message: excerpt(error) }];
    return [{ kind: 'no-such-product', product }];
  }
}

/**
 * The price of a ticker: the last trade, held inside the best bid and ask.
 *
 * On a busy pair the last trade is at the touch, and this is it exactly as the venue wrote it (and the same thing Coinbase's
 * ticker means). On a thin pair the last trade can be hours old: once the book has moved past it, the nearer side is what
 * the token can be traded at, while the middle of a wide book would be a price nobody offered. Without a last trade
 * (none within 24 h) the middle is the best guess; a crossed book says nothing, so the last trade stands.
 */
function priceOf({ bid, ask, last }: Sides): Decimal | undefined {
  if (bid === undefined || ask === undefined || bid.gt(ask)) return last;
  if (last === undefined) return bid.plus(ask).div(2);
  return Decimal.min(Decimal.max(last, bid), ask);
}

function refused(reason: Refusal, text: string): Said {
  return { kind: 'refused', reason, detail: excerpt(text) };
}

function malformed(text: string): Said {
  return refused('malformed', text);
}
