import type { StoreApi } from 'zustand/vanilla';
import { INTERVAL_MS } from '../../shared/bars.ts';
import type { EpochMs, Interval, Token } from '../../shared/contract.ts';
import type { Cancel, Clock } from '../time/clock.ts';
import type { BarWindow } from './bar-window.ts';
import type { PriceChart } from './chart-port.ts';
import type { Fill, OwnTrades } from './own-trades.ts';
import { marksOf } from './trade-marks.ts';

/** How long own trades wait for others before they are drawn: marks are laid out all together. */
const WAIT_MS = 250;

const NO_FILLS: readonly Fill[] = [];

export interface MarkKeeperDeps {
  trades: StoreApi<OwnTrades>;
  clock: Clock;
  chart: Pick<PriceChart, 'setTrades'>;
  /** The token and the bars on the chart. */
  shown: () => { token: Token | null; window: BarWindow };
}

/** Keeps the marks of own trades on a chart, drawing them only when something about them changed. */
export class MarkKeeper {
  readonly #deps: MarkKeeperDeps;
  readonly #unsubscribe: Cancel;
  #wait: Cancel | null = null;
  #fills = NO_FILLS;
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
    this.#deps.chart.setTrades(marksOf(fills, interval, barOf));
  }
}
