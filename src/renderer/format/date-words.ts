import type { EpochMs } from '../../shared/contract.ts';
import { tabular } from './number-marks.ts';
import type { ZoneClock } from './zone-clock.ts';

const DAY_MS = 86_400_000;

/** Days kept at most; a table shows moments of few days. */
const MOST_KEPT = 400;

/** What can be told of a day. Months are words, so that 3 April is never 4 March. */
export type DayPart = 'date' | 'day-of-month' | 'month' | 'year' | 'short';

const OPTIONS: Readonly<Record<DayPart, Intl.DateTimeFormatOptions>> = {
  date: { year: 'numeric', month: 'short', day: 'numeric' },
  short: { month: 'short', day: 'numeric' },
  year: { year: 'numeric' },
  month: { month: 'short' },
  'day-of-month': { day: 'numeric' },
};

/** Writes days and names of zones by a locale, and times of day by the clocks of a zone. */
export class DateWords {
  readonly #clock: ZoneClock;
  readonly #locale: string;
  readonly #writers = new Map<DayPart, Intl.DateTimeFormat>();
  readonly #days = new Map<string, string>();
  readonly #names = new Map<number, string>();
  /** Between hours, minutes and seconds: `:`, in some languages `.`. */
  readonly #colon: string;
  #zone: Intl.DateTimeFormat | undefined;

  constructor(locale: string, clock: ZoneClock) {
    this.#clock = clock;
    this.#locale = tabular(locale);
    const sample = new Intl.DateTimeFormat(this.#locale, {
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }).formatToParts(0);
    const between = sample[sample.findIndex(({ type }) => type === 'hour') + 1]?.value;
    this.#colon = between === '.' ? '.' : ':';
  }

  /** A day by the zone's calendar. */
  day(at: EpochMs, part: DayPart): string {
    const wall = this.#clock.wallAt(at);
    const key = `${part} ${Math.floor(wall / DAY_MS)}`;
    const kept = this.#days.get(key);
    if (kept !== undefined) return kept;
    if (this.#days.size >= MOST_KEPT) this.#days.clear();
    const text = this.#writer(part).format(wall);
    this.#days.set(key, text);
    return text;
  }

  /** `14:32:07.912` cut after `length` characters. 24 hours in every locale: `02:32` cannot be told from `02:32` at night. */
  time(at: EpochMs, length: number): string {
    const text = new Date(this.#clock.wallAt(at)).toISOString().slice(11, 11 + length);
    return this.#colon === ':' ? text : text.replaceAll(':', this.#colon);
  }

  /** The zone's short name at a moment: `UTC`, `GMT+9`, `MEZ` or `MESZ`. */
  zoneName(at: EpochMs): string {
    const offset = this.#clock.offsetAt(at);
    const kept = this.#names.get(offset);
    if (kept !== undefined) return kept;
    this.#zone ??= new Intl.DateTimeFormat(this.#locale, {
      timeZone: this.#clock.timeZone,
      timeZoneName: 'short',
    });
    const name = this.#zone.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    this.#names.set(offset, name);
    return name;
  }

  /** The order in which the locale writes a day in numbers. */
  order(): readonly ('day' | 'month' | 'year')[] {
    const parts = new Intl.DateTimeFormat(this.#locale).formatToParts(0);
    return parts.flatMap(({ type }) => (type === 'day' || type === 'month' || type === 'year' ? [type] : []));
  }

  #writer(part: DayPart): Intl.DateTimeFormat {
    let writer = this.#writers.get(part);
    if (writer === undefined) {
      writer = new Intl.DateTimeFormat(this.#locale, { ...OPTIONS[part], timeZone: 'UTC' });
      this.#writers.set(part, writer);
    }
    return writer;
  }
}
