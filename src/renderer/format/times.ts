import type { EpochMs } from '../../shared/contract.ts';
import { fixedNumber, fullPrice } from './prices.ts';
import { region } from './region.ts';

/**
 * How times, lengths of time and counts are written: everything on the screen goes through here. Times are told by the clocks of
 * the zone in use and have 24 hours in every locale, so that a column of them keeps its width; a moment names its zone. Files,
 * copies and attributes for programs stay as RFC 3339 in UTC.
 */

/** An age in ms as words of fixed shape: `0.1 s`, `59.9 s`, `1 m 05 s`, `2 h 03 m`, `3 d 04 h`. */
export function formatAge(ms: number): string {
  const age = Math.max(0, ms);
  if (age < 60_000) return `${fixedNumber(Math.floor(age / 100) / 10, 1)} s`;
  const seconds = Math.floor(age / 1000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} m ${two(seconds % 60)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1_440) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} m`;
  const hours = Math.floor(minutes / 60);
  return `${formatCount(Math.floor(hours / 24))} d ${two(hours % 24)} h`;
}

/** Time of day: `14:32:07`. */
export function formatClock(at: EpochMs): string {
  return region().dates.time(at, 8);
}

/** Time of day with tenths of a second: `14:32:07.9`. */
export function formatTenths(at: EpochMs): string {
  return withDecimals(at, 10);
}

/** Time of day without seconds: `14:32`. */
export function formatMinute(at: EpochMs): string {
  return region().dates.time(at, 5);
}

/** A day: `Nov 21, 2026`. */
export function formatDay(at: EpochMs): string {
  return region().dates.day(at, 'date');
}

/** Date, time and zone: `Nov 21, 2026, 14:32:07 UTC`. */
export function formatMoment(at: EpochMs): string {
  return `${formatDay(at)}, ${formatClock(at)} ${zoneName(at)}`;
}

/** As {@link formatMoment}, to the millisecond: `Nov 21, 2026, 14:32:07.912 UTC`. */
export function formatExactly(at: EpochMs): string {
  return `${formatDay(at)}, ${withDecimals(at, 12)} ${zoneName(at)}`;
}

/** A time near to `now`: of the same day only the time of day, else `Nov 20, 14:32`. */
export function formatNear(at: EpochMs, now: EpochMs): string {
  const { dates } = region();
  const same = dates.day(at, 'date') === dates.day(now, 'date');
  return same ? formatClock(at) : `${dates.day(at, 'short')}, ${formatMinute(at)}`;
}

/** The zone's short name, as it is called at a moment: `UTC`, `GMT+9`; with daylight saving time another one in summer. */
export function zoneName(at: EpochMs): string {
  return region().dates.zoneName(at);
}

/** A duration measured in ms: `0.3 ms`, `8 ms`, `1.2 s`; `—` when unknown. */
export function formatMs(ms: number | null): string {
  if (ms === null) return '—';
  if (ms < 9.95) return `${fixedNumber(ms, 1)} ms`;
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${fixedNumber(ms / 1000, 1)} s`;
}

/** A count with digits grouped: `9,880`. */
export function formatCount(count: number): string {
  return fullPrice(Math.round(count).toString());
}

/** The first `length` characters of the time of day, with the locale's sign before its milliseconds. */
function withDecimals(at: EpochMs, length: number): string {
  const text = region().dates.time(at, length);
  return text.slice(0, 8) + region().marks.decimal + text.slice(9);
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
