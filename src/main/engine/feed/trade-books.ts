import type { BookView, EpochMs, FeedEvent, UnbookedTrades } from '../../../shared/contract.ts';
import {
  bookFill,
  EMPTY_BOOK,
  fillOf,
  whyNotBooked,
  writeBook,
  type Book,
} from '../../../shared/positions.ts';
import { SeenIds } from '../../../shared/seen-ids.ts';
import type { Changed } from './candles.ts';

interface Kept {
  version: number;
  book: Book;
  facts: Omit<BookView, keyof ReturnType<typeof writeBook>>;
  /** Made when it is first asked for. */
  view: BookView | undefined;
}

/** Books kept at most. */
const MAX_BOOKS = 2_000;
/** Trades remembered by id, so that one that comes again, from the stream or from the ledger, is booked once. */
const IDS_REMEMBERED = 100_000;

/**
 * The positions of every token in every channel and currency, kept from the trades. Trades may come in any order and more than
 * once. Of more than 2,000 books the closed ones that changed longest ago go first, then open ones.
 */
export class TradeBooks {
  readonly #books = new Map<string, Kept>();
  readonly #seen = new SeenIds(IDS_REMEMBERED);
  /** The lowest sequence number seen of each channel that trades come from. */
  readonly #first = new Map<string, number>();
  #version = 0;
  #unbooked: UnbookedTrades | undefined;

  /** Rises with every trade booked. */
  get version(): number {
    return this.#version;
  }

  /** Trades that could not be booked: no side, no amount, no price. `undefined`: there was none. */
  get unbooked(): UnbookedTrades | undefined {
    return this.#unbooked;
  }

  /** Takes any event of a channel; only trades are booked. */
  add(event: FeedEvent): void {
    const { channel, sequence, eventId } = event;
    const first = this.#first.get(channel) ?? Infinity;
    if (sequence !== null && sequence < first) this.#setFirst(channel, sequence);
    if (event.type !== 'trade_executed' || !this.#seen.add(eventId)) return;
    const fill = fillOf(event.data, event.timestamp);
    if (fill === null) {
      const reason = whyNotBooked(event.data) ?? '';
      this.#unbooked = { count: (this.#unbooked?.count ?? 0) + 1, channel, reason };
      return;
    }
    const quote = fill.inDollars ? null : fill.quote;
    const key = `${channel}\n${fill.base}\n${quote ?? ''}`;
    const before = this.#books.get(key);
    this.#version += 1;
    this.#books.delete(key);
    this.#books.set(key, {
      version: this.#version,
      book: bookFill(before?.book ?? EMPTY_BOOK, fill),
      facts: {
        channel,
        token: fill.base,
        quote,
        trades: (before?.facts.trades ?? 0) + 1,
        ...newest(before, event),
        since: Math.min(before?.facts.since ?? Infinity, event.timestamp),
        whole: this.#first.get(channel) === 1,
      },
      view: undefined,
    });
    if (this.#books.size > MAX_BOOKS) this.#letGo();
  }

  /** Books that changed after `version`, in the order they changed; each as it is now. */
  changedSince(version: number): Changed<BookView>[] {
    if (version >= this.#version) return [];
    const changed: Changed<BookView>[] = [];
    for (const kept of this.#books.values()) {
      if (kept.version > version) changed.push({ version: kept.version, value: viewOf(kept) });
    }
    return changed;
  }

  /** Every book, the one that changed longest ago first. */
  all(): BookView[] {
    return [...this.#books.values()].map(viewOf);
  }

  /** The channel's books are whole once its first event is known, which may come late. */
  #setFirst(channel: string, sequence: number): void {
    this.#first.set(channel, sequence);
    if (sequence !== 1) return;
    for (const [key, kept] of [...this.#books]) {
      if (kept.facts.channel !== channel) continue;
      this.#version += 1;
      this.#books.delete(key);
      const facts = { ...kept.facts, whole: true };
      this.#books.set(key, { ...kept, version: this.#version, facts, view: undefined });
    }
  }

  #letGo(): void {
    const closed = [...this.#books].find(([, { book }]) => book.amount.isZero());
    const oldest = closed?.[0] ?? this.#books.keys().next().value;
    if (oldest !== undefined) this.#books.delete(oldest);
  }
}

function newest(before: Kept | undefined, event: FeedEvent): { at: EpochMs; eventId: string } {
  return before !== undefined && before.facts.at > event.timestamp
    ? { at: before.facts.at, eventId: before.facts.eventId }
    : { at: event.timestamp, eventId: event.eventId };
}

function viewOf(kept: Kept): BookView {
  return (kept.view ??= { ...kept.facts, ...writeBook(kept.book) });
}
