import { readFileSync } from 'node:fs';
import type { WebSocket } from 'ws';
import { startWsServer, type WsVenue } from './ws-venue.ts';

/** A recorded frame: `at` is when it was received, epoch ms; `text` is exactly what the venue sent. */
export interface Frame {
  at: number;
  text: string;
}

export interface CoinbaseVenueOptions {
  /** NDJSON of `{t, dir, frame}`; its `ticker` frames are served. */
  recordingFile?: string;
  /** Frames to serve in place of a recording. */
  frames?: readonly Frame[];
  /** 1 (default) is the recording's own pace, 10 ten times as fast. */
  speed?: number;
  /** Sends each frame two times in a row. */
  twice?: boolean;
  /** A client that has not subscribed by then is closed, as the real one does after 5 s (default 5000). */
  subscribeWithinMs?: number;
  /** Time between a product's heartbeats (default 1000). */
  heartbeatMs?: number;
  /** Products there are; by default those of the frames. Any other is refused with an error frame. */
  products?: readonly string[];
  /** Ends every connection once, after this many frames; the rest follows when a client is back. */
  closeAfter?: number;
  /** 0 (default) takes a free one. */
  port?: number;
}

/** A local Coinbase Exchange feed. */
export interface CoinbaseVenue extends WsVenue {
  /** The last price of each product in the frames: what a client must end with. */
  lastPrices(): Map<string, string>;
  /** How many frames have been played so far. */
  played(): number;
  /** Resolves when the last frame has been sent. */
  readonly finished: Promise<void>;
}

interface Ticker {
  product_id: string;
  price: string;
  sequence: number;
  trade_id?: number;
}

/**
 * Starts a Coinbase Exchange feed that plays ticker frames to whoever has subscribed. It speaks as the real one does: it wants
 * a subscription in time, answers `subscriptions`, sends each product's last ticker at once, then the frames at their
 * pace, and a heartbeat per product. Playback starts with the first subscription and waits while nobody is subscribed, so
 * a client that comes back continues where it was.
 */
export async function startCoinbaseVenue(options: CoinbaseVenueOptions = {}): Promise<CoinbaseVenue> {
  const { speed = 1, twice = false, subscribeWithinMs = 5_000, heartbeatMs = 1_000 } = options;
  const frames = options.frames ?? readFrames(options.recordingFile);
  const tickers = frames.map(frame => JSON.parse(frame.text) as Ticker);
  const products = new Set(options.products ?? tickers.map(ticker => ticker.product_id));
  const subscriptions = new Map<WebSocket, Set<string>>();
  const lastSent = new Map<string, { ticker: Ticker; text: string }>();
  const timers = new Set<NodeJS.Timeout>();
  let next = 0;
  let closeAfter = options.closeAfter ?? Infinity;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>(resolve => (finish = resolve));
  if (frames.length === 0) finish();

  const server = await startWsServer({
    port: options.port,
    onConnect(client) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        if (!subscriptions.has(client)) client.close(1008, 'no subscription in time');
      }, subscribeWithinMs);
      timers.add(timer);
      client.on('close', () => subscriptions.delete(client));
    },
    onText: (client, text) => subscribe(client, text),
  });

  const subscribe = (client: WebSocket, text: string): void => {
    const { type, product_ids: asked = [] } = JSON.parse(text) as { type?: string; product_ids?: string[] };
    if (type !== 'subscribe') return;
    const unknown = asked.find(product => !products.has(product));
    if (unknown !== undefined) {
      const reason = `${unknown} is not a valid product`;
      server.say(JSON.stringify({ type: 'error', message: 'Failed to subscribe', reason }), client);
      return;
    }
    const isFirst = subscriptions.size === 0;
    subscriptions.set(client, new Set(asked));
    const channels = ['ticker', 'heartbeat'].map(name => ({ name, product_ids: asked, account_ids: null }));
    server.say(JSON.stringify({ type: 'subscriptions', channels }), client);
    for (const product of asked) {
      const last = lastSent.get(product);
      if (last !== undefined) server.say(last.text, client);
    }
    if (isFirst) resume();
  };
  const sendTo = (product: string, text: string): void => {
    for (const [client, wanted] of subscriptions) if (wanted.has(product)) server.say(text, client);
  };

  let playing: NodeJS.Timeout | undefined;
  const resume = (): void => {
    if (playing === undefined && next < frames.length) step();
  };
  const step = (): void => {
    playing = undefined;
    const [frame, ticker] = [frames[next], tickers[next]];
    if (frame === undefined || ticker === undefined || subscriptions.size === 0 || server.silent) return;
    for (let time = 0; time < (twice ? 2 : 1); time += 1) sendTo(ticker.product_id, frame.text);
    lastSent.set(ticker.product_id, { ticker, text: frame.text });
    next += 1;
    const upcoming = frames[next];
    if (next >= closeAfter) {
      closeAfter = Infinity;
      server.closeClients();
      subscriptions.clear();
    } else if (upcoming !== undefined) {
      playing = setTimeout(step, (upcoming.at - frame.at) / speed);
    }
    if (upcoming === undefined) finish();
  };
  const heartbeats = setInterval(() => {
    for (const [product, { ticker }] of lastSent) {
      const { sequence, trade_id: last_trade_id } = ticker;
      const time = new Date().toISOString();
      sendTo(
        product,
        JSON.stringify({ type: 'heartbeat', sequence, last_trade_id, product_id: product, time }),
      );
    }
  }, heartbeatMs);

  return {
    ...server,
    finished,
    played: () => next,
    lastPrices: () => new Map(tickers.map(ticker => [ticker.product_id, ticker.price])),
    speak() {
      server.speak();
      resume();
    },
    async stop() {
      clearInterval(heartbeats);
      clearTimeout(playing);
      for (const timer of timers) clearTimeout(timer);
      await server.stop();
    },
  };
}

/** The ticker frames of a recording, oldest first. */
function readFrames(file: string | undefined): Frame[] {
  if (file === undefined) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as { t: number; dir: string; frame: string })
    .filter(({ dir, frame }) => dir === 'in' && frame.includes('"type":"ticker"'))
    .map(({ t, frame }) => ({ at: t, text: frame }));
}
