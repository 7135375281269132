import {
  createSeriesMarkers,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  type SeriesMarker,
  type Time,
} from 'lightweight-charts';

/** The series marks can stand at. */
export type MarkedSeries = ISeriesApi<'Candlestick'> | ISeriesApi<'Line'>;

/** Draws `marks` at `series`, in place of those drawn before, wherever they stood. */
export type DrawMarks = (series: MarkedSeries, marks: readonly SeriesMarker<Time>[]) => void;

/**
 * Marks of one chart. They are there for the library only while there are any: it lays a chart that has marks out anew for every
 * bar that changes, and draws it twice. They do not widen the scale: in a low pane they would flatten the bars.
 */
export function markLayer(): DrawMarks {
  let drawn: ISeriesMarkersPluginApi<Time> | null = null;
  return (series, marks) => {
    const { length } = marks;
    if (drawn !== null && (length === 0 || drawn.getSeries() !== series)) {
      drawn.detach();
      drawn = null;
    }
    if (drawn !== null) drawn.setMarkers([...marks]);
    else if (length > 0) drawn = createSeriesMarkers<Time>(series, [...marks], { autoScale: false });
  };
}
