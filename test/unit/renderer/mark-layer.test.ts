import type { ISeriesPrimitive, SeriesMarker, Time } from 'lightweight-charts';
import { describe, expect, it, vi } from 'vitest';
import { markLayer, type MarkedSeries } from '../../../src/renderer/chart/mark-layer.ts';

const MARK: SeriesMarker<Time> = { time: 1 as Time, position: 'aboveBar', shape: 'arrowDown', color: 'red' };

/** A series with one bar, as far as the library's marks need it; the marks are the library's own. */
function seriesOfOneBar() {
  const bar = { time: 1 };
  const attached: ISeriesPrimitive[] = [];
  const listen = vi.fn();
  const layout = vi.fn();
  const series = {
    data: () => [bar],
    dataByIndex: () => bar,
    subscribeDataChanged: listen,
    attachPrimitive(primitive: ISeriesPrimitive) {
      attached.push(primitive);
      const chart = { timeScale: () => ({ timeToIndex: () => 0, getVisibleLogicalRange: () => null }) };
      primitive.attached?.({ chart, series, requestUpdate: layout } as never);
    },
  };
  return { series: series as unknown as MarkedSeries, attached, layout, listen };
}

describe('the marks of a chart', () => {
  it('are unknown to the library until there is one', () => {
    const { series, attached } = seriesOfOneBar();
    const draw = markLayer();
    draw(series, []);
    expect(attached).toHaveLength(0);
    draw(series, [MARK]);
    draw(series, [MARK, MARK]);
    expect(attached).toHaveLength(1);
  });

  it('ask for a new layout when they change, and hear nothing of bars', () => {
    const { series, layout, listen } = seriesOfOneBar();
    const draw = markLayer();
    draw(series, [MARK]);
    layout.mockClear();
    draw(series, []);
    expect(layout).toHaveBeenCalledTimes(1);
    expect(listen).not.toHaveBeenCalled();
  });

  it('leave a series for another one', () => {
    const [candles, line] = [seriesOfOneBar(), seriesOfOneBar()];
    const draw = markLayer();
    draw(candles.series, [MARK]);
    candles.layout.mockClear();
    draw(line.series, [MARK]);
    expect(candles.layout).toHaveBeenCalledTimes(1);
    expect(line.layout).toHaveBeenCalled();
    draw(candles.series, [MARK]);
    expect(candles.attached).toHaveLength(1);
  });
});
