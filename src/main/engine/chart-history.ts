import { barStart, foldBars, INTERVAL_MS } from '../../shared/bars.ts';
import type { Bar, Commands, EpochMs, MarketMode } from '../../shared/contract.ts';
import type { Clock } from './clock.ts';
import type { Candles } from './feed/candles.ts';
import type { Series } from './ledger/candle-series.ts';
import { mergeBars, type CandleStore } from './ledger/candle-store.ts';

/** Answers `chart.history`; see the contract. */
export type ChartHistory = (
  args: Commands['chart.history']['args'],
) => Promise<Commands['chart.history']['result']>;

const DAY_MS = 86_400_000;
/** A look at the ledger covers this much time at most: some 90,000 minutes are folded by the server in a moment. */
const MOST_SPAN_MS = 60 * DAY_MS;
/** Looks for one answer; an answer with fewer bars than asked for can be continued. */
const MOST_LOOKS = 8;

/**
 * Makes the way back into the past of a chart: what is in memory, what Redis keeps of the last day, and the ledger, joined and
 * folded to the interval asked for. A stretch without prices is stepped over.
 */
export function createChartHistory(deps: {
  candles: Candles;
  store: CandleStore;
  clock: Clock;
  market: () => MarketMode;
}): ChartHistory {
  const { candles, store, clock } = deps;

  return async ({ token, interval, before, limit }) => {
    const length = INTERVAL_MS[interval];
    const stored = length < INTERVAL_MS['1m'] ? '1s' : '1m';
    const series: Series = { market: deps.market(), token, interval: stored };
    const ring = (): Bar[] => candles.bars(token, stored, Infinity);
    /** Before this the ledger alone is asked, and folds. */
    const edge = Math.min(
      barStart(clock.now() - DAY_MS, interval),
      barStart(candles.oldest(token, stored) ?? Infinity, interval),
    );

    const load = async (from: EpochMs, to: EpochMs): Promise<Bar[]> => {
      const [far, near] = await Promise.all([
        from < edge ? store.folded(series, from, Math.min(to, edge), length) : [],
        to > edge ? store.read(series, Math.max(from, edge), to) : [],
      ]);
      const live = ring().filter(({ time }) => time >= Math.max(from, edge) && time < to);
      return [...far, ...foldBars(mergeBars(near, live), interval)];
    };
    const lastBefore = async (time: EpochMs): Promise<EpochMs | undefined> => {
      const inRing = ring().findLast(bar => bar.time < time)?.time ?? -Infinity;
      const found = Math.max(inRing, (await store.newestBefore(series, time)) ?? -Infinity);
      return Number.isFinite(found) ? found : undefined;
    };

    const bars: Bar[] = [];
    let to = Math.min(before, Number.MAX_SAFE_INTEGER - length);
    for (let look = 0; look < MOST_LOOKS && bars.length < limit; look += 1) {
      const newest = await lastBefore(to);
      if (newest === undefined) return { bars, complete: true };
      to = barStart(newest, interval) + length;
      const span = Math.min((limit - bars.length) * length, Math.max(length, MOST_SPAN_MS));
      const from = Math.max(0, to - span);
      const found = (await load(barStart(from, interval), to)).filter(({ time }) => time < before);
      bars.unshift(...found);
      to = barStart(from, interval);
    }
    const answer = bars.slice(-limit);
    const first = answer[0]?.time;
    return { bars: answer, complete: first === undefined || (await lastBefore(first)) === undefined };
  };
}
