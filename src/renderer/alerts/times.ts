import type { EpochMs } from '../../shared/contract.ts';
import { region } from '../format/region.ts';

const DAY_MS = 86_400_000;

/** Nine in the morning of the next day, by the clocks of the zone in use. */
export function tomorrowMorning(now: EpochMs): EpochMs {
  const { clock } = region();
  const midnight = Math.floor(clock.wallAt(now) / DAY_MS) * DAY_MS;
  return clock.momentOf(midnight + DAY_MS + 9 * 3_600_000);
}

/** How long alerts can be put off. */
export const SNOOZES: readonly { label: string; until: (now: EpochMs) => EpochMs }[] = [
  { label: '5 minutes', until: now => now + 300_000 },
  { label: '1 hour', until: now => now + 3_600_000 },
  { label: 'until tomorrow', until: tomorrowMorning },
];
