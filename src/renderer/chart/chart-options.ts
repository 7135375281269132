import {
  CrosshairMode,
  TickMarkType,
  type DeepPartial,
  type Time,
  type TimeChartOptions,
} from 'lightweight-charts';
import { formatMoment } from '../format/times.ts';
import { formatMark, type AxisMark } from './axis-time.ts';
import { fromSecond } from './points.ts';

/** Bars of empty space after the newest one. */
export const RIGHT_OFFSET = 6;

const MARKS: Readonly<Record<TickMarkType, AxisMark>> = {
  [TickMarkType.Year]: 'year',
  [TickMarkType.Month]: 'month',
  [TickMarkType.DayOfMonth]: 'day',
  [TickMarkType.Time]: 'minute',
  [TickMarkType.TimeWithSeconds]: 'second',
};

const OPTIONS: DeepPartial<TimeChartOptions> = {
  // The logo brings an inline style sheet, which our content policy refuses; its notice is in the About box.
  layout: { attributionLogo: false },
  // The container's size comes from `resize`: a hidden pane has none, which must not reach the chart.
  autoSize: false,
  crosshair: { mode: CrosshairMode.Normal },
  timeScale: {
    timeVisible: true,
    secondsVisible: true,
    rightOffset: RIGHT_OFFSET,
    barSpacing: 8,
    minBarSpacing: 0.5,
    tickMarkFormatter: (time: Time, mark: TickMarkType) => formatMark(fromSecond(time), MARKS[mark]),
  },
  rightPriceScale: { minimumWidth: 76, borderVisible: true },
  localization: { timeFormatter: (time: Time) => formatMoment(fromSecond(time)) },
};

/** What a chart is made with. It does not glide on after a swipe where the person asked for less motion. */
export function chartOptions(container: Element): DeepPartial<TimeChartOptions> {
  const view = container.ownerDocument.defaultView;
  const still = view?.matchMedia('(prefers-reduced-motion: reduce)').matches ?? false;
  return still ? { ...OPTIONS, kineticScroll: { mouse: false, touch: false } } : OPTIONS;
}
