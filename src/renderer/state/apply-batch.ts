import type { Bar, Batch, EpochMs, StatusView, Token } from '../../shared/contract.ts';
import { decimalsOf, roundPrice } from '../../shared/price-format.ts';
import type { Admitted } from './admit.ts';
import { mergeBar } from './merge-bars.ts';
import {
  CLOCK_SAMPLES,
  EVENTS_KEPT,
  SECONDS_KEPT,
  TRAIL_KEPT,
  type ScreenState,
  type TrailPoint,
} from './screen-state.ts';

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
  return {
    seq: batch.seq,
    receivedAt: now,
    duplicates: state.duplicates + duplicates,
    generation: state.generation + (fresh ? 1 : 0),
    clockSamples: [...(fresh ? [] : state.clockSamples.slice(1 - CLOCK_SAMPLES)), batch.at - now],
    tokens: tokensOf(state, status),
    prices: batch.prices.length === 0 && !fresh ? state.prices : prices,
    decimals: batch.prices.length === 0 ? state.decimals : decimals,
    bars: mergeAll(fresh ? new Map() : state.bars, batch),
    events: fresh ? batch.events : append(state.events, batch.events, EVENTS_KEPT),
    status,
    trail: batch.status === null ? state.trail : append(state.trail, [trailPoint(batch.status)], TRAIL_KEPT),
    missed: state.missed + batch.missed,
  };
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
