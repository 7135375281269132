import type { EpochMs } from '../../shared/contract.ts';

/** Nine in the morning of the next day, by this machine's clock. */
export function tomorrowMorning(now: EpochMs): EpochMs {
  const date = new Date(now);
  date.setDate(date.getDate() + 1);
  date.setHours(9, 0, 0, 0);
  return date.getTime();
}

/** How long alerts can be put off. */
export const SNOOZES: readonly { label: string; until: (now: EpochMs) => EpochMs }[] = [
  { label: '5 minutes', until: now => now + 300_000 },
  { label: '1 hour', until: now => now + 3_600_000 },
  { label: 'until tomorrow', until: tomorrowMorning },
];

const today = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit', second: '2-digit' });
const other = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

/** A time by this machine's clock: of today only the time of day. */
export function localTime(at: EpochMs, now: EpochMs): string {
  const same = new Date(at).toDateString() === new Date(now).toDateString();
  return (same ? today : other).format(at);
}
