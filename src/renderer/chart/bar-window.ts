import type { Bar, DecimalString, EpochMs, Interval } from '../../shared/contract.ts';
import { addVolume, barStart, foldBars } from '../../shared/bars.ts';

/** How many bars a chart keeps. Scrolling further drops bars at the other end, which are loaded again on the way back. */
export const MOST_BARS = 12_000;

/** By how much live bars may exceed {@link MOST_BARS} before the oldest are cut off, all of this many at once. */
export const SLACK_BARS = 2_000;

/** How long a second's share in its bar is remembered, so that telling it again does not count it twice. */
const REMEMBERED_MS = 600_000;

/** What the chart has to do to show the next state. */
export type BarChange =
  | { kind: 'nothing' }
  /** These bars are new at the end or state anew what is drawn; oldest first. */
  | { kind: 'update'; bars: readonly Bar[] }
  /** A bar came between others, which a drawn series cannot take. */
  | { kind: 'rebuild' };

/** The stretch of bars a chart holds: bounded, ordered, each time once. Its array changes in place. */
export class BarWindow {
  readonly interval: Interval;
  readonly #most: number;
  #bars: Bar[] = [];
  /** Volumes of seconds that are in their bar already. */
  readonly #counted = new Map<EpochMs, DecimalString | null>();
  /** The newest second in the bars: an older one that comes late must not set the close. */
  #lastSecond = -Infinity;

  constructor(interval: Interval, most = MOST_BARS) {
    this.interval = interval;
    this.#most = most;
  }

  /** Oldest first. */
  get bars(): readonly Bar[] {
    return this.#bars;
  }

  get first(): Bar | undefined {
    return this.#bars[0];
  }

  get last(): Bar | undefined {
    return this.#bars.at(-1);
  }

  /** Place of the newest bar that starts at or before `time`; -1 before all of them. */
  placeOf(time: EpochMs): number {
    let low = 0;
    let high = this.#bars.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#bars[middle]?.time ?? Infinity) <= time) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The bar that starts at `time`. */
  at(time: EpochMs): Bar | undefined {
    const bar = this.#bars[this.placeOf(time)];
    return bar?.time === time ? bar : undefined;
  }

  /** Starts over with `past` and lays the live `seconds` over its end. */
  reset(past: readonly Bar[], seconds: readonly Bar[]): void {
    this.#bars = past.slice(-this.#most);
    this.#counted.clear();
    const last = this.#bars.at(-1);
    const from = last?.time ?? -Infinity;
    this.#lastSecond = from;
    if (last !== undefined) {
      // With every second of the last bar at hand its volume is their sum; else the past has counted them already.
      const whole = (seconds[0]?.time ?? Infinity) <= from;
      if (whole) this.#bars[this.#bars.length - 1] = { ...last, volume: null };
      else for (const second of seconds) if (second.time >= from) this.#count(second);
    }
    this.absorb(seconds.filter(second => second.time >= from));
  }

  /** Lays changed 1-second bars over the end. Seconds before the first bar belong to a past that is not held. */
  absorb(seconds: readonly Bar[]): BarChange {
    const changed = new Map<EpochMs, Bar>();
    let rebuild = false;
    for (const second of seconds) {
      const start = barStart(second.time, this.interval);
      const place = this.placeOf(start);
      if (place < 0 && this.#bars.length > 0) continue;
      const before = this.#bars[place];
      const known = before?.time === start ? before : undefined;
      const bar = this.#widen(known, second, start);
      if (known === undefined) {
        rebuild ||= place < this.#bars.length - 1;
        this.#bars.splice(place + 1, 0, bar);
      } else {
        this.#bars[place] = bar;
      }
      changed.set(start, bar);
      this.#lastSecond = Math.max(this.#lastSecond, second.time);
    }
    if (changed.size === 0) return { kind: 'nothing' };
    if (rebuild) return { kind: 'rebuild' };
    return { kind: 'update', bars: [...changed.values()].toSorted((a, b) => a.time - b.time) };
  }

  /**
   * Puts older bars in front and cuts off the newest ones that are too many then.
   *
   * @returns by how many places the bars moved, and whether the newest were cut off
   */
  prepend(older: readonly Bar[]): { shift: number; cut: boolean } {
    const before = this.first?.time ?? Infinity;
    const added = older.filter(bar => bar.time < before);
    const all = [...added, ...this.#bars];
    this.#bars = all.slice(0, this.#most);
    return { shift: added.length, cut: all.length > this.#most };
  }

  /** Puts newer bars behind the last and cuts off the oldest ones that are too many then; says by how many places bars moved. */
  append(newer: readonly Bar[]): { shift: number; added: number } {
    const after = this.last?.time ?? -Infinity;
    const added = newer.filter(bar => bar.time > after);
    this.#bars.push(...added);
    return { shift: this.#cutFront(), added: added.length };
  }

  /** Cuts off the oldest bars once live ones have grown past the slack; says by how many places bars moved. */
  trim(): number {
    return this.#bars.length > this.#most + SLACK_BARS ? this.#cutFront() : 0;
  }

  #cutFront(): number {
    const surplus = Math.max(0, this.#bars.length - this.#most);
    this.#bars.splice(0, surplus);
    return surplus === 0 ? 0 : -surplus;
  }

  /** The bar with one second folded in. A 1-second bar is simply the newest statement of that second. */
  #widen(bar: Bar | undefined, second: Bar, start: EpochMs): Bar {
    const counted = this.#counted.get(second.time) ?? null;
    this.#count(second);
    if (this.interval === '1s' || bar === undefined) return { ...second, time: start };
    const [folded = second] = foldBars([bar, second], this.interval);
    return {
      ...folded,
      close: second.time < this.#lastSecond ? bar.close : folded.close,
      volume: moreVolume(bar.volume, second.volume, counted),
    };
  }

  #count(second: Bar): void {
    this.#counted.set(second.time, second.volume);
    for (const time of this.#counted.keys()) {
      if (time >= second.time - REMEMBERED_MS) break;
      this.#counted.delete(time);
    }
  }
}

/** A bar's volume once a second in it says `now` instead of `counted`. */
function moreVolume(
  volume: DecimalString | null,
  now: DecimalString | null,
  counted: DecimalString | null,
): DecimalString | null {
  if (now === null || now === counted) return volume;
  return addVolume(addVolume(volume, now), counted === null ? null : `-${counted}`);
}
