import { barStart, INTERVAL_MS } from '../../shared/bars.ts';
import type { Bar, EpochMs, Token } from '../../shared/contract.ts';
import { PAST_WINDOWS, type PastPrices } from '../../shared/tokens.ts';
import type { Candles } from './feed/candles.ts';

/**
 * What each token cost at the beginning of each window before `now`, from the candles: the close of the last bar that ended by then.
 * `null` where the candles do not reach that far back, or hold nothing from the minutes around that time.
 */
export function pastPrices(
  candles: Pick<Candles, 'bars'>,
  tokens: readonly Token[],
  now: EpochMs,
): Record<Token, PastPrices> {
  return Object.fromEntries(
    tokens.map(token => {
      const fine = candles.bars(token, '5s', PAST_WINDOWS.m5 / INTERVAL_MS['5s'] + 2);
      const coarse = candles.bars(token, '1m', PAST_WINDOWS.h24 / INTERVAL_MS['1m'] + 2);
      return [
        token,
        {
          m1: closeAt(fine, '5s', now - PAST_WINDOWS.m1),
          m5: closeAt(fine, '5s', now - PAST_WINDOWS.m5),
          h1: closeAt(coarse, '1m', now - PAST_WINDOWS.h1),
          h24: closeAt(coarse, '1m', now - PAST_WINDOWS.h24),
        },
      ];
    }),
  );
}

/** How many bars may be missing before the time asked for. */
const SLACK = 12;

function closeAt(bars: readonly Bar[], interval: '5s' | '1m', at: EpochMs): string | null {
  // The bar under way at that time is not over: its close is of later.
  const start = barStart(at, interval);
  const bar = bars.findLast(one => one.time < start);
  if (bar === undefined || bar.time < start - SLACK * INTERVAL_MS[interval]) return null;
  return bar.close;
}
