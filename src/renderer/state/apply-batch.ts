import type { Bar, Batch, BookView, EpochMs, FeedEvent, StatusView, Token } from '../../shared/contract.ts';
import { decimalsOf, roundPrice } from '../../shared/price-format.ts';
import type { Admitted } from './admit.ts';
import { bookKey } from '../../shared/holdings.ts';
import { mergeComponents } from './component-status.ts';
import { appendLog } from './log.ts';
import { mergeBar } from './merge-bars.ts';
import { mergePositions } from './position.ts';
import {
  CLOCK_SAMPLES,
  EMPTY_SCREEN,
  SECONDS_KEPT,
  TRADES_KEPT,
  TRAIL_KEPT,
  type ScreenState,
  type TrailPoint,
} from './screen-state.ts';
import { tradeOf } from './trade.ts';

/**
 * The one way the screen changes: the state after `batch`, which arrived at `now` (local clock). Pure. A snapshot
 * replaces what is known, an update adds to it.
 */
export function applyBatch(state: ScreenState, { batch, duplicates }: Admitted, now: EpochMs): ScreenState {
  const fresh = batch.kind === 'snapshot';
  const prices = new Map(fresh ? [] : state.prices);
  const decimals = new Map(state.decimals);
  for (const price of batch.prices) {
    prices.set(price.token, price);
    decimals.set(price.token, Math.max(decimals.get(price.token) ?? 0, decimalsOf(roundPrice(price.price))));
  }
  const status = batch.status ?? state.status;
  const generation = state.generation + (fresh ? 1 : 0);
  return {
    seq: batch.seq,
    receivedAt: now,
    duplicates: state.duplicates + duplicates,
    generation,
    clockSamples: [...(fresh ? [] : state.clockSamples.slice(1 - CLOCK_SAMPLES)), batch.at - now],
    tokens: tokensOf(state, status),
    prices: batch.prices.length === 0 && !fresh ? state.prices : prices,
    decimals: batch.prices.length === 0 ? state.decimals : decimals,
    bars: mergeAll(fresh ? new Map() : state.bars, batch),
    books: mergeBooks(fresh ? EMPTY_SCREEN.books : state.books, batch.books),
    ...applyEvents(fresh ? EMPTY_SCREEN : state, batch),
    pools: batch.pools ?? (fresh ? null : state.pools),
    status,
    trail: batch.status === null ? state.trail : append(state.trail, [trailPoint(batch.status)], TRAIL_KEPT),
    missed: state.missed + batch.missed,
    startedAnew: fresh && batch.missed > 0 ? { generation, missed: batch.missed } : state.startedAnew,
  };
}

/**
 * The events by kind: trades onto the tape, positions and statuses to the newest of each. A type that is not known here is
 * applied by nobody; the events browser shows it.
 */
function applyEvents(
  state: ScreenState,
  batch: Batch,
): Pick<ScreenState, 'trades' | 'tradeChannels' | 'positions' | 'components'> {
  const ofType = (type: string): FeedEvent[] => batch.events.filter(event => event.type === type);
  const trades = ofType('trade_executed');
  return {
    trades: appendLog(state.trades, trades.map(tradeOf), TRADES_KEPT),
    tradeChannels: withChannels(state.tradeChannels, trades),
    positions: mergePositions(state.positions, [...batch.positions, ...ofType('position_update')]),
    components: mergeComponents(state.components, ofType('system_status')),
  };
}

/** The same map while no book changed. */
function mergeBooks(
  known: ReadonlyMap<string, BookView>,
  changed: readonly BookView[],
): ReadonlyMap<string, BookView> {
  if (changed.length === 0) return known;
  const merged = new Map(known);
  for (const book of changed) merged.set(bookKey(book), book);
  return merged;
}

/** The same set while nothing is added to it. */
function withChannels(known: ReadonlySet<string>, events: readonly FeedEvent[]): ReadonlySet<string> {
  const fresh = events.map(event => event.channel).filter(channel => !known.has(channel));
  return fresh.length === 0 ? known : new Set([...known, ...fresh]);
}

/** The same list object while its content is the same, so that nothing that reads it draws again. */
function tokensOf(state: ScreenState, status: StatusView | null): readonly Token[] {
  const tokens = status?.tokens ?? [];
  const same =
    tokens.length === state.tokens.length && tokens.every((token, index) => token === state.tokens[index]);
  return same ? state.tokens : tokens;
}

function mergeAll(
  bars: ReadonlyMap<Token, readonly Bar[]>,
  batch: Batch,
): ReadonlyMap<Token, readonly Bar[]> {
  if (batch.bars.length === 0) return bars;
  const merged = new Map(bars);
  for (const { token, ...bar } of batch.bars) {
    merged.set(token, mergeBar(merged.get(token) ?? [], bar, SECONDS_KEPT));
  }
  return merged;
}

function append<T>(list: readonly T[], more: readonly T[], keep: number): readonly T[] {
  return more.length === 0 ? list : [...list, ...more].slice(-keep);
}

function trailPoint(status: StatusView): TrailPoint {
  return {
    at: status.at,
    lagMs: status.subscription.lagMs,
    redisMs: status.redis.latencyMs,
    eventsPerSecond: status.feed.eventsPerSecond,
    batchesPerSecond: status.feed.batchesPerSecond,
  };
}
