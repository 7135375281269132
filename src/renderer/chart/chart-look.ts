import {
  LineStyle,
  type CandlestickSeriesPartialOptions,
  type ChartOptions,
  type DeepPartial,
  type LineSeriesPartialOptions,
  type SeriesMarkerBar,
  type UTCTimestamp,
} from 'lightweight-charts';
import type { ChartColors } from './chart-colors.ts';
import { atSecond } from './points.ts';
import type { TradeMark } from './trade-marks.ts';

/** The chart's frame in the theme's colours. */
export function chartLook(colors: ChartColors): DeepPartial<ChartOptions> {
  const hair = { color: colors.text, labelBackgroundColor: colors.raised, style: LineStyle.Dashed };
  return {
    layout: {
      background: { color: colors.pane },
      textColor: colors.text,
      fontFamily: colors.font,
      fontSize: 11,
    },
    grid: { vertLines: { color: colors.grid }, horzLines: { color: colors.grid } },
    crosshair: { vertLine: hair, horzLine: hair },
    timeScale: { borderColor: colors.line },
    rightPriceScale: { borderColor: colors.line },
  };
}

/** Candles; the line of the last price takes the warning colour when it does not hold any more. */
export function candleLook(colors: ChartColors, holds: boolean): CandlestickSeriesPartialOptions {
  const { up: upColor, down: downColor } = colors;
  return {
    upColor,
    downColor,
    wickUpColor: upColor,
    wickDownColor: downColor,
    priceLineColor: holds ? '' : colors.warn,
  };
}

/** As {@link candleLook}, for the line. */
export function lineLook(colors: ChartColors, holds: boolean): LineSeriesPartialOptions {
  return { color: holds ? colors.accent : colors.warn, priceLineColor: holds ? '' : colors.warn };
}

/** An own trade: an arrow up from below the bar for a buy, down from above it for a sell. */
export function markerOf(
  { time, side, text }: TradeMark,
  colors: ChartColors,
): SeriesMarkerBar<UTCTimestamp> {
  const buy = side === 'buy';
  return {
    time: atSecond(time),
    position: buy ? 'belowBar' : 'aboveBar',
    shape: buy ? 'arrowUp' : 'arrowDown',
    color: buy ? colors.up : colors.down,
    text,
    size: 0.8,
  };
}
