import { afterEach, describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { tomorrowMorning } from '../../../../src/renderer/alerts/times.ts';
import { exampleDay, formatMark, readDate } from '../../../../src/renderer/chart/axis-time.ts';
import { keepRegion } from '../../../../src/renderer/format/keep-region.ts';
import {
  onRegion,
  openRegion,
  region,
  SYSTEM_REGION,
  writeBy,
  type RegionChoice,
} from '../../../../src/renderer/format/region.ts';
import {
  formatClock,
  formatExactly,
  formatMinute,
  formatMoment,
  formatNear,
  formatTenths,
  zoneName,
} from '../../../../src/renderer/format/times.ts';
import { ZoneClock } from '../../../../src/renderer/format/zone-clock.ts';

const use = (timeZone: string, locale = 'en-US'): void => writeBy({ locale, timeZone });
afterEach(() => writeBy(SYSTEM_REGION));

const at = (text: string): number => Date.parse(text);
const NOON = at('2026-11-21T12:00:07.912Z');

describe('a moment', () => {
  it('is told by locale and zone, and names its zone', () => {
    use('UTC');
    expect(formatMoment(NOON)).toBe('Nov 21, 2026, 12:00:07 UTC');
    use('Europe/Berlin', 'de-DE');
    expect(formatMoment(NOON)).toBe('21. Nov. 2026, 13:00:07 MEZ');
    use('Asia/Tokyo', 'ja-JP');
    expect(formatMoment(NOON)).toBe('2026年11月21日, 21:00:07 JST');
    use('Asia/Kolkata', 'en-IN');
    expect(formatMoment(NOON)).toBe('21 Nov 2026, 17:30:07 IST');
    use('America/New_York');
    expect(formatExactly(NOON)).toBe('Nov 21, 2026, 07:00:07.912 EST');
  });

  it('has Latin digits and the Gregorian calendar in every locale, and the sign between hours of its own', () => {
    use('UTC', 'fa-IR');
    expect(formatMoment(NOON)).toMatch(/^21 .* 2026, 12:00:07 /);
    use('UTC', 'ar-EG');
    expect(formatClock(NOON)).toBe('12:00:07');
    use('UTC', 'fi-FI');
    expect(formatTenths(NOON)).toBe('12.00.07,9');
    use('UTC', 'de-DE');
    expect(formatTenths(NOON)).toBe('12:00:07,9');
  });

  it('of the same day in the zone is only a time of day', () => {
    use('Asia/Tokyo');
    const now = at('2026-11-21T15:30:00Z');
    expect(formatNear(at('2026-11-21T15:01:00Z'), now)).toBe('00:01:00');
    expect(formatNear(at('2026-11-21T14:59:00Z'), now)).toBe('Nov 21, 23:59');
  });
});

describe('the day on which clocks change', () => {
  const hours = (from: string, count: number): string[] =>
    Array.from({ length: count }, (_, hour) => formatMinute(at(from) + hour * 3_600_000));

  it('leaves out an hour and repeats one in Berlin', () => {
    use('Europe/Berlin');
    expect(hours('2026-03-29T00:00:00Z', 3)).toEqual(['01:00', '03:00', '04:00']);
    expect(hours('2026-10-25T00:00:00Z', 3)).toEqual(['02:00', '02:00', '03:00']);
    expect([zoneName(at('2026-10-25T00:59:59Z')), zoneName(at('2026-10-25T01:00:00Z'))]).toEqual([
      'GMT+2',
      'GMT+1',
    ]);
  });

  it('leaves out an hour and repeats one in New York', () => {
    use('America/New_York');
    expect(hours('2026-03-08T06:00:00Z', 2)).toEqual(['01:00', '03:00']);
    expect(hours('2026-11-01T05:00:00Z', 3)).toEqual(['01:00', '01:00', '02:00']);
    expect([zoneName(at('2026-11-01T05:59:59Z')), zoneName(at('2026-11-01T06:00:00Z'))]).toEqual([
      'EDT',
      'EST',
    ]);
  });

  it('is none in Kolkata, where hours begin at the half', () => {
    use('Asia/Kolkata');
    expect(hours('2026-03-29T00:00:00Z', 2)).toEqual(['05:30', '06:30']);
  });

  it('is read as it is written: an hour that comes twice is its first time, one that never comes is after the change', () => {
    use('Europe/Berlin');
    expect(readDate('2026-10-25 02:30', NOON)).toBe(at('2026-10-25T00:30:00Z'));
    expect(readDate('2026-03-29 02:30', NOON)).toBe(at('2026-03-29T01:30:00Z'));
    expect(readDate('2026-03-29', NOON)).toBe(at('2026-03-28T23:00:00Z'));
  });

  it('puts every quarter of an hour back where it was, but for the hour that comes twice', () => {
    for (const [zone, day] of [
      ['Europe/Berlin', '2026-03-29'],
      ['Europe/Berlin', '2026-10-25'],
      ['America/New_York', '2026-03-08'],
      ['America/New_York', '2026-11-01'],
      ['Australia/Lord_Howe', '2026-04-05'],
      ['Asia/Kolkata', '2026-06-01'],
    ] as const) {
      const clock = new ZoneClock(zone);
      for (let step = -96; step < 192; step += 1) {
        const moment = at(`${day}T00:00:00Z`) + step * 900_000;
        const back = clock.momentOf(clock.wallAt(moment));
        expect(clock.wallAt(back)).toBe(clock.wallAt(moment));
        expect(back === moment || moment - back === 3_600_000 || moment - back === 1_800_000).toBe(true);
      }
    }
  });

  it('does not move nine in the morning', () => {
    use('Europe/Berlin');
    expect(tomorrowMorning(at('2026-03-28T12:00:00Z'))).toBe(at('2026-03-29T07:00:00Z'));
    expect(tomorrowMorning(at('2026-10-24T12:00:00Z'))).toBe(at('2026-10-25T08:00:00Z'));
  });
});

describe('marks on the time axis', () => {
  it('are told by the zone and the locale', () => {
    use('Asia/Tokyo', 'de-DE');
    const late = at('2026-12-31T15:00:00Z');
    expect([formatMark(late, 'year'), formatMark(late, 'month'), formatMark(late, 'day')]).toEqual([
      '2027',
      'Jan',
      '1',
    ]);
    expect([formatMark(late, 'minute'), formatMark(late, 'second')]).toEqual(['00:00', '00:00:00']);
  });
});

describe('a date that is typed', () => {
  it('is read in the zone, by the order of the locale where its year is not first', () => {
    use('Asia/Tokyo', 'de-DE');
    expect(readDate('2026-11-21 14:05', NOON)).toBe(at('2026-11-21T05:05:00Z'));
    expect(readDate('3.4.2026', NOON)).toBe(at('2026-04-02T15:00:00Z'));
    expect(readDate('09:15', at('2026-11-21T16:00:00Z'))).toBe(at('2026-11-22T00:15:00Z'));
    expect(exampleDay(NOON)).toBe('21.11.2026');
    use('UTC', 'en-US');
    expect(readDate('3/4/2026', NOON)).toBe(at('2026-03-04T00:00:00Z'));
    expect(exampleDay(NOON)).toBe('11/21/2026');
    use('UTC', 'sv-SE');
    expect(exampleDay(NOON)).toBe('2026-11-21');
  });

  it('is refused when there is no such day or time', () => {
    use('UTC');
    for (const typed of ['2026-02-30', '13/13/2026', '25:00', '10:60', '10:00:60', 'tomorrow', '', '1-2-3'])
      expect(readDate(typed, NOON), typed).toBeNull();
  });
});

describe('the region', () => {
  it('is the system’s where nothing is chosen', () => {
    const { locale, timeZone } = new Intl.DateTimeFormat().resolvedOptions();
    expect(openRegion(SYSTEM_REGION)).toMatchObject({ locale, timeZone, problems: [] });
  });

  it('is the system’s where what was kept means nothing here, and says so', () => {
    const { locale, timeZone } = new Intl.DateTimeFormat().resolvedOptions();
    const opened = openRegion({ locale: 'not a tag', timeZone: 'Mars/Base' });
    expect(opened).toMatchObject({ locale, timeZone });
    expect(opened.problems).toEqual([
      `“not a tag” is no locale this machine knows: the system’s (${locale}) is used.`,
      `“Mars/Base” is no time zone this machine knows: the system’s (${timeZone}) is used.`,
    ]);
    expect(openRegion({ locale: 'xx-XX', timeZone: null }).problems).toHaveLength(1);
  });

  it('follows the choice until it is let go, and tells who asked', () => {
    const view = createStore<{ region: RegionChoice; other: number }>(() => ({
      region: SYSTEM_REGION,
      other: 0,
    }));
    const stop = keepRegion(view);
    const told = vi.fn();
    const undo = onRegion(told);
    view.setState({ region: { locale: 'de-DE', timeZone: 'Asia/Tokyo' } });
    view.setState({ other: 1 });
    expect(told).toHaveBeenCalledOnce();
    expect(region()).toMatchObject({ locale: 'de-DE', timeZone: 'Asia/Tokyo' });
    undo();
    stop();
    view.setState({ region: SYSTEM_REGION });
    expect(region().locale).toBe('de-DE');
    expect(told).toHaveBeenCalledOnce();
  });
});

describe('the clocks of a zone', () => {
  it('know offsets of old times to the second, and forget them when they are many', () => {
    const clock = new ZoneClock('Africa/Monrovia');
    expect(clock.offsetAt(0)).toBe(-2_670_000);
    for (let quarter = 0; quarter < 10_050; quarter += 1) clock.offsetAt(quarter * 900_000);
    expect(clock.offsetAt(NOON)).toBe(0);
  });
});
