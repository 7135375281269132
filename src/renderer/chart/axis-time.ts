import type { EpochMs } from '../../shared/contract.ts';

/**
 * The zone in which charts write their times; the one place to change it. Days and hours on the axis begin where this zone's do
 * only for zones at whole hours from UTC, because the chart library cuts time in UTC.
 */
export const CHART_ZONE = 'UTC';

/** What a mark on the time axis stands for. */
export type AxisMark = 'year' | 'month' | 'day' | 'minute' | 'second';

const FORMATS: Readonly<Record<AxisMark, Intl.DateTimeFormatOptions>> = {
  year: { year: 'numeric' },
  month: { month: 'short' },
  day: { day: 'numeric' },
  minute: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  second: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
};

const WRITERS = new Map<AxisMark, Intl.DateTimeFormat>();

/** A mark on the time axis: `14:05`, `21`, `Nov`, `2026`. */
export function formatMark(at: EpochMs, mark: AxisMark): string {
  let writer = WRITERS.get(mark);
  if (writer === undefined) {
    writer = new Intl.DateTimeFormat('en-GB', { ...FORMATS[mark], timeZone: CHART_ZONE });
    WRITERS.set(mark, writer);
  }
  return writer.format(at);
}

/** What a trader writes into "go to date": `2026-11-21`, `2026-11-21 14:05`, `14:05` (of the day of `now`); `null`: not a date. */
export function readDate(text: string, now: EpochMs): EpochMs | null {
  const parts = /^(?:(\d{4}-\d{2}-\d{2}))?(?:[ T]?(\d{1,2}:\d{2})(?::(\d{2}))?)?$/.exec(text.trim());
  const [whole, day, clock = '0:00', seconds = '00'] = parts ?? [];
  if (whole === undefined || whole === '') return null;
  const date = day ?? new Date(now).toISOString().slice(0, 10);
  const at = Date.parse(`${date}T${clock.padStart(5, '0')}:${seconds}Z`);
  return Number.isNaN(at) ? null : at;
}
