import type { SourceStatus, Token } from '../../../shared/contract.ts';
import type { Clock } from '../clock.ts';
import type { Metrics } from '../health/metrics.ts';
import type { Logger } from '../logger.ts';
import { QuoteBook, SUBSCRIPTION_VALID_MS, type StatusPart } from './quote-book.ts';
import type { Source } from './source.ts';
import type { ResolvedToken } from './tokens.ts';
import type { Said, Venue } from './venue.ts';
import { createWsConnection, type SocketFactory } from './ws-connection.ts';

export interface WsSourceOptions {
  venue: Venue;
  /** `ws://` or `wss://`; an `http(s)` address is taken as the same host's `ws(s)`. */
  url: string;
  tokens: readonly ResolvedToken[];
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  createSocket?: SocketFactory | undefined;
  random?: (() => number) | undefined;
}

/** A source that follows a venue's WebSocket feed. Products the venue does not know are refused by name and not asked again. */
export function createWsSource(options: WsSourceOptions): Source {
  const { venue, clock } = options;
  let tokensOf = tokensByProduct(options.tokens, venue.name);
  /** Products let go on this connection: what still comes of them is no fault. */
  const former = new Set<string>();
  const book = new QuoteBook({
    source: venue.name,
    asked: [...tokensOf.values()].flat(),
    clock,
    log: options.log,
    metrics: options.metrics,
    validForMs: SUBSCRIPTION_VALID_MS,
  });
  const unknownProducts = new Set<string>();
  /** What the venue last complained about; forgotten on the next connection. */
  let complaint: string | null = null;
  let session = venue.openSession();
  let running = false;

  const wanted = (): string[] => [...tokensOf.keys()].filter(product => !unknownProducts.has(product));
  const subscribe = (): void => {
    for (const frame of session.subscribe(wanted())) connection.send(frame);
  };
  const refuseProduct = (product: string): void => {
    if (!tokensOf.has(product) || unknownProducts.has(product)) return;
    unknownProducts.add(product);
    for (const token of tokensOf.get(product) ?? []) book.withdraw(token);
    options.log.warn(
      { source: venue.name, product },
      `${venue.title} does not know ${product}; it is not asked again`,
    );
    if (wanted().length === 0) void connection.stop();
    else if (venue.badProductSpoilsAll) subscribe();
  };
  const take = (said: Said): void => {
    switch (said.kind) {
      case 'price': {
        const tokens = tokensOf.get(said.product);
        if (tokens === undefined && !former.has(said.product)) book.refuse('unknown-product', said.product);
        for (const token of tokens ?? []) book.offer(token, said.price, said.sourceTime);
        return;
      }
      case 'confirmed':
        for (const product of said.products)
          for (const token of tokensOf.get(product) ?? []) book.confirm(token);
        return;
      case 'refused':
        book.refuse(said.reason, said.detail);
        return;
      case 'no-such-product':
        refuseProduct(said.product);
        return;
      case 'closed':
        book.withdraw();
        complaint = said.message;
        return;
      case 'trouble':
        complaint = said.message;
    }
  };
  const connection = createWsConnection({
    url: options.url.replace(/^http/, 'ws'),
    clock,
    createSocket: options.createSocket,
    random: options.random,
    onOpen() {
      session = venue.openSession();
      complaint = null;
      former.clear();
      subscribe();
    },
    onText(text) {
      book.heard();
      for (const said of session.read(text)) take(said);
    },
    onBadFrame: (reason, detail) => book.refuse(reason, detail),
  });

  const describe = (): StatusPart => {
    if (tokensOf.size === 0)
      return { state: 'off', message: `${venue.title} lists none of the chosen tokens.` };
    if (wanted().length === 0)
      return { state: 'refused', message: `${venue.title} knows none of the products asked.` };
    const { phase, trouble, message, nextAttemptAt, attempt } = connection.status();
    if (phase === 'off') return { state: 'off', message: null };
    if (phase === 'waiting') {
      return {
        state: trouble ?? 'down',
        message: `${venue.title}: ${message}. It is tried again.`,
        nextAttemptAt,
        attempt,
      };
    }
    if (book.vouching() > 0) return { state: 'live', message: complaint, attempt };
    if (phase === 'connecting') return { state: 'connecting', message, attempt };
    const heardAt = book.lastHeardAt;
    const silent = heardAt !== null && clock.now() - heardAt > SUBSCRIPTION_VALID_MS;
    if (silent) return { state: 'silent', message: `${venue.title} is connected but says nothing.`, attempt };
    return {
      state: 'connecting',
      message: complaint ?? `Connected to ${venue.title}; no live price yet.`,
      attempt,
    };
  };

  /** Changes what is asked on the connection there is; a product that stays is not asked again. */
  const ask = (tokens: readonly ResolvedToken[]): void => {
    const before = wanted();
    tokensOf = tokensByProduct(tokens, venue.name);
    book.ask([...tokensOf.values()].flat());
    // Whoever names a product again wants it tried again.
    for (const product of unknownProducts) if (!tokensOf.has(product)) unknownProducts.delete(product);
    const gone = before.filter(product => !tokensOf.has(product));
    const fresh = wanted().filter(product => !before.includes(product));
    for (const product of gone) former.add(product);
    for (const product of fresh) former.delete(product);
    if (!running) return;
    if (wanted().length === 0) void connection.stop();
    else if (before.length === 0) connection.start();
    else {
      if (gone.length > 0) for (const frame of session.unsubscribe(gone)) connection.send(frame);
      if (fresh.length > 0 && venue.badProductSpoilsAll) subscribe();
      else if (fresh.length > 0) for (const frame of session.subscribe(fresh)) connection.send(frame);
    }
  };

  return {
    name: venue.name,
    start() {
      running = true;
      if (wanted().length > 0) connection.start();
    },
    async stop() {
      running = false;
      await connection.stop();
    },
    ask,
    observation: token => book.observation(token),
    status: (): SourceStatus => book.status({ ...describe(), refusedProducts: [...unknownProducts] }),
  };
}

/** Several tokens may share a product (`SOL` and `coinbase:SOL-USD`). */
export function tokensByProduct(
  tokens: readonly ResolvedToken[],
  venue: Venue['name'],
): Map<string, Token[]> {
  const byProduct = new Map<string, Token[]>();
  for (const { token, products } of tokens) {
    const product = products[venue];
    if (product !== undefined) byProduct.set(product, [...(byProduct.get(product) ?? []), token]);
  }
  return byProduct;
}
