import {
  createSeriesMarkers,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  type ISeriesPrimitive,
  type SeriesMarker,
  type Time,
} from 'lightweight-charts';

/** The series marks can stand at. */
export type MarkedSeries = ISeriesApi<'Candlestick'> | ISeriesApi<'Line'>;

/** Draws `marks` at `series`, in place of those drawn before, wherever they stood. */
export type DrawMarks = (series: MarkedSeries, marks: readonly SeriesMarker<Time>[]) => void;

/**
 * Marks of one chart. They have to be drawn again when all bars are set anew, for they stand at places among the bars. They do
 * not widen the scale: in a low pane they would flatten the bars.
 */
export function markLayer(): DrawMarks {
  const layers = new Map<MarkedSeries, ISeriesMarkersPluginApi<Time>>();
  return (series, marks) => {
    if (marks.length > 0 && !layers.has(series)) {
      layers.set(series, createSeriesMarkers<Time>(deaf(series), [], { autoScale: false }));
    }
    for (const [marked, layer] of layers) layer.setMarkers(marked === series ? [...marks] : []);
  };
}

/**
 * `series` for the library's marks, without the news that a bar has changed: for each they would copy all bars and ask for a
 * new layout, which paints the chart twice. Where the bar is drawn anew they are too.
 */
function deaf(series: MarkedSeries): MarkedSeries {
  return Object.create(series, {
    attachPrimitive: {
      value(primitive: ISeriesPrimitive) {
        const attached = primitive.attached?.bind(primitive);
        const silent = { subscribeDataChanged: { value: () => undefined } };
        primitive.attached = param =>
          attached?.({ ...param, series: Object.create(param.series, silent) as typeof param.series });
        series.attachPrimitive(primitive);
      },
    },
  }) as MarkedSeries;
}
