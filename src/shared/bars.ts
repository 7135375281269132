import { Decimal } from 'decimal.js';
import type { Bar, DecimalString, EpochMs, Interval } from './contract.ts';

/** Length of each interval in ms. */
export const INTERVAL_MS: Readonly<Record<Interval, number>> = {
  '1s': 1_000,
  '5s': 5_000,
  '15s': 15_000,
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '4h': 14_400_000,
  '1d': 86_400_000,
};

/** Start of the bar that `time` belongs to. Bars start at whole multiples of their interval since the epoch. */
export function barStart(time: EpochMs, interval: Interval): EpochMs {
  const length = INTERVAL_MS[interval];
  return Math.floor(time / length) * length;
}

/**
 * The bar after one more price, which becomes its close. Never changes `bar`.
 *
 * @param bar the bar so far, or `undefined` for its first price
 * @param start start of the bar; see {@link barStart}
 * @param price a plain decimal text, kept as it is
 */
export function foldBar(bar: Bar | undefined, start: EpochMs, price: DecimalString): Bar {
  if (bar === undefined)
    return { time: start, open: price, high: price, low: price, close: price, volume: null };
  const decimal = new Decimal(price);
  return {
    time: bar.time,
    open: bar.open,
    high: decimal.gt(bar.high) ? price : bar.high,
    low: decimal.lt(bar.low) ? price : bar.low,
    close: price,
    volume: bar.volume,
  };
}

/** Folds bars, oldest first, into bars of a longer interval. A bar in the result is complete as far as its parts are there. */
export function foldBars(bars: readonly Bar[], interval: Interval): Bar[] {
  const folded: Bar[] = [];
  for (const bar of bars) {
    const start = barStart(bar.time, interval);
    const last = folded.at(-1);
    if (last?.time === start) folded[folded.length - 1] = joinBars(last, bar);
    else folded.push({ ...bar, time: start });
  }
  return folded;
}

/** One bar over two, `later` closing it. */
function joinBars(earlier: Bar, later: Bar): Bar {
  return {
    time: earlier.time,
    open: earlier.open,
    high: new Decimal(later.high).gt(earlier.high) ? later.high : earlier.high,
    low: new Decimal(later.low).lt(earlier.low) ? later.low : earlier.low,
    close: later.close,
    volume: addVolume(earlier.volume, later.volume),
  };
}

/** Enough digits for the sum of any amounts a program may write, without rounding. */
const Exact = Decimal.clone({ precision: 160 });

/** The sum of two volumes, exact; `null` where neither is known. */
export function addVolume(a: DecimalString | null, b: DecimalString | null): DecimalString | null {
  if (a === null || b === null) return a ?? b;
  return new Exact(a).plus(b).toFixed();
}
