import {
  defaultHorzScaleBehavior,
  type IHorzScaleBehavior,
  type Mutable,
  type Time,
  type TimeScalePoint,
  type UTCTimestamp,
} from 'lightweight-charts';
import { region } from '../format/region.ts';

const Base: new () => IHorzScaleBehavior<Time> = defaultHorzScaleBehavior();

/**
 * The chart library's time scale, with its marks at the hours, days, months and years of the zone in use. The library cuts time in
 * UTC: it weighs each bar by what begins with it. Here it weighs what the clocks of the zone show. The bars themselves stay where
 * they are, cut in UTC by the engine: a bar of a day begins at 01:00 in Berlin in winter, and says so.
 */
export class ZoneScale extends Base {
  override fillWeightsForPoints(points: readonly Mutable<TimeScalePoint>[], startIndex: number): void {
    const { clock } = region();
    if (clock.timeZone === 'UTC') {
      super.fillWeightsForPoints(points, startIndex);
      return;
    }
    // One before the first is looked at too: a bar is weighed by what lies between the two.
    const from = Math.max(0, startIndex - 1);
    const shown = points.slice(from).map(point => {
      const second = Number(this.key(point.time));
      const wall = Math.floor(clock.wallAt(second * 1_000) / 1_000) as UTCTimestamp;
      return { ...point, time: this.convertHorzItemToInternal(wall) };
    });
    super.fillWeightsForPoints(shown, startIndex - from);
    for (const [index, point] of shown.entries()) {
      const real = points[from + index];
      if (real !== undefined) real.timeWeight = point.timeWeight;
    }
  }
}
