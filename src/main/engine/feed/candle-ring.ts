import type { Bar, DecimalString, EpochMs, Interval } from '../../../shared/contract.ts';
import { Decimal } from 'decimal.js';
import { addVolume, barStart, foldBar, foldBars } from '../../../shared/bars.ts';

/** A bar and what the ring knows about it. */
export interface Slot {
  bar: Bar;
  /** Times of the prices that opened and closed it. */
  firstAt: EpochMs;
  lastAt: EpochMs;
  /** When it changed last; 0 for history. */
  version: number;
  /** What was traded in it by all that was told here, and by what was stored; the volume is the larger of both. */
  traded: DecimalString | null;
  stored: DecimalString | null;
}

/** Removed at once instead of one by one, so that adding a bar costs the same with 10 or 10,000 kept. */
const SLACK = 64;
/** Bars to come for which trades are kept that were told before the bar's first price. */
const MOST_AHEAD = 64;

/** The newest bars of one token and interval, always in order of time. Seconds without a price have no bar. */
export class CandleRing {
  readonly #interval: Interval;
  readonly #keep: number;
  #slots: Slot[] = [];
  /** Version of the newest change to a bar that was not the last; see {@link changedSince}. */
  #lateVersion = 0;
  #isCut = false;
  /** Volume of bars that have no price yet, by their start. */
  readonly #ahead = new Map<EpochMs, DecimalString | null>();

  constructor(interval: Interval, keep: number) {
    this.#interval = interval;
    this.#keep = keep;
  }

  /** Folds a price into the bar it belongs to. A price older than everything kept is left out. */
  add(at: EpochMs, price: DecimalString, version: number): void {
    const start = barStart(at, this.#interval);
    const index = this.#indexOf(start);
    const slot = this.#slots[index];
    const isLast = index >= this.#slots.length - 1;
    if (slot?.bar.time === start) {
      this.#fold(slot, at, price, version);
    } else {
      if (index === 0 && this.#slots.length >= this.#keep) return;
      const volume = this.#ahead.get(start) ?? null;
      this.#ahead.delete(start);
      const bar = { ...foldBar(undefined, start, price), volume };
      const fresh = { bar, firstAt: at, lastAt: at, version, traded: volume, stored: null };
      if (slot === undefined) this.#slots.push(fresh);
      else this.#slots.splice(index, 0, fresh);
    }
    if (!isLast || (slot !== undefined && slot.bar.time !== start)) this.#lateVersion = version;
    if (this.#slots.length < this.#keep + SLACK) return;
    this.#isCut = true;
    this.#slots = this.#slots.slice(-this.#keep);
  }

  /**
   * Adds a traded amount to the bar it belongs to. A bar begins with a price: until it comes, the amount is kept for it.
   * Answers whether a bar changed.
   */
  trade(at: EpochMs, amount: DecimalString, version: number): boolean {
    const start = barStart(at, this.#interval);
    const index = this.#indexOf(start);
    const slot = this.#slots[index];
    if (slot?.bar.time !== start) {
      if (index < this.#slots.length) return false;
      this.#ahead.set(start, addVolume(this.#ahead.get(start) ?? null, amount));
      const [oldest] = this.#ahead.keys();
      if (oldest !== undefined && this.#ahead.size > MOST_AHEAD) this.#ahead.delete(oldest);
      return false;
    }
    slot.traded = addVolume(slot.traded, amount);
    slot.bar = { ...slot.bar, volume: larger(slot.traded, slot.stored) };
    slot.version = version;
    if (index < this.#slots.length - 1) this.#lateVersion = version;
    return true;
  }

  /** Puts history under what is there: before the first bar of a live price, and never over a bar. */
  seed(points: readonly { at: EpochMs; price: DecimalString }[]): void {
    const history = new CandleRing(this.#interval, this.#keep);
    for (const { at, price } of points) history.add(at, price, 0);
    const live = this.#slots.findIndex(slot => slot.version > 0);
    const before = (live < 0 ? undefined : this.#slots[live]?.bar.time) ?? Infinity;
    const there = new Set(this.#slots.map(slot => slot.bar.time));
    const added = history.#slots.filter(({ bar }) => bar.time < before && !there.has(bar.time));
    this.#slots = [...added, ...this.#slots].sort((a, b) => a.bar.time - b.bar.time).slice(-this.#keep);
  }

  /** Lays stored bars under what is there; see `Candles.seedBars`. */
  seedBars(bars: readonly Bar[]): void {
    const slots = new Map(this.#slots.map(slot => [slot.bar.time, slot]));
    this.#isCut ||= bars.length > 0;
    for (const bar of bars) {
      const slot = slots.get(bar.time);
      if (slot === undefined) {
        const { time, volume: stored } = bar;
        slots.set(time, { bar, firstAt: time, lastAt: time, version: 0, traded: null, stored });
        continue;
      }
      const [both = bar] = foldBars([bar, slot.bar], this.#interval);
      slot.stored = larger(slot.stored, bar.volume);
      slot.bar = { ...both, volume: larger(slot.traded, slot.stored) };
      slot.firstAt = bar.time;
    }
    this.#slots = [...slots.values()].sort((a, b) => a.bar.time - b.bar.time).slice(-this.#keep);
    // Between changed bars there may now be some that did not change.
    this.#lateVersion = this.#slots.reduce((most, { version }) => Math.max(most, version), this.#lateVersion);
  }

  /** Whether there may be older bars elsewhere: some were cut off here, or came from where bars are stored. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** The newest bars, oldest first. */
  bars(limit: number): Bar[] {
    return this.#slots.slice(-Math.min(limit, this.#keep)).map(slot => slot.bar);
  }

  /** Bars changed after `version`. Versions rise along the ring unless a late price came: only then it looks at all. */
  changedSince(version: number): Slot[] {
    if (this.#lateVersion > version) return this.#slots.filter(slot => slot.version > version);
    let from = this.#slots.length;
    while (from > 0 && (this.#slots[from - 1]?.version ?? 0) > version) from -= 1;
    return this.#slots.slice(from);
  }

  #fold(slot: Slot, at: EpochMs, price: DecimalString, version: number): void {
    const before = slot.bar;
    const bar = foldBar(before, before.time, price);
    if (at < slot.firstAt) bar.open = price;
    if (at < slot.lastAt) bar.close = before.close;
    slot.bar = bar;
    slot.firstAt = Math.min(slot.firstAt, at);
    slot.lastAt = Math.max(slot.lastAt, at);
    slot.version = version;
  }

  /** Index of the first bar that starts at or after `start`. Nearly always the last, or behind it. */
  #indexOf(start: EpochMs): number {
    const slots = this.#slots;
    let low = 0;
    let high = slots.length;
    const last = slots.at(-1);
    if (last === undefined || last.bar.time < start) return high;
    if (last.bar.time === start) return high - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((slots[middle]?.bar.time ?? 0) < start) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function larger(a: DecimalString | null, b: DecimalString | null): DecimalString | null {
  if (a === null || b === null) return a ?? b;
  return new Decimal(a).gte(b) ? a : b;
}
