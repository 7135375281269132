import { barStart } from '../../../src/shared/bars.ts';
import type { Commands, EpochMs, FeedEvent, PriceView, TokenBar } from '../../../src/shared/contract.ts';
import type { Moment, MomentPiece } from '../../../src/shared/moments.ts';
import { barAt, MARKETS, priceAt } from './market.ts';
import { positionEvents, tradeEvent } from './trading.ts';

/** How far the invented past reaches back, and how often something was traded in it. */
const PAST_MS = 3 * 86_400_000;
const TRADE_EVERY_MS = 640;
const TICK_MS = 500;

/** Answers the commands of time travel: any moment of an invented past, the same each time it is asked for. */
export function answerMoments(command: string, args: Record<string, unknown>): unknown {
  const now = Date.now();
  if (command === 'moment.range') return { from: now - PAST_MS, to: now, ledger: true };
  if (command === 'moment.density') {
    const { since, until, buckets } = args as Commands['moment.density']['args'];
    const width = (until - since) / buckets;
    return {
      counts: Array.from({ length: buckets }, (_, index) => {
        const at = since + index * width;
        return at > now ? 0 : Math.round(3 + 9 * Math.abs(Math.sin(at / 173_000) * Math.sin(at / 19_000)));
      }),
    };
  }
  if (command === 'moment.read') return momentAt(Number(args['at']));
  return pieceOf(args as Commands['moment.play']['args']);
}

function momentAt(at: EpochMs): Moment {
  return {
    at,
    prices: MARKETS.map(market => viewAt(market.token, Math.floor(at / TICK_MS) * TICK_MS)),
    events: tradesBetween(at - 60 * TRADE_EVERY_MS, at),
    positions: positionEvents(Math.floor(at / 60_000), at - 1_000),
    books: [],
    statuses: [report('redis', 'up', at), report('ledger', 'up', at), report('source:kraken', 'silent', at)],
    note: null,
  };
}

function pieceOf({ since, until, stepMs }: Commands['moment.play']['args']): MomentPiece {
  const step = Math.max(stepMs, TICK_MS);
  const times: EpochMs[] = [];
  for (let at = Math.ceil((since + 1) / step) * step; at <= until; at += step) times.push(at);
  const seconds = new Set(times.map(at => barStart(at, '1s')));
  return {
    until,
    prices: times.flatMap(at => MARKETS.map(({ token }) => viewAt(token, at))),
    bars: [...seconds].flatMap(time =>
      MARKETS.map((market): TokenBar => ({ token: market.token, ...barAt(market, time, time + 1_000) })),
    ),
    events: tradesBetween(since, until),
    books: [],
    note: null,
  };
}

function tradesBetween(since: EpochMs, until: EpochMs): FeedEvent[] {
  const trades: FeedEvent[] = [];
  for (let number = Math.floor(since / TRADE_EVERY_MS) + 1; number * TRADE_EVERY_MS <= until; number += 1)
    trades.push({ ...tradeEvent(number, number * TRADE_EVERY_MS), eventId: `past-${number}` });
  return trades;
}

function viewAt(token: string, at: EpochMs): PriceView {
  const market = MARKETS.find(one => one.token === token);
  if (market === undefined) throw new Error(`There is no market of ${token}.`);
  return {
    token,
    price: priceAt(market, at),
    source: market.source,
    timestamp: at - 40,
    validUntil: at + 2_000,
    publishedAt: at,
    sourceTime: null,
    dayOpen: market.open,
    dayOpenAt: Math.floor(at / 86_400_000) * 86_400_000 + 400,
    eventId: `past-${token}-${at}`,
    sequence: null,
  };
}

function report(component: string, status: string, at: EpochMs): FeedEvent {
  return {
    eventId: `report-${component}-${at}`,
    channel: 'system:events',
    type: 'system_status',
    source: 'tenhertz:invented',
    timestamp: at - 20_000,
    sequence: null,
    data: { component, status, message: '', facts: { latencyMs: 0.4 } },
  };
}
