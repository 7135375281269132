import type { Bar, DecimalString, EpochMs } from '../../shared/contract.ts';
import type { ChartColors } from './chart-colors.ts';
import type { TradeMark } from './trade-marks.ts';

/** A stretch of the time scale in bars: 0 is the first bar drawn, fractions and places beyond both ends are possible. */
export interface BarSpan {
  from: number;
  to: number;
}

/** What the pointer is over. */
export interface PointedAt {
  /** Start of the bar. */
  time: EpochMs;
  /** The height of the pointer on the price scale; `null` where there is none. A place on the screen, hence a float. */
  level: number | null;
}

/** A price chart as the rest of the screen needs it; `price-chart.ts` makes one with the chart library. */
export interface PriceChart {
  setColors(colors: ChartColors): void;
  /** Writes axes and labels anew: numbers and times are written in another way now. */
  rewrite(): void;
  setShape(shape: 'candles' | 'line'): void;
  /** Decimals of the price scale. */
  setDecimals(decimals: number): void;
  /** Whether the last price still holds; a stale one gets the warning colour. */
  setHolds(holds: boolean): void;
  /** Large, faint words behind the bars; empty for none. */
  setWatermark(text: string): void;
  /** Equal distances for equal ratios instead of equal differences. */
  setLog(on: boolean): void;
  /** Replaces everything drawn and shows the newest bars. */
  set(bars: readonly Bar[]): void;
  /** Replaces everything drawn; the bar that was at `n` is at `n + shift` now and stays where it is on the screen. */
  replace(bars: readonly Bar[], shift: number): void;
  /** Adds bars at the end or states bars anew that are drawn; the view stays where it is. */
  update(bars: readonly Bar[]): void;
  /** Own trades, oldest first; replaces the ones before. */
  setTrades(marks: readonly TradeMark[]): void;
  /** Size of the container in CSS pixels; both above zero. */
  resize(width: number, height: number): void;
  goToNow(): void;
  /** All bars at once. */
  fit(): void;
  /** What is in view; `null` while there is nothing. */
  span(): BarSpan | null;
  setSpan(span: BarSpan): void;
  /** Puts the crosshair on a bar that is drawn; without a level only its vertical line. */
  point(at: PointedAt): void;
  unpoint(): void;
  /** The price at `y` pixels from the top, as exact as the scale's decimals; `null` outside of the scale. */
  priceAt(y: number): DecimalString | null;
  /** Decimals of the price scale. */
  decimals(): number;
  /** Width of the price axis at the right, in pixels. */
  axisWidth(): number;
  /** How many pixels from the top a price is; `null` while there is no scale. */
  heightOf(price: DecimalString): number | null;
  /** The pointer is over a bar or, with `null`, has left. Not called for {@link point}. */
  onPoint(listener: (at: PointedAt | null) => void): void;
  /** Another stretch is in view, or the scale has grown. */
  onSpan(listener: (span: BarSpan) => void): void;
  /** The bars were painted: heights may have changed. */
  onPaint(listener: () => void): void;
  remove(): void;
}

export type OpenPriceChart = (container: HTMLElement, colors: ChartColors) => PriceChart;
