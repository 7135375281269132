import { barStart, foldBar } from '../../shared/bars.ts';
import type {
  Bar,
  Batch,
  BookView,
  EpochMs,
  FeedEvent,
  PriceView,
  Token,
  TokenBar,
} from '../../shared/contract.ts';
import type { Moment, MomentPiece } from '../../shared/moments.ts';

/** What is due at a moment of the playback. */
interface Due<T> {
  at: EpochMs;
  item: T;
}

/**
 * Turns pieces of the past into batches, as the feed would have sent them. Holds what was fetched and not shown yet; pure but for
 * that. Items keep their order: one whose own time lies before its predecessor's is due with it.
 */
export class Player {
  #prices: Due<PriceView>[] = [];
  #events: Due<FeedEvent>[] = [];
  #bars: Due<TokenBar>[] = [];
  #books: Due<BookView[]>[] = [];
  readonly #open = new Map<Token, Bar>();
  #fetchedUntil: EpochMs;
  #seq = 0;

  /** @param at where the playback begins: everything up to here is in the moment that is shown */
  constructor(at: EpochMs) {
    this.#fetchedUntil = at;
  }

  /** Up to where everything was fetched. */
  get fetchedUntil(): EpochMs {
    return this.#fetchedUntil;
  }

  /** Adds the piece that follows what was fetched. */
  add(piece: MomentPiece): void {
    const since = this.#fetchedUntil;
    this.#prices.push(...inOrder(piece.prices, view => view.publishedAt, since, piece.until));
    this.#events.push(...inOrder(piece.events, event => event.timestamp, since, piece.until));
    // A bar is shown whole once its second is over; until then the prices draw it.
    this.#bars.push(...piece.bars.map(item => ({ at: item.time + 1_000, item })));
    this.#books.push({ at: piece.until, item: piece.books });
    this.#fetchedUntil = piece.until;
  }

  /** Everything due up to `at`, as one update; `null` when nothing is. */
  take(at: EpochMs): Batch | null {
    const prices = due(this.#prices, at);
    const events = due(this.#events, at);
    const whole = due(this.#bars, at);
    this.#prices.splice(0, prices.length);
    this.#events.splice(0, events.length);
    this.#bars.splice(0, whole.length);
    const reached = due(this.#books, at);
    this.#books.splice(0, reached.length);
    const books = reached.at(-1) ?? [];
    if (prices.length + events.length + whole.length + books.length === 0) return null;
    this.#seq += 1;
    return {
      seq: this.#seq,
      kind: 'update',
      at,
      prices: [...new Map(prices.map(view => [view.token, view])).values()],
      bars: [...whole, ...this.#fold(prices)],
      events,
      positions: [],
      books,
      alerts: null,
      deliveries: [],
      status: null,
      pools: null,
      missed: 0,
    };
  }

  /** The second under way of each token, as far as its prices are known. */
  #fold(prices: readonly PriceView[]): TokenBar[] {
    const changed = new Map<Token, TokenBar>();
    for (const { token, price, publishedAt } of prices) {
      const start = barStart(publishedAt, '1s');
      const open = this.#open.get(token);
      const bar = foldBar(open?.time === start ? open : undefined, start, price);
      this.#open.set(token, bar);
      changed.set(token, { token, ...bar });
    }
    return [...changed.values()];
  }
}

/** A moment as the snapshot a window would have got. */
export function snapshotOf(moment: Moment, status: Batch['status']): Batch {
  return {
    seq: 0,
    kind: 'snapshot',
    at: moment.at,
    prices: moment.prices,
    bars: [],
    events: [...moment.statuses, ...moment.events],
    positions: moment.positions,
    books: moment.books,
    alerts: null,
    deliveries: [],
    status,
    pools: null,
    missed: 0,
  };
}

function inOrder<T>(
  items: readonly T[],
  timeOf: (item: T) => EpochMs,
  since: EpochMs,
  until: EpochMs,
): Due<T>[] {
  let last = since;
  return items.map(item => {
    last = Math.min(until, Math.max(last, timeOf(item)));
    return { at: last, item };
  });
}

function due<T>(queue: readonly Due<T>[], at: EpochMs): T[] {
  const end = queue.findIndex(one => one.at > at);
  return (end < 0 ? queue : queue.slice(0, end)).map(({ item }) => item);
}
