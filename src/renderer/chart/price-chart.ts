import {
  CandlestickSeries,
  CrosshairMode,
  LineSeries,
  LineStyle,
  createChart,
  createTextWatermark,
  type CandlestickData,
  type UTCTimestamp,
} from 'lightweight-charts';
import type { Bar, EpochMs } from '../../shared/contract.ts';
import { fullPrice } from '../../shared/price-format.ts';
import { formatMoment } from '../time/format-time.ts';
import type { ChartColors } from './chart-colors.ts';

/** The most decimals an axis can carry: beyond them a float has no digits left. */
const MOST_DECIMALS = 15;

/** A price chart as the rest of the screen needs it; this file is the only one that knows the chart library. */
export interface PriceChart {
  setColors(colors: ChartColors): void;
  setShape(shape: 'candles' | 'line'): void;
  /** Decimals of the price scale. */
  setDecimals(decimals: number): void;
  /** Whether the last price still holds; a stale one gets the warning colour. */
  setHolds(holds: boolean): void;
  /** Large, faint words behind the bars; empty for none. */
  setWatermark(text: string): void;
  /** Replaces everything drawn and shows the newest bars. */
  set(bars: readonly Bar[]): void;
  /** Changes or adds bars at the end; the view stays where it is. */
  update(bars: readonly Bar[]): void;
  goToNow(): void;
  /** The bar's time under the crosshair, `null` when the pointer left. */
  onPoint(listener: (time: EpochMs | null) => void): void;
  /** Whether the newest bar is in view. */
  onScroll(listener: (atNow: boolean) => void): void;
  remove(): void;
}

export type OpenPriceChart = (container: HTMLElement, colors: ChartColors) => PriceChart;

/** Opens a lightweight-charts chart in `container` and fills it. This is where decimals become floats. */
export const openPriceChart: OpenPriceChart = (container, firstColors) => {
  let colors = firstColors;
  let holds = true;
  const chart = createChart(container, {
    autoSize: true,
    // The logo brings an inline style sheet, which our content policy refuses; its notice is in the About box.
    layout: { attributionLogo: false },
    crosshair: { mode: CrosshairMode.Normal },
    timeScale: { timeVisible: true, secondsVisible: true, rightOffset: 6, barSpacing: 8, minBarSpacing: 1 },
    rightPriceScale: { minimumWidth: 76, scaleMargins: { top: 0.12, bottom: 0.1 }, borderVisible: true },
    localization: { timeFormatter: (time: number) => formatMoment(time * 1000) },
  });
  const candles = chart.addSeries(CandlestickSeries, { borderVisible: false });
  const line = chart.addSeries(LineSeries, { lineWidth: 2, visible: false, crosshairMarkerRadius: 3 });
  const [pane] = chart.panes();
  const watermark = pane === undefined ? null : createTextWatermark(pane, { vertAlign: 'center' });
  let watermarkText = '';

  const paintWatermark = (): void => {
    const { faint: color, font: fontFamily } = colors;
    watermark?.applyOptions({
      lines: [{ text: watermarkText, color, fontFamily, fontSize: 44, fontStyle: '' }],
    });
  };
  const paint = (): void => {
    chart.applyOptions({
      layout: {
        background: { color: colors.pane },
        textColor: colors.text,
        fontFamily: colors.font,
        fontSize: 11,
      },
      grid: { vertLines: { color: colors.grid }, horzLines: { color: colors.grid } },
      crosshair: {
        vertLine: { color: colors.text, labelBackgroundColor: colors.raised, style: LineStyle.Dashed },
        horzLine: { color: colors.text, labelBackgroundColor: colors.raised, style: LineStyle.Dashed },
      },
      timeScale: { borderColor: colors.line },
      rightPriceScale: { borderColor: colors.line },
    });
    const { up: upColor, down: downColor } = colors;
    const priceLineColor = holds ? '' : colors.warn;
    candles.applyOptions({
      upColor,
      downColor,
      wickUpColor: upColor,
      wickDownColor: downColor,
      priceLineColor,
    });
    line.applyOptions({ color: holds ? colors.accent : colors.warn, priceLineColor });
    paintWatermark();
  };
  paint();

  return {
    setColors(next) {
      colors = next;
      paint();
    },
    setShape(shape) {
      candles.applyOptions({ visible: shape === 'candles' });
      line.applyOptions({ visible: shape === 'line' });
    },
    setDecimals(decimals) {
      const places = Math.min(decimals, MOST_DECIMALS);
      const priceFormat = {
        type: 'custom' as const,
        minMove: 10 ** -places,
        formatter: (price: number) => fullPrice(price.toFixed(places)),
      };
      candles.applyOptions({ priceFormat });
      line.applyOptions({ priceFormat });
    },
    setHolds(next) {
      if (holds === next) return;
      holds = next;
      paint();
    },
    setWatermark(text) {
      watermarkText = text;
      paintWatermark();
    },
    set(bars) {
      candles.setData(bars.map(toCandle));
      line.setData(bars.map(toPoint));
      chart.timeScale().scrollToRealTime();
    },
    update(bars) {
      for (const bar of bars) {
        candles.update(toCandle(bar));
        line.update(toPoint(bar));
      }
    },
    goToNow: () => chart.timeScale().scrollToRealTime(),
    onPoint(listener) {
      chart.subscribeCrosshairMove(({ time }) => listener(typeof time === 'number' ? time * 1000 : null));
    },
    onScroll(listener) {
      chart.timeScale().subscribeVisibleLogicalRangeChange(() => {
        listener(chart.timeScale().scrollPosition() >= -0.5);
      });
    },
    remove: () => chart.remove(),
  };
};

function toCandle({ time, open, high, low, close }: Bar): CandlestickData<UTCTimestamp> {
  return {
    time: second(time),
    open: Number(open),
    high: Number(high),
    low: Number(low),
    close: Number(close),
  };
}

function toPoint({ time, close }: Bar): { time: UTCTimestamp; value: number } {
  return { time: second(time), value: Number(close) };
}

function second(time: EpochMs): UTCTimestamp {
  return Math.floor(time / 1000) as UTCTimestamp;
}
