import type { QuietHours, QuietRange } from '../../../shared/alerts.ts';
import type { EpochMs } from '../../../shared/contract.ts';

/** Whether `at` lies in the quiet hours, by the wall clock of their zone. A zone that is not known counts as UTC. */
export function isQuiet(hours: QuietHours, at: EpochMs): boolean {
  if (!hours.enabled || hours.ranges.length === 0) return false;
  const { day, minute } = localTime(at, hours.zone);
  return hours.ranges.some(range => holds(range, day, minute));
}

function holds({ from, to, days }: QuietRange, day: number, minute: number): boolean {
  const [start, end] = [minutesOf(from), minutesOf(to)];
  const on = (one: number): boolean => days.length === 0 || days.includes(one);
  if (start < end) return on(day) && minute >= start && minute < end;
  // Past midnight it still belongs to the day it began on.
  return (on(day) && minute >= start) || (on((day + 6) % 7) && minute < end);
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

function localTime(at: EpochMs, zone: string): { day: number; minute: number } {
  const parts = formatOf(zone).formatToParts(at);
  const part = (type: string): string => parts.find(one => one.type === type)?.value ?? '';
  return {
    day: DAYS.indexOf(part('weekday')),
    minute: Number(part('hour')) * 60 + Number(part('minute')),
  };
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const options = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const format = isZone(zone)
    ? new Intl.DateTimeFormat('en-US', { ...options, timeZone: zone })
    : new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' });
  formats.set(zone, format);
  return format;
}

/** Whether this is the name of a time zone. */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
