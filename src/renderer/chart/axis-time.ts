import type { EpochMs } from '../../shared/contract.ts';
import { region } from '../format/region.ts';
import { formatClock, formatMinute } from '../format/times.ts';

/** What a mark on the time axis stands for. */
export type AxisMark = 'year' | 'month' | 'day' | 'minute' | 'second';

/** A mark on the time axis, in the zone in use: `14:05`, `21`, `Nov`, `2026`. */
export function formatMark(at: EpochMs, mark: AxisMark): string {
  switch (mark) {
    case 'second':
      return formatClock(at);
    case 'minute':
      return formatMinute(at);
    case 'day':
      return region().dates.day(at, 'day-of-month');
    default:
      return region().dates.day(at, mark);
  }
}

/** A day of the calendar in digits, then a time of day, each of which may be missing. */
const TYPED = /^(?:(\d{1,4})\D(\d{1,2})\D(\d{1,4})\D?)?(?:[ T]*(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?)?$/;

/**
 * What a trader writes into "go to date", by the clocks of the zone in use: `2026-11-21`, `2026-11-21 14:05`, `14:05` (of the day of
 * `now`), and a day in the order of the locale (`21.11.2026`, in the United States `11/21/2026`). `null`: not a date.
 */
export function readDate(text: string, now: EpochMs): EpochMs | null {
  const { clock } = region();
  const typed = text.trim();
  const [whole, first, second, third, hours = '0', minutes = '0', seconds = '0'] = TYPED.exec(typed) ?? [];
  if (whole === undefined || whole === '') return null;
  const day =
    first === undefined || second === undefined || third === undefined
      ? new Date(clock.wallAt(now)).toISOString().slice(0, 10)
      : isoDay([first, second, third]);
  const [hour, minute, past] = [hours, minutes, seconds].map(Number) as [number, number, number];
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // 31 February rolls over into March: it is no date.
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) return null;
  if (hour > 23 || minute > 59 || past > 59) return null;
  return clock.momentOf(midnight + ((hour * 60 + minute) * 60 + past) * 1_000);
}

/** A day as it would be typed in the locale in use: `11/21/2026`, `21.11.2026`. */
export function exampleDay(at: EpochMs): string {
  const [year = '', month = '', day = ''] = new Date(region().clock.wallAt(at))
    .toISOString()
    .slice(0, 10)
    .split('-');
  const sign = region().dates.order().indexOf('month') === 0 ? '/' : '.';
  const parts = { year, month, day };
  const order = region().dates.order();
  return order.map(part => parts[part]).join(order[0] === 'year' ? '-' : sign);
}

/** Year first where it is written with four digits first, else in the order of the locale. */
function isoDay(typed: readonly [string, string, string]): string {
  const order = typed[0].length === 4 ? (['year', 'month', 'day'] as const) : region().dates.order();
  const part = (name: 'year' | 'month' | 'day'): string => typed[order.indexOf(name)] ?? '';
  return `${part('year')}-${part('month').padStart(2, '0')}-${part('day').padStart(2, '0')}`;
}
