import { DateWords } from './date-words.ts';
import { numberMarks, type NumberMarks } from './number-marks.ts';
import { ZoneClock } from './zone-clock.ts';

/** What the trader chose; `null`: as the system has it. Kept as it is, also where it means nothing to this machine. */
export interface RegionChoice {
  /** A BCP 47 tag: `de-DE`. */
  readonly locale: string | null;
  /** A name of the IANA: `Europe/Berlin`, `UTC`. */
  readonly timeZone: string | null;
}

/** How numbers and times are written now. */
export interface Region {
  readonly locale: string;
  readonly timeZone: string;
  readonly marks: NumberMarks;
  readonly clock: ZoneClock;
  readonly dates: DateWords;
  /** What of the choice cannot be used here, and what is used instead; empty: nothing. */
  readonly problems: readonly string[];
}

export const SYSTEM_REGION: RegionChoice = { locale: null, timeZone: null };

/** Turns a choice into what is written by. Never fails: what is no locale or zone here is replaced by the system's. */
export function openRegion(choice: RegionChoice): Region {
  const system = new Intl.DateTimeFormat().resolvedOptions();
  const problems: string[] = [];
  const locale = choice.locale === null || knowsLocale(choice.locale) ? choice.locale : undefined;
  if (locale === undefined) {
    problems.push(
      `“${choice.locale ?? ''}” is no locale this machine knows: the system’s (${system.locale}) is used.`,
    );
  }
  const timeZone = choice.timeZone === null || knowsZone(choice.timeZone) ? choice.timeZone : undefined;
  if (timeZone === undefined) {
    problems.push(
      `“${choice.timeZone ?? ''}” is no time zone this machine knows: the system’s (${system.timeZone}) is used.`,
    );
  }
  const tag = locale ?? system.locale;
  const clock = new ZoneClock(timeZone ?? system.timeZone);
  return {
    locale: tag,
    timeZone: clock.timeZone,
    marks: numberMarks(tag),
    clock,
    dates: new DateWords(tag, clock),
    problems,
  };
}

function knowsLocale(tag: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf([tag]).length > 0;
  } catch {
    return false;
  }
}

function knowsZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

let used = openRegion(SYSTEM_REGION);
const listeners = new Set<() => void>();

/** The region everything on the screen is written in. One for the page, so that no two places can differ. */
export function region(): Region {
  return used;
}

/** Writes by `choice` from now on. What React drew is drawn again through `useRegion`, the rest through {@link onRegion}. */
export function writeBy(choice: RegionChoice): void {
  used = openRegion(choice);
  for (const listener of listeners) listener();
}

/** Calls `listener` after each change of the region: for what is not drawn by React. Returns its undo. */
export function onRegion(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
