import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the next calls get in place of prices. */
export type JupiterAnswer =
  | { status: number; headers?: Record<string, string>; body?: string }
  /** Takes the call and never answers. */
  | 'hang'
  /** Sends half of the body and cuts the connection. */
  | 'half-body';

/** A local Jupiter price API v3. */
export interface JupiterVenue {
  /** `http://127.0.0.1:PORT`, for `TENHERTZ_JUPITER_URL`. */
  readonly url: string;
  /** The calls so far. */
  readonly requests: readonly { path: string; ids: string[]; apiKey: string | undefined; at: number }[];
  /** Prices by mint, as the decimal text Jupiter would write; a mint that is not here is left out of answers. */
  readonly prices: Map<string, string>;
  /** The block every price is said to be of; `null` as Jupiter sometimes says. */
  block: number | null;
  /** Answers the next `times` calls (default: all) with this; `undefined` goes back to prices. */
  answer(next: JupiterAnswer | undefined, times?: number): void;
  stop(): Promise<void>;
}

/** Starts a Jupiter price API that answers with {@link JupiterVenue.prices}. */
export async function startJupiterVenue(
  prices: Readonly<Record<string, string>> = {},
): Promise<JupiterVenue> {
  const requests: { path: string; ids: string[]; apiKey: string | undefined; at: number }[] = [];
  let planned: { what: JupiterAnswer; times: number } | undefined;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const ids = (url.searchParams.get('ids') ?? '').split(',');
    const key = request.headers['x-api-key'];
    requests.push({
      path: url.pathname,
      ids,
      apiKey: typeof key === 'string' ? key : undefined,
      at: Date.now(),
    });
    const what = planned?.what;
    if (planned !== undefined && --planned.times <= 0) planned = undefined;
    respond(response, what, pricesBody(ids, venue.prices, venue.block));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const venue: JupiterVenue = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    prices: new Map(Object.entries(prices)),
    block: 381_004_023,
    answer(next, times = Infinity) {
      planned = next === undefined ? undefined : { what: next, times };
    },
    stop() {
      server.closeAllConnections();
      return new Promise(resolve => server.close(() => resolve()));
    },
  };
  return venue;
}

function respond(response: ServerResponse, what: JupiterAnswer | undefined, body: string): void {
  if (what === 'hang') return;
  if (what === 'half-body') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.write(body.slice(0, Math.floor(body.length / 2)), () => response.destroy());
    return;
  }
  response.writeHead(what?.status ?? 200, { 'content-type': 'application/json', ...what?.headers });
  response.end(what === undefined ? body : (what.body ?? ''));
}

/** Written by hand: the digits go out as they are, not through a float. */
function pricesBody(
  ids: readonly string[],
  prices: ReadonlyMap<string, string>,
  block: number | null,
): string {
  const entries = ids.flatMap(id => {
    const price = prices.get(id);
    const rest = `"blockId":${block},"decimals":9,"liquidity":1.5,"createdAt":"2024-06-05T08:55:25.527Z","priceChange24h":null`;
    return price === undefined ? [] : [`${JSON.stringify(id)}:{"usdPrice":${price},${rest}}`];
  });
  return `{${entries.join(',')}}`;
}
