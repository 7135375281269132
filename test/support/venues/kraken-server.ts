import type { WebSocket } from 'ws';
import { startWsServer, type WsVenue } from './ws-venue.ts';

/** A book's top and last trade, as the decimal text Kraken would write (`76.90`); a side left out is left out of the frame. */
export interface KrakenTicker {
  bid?: string;
  ask?: string;
  last?: string;
  /** RFC 3339. */
  timestamp?: string;
}

/** A local Kraken WebSocket v2. */
export interface KrakenVenue extends WsVenue {
  /** Sends an update with just these fields to the symbol's subscribers, and keeps them for later snapshots. */
  tick(symbol: string, ticker: KrakenTicker): void;
  /** Sends a `status` frame; anything but `online` means that the market is closed. */
  system(state: string): void;
}

/**
 * Starts a Kraken WebSocket v2 with these symbols. It speaks as the real one does: `status` on connect, one answer per symbol
 * asked (an unknown one is refused by name), a snapshot each, numbers as bare JSON numbers, and a heartbeat only in
 * intervals in which nothing else was sent.
 */
export async function startKrakenVenue(options: {
  tickers: Readonly<Record<string, KrakenTicker>>;
  /** Default 1000. */
  heartbeatMs?: number;
  /** 0 (default) takes a free one. */
  port?: number;
}): Promise<KrakenVenue> {
  const tickers = new Map(Object.entries(options.tickers));
  const subscriptions = new Map<WebSocket, Set<string>>();
  let saidSomething = false;
  let state = 'online';
  const server = await startWsServer({
    port: options.port,
    onConnect(client) {
      server.say(statusFrame(state), client);
      client.on('close', () => subscriptions.delete(client));
    },
    onText: (client, text) => subscribe(client, text),
  });
  const say = (frame: string, to?: WebSocket): void => {
    saidSomething = true;
    server.say(frame, to);
  };
  const subscribe = (client: WebSocket, text: string): void => {
    const request = JSON.parse(text) as { method?: string; params?: { symbol?: string[] }; req_id?: number };
    if (request.method !== 'subscribe') return;
    const wanted = subscriptions.get(client) ?? new Set();
    subscriptions.set(client, wanted);
    for (const symbol of request.params?.symbol ?? []) {
      const ticker = tickers.get(symbol);
      const common = { method: 'subscribe', success: ticker !== undefined, req_id: request.req_id };
      if (ticker === undefined) {
        say(JSON.stringify({ error: `Currency pair not supported ${symbol}`, symbol, ...common }), client);
        continue;
      }
      wanted.add(symbol);
      say(
        JSON.stringify({
          result: { channel: 'ticker', event_trigger: 'bbo', snapshot: true, symbol },
          ...common,
        }),
        client,
      );
      say(tickerFrame('snapshot', symbol, ticker), client);
    }
  };
  const heartbeats = setInterval(() => {
    if (!saidSomething) server.say('{"channel":"heartbeat"}');
    saidSomething = false;
  }, options.heartbeatMs ?? 1_000);

  return {
    ...server,
    tick(symbol, ticker) {
      tickers.set(symbol, { ...tickers.get(symbol), ...ticker });
      for (const [client, wanted] of subscriptions) {
        if (wanted.has(symbol)) say(tickerFrame('update', symbol, ticker), client);
      }
    },
    system(next) {
      state = next;
      say(statusFrame(state));
    },
    async stop() {
      clearInterval(heartbeats);
      await server.stop();
    },
  };
}

function statusFrame(system: string): string {
  const data = [{ version: '2.0.10', system, api_version: 'v2', connection_id: 1 }];
  return JSON.stringify({ channel: 'status', type: 'update', data });
}

/** Written by hand: the digits go out as they are, not through a float. */
function tickerFrame(
  type: 'snapshot' | 'update',
  symbol: string,
  { timestamp, ...numbers }: KrakenTicker,
): string {
  const fields = [
    `"symbol":${JSON.stringify(symbol)}`,
    ...Object.entries(numbers).map(([name, digits]) => `"${name}":${digits}`),
    ...(timestamp === undefined ? [] : [`"timestamp":${JSON.stringify(timestamp)}`]),
  ];
  return `{"channel":"ticker","type":"${type}","data":[{${fields.join(',')}}]}`;
}
