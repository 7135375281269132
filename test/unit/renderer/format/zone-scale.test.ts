import type { Mutable, TimeScalePoint, UTCTimestamp } from 'lightweight-charts';
import { afterEach, describe, expect, it } from 'vitest';
import { ZoneScale } from '../../../../src/renderer/chart/zone-scale.ts';
import { SYSTEM_REGION, writeBy } from '../../../../src/renderer/format/region.ts';
import { formatMark } from '../../../../src/renderer/chart/axis-time.ts';

afterEach(() => writeBy(SYSTEM_REGION));

const scale = new ZoneScale();

/** Times of bars as the library holds them, `every` ms from `from` on. */
function bars(from: string, every: number, count: number): Mutable<TimeScalePoint>[] {
  return Array.from({ length: count }, (_, place) => {
    const time = ((Date.parse(from) + place * every) / 1_000) as UTCTimestamp;
    return {
      timeWeight: 0 as TimeScalePoint['timeWeight'],
      time: scale.convertHorzItemToInternal(time),
      pointData: {},
      originalTime: time,
    };
  });
}

/** The marks that stand out most: what begins with the bar, in the words of the axis. */
function strongest(points: readonly TimeScalePoint[], words: (at: number) => string): string[] {
  const most = Math.max(...points.slice(1).map(point => point.timeWeight));
  return points
    .slice(1)
    .filter(point => point.timeWeight === most)
    .map(({ time }) => words(Number(scale.key(time)) * 1_000));
}

const HOUR = 3_600_000;
const minute = (at: number): string =>
  `${new Date(at).toISOString().slice(5, 16)}Z ${formatMark(at, 'minute')}`;

describe('the time scale of a chart', () => {
  it.each([
    ['UTC', ['03-29T00:00Z 00:00', '03-30T00:00Z 00:00']],
    // The day on which clocks are put forward has 23 hours: midnights are 23 hours apart.
    ['Europe/Berlin', ['03-28T23:00Z 00:00', '03-29T22:00Z 00:00']],
    ['America/New_York', ['03-28T04:00Z 00:00', '03-29T04:00Z 00:00']],
    ['Asia/Tokyo', ['03-28T15:00Z 00:00', '03-29T15:00Z 00:00']],
  ])('begins days where %s does', (timeZone, midnights) => {
    writeBy({ locale: 'en-US', timeZone });
    const points = bars('2026-03-28T02:00:00Z', HOUR, 48);
    scale.fillWeightsForPoints(points, 0);
    expect(strongest(points, minute)).toEqual(midnights);
  });

  it('begins days where clocks are put back, though an hour comes twice', () => {
    writeBy({ locale: 'en-US', timeZone: 'Europe/Berlin' });
    const points = bars('2026-10-24T12:00:00Z', HOUR, 48);
    scale.fillWeightsForPoints(points, 0);
    expect(strongest(points, minute)).toEqual(['10-24T22:00Z 00:00', '10-25T23:00Z 00:00']);
  });

  it('finds midnight at half hours, and months and years of the zone', () => {
    writeBy({ locale: 'en-US', timeZone: 'Asia/Kolkata' });
    const halves = bars('2026-06-01T12:00:00Z', HOUR / 2, 48);
    scale.fillWeightsForPoints(halves, 0);
    expect(strongest(halves, minute)).toEqual(['06-01T18:30Z 00:00']);
    const year = bars('2026-12-30T00:00:00Z', HOUR / 2, 144);
    scale.fillWeightsForPoints(year, 0);
    expect(strongest(year, at => formatMark(at, 'year'))).toEqual(['2027']);
  });

  it('weighs a bar that is added by the one before it', () => {
    writeBy({ locale: 'en-US', timeZone: 'Europe/Berlin' });
    const all = bars('2026-06-01T00:00:00Z', HOUR, 48);
    scale.fillWeightsForPoints(all, 0);
    const added = all.map(point => ({ ...point }));
    for (const point of added.slice(22)) point.timeWeight = 0 as TimeScalePoint['timeWeight'];
    for (let place = 22; place < added.length; place += 1)
      scale.fillWeightsForPoints(added.slice(0, place + 1), place);
    expect(added.map(({ timeWeight }) => timeWeight)).toEqual(all.map(({ timeWeight }) => timeWeight));
    scale.fillWeightsForPoints([], 0);
  });
});
