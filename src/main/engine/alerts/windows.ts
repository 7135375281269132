import type { EpochMs } from '../../../shared/contract.ts';
import { compareNums, Exact, numOf, type Num } from './number.ts';

/** A window is kept in this many parts, so its length is right to one in so many, and its memory is bounded. */
export const PARTS = 120;

/** Length of a part of a window, ms. */
export function partOf(windowMs: number): number {
  return Math.max(1, Math.ceil(windowMs / PARTS));
}

/** A part of a window as it is kept: its start and its numbers. */
export type KeptPart = readonly [start: EpochMs, ...numbers: string[]];

interface Prices {
  start: EpochMs;
  low: Num;
  high: Num;
  last: Num;
}

/**
 * The lowest and highest price in force during the last so many ms. The price that was in force when the window began counts
 * too, however old it is.
 */
export class PriceWindow {
  readonly #windowMs: number;
  readonly #part: number;
  #parts: Prices[] = [];
  #before: Num | undefined;
  #low: Num | undefined;
  #high: Num | undefined;

  constructor(windowMs: number, kept: readonly KeptPart[] = []) {
    this.#windowMs = windowMs;
    this.#part = partOf(windowMs);
    for (const part of kept) this.restore(part);
  }

  get low(): Num | undefined {
    return this.#low;
  }

  get high(): Num | undefined {
    return this.#high;
  }

  /** Takes a price and answers the part it changed. One that comes late counts as if it came with the newest. */
  add(at: EpochMs, price: Num): KeptPart {
    const moved = this.#expire(at);
    const start = Math.floor(at / this.#part) * this.#part;
    let newest = this.#parts.at(-1);
    if (newest === undefined || newest.start < start) {
      newest = { start, low: price, high: price, last: price };
      this.#parts.push(newest);
    } else {
      if (compareNums(price, newest.low) < 0) newest.low = price;
      if (compareNums(price, newest.high) > 0) newest.high = price;
      newest.last = price;
    }
    if (this.#low === undefined || compareNums(price, this.#low) < 0) this.#low = price;
    if (this.#high === undefined || compareNums(price, this.#high) > 0) this.#high = price;
    if (moved) this.#measure();
    return write(newest);
  }

  /** Puts back a part that {@link PriceWindow.add} answered; the newest of a start counts. */
  restore([start, low = '', high = '', last = '']: KeptPart): void {
    const part = { start, low: numOf(low), high: numOf(high), last: numOf(last) };
    if (this.#parts.at(-1)?.start === start) this.#parts.pop();
    this.#parts.push(part);
    this.#expire(start);
    this.#measure();
  }

  parts(): KeptPart[] {
    const before: KeptPart[] =
      this.#before === undefined ? [] : [[0, this.#before.text, this.#before.text, this.#before.text]];
    return [...before, ...this.#parts.map(write)];
  }

  #expire(now: EpochMs): boolean {
    const from = now - this.#windowMs;
    let gone = 0;
    for (const part of this.#parts) {
      if (part.start + this.#part > from) break;
      this.#before = part.last;
      gone += 1;
    }
    if (gone > 0) this.#parts = this.#parts.slice(gone);
    return gone > 0;
  }

  #measure(): void {
    this.#low = this.#before;
    this.#high = this.#before;
    for (const { low, high } of this.#parts) {
      if (this.#low === undefined || compareNums(low, this.#low) < 0) this.#low = low;
      if (this.#high === undefined || compareNums(high, this.#high) > 0) this.#high = high;
    }
  }
}

function write(part: Prices): KeptPart {
  return [part.start, part.low.text, part.high.text, part.last.text];
}

type Sum = InstanceType<typeof Exact>;

/** What was traded during the last so many ms, in tokens and in what was paid for them. */
export class VolumeWindow {
  readonly #windowMs: number;
  readonly #part: number;
  #parts: { start: EpochMs; base: Sum; quote: Sum }[] = [];
  #base = new Exact(0);
  #quote = new Exact(0);

  constructor(windowMs: number, kept: readonly KeptPart[] = []) {
    this.#windowMs = windowMs;
    this.#part = partOf(windowMs);
    for (const part of kept) this.restore(part);
  }

  sum(unit: 'base' | 'quote'): Num {
    const sum = unit === 'base' ? this.#base : this.#quote;
    return numOf(sum.toFixed());
  }

  /** Lets go what is older than the window at `now`; true when that was something. */
  expire(now: EpochMs): boolean {
    let gone = 0;
    for (const part of this.#parts) {
      if (part.start + this.#part > now - this.#windowMs) break;
      this.#base = this.#base.minus(part.base);
      this.#quote = this.#quote.minus(part.quote);
      gone += 1;
    }
    if (gone > 0) this.#parts = this.#parts.slice(gone);
    return gone > 0;
  }

  /** Takes a trade and answers the part it changed. A trade that comes late counts as if it came with the newest. */
  add(at: EpochMs, amount: Sum, paid: Sum): KeptPart {
    const start = Math.floor(at / this.#part) * this.#part;
    let last = this.#parts.at(-1);
    if (last === undefined || last.start < start) {
      last = { start, base: new Exact(0), quote: new Exact(0) };
      this.#parts.push(last);
    }
    last.base = last.base.plus(amount);
    last.quote = last.quote.plus(paid);
    this.#base = this.#base.plus(amount);
    this.#quote = this.#quote.plus(paid);
    return [last.start, last.base.toFixed(), last.quote.toFixed()];
  }

  /** Puts back a part that {@link VolumeWindow.add} answered; the newest of a start counts. */
  restore([start, base = '0', quote = '0']: KeptPart): void {
    const last = this.#parts.at(-1);
    if (last?.start === start) {
      this.#parts.pop();
      this.#base = this.#base.minus(last.base);
      this.#quote = this.#quote.minus(last.quote);
    }
    const part = { start, base: new Exact(base), quote: new Exact(quote) };
    this.#parts.push(part);
    this.#base = this.#base.plus(part.base);
    this.#quote = this.#quote.plus(part.quote);
    this.expire(start);
  }

  parts(): KeptPart[] {
    return this.#parts.map(({ start, base, quote }) => [start, base.toFixed(), quote.toFixed()]);
  }
}
