import type { Batch, EpochMs, FeedEvent, StatusView, TokenBar } from '../../../shared/contract.ts';
import type { AlertNews } from '../alerts/news.ts';
import type { BatchFrame } from '../engine.ts';
import { alertPart, hasAlertNews, type AlertCursor } from './alert-part.ts';
import type { Changed } from './candles.ts';
import { barBytes, bookBytes, fitting, priceBytes, sum } from './batch-sizes.ts';
import { jsonSize } from './json-size.ts';
import type { Projections } from './projections.ts';
import type { PoolNews } from '../updater/pool-keeper.ts';

/** How far a window has been told: versions of prices, bars and alerts, index of the next event, number of the last status. */
export interface Cursor extends AlertCursor {
  generation: number;
  prices: number;
  bars: number;
  books: number;
  events: number;
  status: number;
  pools: number;
}

export interface BatchLimits {
  /** Events in one batch, prices not counted. */
  maxEvents: number;
  /** Bytes of one batch as JSON, roughly; a single event larger than this still goes, alone. */
  maxBytes: number;
  /** Events a snapshot starts with: the newest ones. */
  snapshotEvents: number;
}

/** What the feed knows besides the projections. */
export interface BatchContext {
  seq: number;
  at: EpochMs;
  status: StatusView | null;
  /** Number of that status; rises with each. */
  statusNumber: number;
  /** The watched pools, and their number, which rises with each change. */
  pools: PoolNews;
  news: AlertNews;
}

export interface BuiltBatch {
  frame: BatchFrame;
  /** Where a window stands that has got it. */
  next: Cursor;
  /** False when the batch was full: the next one may follow as soon as this one is confirmed. */
  complete: boolean;
}

/** The batch without its lists as JSON: never more than this. */
const FRAME_BYTES = 240;
/**
 * Part of a snapshot that positions may take: about 150 of usual size in 64 KB, the ones that changed last. The others come
 * to the window when they change.
 */
const POSITIONS_SHARE = 0.5;
/** Parts of what is left that prices, bars and books may claim when events would fill it. */
const PRICES_SHARE = 0.3;
const BARS_SHARE = 0.2;
const BOOKS_SHARE = 0.2;

/** What happened since `cursor`, as far as it fits. */
export function buildUpdate(
  projections: Projections,
  cursor: Cursor,
  context: BatchContext,
  limits: BatchLimits,
): BuiltBatch {
  const bars = projections.candles.changedSince(cursor.bars);
  const { parts, next } = collect(projections, cursor, bars, context, limits);
  return built(projections, { ...parts, kind: 'update', positions: [], missed: 0 }, next, context);
}

/**
 * Everything a window needs to start: all prices, the newest 1 s bar of each token as far as they fit (history is asked
 * for), the newest position of each token in each channel up to half of the batch, the books kept from trades, the newest
 * events, the status. What does not fit follows as updates, positions excepted.
 *
 * @param from where the window stood before, for the number of events it missed; `undefined` for a new window
 */
export function buildSnapshot(
  projections: Projections,
  from: Cursor | undefined,
  context: BatchContext,
  limits: BatchLimits,
): BuiltBatch {
  const { candles, events } = projections;
  const start = Math.max(events.start, events.head - limits.snapshotEvents);
  const bars = candles.newest().map(value => ({ version: candles.version, value }));
  const cursor = {
    generation: projections.generation,
    prices: 0,
    bars: 0,
    books: 0,
    events: start,
    status: -1,
    pools: -1,
  };
  const alerts = { alerts: -1, deliveries: from?.deliveries ?? context.news.head };
  const positions = projections.positions.newest(limits.maxBytes * POSITIONS_SHARE);
  const rest = { ...limits, maxBytes: limits.maxBytes - positions.bytes };
  const { parts, next } = collect(projections, { ...cursor, ...alerts }, bars, context, rest);
  const missed = from === undefined ? 0 : Math.max(0, start - from.events);
  return built(
    projections,
    { ...parts, kind: 'snapshot', positions: positions.events, missed },
    { ...next, bars: candles.version },
    context,
  );
}

