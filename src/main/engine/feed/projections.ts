import type { PriceView, Token } from '../../../shared/contract.ts';
import { decimalIn, textIn } from '../../../shared/event-data.ts';
import { marketOf } from '../../../shared/freshness.ts';
import { pairOf } from '../../../shared/pair.ts';
import { compareEntryIds } from '../events/entry-id.ts';
import { feedEventOf, type StreamEvent } from '../events/event.ts';
import { priceOf } from '../events/price-event.ts';
import { createCandles, type Candles, type Changed } from './candles.ts';
import { EventRing } from './event-ring.ts';
import { PositionBook } from './position-book.ts';
import { TradeBooks } from './trade-books.ts';

/** What the applied events add up to: the newest price of each token, bars, positions, and the newest events. */
export interface Projections {
  /** Rises with every price that replaced another. */
  readonly version: number;
  /** Events applied so far, prices included. */
  readonly applied: number;
  readonly candles: Candles;
  readonly events: EventRing;
  readonly positions: PositionBook;
  /** Positions kept from trades. */
  readonly books: TradeBooks;
  /** Applies events in stream order. Never throws for what an event contains. */
  apply(events: readonly StreamEvent[], phase: 'snapshot' | 'live'): void;
  price(token: Token): PriceView | undefined;
  prices(): PriceView[];
  /** Prices that changed after `version`, in the order they changed; each the newest of its token. */
  pricesSince(version: number): Changed<PriceView>[];
  /** Lets every window start anew with a snapshot, and so ask for its bars again. */
  renew(): void;
  /** Forgets every price and bar, for instance when the trader changes the market; events stay. */
  forgetPrices(): void;
  /** Rises when prices were forgotten: a window from before needs a snapshot, which replaces what it knows. */
  readonly generation: number;
}

interface Newest extends Changed<PriceView> {
  entryId: string;
}

/**
 * Makes empty projections. "Newest" is decided by the order in which Redis took the entries, which no producer's clock
 * can upset: an entry that comes again, or late, never replaces a newer price. Bars are kept for one market at a time:
 * when a token's prices change between live, simulated and recorded, its bars start anew.
 *
 * The ring of events holds a spike of 50,000 events in one second twice over, so that a window which confirms what it paints
 * gets all of them; the reader is never held back for a window. What a window does not fetch in time is counted as missed.
 *
 * @param options.maxEvents events kept for windows that are behind; 100,000 by default
 * @param options.maxEventBytes the same in bytes of JSON; 32 MiB by default (not much more as objects)
 */
export function createProjections(
  options: { maxEvents?: number; maxEventBytes?: number; candles?: Candles } = {},
): Projections {
  const candles = options.candles ?? createCandles();
  const events = new EventRing(options.maxEvents ?? 100_000, options.maxEventBytes ?? 32 * 1024 * 1024);
  const positions = new PositionBook();
  const books = new TradeBooks();
  const newest = new Map<Token, Newest>();
  let version = 0;
  let applied = 0;
  let generation = 0;

  const applyPrice = (event: StreamEvent): void => {
    const view = priceOf(event);
    if ('reason' in view) return;
    const before = newest.get(view.token);
    const isNewer = before === undefined || compareEntryIds(event.entryId, before.entryId) >= 0;
    if (before !== undefined && marketOf(before.value.source) !== marketOf(view.source)) {
      if (!isNewer) return;
      candles.clear(view.token);
    }
    candles.add(view.token, view.publishedAt, view.price);
    if (!isNewer) return;
    version += 1;
    newest.set(view.token, { version, value: view, entryId: event.entryId });
  };

  /** A trade counts for the bars of its own market: what was simulated is no volume of a live price. */
  const applyTrade = ({ source, data, timestamp }: StreamEvent): void => {
    const written = textIn(data, 'token_pair') ?? textIn(data, 'token');
    const amount = decimalIn(data, 'amount');
    if (written === null || amount === null || !/[1-9]/.test(amount)) return;
    const token = newest.has(written) ? written : pairOf(written).base;
    const price = newest.get(token)?.value;
    if (price === undefined || marketOf(price.source) !== marketOf(source)) return;
    candles.trade(token, timestamp, amount.replace(/^[-+]/, ''));
  };

  return {
    get version() {
      return version;
    },
    get applied() {
      return applied;
    },
    candles,
    events,
    positions,
    books,
    apply(list) {
      for (const event of list) {
        applied += 1;
        if (event.type === 'price_update') {
          applyPrice(event);
          continue;
        }
        const shown = feedEventOf(event);
        const bytes = events.push(shown);
        books.add(shown);
        if (event.type === 'trade_executed') applyTrade(event);
        if (event.type === 'position_update') positions.add(shown, event.entryId, bytes);
      }
    },
    price: token => newest.get(token)?.value,
    prices: () => [...newest.values()].map(({ value }) => value),
    pricesSince(since) {
      if (since >= version) return [];
      return [...newest.values()].filter(one => one.version > since).sort((a, b) => a.version - b.version);
    },
    get generation() {
      return generation;
    },
    renew() {
      generation += 1;
    },
    forgetPrices() {
      generation += 1;
      newest.clear();
      candles.clear();
    },
  };
}
