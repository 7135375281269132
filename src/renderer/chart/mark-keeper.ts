import type { StoreApi } from 'zustand/vanilla';
import { INTERVAL_MS } from '../../shared/bars.ts';
import type { Bar, EpochMs, Interval, Token } from '../../shared/contract.ts';
import type { Cancel, Clock } from '../time/clock.ts';
import type { BarWindow } from './bar-window.ts';
import type { PriceChart } from './chart-port.ts';
import type { Fill, OwnTrades } from './own-trades.ts';
import { marksOf, WORDS_REACH, type TradeMark } from './trade-marks.ts';

/** How long own trades wait for others before they are drawn: marks are laid out all together. */
const WAIT_MS = 250;

const NO_FILLS: readonly Fill[] = [];

export interface MarkKeeperDeps {
  trades: StoreApi<OwnTrades>;
  clock: Clock;
  chart: Pick<PriceChart, 'setTrades'>;
  /** The token and the bars on the chart. */
  shown: () => { token: Token | null; window: BarWindow };
  /** Called when there are other marks: what {@link MarkKeeper.wordsAt} says may have changed. */
  onMarks: () => void;
}

/** Keeps the marks of own trades on a chart, drawing them only when something about them changed. */
export class MarkKeeper {
  readonly #deps: MarkKeeperDeps;
  readonly #unsubscribe: Cancel;
  #wait: Cancel | null = null;
  #fills = NO_FILLS;
  #marks: readonly TradeMark[] = [];
  #interval: Interval | null = null;
  #from = 0;
  #to = 0;

  constructor(deps: MarkKeeperDeps) {
    this.#deps = deps;
    this.#unsubscribe = deps.trades.subscribe(() => this.touch());
  }

  /** The trades, the token or the bars may have changed. */
  touch(): void {
    this.#wait ??= this.#deps.clock.after(WAIT_MS, () => {
      this.#wait = null;
      this.#draw();
    });
  }

  /** What was traded in the bar that starts at `time`, in words: `Buy 12.5 · Sell 3 × 40.2`; empty for nothing. */
  wordsAt(time: EpochMs): string {
    return this.#marks
      .filter(mark => mark.time === time)
      .map(mark => mark.words)
      .join(' · ');
  }

  stop(): void {
    this.#wait?.();
    this.#unsubscribe();
  }

  #draw(): void {
    const { token, window } = this.#deps.shown();
    const { first, last, interval } = window;
    const fills = (token === null ? undefined : this.#deps.trades.getState().get(token)) ?? NO_FILLS;
    const from = first?.time ?? 0;
    const to = last?.time ?? 0;
    const same = fills === this.#fills && interval === this.#interval && from === this.#from;
    if (same && (to === this.#to || fills.length === 0)) return;
    this.#fills = fills;
    this.#interval = interval;
    this.#from = from;
    this.#to = to;
    const end = to + INTERVAL_MS[interval];
    const barOf = (at: EpochMs): EpochMs | null =>
      at >= end ? null : (window.bars[window.placeOf(at)]?.time ?? null);
    this.#marks = marksOf(fills, interval, barOf, (time, side) => leavesRoom(window, time, side));
    this.#deps.chart.setTrades(this.#marks);
    this.#deps.onMarks();
  }
}

/** Whether no bar around reaches past this one on the side where the words of a mark stand. */
function leavesRoom(window: BarWindow, time: EpochMs, side: Fill['side']): boolean {
  const place = window.placeOf(time);
  const around = window.bars.slice(Math.max(0, place - WORDS_REACH), place + WORDS_REACH + 1);
  const edge = (bar: Bar): number => (side === 'buy' ? -Number(bar.low) : Number(bar.high));
  const own = window.bars[place];
  return own !== undefined && around.every(bar => edge(bar) <= edge(own));
}
