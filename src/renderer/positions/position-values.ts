import { Decimal } from 'decimal.js';
import type { EpochMs, PriceView, Token } from '../../shared/contract.ts';
import { freshnessOf, type Freshness } from '../../shared/freshness.ts';
import { worthOf, type Holding, type Worth } from '../../shared/holdings.ts';
import { markOf } from '../../shared/pair.ts';
import { compareTexts } from '../table/compare.ts';

/**
 * A position is told when it changes and nobody vouches for it in between, so its age is judged more gently than a
 * price's: fresh for a minute, delayed for ten. The limits are ours.
 */
export const POSITION_FRESH_MS = 60_000;
export const POSITION_DELAYED_MS = 600_000;

export type Prices = ReadonlyMap<Token, PriceView>;

/** How far a position's amount and PnL can be trusted at `now`; what its trades add up to holds until the next of them. */
export function positionFreshness({ told, at }: Pick<Holding, 'told' | 'at'>, now: EpochMs): Freshness {
  if (told === null) return 'fresh';
  const age = now - at;
  if (age <= POSITION_FRESH_MS) return 'fresh';
  return age <= POSITION_DELAYED_MS ? 'delayed' : 'stale';
}

/** The price a holding is marked to, in its own currency. */
export function holdingMark(prices: Prices, { token, quote, told }: Holding): PriceView | undefined {
  return markOf(prices, token, told === null ? quote : null);
}

/** What a holding comes to at the newest prices. */
export function holdingWorth(holding: Holding, prices: Prices, now: EpochMs): Worth {
  return worthOf(holding, holdingMark(prices, holding), now);
}

/** Sums in dollars over all holdings, and why they are not the whole truth. */
export interface Totals {
  value: Decimal | null;
  pnl: Decimal | null;
  today: Decimal | null;
  /** Holdings left out of the value: without a price, and in another currency. */
  unpriced: number;
  foreign: number;
  /** Holdings whose profit of the day is not known. */
  noToday: number;
}

/** Adds up what is known in dollars. */
export function totalsOf(holdings: readonly Holding[], prices: Prices, now: EpochMs): Totals {
  const totals: Totals = { value: null, pnl: null, today: null, unpriced: 0, foreign: 0, noToday: 0 };
  for (const holding of holdings) {
    const { value, pnl, today } = holdingWorth(holding, prices, now);
    const foreign = holding.quote !== null;
    if (foreign) totals.foreign += 1;
    else if (value === null) totals.unpriced += 1;
    else totals.value = plus(totals.value, value);
    if (pnl !== null && (!foreign || holding.told !== null)) totals.pnl = plus(totals.pnl, pnl);
    if (foreign) continue;
    if (today === null) totals.noToday += 1;
    else totals.today = plus(totals.today, today);
  }
  return totals;
}

function plus(sum: Decimal | null, more: Decimal): Decimal {
  return (sum ?? new Decimal(0)).plus(more);
}

const WORST: readonly Freshness[] = ['unavailable', 'stale', 'delayed', 'fresh'];

/** The least trustworthy of several; `unavailable` of none. A mark that is not known is left out of a sum, so it does not count. */
export function worstOf(all: readonly Freshness[]): Freshness {
  const known: readonly Freshness[] = all.filter(one => one !== 'unavailable');
  return WORST.find(one => known.includes(one)) ?? 'unavailable';
}

/** The freshness of the sums at `now`: that of the oldest mark, or of the oldest position, in each. */
export function totalFreshness(
  holdings: readonly Holding[],
  prices: Prices,
  now: EpochMs,
): { pnl: Freshness; value: Freshness; stale: number } {
  const amounts = holdings.map(holding => positionFreshness(holding, now));
  const open = holdings.filter(({ told, book }) => told !== null || book?.amount.isZero() === false);
  const marks = open.map(holding => freshnessOf(holdingMark(prices, holding), now));
  // The profit that is told was counted by its producer; only our own depends on the marks.
  const own = open.flatMap((holding, index) =>
    (holding.told?.pnl ?? null) === null ? (marks[index] ?? []) : [],
  );
  return {
    pnl: worstOf([...amounts, ...own]),
    value: marks.every(one => one === 'unavailable') ? 'unavailable' : worstOf([...amounts, ...marks]),
    stale: marks.filter(one => one === 'stale').length,
  };
}

/** In the order of the watchlist, other tokens after it by name; the same token by channel. */
export function inOrder<T extends Pick<Holding, 'token' | 'channel'>>(
  holdings: Iterable<T>,
  tokens: readonly Token[],
): T[] {
  const places = new Map(tokens.map((token, index) => [token, index]));
  const place = ({ token }: T): number => places.get(token) ?? tokens.length;
  return [...holdings].sort(
    (a, b) => place(a) - place(b) || compareTexts(a.token, b.token) || compareTexts(a.channel, b.channel),
  );
}
