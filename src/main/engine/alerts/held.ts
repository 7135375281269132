import {
  bookFill,
  EMPTY_BOOK,
  fillOf,
  readBook,
  realisedOf,
  unrealisedOf,
  writeBook,
  type Book,
  type BookSums,
} from '../../../shared/positions.ts';
import { ownerOfChannel } from '../../../shared/holdings.ts';
import { decimalIn, textIn } from '../../../shared/event-data.ts';
import { pairOf } from '../../../shared/pair.ts';
import type { StreamEvent } from '../events/event.ts';
import { Exact } from './number.ts';

type Sum = InstanceType<typeof Exact>;

/** The part of an event that says something of a position. */
export type PositionEvent = Pick<StreamEvent, 'type' | 'channel' | 'data' | 'timestamp'>;

/** A position as it is kept: what its owner reported last, or the sums of its trades. */
export type KeptHolding = { reported: { amount: string; pnl: string | null } } | { book: BookSums };

interface Holding {
  token: string;
  amount: Sum;
  reported: { pnl: Sum | null } | undefined;
  book: Book | undefined;
}

interface Worth {
  unrealised: Sum;
  total: Sum;
}

/** The amount of one position before and after an event. */
export interface HeldChange {
  key: string;
  token: string;
  before: Sum;
  after: Sum;
}

/** Positions kept at most; the one that changed longest ago goes first. */
const MOST = 2_000;

/**
 * The positions that rules look at: those an owner reports (`position_update`), else those that the trades add up to, as on the
 * screen. Trades in other currencies than dollars have an amount and no profit. `positions:x` and `trades:x` have the same owner.
 */
export class Held {
  readonly #holdings = new Map<string, Holding>();
  readonly #byToken = new Map<string, Set<string>>();
  readonly #prices = new Map<string, string>();
  readonly #priced = new Set<string>();
  /** What each position adds to the sums, so that a price changes them by its own positions only. */
  readonly #worth = new Map<string, Worth>();
  #all: Worth & { count: number } = { unrealised: new Exact(0), total: new Exact(0), count: 0 };

  /** The newest price of a token, which its positions are marked to; its `own` one goes before that of a venue's product. */
  mark(token: string, price: string, own: boolean): void {
    if (own) this.#priced.add(token);
    else if (this.#priced.has(token)) return;
    this.#prices.set(token, price);
    for (const key of this.#byToken.get(token) ?? []) this.#value(key);
  }

  /** Takes a trade or a report; `undefined` for one that says nothing of a position. */
  take(event: PositionEvent): HeldChange | undefined {
    const { type, data, channel } = event;
    if (type === 'position_update') {
      const written = textIn(data, 'token');
      const amount = decimalIn(data, 'amount');
      if (written === null || amount === null) return undefined;
      const pnl = decimalIn(data, 'pnl');
      return this.#put(channel, pairOf(written).base, () => ({
        amount: new Exact(amount),
        reported: { pnl: pnl === null ? null : new Exact(pnl) },
        book: undefined,
      }));
    }
    const fill = type === 'trade_executed' ? fillOf(data, event.timestamp) : null;
    if (fill === null) return undefined;
    return this.#put(channel, fill.base, before => {
      // The owner says himself what he holds.
      if (before?.reported !== undefined) return undefined;
      const book = bookFill(before?.book ?? EMPTY_BOOK, fill);
      const known = fill.inDollars
        ? { reported: undefined, book }
        : { reported: { pnl: null }, book: undefined };
      return { amount: new Exact(book.amount), ...known };
    });
  }

  /** Profit and loss of a token's positions, or of all (`null`); `null` when none of them can be valued. */
  pnl(token: string | null, which: 'unrealised' | 'total'): Sum | null {
    if (token === null) return this.#all.count === 0 ? null : this.#all[which];
    let sum: Sum | null = null;
    for (const key of this.#byToken.get(token) ?? []) {
      const one = this.#worth.get(key)?.[which];
      if (one !== undefined) sum = (sum ?? new Exact(0)).plus(one);
    }
    return sum;
  }

  /** Whether anything of the token is, or was, held. */
  has(token: string): boolean {
    return this.#byToken.has(token);
  }

  kept(key: string): KeptHolding | undefined {
    const holding = this.#holdings.get(key);
    if (holding === undefined) return undefined;
    if (holding.book !== undefined) return { book: writeBook(holding.book) };
    const pnl = holding.reported?.pnl ?? null;
    return { reported: { amount: holding.amount.toFixed(), pnl: pnl?.toFixed() ?? null } };
  }

  keys(): string[] {
    return [...this.#holdings.keys()];
  }

  restore(key: string, kept: KeptHolding): void {
    const token = key.slice(key.indexOf('\n') + 1);
    if ('book' in kept) {
      const book = readBook(kept.book);
      this.#set(key, { token, amount: new Exact(book.amount), reported: undefined, book });
      return;
    }
    const { amount, pnl } = kept.reported;
    const reported = { pnl: pnl === null ? null : new Exact(pnl) };
    this.#set(key, { token, amount: new Exact(amount), reported, book: undefined });
  }

  #worthOf(holding: Holding | undefined): Worth | undefined {
    if (holding === undefined) return undefined;
    const { token, reported, book } = holding;
    const pnl = reported?.pnl ?? null;
    if (book === undefined) return pnl === null ? undefined : { unrealised: pnl, total: pnl };
    const open = unrealisedOf(book, this.#prices.get(token) ?? null);
    return open === null
      ? undefined
      : { unrealised: new Exact(open), total: new Exact(open.plus(realisedOf(book))) };
  }

  /** Brings the sums up to date with one position, which may be gone. */
  #value(key: string): void {
    const [before, after] = [this.#worth.get(key), this.#worthOf(this.#holdings.get(key))];
    const { unrealised, total, count } = this.#all;
    const change = (which: keyof Worth): Sum => new Exact(after?.[which] ?? 0).minus(before?.[which] ?? 0);
    this.#all = {
      unrealised: unrealised.plus(change('unrealised')),
      total: total.plus(change('total')),
      count: count + (after === undefined ? 0 : 1) - (before === undefined ? 0 : 1),
    };
    if (after === undefined) this.#worth.delete(key);
    else this.#worth.set(key, after);
  }

  #set(key: string, holding: Holding): void {
    this.#holdings.delete(key);
    this.#holdings.set(key, holding);
    const keys = this.#byToken.get(holding.token) ?? new Set();
    this.#byToken.set(holding.token, keys.add(key));
    this.#value(key);
    for (const [oldest, { token }] of this.#holdings) {
      if (this.#holdings.size <= MOST) break;
      this.#holdings.delete(oldest);
      this.#byToken.get(token)?.delete(oldest);
      this.#value(oldest);
    }
  }

  #put(
    channel: string,
    token: string,
    next: (before: Holding | undefined) => Omit<Holding, 'token'> | undefined,
  ): HeldChange | undefined {
    const key = holdingKey(channel, token);
    const before = this.#holdings.get(key);
    const after = next(before);
    if (after === undefined) return undefined;
    this.#set(key, { token, ...after });
    return { key, token, before: before?.amount ?? new Exact(0), after: after.amount };
  }
}

/** Owner and token. */
export function holdingKey(channel: string, token: string): string {
  return `${ownerOfChannel(channel)}\n${token}`;
}
