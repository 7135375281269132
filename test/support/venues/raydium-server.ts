import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the venue says in place of pools. */
export type RaydiumAnswer = { status: number; headers?: Record<string, string>; body?: string } | 'hang';

/** A local Raydium API v3: `pools/info/ids` and `pools/info/mint`. */
export interface RaydiumVenue {
  /** `http://127.0.0.1:PORT`, for `TENHERTZ_RAYDIUM_URL`. */
  readonly url: string;
  /** Paths with queries, in order. */
  readonly requests: readonly string[];
  /** Pools as JSON text by address; one that is not here is `null` in answers. */
  readonly pools: Map<string, string>;
  /** Addresses by the two mints as they are asked, `mint1,mint2`; the first is the largest. */
  readonly pairs: Map<string, string>;
  /** Answers the next `times` calls (default: all) with this; `undefined` goes back to pools. */
  answer(next: RaydiumAnswer | undefined, times?: number): void;
  stop(): Promise<void>;
}

/** Starts a Raydium API that answers with {@link RaydiumVenue.pools}; digits go out as they are written. */
export async function startRaydiumVenue(): Promise<RaydiumVenue> {
  const requests: string[] = [];
  let planned: { what: RaydiumAnswer; times: number } | undefined;
  const pools = new Map<string, string>();
  const pairs = new Map<string, string>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    requests.push(`${url.pathname}${url.search}`);
    const what = planned?.what;
    if (planned !== undefined && --planned.times <= 0) planned = undefined;
    if (what === 'hang') return;
    if (what !== undefined) {
      send(response, what.status, what.body ?? '', what.headers);
      return;
    }
    if (url.pathname === '/pools/info/ids') {
      const ids = (url.searchParams.get('ids') ?? '').split(',');
      send(response, 200, envelope(`[${ids.map(id => pools.get(id) ?? 'null').join(',')}]`));
      return;
    }
    const pair = `${url.searchParams.get('mint1') ?? ''},${url.searchParams.get('mint2') ?? ''}`;
    const found = pools.get(pairs.get(pair) ?? '') ?? '';
    send(response, 200, envelope(`{"count":1,"data":[${found}],"hasNextPage":false}`));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    pools,
    pairs,
    answer(next, times = Infinity) {
      planned = next === undefined ? undefined : { what: next, times };
    },
    stop() {
      server.closeAllConnections();
      return new Promise(resolve => server.close(() => resolve()));
    },
  };
}

function envelope(data: string): string {
  return `{"id":"0f1c2a34","success":true,"data":${data}}`;
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body);
}

/** A pool as Raydium writes it, with the fields that are read. */
export function poolJson(over: {
  id: string;
  mintA: string;
  mintB: string;
  amountA?: string;
  amountB?: string;
  tvl?: string;
  type?: string;
}): string {
  const { id, mintA, mintB, amountA = '716528.167', amountB = '13457.121', tvl = '4070000.5' } = over;
  return `{"type":"${over.type ?? 'Standard'}","id":"${id}","mintA":{"address":"${mintA}","symbol":"X","decimals":9},"mintB":{"address":"${mintB}","symbol":"","decimals":6},"price":0.018781,"mintAmountA":${amountA},"mintAmountB":${amountB},"feeRate":0.0025,"tvl":${tvl},"day":{"volume":3880000.25,"apr":1}}`;
}
