import { createStore, type StoreApi } from 'zustand/vanilla';
import { freshnessOf, type Freshness } from '../../shared/freshness.ts';
import type { EpochMs, Token } from '../../shared/contract.ts';
import { engineNow, type ScreenState } from './screen-state.ts';

/** Without a batch for this long the screen is no longer live (a status alone comes twice a second). */
export const SILENT_AFTER_MS = 1_000;

/** Without a batch for this long the engine is given up for lost; the bridge keeps trying all the same. */
export const LOST_AFTER_MS = 10_000;

export type Connection = 'connecting' | 'live' | 'reconnecting' | 'lost';

/** How many tokens of the watchlist are how trustworthy. */
export type FreshnessCounts = Readonly<Record<Freshness, number>>;

/** What changes by the passing of time alone. Kept apart from the screen's data, and set only when it differs. */
export interface Vitals {
  connection: Connection;
  counts: FreshnessCounts;
  /** Of every token of the watchlist. */
  freshness: ReadonlyMap<Token, Freshness>;
  /** Painted batches a second. */
  screenHz: number;
}

/** What the batches alone say about the connection: an open socket proves nothing. */
export function connectionAt(receivedAt: EpochMs | null, startedAt: EpochMs, now: EpochMs): Connection {
  const silentFor = now - (receivedAt ?? startedAt);
  if (silentFor >= LOST_AFTER_MS) return 'lost';
  if (receivedAt === null) return 'connecting';
  return silentFor >= SILENT_AFTER_MS ? 'reconnecting' : 'live';
}

/** The vitals at local time `now`. */
export function readVitals(
  state: ScreenState,
  given: { startedAt: EpochMs; now: EpochMs; screenHz: number },
): Vitals {
  const engine = engineNow(state, given.now);
  const counts = { fresh: 0, delayed: 0, stale: 0, unavailable: 0 };
  const freshness = new Map<Token, Freshness>();
  for (const token of state.tokens) {
    const one = freshnessOf(state.prices.get(token), engine);
    counts[one] += 1;
    freshness.set(token, one);
  }
  return {
    connection: connectionAt(state.receivedAt, given.startedAt, given.now),
    counts,
    freshness,
    screenHz: given.screenHz,
  };
}

export function createVitals(): StoreApi<Vitals> {
  return createStore<Vitals>(() => ({
    connection: 'connecting',
    counts: { fresh: 0, delayed: 0, stale: 0, unavailable: 0 },
    freshness: new Map(),
    screenHz: 0,
  }));
}

/** Sets the vitals if they differ; the objects inside keep their identity while their content is the same. */
export function setVitals(store: StoreApi<Vitals>, next: Vitals): void {
  const now = store.getState();
  const sameCounts =
    now.counts.fresh === next.counts.fresh &&
    now.counts.delayed === next.counts.delayed &&
    now.counts.stale === next.counts.stale &&
    now.counts.unavailable === next.counts.unavailable;
  const sameFreshness =
    now.freshness.size === next.freshness.size &&
    [...next.freshness].every(([token, freshness]) => now.freshness.get(token) === freshness);
  const same =
    sameCounts && sameFreshness && now.connection === next.connection && now.screenHz === next.screenHz;
  if (same) return;
  store.setState({
    ...next,
    counts: sameCounts ? now.counts : next.counts,
    freshness: sameFreshness ? now.freshness : next.freshness,
  });
}
