import type { BookView, Commands, FeedEvent } from '../../../src/shared/contract.ts';
import { bookKey } from '../../../src/shared/holdings.ts';
import { bookFill, EMPTY_BOOK, fillOf, readBook, writeBook } from '../../../src/shared/positions.ts';
import { MARKETS, type Market } from './market.ts';
import type { Scene } from './scene.ts';

/** How many symbols the scene `many` has. */
export const MANY = 500;

const KNOWN: Readonly<Record<string, string>> = { wif: 'WIF', jup: 'JUP' };

/** The invented engine's watchlist: it can be changed as the engine's can, with the same refusals. */
export class FakeWatchlist {
  #markets: readonly Market[];
  readonly #books = new Map<string, BookView>();

  constructor(kind: Scene['kind']) {
    this.#markets = kind === 'empty' ? [] : kind === 'many' ? many() : MARKETS;
  }

  get markets(): readonly Market[] {
    return this.#markets;
  }

  get tokens(): string[] {
    return this.#markets.map(({ token }) => token);
  }

  /** Keeps positions from trades, as the engine does; answers the books that changed. */
  book(events: readonly FeedEvent[]): BookView[] {
    const changed = new Map<string, BookView>();
    for (const { channel, data, timestamp: at, eventId } of events) {
      const fill = fillOf(data, at);
      if (fill === null) continue;
      const subject = { channel, token: fill.base, quote: null };
      const key = bookKey(subject);
      const before = this.#books.get(key);
      const sums = writeBook(bookFill(before === undefined ? EMPTY_BOOK : readBook(before), fill));
      const trades = (before?.trades ?? 0) + 1;
      const whole = channel !== 'trade-events';
      const view = { ...subject, ...sums, trades, at, eventId, since: before?.since ?? at, whole };
      this.#books.set(key, view);
      changed.set(key, view);
    }
    return [...changed.values()];
  }

  answer(command: string, args: Record<string, unknown>): unknown {
    if (command === 'tokens.past') {
      const { tokens } = args as Commands['tokens.past']['args'];
      return Object.fromEntries(
        tokens.map(token => [
          token,
          { m1: this.#open(token), m5: this.#open(token), h1: this.#open(token), h24: null },
        ]),
      );
    }
    if (command === 'tokens.check') {
      const found = this.#found(args);
      const sources = found.token.startsWith('unpriced:') ? [] : ['kraken', 'jupiter'];
      return { ...found, mint: null, sources };
    }
    if (command === 'tokens.add') {
      const { token } = this.#found(args);
      this.#markets = [
        ...this.#markets,
        { token, base: 2.1234, decimals: 4, source: 'kraken', open: '2.1000' },
      ];
    } else if (command === 'tokens.remove') {
      this.#markets = this.#markets.filter(({ token }) => token !== args['token']);
    } else {
      const { tokens } = args as Commands['tokens.order']['args'];
      this.#markets = tokens.flatMap(token => this.#markets.find(one => one.token === token) ?? []);
    }
    return { tokens: this.tokens, kept: true, note: null };
  }

  #open(token: string): string | null {
    return this.#markets.find(one => one.token === token)?.open ?? null;
  }

  #found(args: Record<string, unknown>): { token: string } {
    const name = String(args['name']);
    const market = MARKETS.find(({ token }) => token.toLowerCase() === name.toLowerCase());
    const token = market?.token ?? KNOWN[name.toLowerCase()] ?? (name.includes(':') ? name : undefined);
    if (token === undefined) {
      throw new Error(`Unknown token "${name}". Accepted: a symbol, a mint, or venue:product.`);
    }
    if (this.tokens.includes(token)) throw new Error(`${token} is in the watchlist already.`);
    return { token };
  }
}

/** Invented symbols of very different prices. */
function many(): Market[] {
  const rest = Array.from({ length: MANY - MARKETS.length }, (_, index): Market => {
    const base = 10 ** ((index % 8) - 4) * (1 + (index % 90) / 10);
    const decimals = Math.max(2, 5 - Math.floor(Math.log10(base)));
    return { token: `T${index}`, base, decimals, source: 'kraken', open: base.toFixed(decimals) };
  });
  return [...MARKETS, ...rest];
}
