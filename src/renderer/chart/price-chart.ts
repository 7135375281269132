import {
  CandlestickSeries,
  HistogramSeries,
  LineSeries,
  PriceScaleMode,
  createChartEx,
  createTextWatermark,
  type MouseEventParams,
  type Time,
} from 'lightweight-charts';
import { fullPrice } from '../format/prices.ts';
import type { BarSpan, OpenPriceChart } from './chart-port.ts';
import { candleLook, chartLook, lineLook, markerOf } from './chart-look.ts';
import { RIGHT_OFFSET, chartOptions } from './chart-options.ts';
import { markLayer } from './mark-layer.ts';
import { paintWatch } from './paint-watch.ts';
import { atSecond, fromSecond, inColors, toCandle, toColumn, toPoint } from './points.ts';
import { ZoneScale } from './zone-scale.ts';

export type { OpenPriceChart, PriceChart } from './chart-port.ts';

/** The most decimals an axis can carry: beyond them a float has no digits left. */
const MOST_DECIMALS = 15;

/** Below this height in pixels there is no room for volume and for words at marks. */
const LOW_PANE = 170;

/** Opens a lightweight-charts chart in `container` and fills it. This is where decimals become floats. */
export const openPriceChart: OpenPriceChart = (container, firstColors) => {
  let colors = firstColors;
  let holds = true;
  let decimals = 2;
  let traded = false;
  let low = false;
  let newest = -Infinity;
  let synced = false;
  let isLine = false;
  const chart = createChartEx<Time, ZoneScale>(container, new ZoneScale(), chartOptions(container));
  const scale = chart.timeScale();
  const volume = chart.addSeries(HistogramSeries, {
    priceScaleId: '',
    priceFormat: { type: 'volume' },
    lastValueVisible: false,
    priceLineVisible: false,
  });
  volume.priceScale().applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
  const candles = chart.addSeries(CandlestickSeries, { borderVisible: false });
  const line = chart.addSeries(LineSeries, { lineWidth: 2, visible: false, crosshairMarkerRadius: 3 });
  const drawMarks = markLayer();
  const [pane] = chart.panes();
  const watermark = pane === undefined ? null : createTextWatermark(pane, { vertAlign: 'center' });
  let watermarkText = '';
  let trades: Parameters<ReturnType<OpenPriceChart>['setTrades']>[0] = [];

  const paintWatermark = (): void => {
    const { faint: color, font: fontFamily } = colors;
    watermark?.applyOptions({
      lines: [{ text: watermarkText, color, fontFamily, fontSize: 44, fontStyle: '' }],
    });
  };
  const paintMarks = (): void => {
    const shown = low ? trades.map(mark => ({ ...mark, text: '' })) : trades;
    drawMarks(
      isLine ? line : candles,
      shown.map(mark => markerOf(mark, colors)),
    );
  };
  const paint = (): void => {
    chart.applyOptions(chartLook(colors));
    candles.applyOptions(candleLook(colors, holds));
    line.applyOptions(lineLook(colors, holds));
    paintWatermark();
  };
  /** Leaves room for the volume where there is one. */
  const makeRoom = (hasVolume: boolean): void => {
    traded = hasVolume;
    const bottom = traded && !low ? 0.18 : 0.08;
    volume.applyOptions({ visible: !low });
    chart.priceScale('right').applyOptions({ scaleMargins: { top: 0.12, bottom } });
  };
  /** The line is filled when it is shown: the library works for every point of a hidden series too. */
  const fillLine = (): void => {
    line.setData(
      isLine
        ? candles.data().flatMap(bar => ('close' in bar ? { time: bar.time, value: bar.close } : []))
        : [],
    );
  };
  const setAll = (bars: Parameters<ReturnType<OpenPriceChart>['set']>[0]): void => {
    candles.setData(bars.map(toCandle));
    fillLine();
    volume.setData(bars.map(bar => toColumn(bar, colors)));
    newest = bars.at(-1)?.time ?? -Infinity;
    makeRoom(bars.some(bar => bar.volume !== null));
    paintMarks();
  };
  const writePrices = (): void => {
    const priceFormat = {
      type: 'custom' as const,
      minMove: 10 ** -decimals,
      formatter: (price: number) => fullPrice(price.toFixed(decimals)),
    };
    candles.applyOptions({ priceFormat });
    line.applyOptions({ priceFormat });
  };
  /** While the crosshair follows another chart's, its horizontal line stands only for the same token. */
  const showLevel = (visible: boolean): void => {
    chart.applyOptions({ crosshair: { horzLine: { visible, labelVisible: visible } } });
  };
  const unsync = (): void => {
    if (synced) showLevel(true);
    synced = false;
  };
  const span = (): BarSpan | null => {
    const range = scale.getVisibleLogicalRange();
    return range === null ? null : { from: range.from, to: range.to };
  };
  makeRoom(false);
  paint();

  return {
    setColors(next) {
      colors = next;
      paint();
      paintMarks();
      volume.setData(inColors(volume.data(), candles.data(), colors));
    },
    rewrite() {
      const before = span();
      const kept = [candles.data(), volume.data()] as const;
      // Bars at the same times would keep the marks they have: the scale has to be empty once.
      for (const series of [candles, line, volume]) series.setData([]);
      candles.setData([...kept[0]]);
      fillLine();
      volume.setData([...kept[1]]);
      paintMarks();
      if (before !== null) scale.setVisibleLogicalRange(before);
      // Written labels are kept by the library until it is told that their words may be others.
      writePrices();
      chart.applyOptions({ localization: {} });
    },
    setShape(shape) {
      isLine = shape === 'line';
      fillLine();
      candles.applyOptions({ visible: !isLine });
      line.applyOptions({ visible: isLine });
      paintMarks();
    },
    setDecimals(next) {
      decimals = Math.min(next, MOST_DECIMALS);
      writePrices();
    },
    setHolds(next) {
      if (holds === next) return;
      holds = next;
      candles.applyOptions(candleLook(colors, holds));
      line.applyOptions(lineLook(colors, holds));
    },
    setWatermark(text) {
      watermarkText = text;
      paintWatermark();
    },
    setLog(on) {
      const mode = on ? PriceScaleMode.Logarithmic : PriceScaleMode.Normal;
      chart.priceScale('right').applyOptions({ mode });
    },
    set(bars) {
      setAll(bars);
      chart.priceScale('right').applyOptions({ autoScale: true });
      scale.scrollToPosition(RIGHT_OFFSET, false);
    },
    replace(bars, shift) {
      const before = span();
      setAll(bars);
      if (before !== null) scale.setVisibleLogicalRange({ from: before.from + shift, to: before.to + shift });
    },
    update(bars) {
      for (const bar of bars) {
        const late = bar.time < newest;
        newest = Math.max(newest, bar.time);
        candles.update(toCandle(bar), late);
        if (isLine) line.update(toPoint(bar), late);
        if (!traded && bar.volume !== null) {
          volume.setData(candles.data().map(({ time }) => ({ time })));
          makeRoom(true);
        }
        if (traded) volume.update(toColumn(bar, colors), late);
      }
    },
    setTrades(next) {
      trades = next;
      paintMarks();
    },
    resize(width, height) {
      const now = height < LOW_PANE;
      if (now !== low) {
        low = now;
        makeRoom(traded);
        paintMarks();
      }
      chart.resize(width, height, true);
    },
    // Without animation: a live update would stop it half-way, and nothing here moves but data.
    goToNow: () => scale.scrollToPosition(RIGHT_OFFSET, false),
    fit: () => scale.fitContent(),
    span,
    setSpan: next => scale.setVisibleLogicalRange(next),
    point({ time, level }) {
      const place = scale.timeToIndex(atSecond(time), false);
      const bar = place === null ? null : candles.dataByIndex(place);
      if (bar === null || !('close' in bar)) return;
      synced = true;
      showLevel(level !== null);
      chart.setCrosshairPosition(level ?? Number(bar.close), bar.time, candles);
    },
    unpoint() {
      chart.clearCrosshairPosition();
      unsync();
    },
    priceAt(y) {
      const price = candles.coordinateToPrice(y);
      return price === null || price <= 0 ? null : price.toFixed(decimals);
    },
    decimals: () => decimals,
    axisWidth: () => chart.priceScale('right').width(),
    heightOf: price => candles.priceToCoordinate(Number(price)),
    onPoint(listener) {
      chart.subscribeCrosshairMove((event: MouseEventParams) => {
        if (event.sourceEvent !== undefined) unsync();
        if (synced) return;
        const { time, point } = event;
        const level = point === undefined ? null : candles.coordinateToPrice(point.y);
        listener(typeof time === 'number' ? { time: fromSecond(time), level } : null);
      });
    },
    onSpan(listener) {
      scale.subscribeVisibleLogicalRangeChange(range => {
        if (range !== null) listener({ from: range.from, to: range.to });
      });
    },
    onPaint(listener) {
      pane?.attachPrimitive(paintWatch(listener));
    },
    remove: () => chart.remove(),
  };
};
