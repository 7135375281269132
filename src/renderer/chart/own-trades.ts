import { Decimal } from 'decimal.js';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { OWN_TRADES } from '../../shared/channels.ts';
import type { EpochMs, Token } from '../../shared/contract.ts';
import { fromNewest, type Log } from '../state/log.ts';
import type { ScreenState } from '../state/screen-state.ts';
import type { Trade } from '../state/trade.ts';
import type { Cancel } from '../time/clock.ts';

/** How many seconds with own trades are kept per token and side together; older ones are forgotten. */
export const FILLS_KEPT = 2_048;

/** Among how many of the newest fills the second of a late trade is looked for. */
const LOOK_BACK = 16;

/** Own trades of one side within one second. */
export interface Fill {
  /** Start of the second. */
  time: EpochMs;
  side: 'buy' | 'sell';
  count: number;
  /** Their amounts together; trades that named none add nothing. */
  amount: Decimal;
}

/** Own trades by token, oldest first. */
export type OwnTrades = ReadonlyMap<Token, readonly Fill[]>;

/** What charts draw their marks from, whether they are shown or not. */
export function createOwnTrades(): StoreApi<OwnTrades> {
  return createStore<OwnTrades>(() => new Map());
}

/**
 * Gathers own trades from the tape by the second, so that a burst of them costs two entries. The tape forgets its oldest
 * trades; this remembers own ones for longer. A snapshot starts over, as the tape does.
 */
export function keepOwnTrades(store: StoreApi<OwnTrades>, screen: StoreApi<ScreenState>): Cancel {
  return screen.subscribe((state, previous) => {
    if (state.trades === previous.trades) return;
    const anew = state.generation !== previous.generation;
    const fresh = newTrades(state.trades, anew ? 0 : previous.trades.total);
    const known: OwnTrades = anew ? new Map() : store.getState();
    const next = withTrades(known, fresh);
    if (next !== store.getState()) store.setState(next, true);
  });
}

/** The fills with `trades` (oldest first) added; the same object when none of them is an own one. */
export function withTrades(known: OwnTrades, trades: readonly Trade[]): OwnTrades {
  const next = new Map<Token, Fill[]>();
  for (const trade of trades) {
    const { token, side } = trade;
    if (side === null || !trade.channel.startsWith(OWN_TRADES)) continue;
    const fills = next.get(token) ?? [...(known.get(token) ?? [])];
    next.set(token, fills);
    addFill(fills, {
      time: Math.floor(trade.at / 1_000) * 1_000,
      side,
      count: 1,
      amount: new Decimal(trade.amount ?? 0).abs(),
    });
  }
  if (next.size === 0) return known;
  const kept = [...next].map(([token, fills]) => [token, fills.slice(-FILLS_KEPT)] as const);
  return new Map([...known, ...kept]);
}

/** Adds to the fill of the same second and side when it is one of the newest, else at the end. */
function addFill(fills: Fill[], fill: Fill): void {
  for (let at = fills.length - 1; at >= Math.max(0, fills.length - LOOK_BACK); at -= 1) {
    const same = fills[at];
    if (same?.time !== fill.time || same.side !== fill.side) continue;
    fills[at] = { ...same, count: same.count + fill.count, amount: same.amount.plus(fill.amount) };
    return;
  }
  fills.push(fill);
}

function newTrades(trades: Log<Trade>, seen: number): Trade[] {
  const count = Math.min(trades.size, trades.total - seen);
  const fresh: Trade[] = [];
  for (let back = count - 1; back >= 0; back -= 1) {
    const trade = fromNewest(trades, back);
    if (trade !== undefined) fresh.push(trade);
  }
  return fresh;
}