function collect(
  projections: Projections,
  cursor: Cursor,
  changedBars: Changed<TokenBar>[],
  context: BatchContext,
  limits: BatchLimits,
): { parts: Omit<Batch, 'kind' | 'positions' | 'missed'>; next: Cursor } {
  const changedPrices = projections.pricesSince(cursor.prices);
  const changedBooks = projections.books.changedSince(cursor.books);
  const pools = cursor.pools === context.pools.number ? null : [...context.pools.views];
  const status = cursor.status === context.statusNumber ? null : context.status;
  const whole =
    limits.maxBytes -
    FRAME_BYTES -
    (status === null ? 0 : jsonSize(status)) -
    (pools === null ? 0 : jsonSize(pools));
  const told = alertPart(context.news, cursor, whole);
  const budget = whole - told.bytes;
  const priceSizes = changedPrices.map(priceBytes);
  const barSizes = changedBars.map(barBytes);
  const bookSizes = changedBooks.map(bookBytes);
  const pricesClaim = Math.min(sum(priceSizes), budget * PRICES_SHARE);
  const barsClaim = Math.min(sum(barSizes), budget * BARS_SHARE);
  const booksClaim = Math.min(sum(bookSizes), budget * BOOKS_SHARE);

  const events: FeedEvent[] = [];
  let left = budget - pricesClaim - barsClaim - booksClaim;
  let used = 0;
  for (let index = cursor.events; events.length < limits.maxEvents; index += 1) {
    const next = projections.events.at(index);
    if (next === undefined) break;
    left -= next.bytes + 1;
    if (left < 0 && events.length > 0) break;
    used += next.bytes + 1;
    events.push(next.event);
  }
  const prices = changedPrices.slice(0, fitting(priceSizes, budget - used - barsClaim - booksClaim));
  const pricesUsed = sum(priceSizes.slice(0, prices.length));
  const bars = changedBars.slice(0, fitting(barSizes, budget - used - pricesUsed - booksClaim));
  const barsUsed = sum(barSizes.slice(0, bars.length));
  const books = changedBooks.slice(0, fitting(bookSizes, budget - used - pricesUsed - barsUsed));
  return {
    parts: {
      seq: context.seq,
      at: context.at,
      prices: prices.map(({ value }) => value),
      bars: bars.map(({ value }) => value),
      books: books.map(({ value }) => value),
      events,
      pools,
      status,
      alerts: told.alerts,
      deliveries: told.deliveries,
    },
    next: {
      generation: cursor.generation,
      prices: reached(prices, changedPrices, projections.version, cursor.prices),
      bars: reached(bars, changedBars, projections.candles.version, cursor.bars),
      books: reached(books, changedBooks, projections.books.version, cursor.books),
      events: cursor.events + events.length,
      status: context.statusNumber,
      pools: context.pools.number,
      ...told.next,
    },
  };
}

function built(projections: Projections, batch: Batch, next: Cursor, context: BatchContext): BuiltBatch {
  let json: string | undefined;
  const frame: BatchFrame = {
    batch,
    get json() {
      return (json ??= JSON.stringify(batch));
    },
  };
  return { frame, next, complete: !hasNews(projections, next, context) };
}

/** Whether a window that stands at `cursor` can be told something. */
export function hasNews(
  projections: Projections,
  cursor: Cursor,
  { statusNumber, pools, news }: Pick<BatchContext, 'statusNumber' | 'pools' | 'news'>,
): boolean {
  return (
    cursor.generation !== projections.generation ||
    cursor.events !== projections.events.head ||
    cursor.prices !== projections.version ||
    cursor.bars !== projections.candles.version ||
    cursor.books !== projections.books.version ||
    cursor.status !== statusNumber ||
    cursor.pools !== pools.number ||
    hasAlertNews(news, cursor)
  );
}

/** The version told up to: all of it, or that of the last item that fitted. */
function reached(
  taken: Changed<unknown>[],
  all: Changed<unknown>[],
  version: number,
  before: number,
): number {
  return taken.length === all.length ? version : (taken.at(-1)?.version ?? before);
}
