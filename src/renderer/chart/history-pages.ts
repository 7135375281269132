import { INTERVAL_MS } from '../../shared/bars.ts';
import type { Bar, EpochMs } from '../../shared/contract.ts';
import type { BarSpan } from './chart-port.ts';
import type { DrawnBars } from './drawn-bars.ts';

/** How many bars a chart asks for at a time. */
export const PAGE_BARS = 1_000;

/** The most bars the engine gives at once. */
const MOST_ASKED = 5_000;

/** From this many bars before an end of what is held on, more is asked for. */
const EDGE_BARS = 100;

/** Bars before some moment, oldest first, and whether there is nothing older than them. */
export interface HistoryPage {
  bars: readonly Bar[];
  complete: boolean;
}

/** Where the stretch of bars that is held lies. */
export interface Reach {
  /** Whether its end is now; else it lies in the past. */
  attached: boolean;
  /** Whether there is nothing older than its beginning. */
  complete: boolean;
}

/** What the pages need of the chart they belong to. */
export interface PagesHost {
  readonly drawn: DrawnBars;
  readonly reach: Reach;
  now(): EpochMs;
  /** Whether a question is under way. */
  engaged(): boolean;
  /** Asks for at most {@link PAGE_BARS} bars before a moment. */
  before(time: EpochMs, got: (page: HistoryPage) => void): void;
  /** Asks for the newest bars. */
  newest(limit: number, got: (bars: readonly Bar[]) => void): void;
  setReach(reach: Partial<Reach>): void;
  /** Lays the live seconds over the end of what is held, which is now. */
  attach(): void;
  /** Starts over with the newest bars. */
  reload(): void;
}

/** Loads the past as the trader scrolls: one page at a time, older ones before the beginning, newer ones on the way forward. */
export class HistoryPages {
  readonly #host: PagesHost;

  constructor(host: PagesHost) {
    this.#host = host;
  }

  /** The trader looks at this stretch: asks for more bars where it comes near an end. */
  look(span: BarSpan): void {
    const { drawn, reach } = this.#host;
    if (this.#host.engaged()) return;
    if (span.from < EDGE_BARS && !reach.complete) this.#older();
    else if (!reach.attached && span.to > drawn.window.bars.length - 1 - EDGE_BARS) this.#newer();
  }

  /** Brings `time` into the middle of the view, loading that part of the past if it is not held. */
  goTo(time: EpochMs): void {
    const { drawn, reach } = this.#host;
    const { first, last, interval } = drawn.window;
    if (time >= this.#host.now()) {
      if (reach.attached) drawn.goToNow();
      else this.#host.reload();
      return;
    }
    const begins = reach.complete ? -Infinity : (first?.time ?? Infinity);
    const ends = reach.attached ? Infinity : (last?.time ?? -Infinity) + INTERVAL_MS[interval];
    if (time >= begins && time < ends) drawn.centre(time);
    else this.#around(time);
  }

  #older(): void {
    const { drawn } = this.#host;
    this.#host.before(drawn.window.first?.time ?? this.#host.now(), page => {
      const { shift, cut } = drawn.window.prepend(page.bars);
      const { attached } = this.#host.reach;
      this.#host.setReach({ complete: page.complete || shift === 0, attached: attached && !cut });
      if (shift > 0) drawn.redraw(shift);
    });
  }

  #newer(): void {
    const { drawn } = this.#host;
    const length = INTERVAL_MS[drawn.window.interval];
    const end = (drawn.window.last?.time ?? 0) + length;
    const until = end + PAGE_BARS * length;
    if (until < this.#host.now()) {
      this.#host.before(until, ({ bars }) => this.#behind(bars, false));
      return;
    }
    const missing = Math.ceil((this.#host.now() - end) / length) + 2;
    this.#host.newest(Math.min(missing, MOST_ASKED), bars => this.#behind(bars, true));
  }

  #behind(bars: readonly Bar[], toNow: boolean): void {
    const { drawn } = this.#host;
    const { shift, added } = drawn.window.append(bars);
    // Nothing for a whole page: a long silence, and the way through it leads to now.
    if (added === 0 && !toNow) {
      this.#host.reload();
      return;
    }
    if (shift !== 0) this.#host.setReach({ complete: false });
    if (toNow) this.#host.attach();
    drawn.redraw(shift);
  }

  #around(time: EpochMs): void {
    const { drawn } = this.#host;
    const half = (PAGE_BARS / 2) * INTERVAL_MS[drawn.window.interval];
    const until = time + half;
    if (until >= this.#host.now()) {
      const length = INTERVAL_MS[drawn.window.interval];
      const wanted = Math.ceil((this.#host.now() - time) / length) + PAGE_BARS / 2;
      this.#host.newest(Math.min(wanted, MOST_ASKED), bars => {
        drawn.window.reset(bars, []);
        this.#host.setReach({ complete: false });
        this.#host.attach();
        drawn.redraw(0);
        drawn.centre(time);
      });
      return;
    }
    this.#host.before(until, ({ bars, complete }) => {
      // Nothing that old: what is held begins where everything begins.
      if (bars.length === 0) {
        this.#host.setReach({ complete: this.#host.reach.attached });
        if (drawn.window.first !== undefined) drawn.centre(drawn.window.first.time);
        return;
      }
      drawn.window.reset(bars, []);
      this.#host.setReach({ attached: false, complete });
      drawn.redraw(0);
      drawn.centre(time);
    });
  }
}
