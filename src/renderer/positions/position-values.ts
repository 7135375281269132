import { Decimal } from 'decimal.js';
import type { EpochMs, PriceView, Token } from '../../shared/contract.ts';
import { freshnessOf, type Freshness } from '../../shared/freshness.ts';
import { markOf, type Position } from '../state/position.ts';

/**
 * A position is told when it changes and nobody vouches for it in between, so its age is judged more gently than a
 * price's: fresh for a minute, delayed for ten. The limits are ours.
 */
export const POSITION_FRESH_MS = 60_000;
export const POSITION_DELAYED_MS = 600_000;

/** How far a position's amount and PnL can be trusted at `now`. */
export function positionFreshness(position: Pick<Position, 'at'>, now: EpochMs): Freshness {
  const age = now - position.at;
  if (age <= POSITION_FRESH_MS) return 'fresh';
  return age <= POSITION_DELAYED_MS ? 'delayed' : 'stale';
}

/** Amount times mark in dollars, negative for a short position; `null` when either is not known. */
export function valueOf(position: Position, mark: PriceView | undefined): Decimal | null {
  if (position.amount === null || mark === undefined) return null;
  return new Decimal(position.amount).mul(mark.price);
}

/** Sums over all positions; `null` when nothing of it is known. */
export interface Totals {
  pnl: Decimal | null;
  value: Decimal | null;
  /** Positions that the value leaves out because their token has no price. */
  unpriced: number;
}

/** Adds up PnL and value, each over the positions that have one. */
export function totalsOf(positions: Iterable<Position>, prices: ReadonlyMap<Token, PriceView>): Totals {
  const totals: Totals = { pnl: null, value: null, unpriced: 0 };
  for (const position of positions) {
    const value = valueOf(position, markOf(prices, position.token));
    if (position.pnl !== null) totals.pnl = (totals.pnl ?? new Decimal(0)).plus(position.pnl);
    if (value !== null) totals.value = (totals.value ?? new Decimal(0)).plus(value);
    else totals.unpriced += 1;
  }
  return totals;
}

const WORST: readonly Freshness[] = ['unavailable', 'stale', 'delayed', 'fresh'];

/** The least trustworthy of several; `unavailable` of none. A mark that is not known is left out of a sum, so it does not count. */
export function worstOf(all: readonly Freshness[]): Freshness {
  const known: readonly Freshness[] = all.filter(one => one !== 'unavailable');
  return WORST.find(one => known.includes(one)) ?? 'unavailable';
}

/** The freshness of the total value at `now`: that of its oldest mark, or of its oldest position. */
export function totalFreshness(
  positions: Iterable<Position>,
  prices: ReadonlyMap<Token, PriceView>,
  now: EpochMs,
): { pnl: Freshness; value: Freshness } {
  const amounts: Freshness[] = [];
  const marks: Freshness[] = [];
  for (const position of positions) {
    amounts.push(positionFreshness(position, now));
    marks.push(freshnessOf(markOf(prices, position.token), now));
  }
  return {
    pnl: worstOf(amounts),
    value: marks.every(one => one === 'unavailable') ? 'unavailable' : worstOf([...amounts, ...marks]),
  };
}

/** In the order of the watchlist, other tokens after it by name; the same token by channel. */
export function inOrder(positions: Iterable<Position>, tokens: readonly Token[]): Position[] {
  const place = (token: Token): number => {
    const index = tokens.indexOf(token);
    return index < 0 ? tokens.length : index;
  };
  return [...positions].sort(
    (a, b) => place(a.token) - place(b.token) || compare(a.token, b.token) || compare(a.channel, b.channel),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
