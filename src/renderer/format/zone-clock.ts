import type { EpochMs } from '../../shared/contract.ts';

/** Zones change their offset at quarters of an hour, so one is asked for once a quarter. */
const QUARTER_MS = 900_000;
const DAY_MS = 86_400_000;

/** Offsets kept at most: three years of quarters are never looked at together, a chart of ten years of days is. */
const MOST_KEPT = 10_000;

/**
 * What clocks on the wall show, as milliseconds: the moment whose UTC reading is that date and time of day. Good for writing and
 * for asking which day it is; not a moment, because one of them can come twice a year or never.
 */
export type WallMs = number;

/** The clocks of one time zone. Asks `Intl` rarely: offsets are kept, because thousands of times a second are written. */
export class ZoneClock {
  readonly timeZone: string;
  readonly #offsets = new Map<number, number>();
  readonly #writer: Intl.DateTimeFormat;

  /** A `RangeError` where there is no such zone. */
  constructor(timeZone: string) {
    this.timeZone = timeZone;
    this.#writer = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  }

  /** How far the zone's clocks are ahead of UTC at a moment, ms; behind is negative. */
  offsetAt(at: EpochMs): number {
    const quarter = Math.floor(at / QUARTER_MS);
    const kept = this.#offsets.get(quarter);
    if (kept !== undefined) return kept;
    if (this.#offsets.size >= MOST_KEPT) this.#offsets.clear();
    const offset = readOffset(this.#writer.format(quarter * QUARTER_MS));
    this.#offsets.set(quarter, offset);
    return offset;
  }

  /** What the clocks on the wall show at a moment. */
  wallAt(at: EpochMs): WallMs {
    return at + this.offsetAt(at);
  }

  /**
   * The moment at which the clocks show `wall`. An hour that comes twice (clocks are put back) means its first time; one that
   * never comes (clocks are put forward) means as long after the change: 02:30 is then 03:30.
   */
  momentOf(wall: WallMs): EpochMs {
    const [before, after] = [wall - this.offsetAt(wall - DAY_MS), wall - this.offsetAt(wall + DAY_MS)];
    const shown = [before, after].filter(at => this.wallAt(at) === wall);
    return shown.length === 0 ? before : Math.min(...shown);
  }
}

/** `… GMT`, `… GMT+05:30`, in old times with seconds. */
function readOffset(text: string): number {
  const [, sign, hours = '0', minutes = '0', seconds = '0'] =
    /GMT([-+−])(\d+):(\d+)(?::(\d+))?$/.exec(text) ?? [];
  const size = (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000;
  return sign === '+' ? size : 0 - size;
}
