import type { EpochMs } from '../../shared/contract.ts';

/** An age in ms as words of fixed shape: `0.1 s`, `59.9 s`, `1 m 05 s`, `2 h 03 m`, `3 d 04 h`. */
export function formatAge(ms: number): string {
  const age = Math.max(0, ms);
  if (age < 60_000) return `${(Math.floor(age / 100) / 10).toFixed(1)} s`;
  const seconds = Math.floor(age / 1000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} m ${two(seconds % 60)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1_440) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} m`;
  const hours = Math.floor(minutes / 60);
  return `${Math.floor(hours / 24)} d ${two(hours % 24)} h`;
}

/** Time of day in UTC: `14:32:07`. */
export function formatClock(at: EpochMs): string {
  return new Date(at).toISOString().slice(11, 19);
}

/** Time of day in UTC with tenths of a second: `14:32:07.9`. */
export function formatTenths(at: EpochMs): string {
  return new Date(at).toISOString().slice(11, 21);
}

/** Date and time in UTC: `2026-11-21 14:32:07 UTC`. */
export function formatMoment(at: EpochMs): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** A duration measured in ms: `0.3 ms`, `8 ms`, `1.2 s`; `—` when unknown. */
export function formatMs(ms: number | null): string {
  if (ms === null) return '—';
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** A count with thousands grouped: `9,880`. */
export function formatCount(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
