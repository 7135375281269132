import type { Bar, EpochMs, Interval } from '../../shared/contract.ts';
import { BarWindow, type BarChange } from './bar-window.ts';
import type { PriceChart } from './chart-port.ts';
import { ScaleDecimals } from './scale-decimals.ts';

/** Bars that changed while the chart was hidden: up to this many are drawn as updates. */
const MOST_UPDATES = 300;

/** How many bars are shown around a date that was asked for, when the chart says nothing of its width. */
const AROUND = 120;

/** The part of the chart that bars are drawn with. */
export type BarCanvas = Pick<
  PriceChart,
  'set' | 'replace' | 'update' | 'setDecimals' | 'goToNow' | 'setSpan' | 'span'
>;

/** The bars a chart holds and what of them is on its canvas. A hidden chart draws nothing and makes it good when shown. */
export class DrawnBars {
  readonly #canvas: BarCanvas;
  readonly #onBars: () => void;
  readonly #scale = new ScaleDecimals();
  #window = new BarWindow('1s');
  #visible = true;
  /** Start of the oldest bar that changed while hidden; `-Infinity`: all are to be drawn anew; `null`: none changed. */
  #undrawn: EpochMs | null = null;

  constructor(canvas: BarCanvas, onBars: () => void) {
    this.#canvas = canvas;
    this.#onBars = onBars;
  }

  get window(): BarWindow {
    return this.#window;
  }

  /** Whether the newest bar is out of view. */
  get scrolledAway(): boolean {
    const span = this.#canvas.span();
    return span !== null && span.to < this.#window.bars.length - 1;
  }

  /** Bars of another interval, or with `blank` of another token, follow. */
  begin(interval: Interval, blank: boolean): void {
    this.#window = new BarWindow(interval);
    this.#undrawn = null;
    if (!blank) return;
    this.#scale.reset();
    this.set();
  }

  /** Draws all bars and shows the newest. */
  set(): void {
    this.#fit(this.#window.bars);
    this.#canvas.set(this.#window.bars);
    this.#onBars();
  }

  /** Draws all bars; those in view stay where they are, `shift` places further in the stretch. */
  redraw(shift: number): void {
    this.#fit(this.#window.bars);
    this.#canvas.replace(this.#window.bars, shift);
    this.#onBars();
  }

  /** Draws what live seconds changed; `shift` is by how many places the bars moved besides. */
  apply(change: BarChange, shift: number): void {
    if (change.kind === 'nothing') return;
    const anew = change.kind === 'rebuild' || shift !== 0;
    if (!this.#visible) {
      const from = anew ? -Infinity : (change.bars[0]?.time ?? -Infinity);
      this.#undrawn = Math.min(this.#undrawn ?? Infinity, from);
      return;
    }
    if (anew) this.redraw(shift);
    else this.#update(change.bars);
  }

  setVisible(visible: boolean): void {
    this.#visible = visible;
    const from = this.#undrawn;
    if (!visible || from === null) return;
    this.#undrawn = null;
    const missed = this.#window.bars.slice(Math.max(0, this.#window.placeOf(from)));
    if (missed.length > MOST_UPDATES) this.redraw(0);
    else this.#update(missed);
  }

  goToNow(): void {
    this.#canvas.goToNow();
  }

  /** Brings the bar at or before `time` into the middle. */
  centre(time: EpochMs): void {
    const span = this.#canvas.span();
    const half = (span === null ? AROUND : span.to - span.from) / 2;
    const place = this.#window.placeOf(time);
    this.#canvas.setSpan({ from: place - half, to: place + half });
  }

  #update(bars: readonly Bar[]): void {
    this.#fit(bars);
    this.#canvas.update(bars);
    this.#onBars();
  }

  #fit(bars: readonly Bar[]): void {
    const decimals = this.#scale.fit(bars);
    if (decimals !== null) this.#canvas.setDecimals(decimals);
  }
}
