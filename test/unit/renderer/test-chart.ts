import type { BarSpan, PointedAt, PriceChart } from '../../../src/renderer/chart/chart-port.ts';
import type { TradeMark } from '../../../src/renderer/chart/trade-marks.ts';
import type { Bar } from '../../../src/shared/contract.ts';

/** How many bars a test's chart has room for, and how much of it is empty behind the newest. */
const ROOM = 100;
const EMPTY = 6;

/** happy-dom has no canvas: this chart writes down what it is told and keeps the stretch in view as a real one does. */
export class TestChart implements PriceChart {
  readonly told: string[] = [];
  marks: readonly TradeMark[] = [];
  /** The first and last bar drawn, and how many. */
  drawn: readonly Bar[] = [];
  pointed: PointedAt | null = null;
  /** The test moves the pointer, paints. */
  movePointer: (at: PointedAt | null) => void = () => {};
  paint: () => void = () => {};
  #span: BarSpan | null = null;
  #onSpan: (span: BarSpan) => void = () => {};

  setColors(): void {
    this.told.push('colors');
  }
  rewrite(): void {
    this.told.push('rewrite');
  }
  setShape(shape: string): void {
    this.told.push(shape);
  }
  setDecimals(decimals: number): void {
    this.told.push(`decimals ${decimals}`);
  }
  setHolds(holds: boolean): void {
    this.told.push(holds ? 'holds' : 'holds not');
  }
  setWatermark(text: string): void {
    this.told.push(`watermark ${text}`);
  }
  setLog(on: boolean): void {
    this.told.push(on ? 'log' : 'linear');
  }
  set(bars: readonly Bar[]): void {
    this.told.push(`set ${bars.length}`);
    this.drawn = [...bars];
    this.goToNow();
  }
  replace(bars: readonly Bar[], shift: number): void {
    this.told.push(`replace ${bars.length} by ${shift}`);
    this.drawn = [...bars];
    if (this.#span !== null) this.setSpan({ from: this.#span.from + shift, to: this.#span.to + shift });
  }
  update(bars: readonly Bar[]): void {
    this.told.push(`update ${bars.map(bar => bar.close).join(' ')}`);
    const changed = new Map([...this.drawn, ...bars].map(bar => [bar.time, bar]));
    const more = changed.size - this.drawn.length;
    this.drawn = [...changed.values()];
    if (this.#span !== null && more > 0)
      this.setSpan({ from: this.#span.from + more, to: this.#span.to + more });
  }
  setTrades(marks: readonly TradeMark[]): void {
    this.marks = marks;
  }
  resize(width: number, height: number): void {
    this.told.push(`size ${width} ${height}`);
  }
  goToNow(): void {
    this.told.push('now');
    const to = this.drawn.length - 1 + EMPTY;
    if (this.drawn.length > 0) this.setSpan({ from: to - ROOM, to });
  }
  fit(): void {
    this.told.push('fit');
    this.setSpan({ from: 0, to: this.drawn.length - 1 });
  }
  span(): BarSpan | null {
    return this.#span;
  }
  setSpan(span: BarSpan): void {
    this.#span = span;
    this.#onSpan(span);
  }
  point(at: PointedAt): void {
    this.pointed = at;
  }
  unpoint(): void {
    this.pointed = null;
  }
  /** A hundred pixels are one unit of price, 200 at the top. */
  priceAt(y: number): string | null {
    return y > 20_000 ? null : (200 - y / 100).toFixed(2);
  }
  heightOf(price: string): number | null {
    return (200 - Number(price)) * 100;
  }
  decimals(): number {
    return 2;
  }
  axisWidth(): number {
    return 80;
  }
  onPoint(listener: (at: PointedAt | null) => void): void {
    this.movePointer = listener;
  }
  onSpan(listener: (span: BarSpan) => void): void {
    this.#onSpan = listener;
  }
  onPaint(listener: () => void): void {
    this.paint = listener;
  }
  remove(): void {
    this.told.push('removed');
  }
  /** How often something was told that begins like this. */
  count(beginning: string): number {
    return this.told.filter(step => step.startsWith(beginning)).length;
  }
}
