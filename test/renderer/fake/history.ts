import { INTERVAL_MS, barStart } from '../../../src/shared/bars.ts';
import type { Bar, EpochMs, Interval } from '../../../src/shared/contract.ts';
import { MARKETS, barAt } from './market.ts';

/** How long the invented market has existed, in bars of any interval. */
const AGE_BARS = 3_000;

/** The newest bars before `before`, oldest first. There are none for about ten bars in every five hundred: nobody traded. */
export function barsBefore(
  token: string,
  interval: Interval,
  before: EpochMs,
  limit: number,
): { bars: Bar[]; complete: boolean } {
  const market = MARKETS.find(one => one.token === token);
  const now = Date.now();
  const length = INTERVAL_MS[interval];
  const end = Math.min(Math.ceil(before / length), barStart(now, interval) / length + 1);
  const begin = barStart(now, interval) / length - AGE_BARS;
  const bars: Bar[] = [];
  let place = end - 1;
  if (market === undefined) return { bars, complete: true };
  for (; place >= begin && bars.length < limit; place -= 1) {
    if (place % 500 < 10) continue;
    bars.push(barAt(market, place * length, Math.min(now, (place + 1) * length)));
  }
  return { bars: bars.reverse(), complete: place < begin };
}
