import { createStore, type StoreApi } from 'zustand/vanilla';
import { INTERVAL_MS } from '../../shared/bars.ts';
import type { Bar, EpochMs, Interval, Token } from '../../shared/contract.ts';
import type { Services } from '../app/services.ts';
import { onRegion } from '../format/region.ts';
import type { Cancel } from '../time/clock.ts';
import { readChartColors } from './chart-colors.ts';
import { ChartFeed, FIRST_PHASE, type ChartPhase } from './chart-feed.ts';
import type { BarSpan, PointedAt, PriceChart } from './chart-port.ts';
import type { Pointed } from './crosshair.ts';
import { ChartTrades } from './chart-trades.ts';
import { MarkKeeper } from './mark-keeper.ts';

/** What the chart's frame draws from. */
export interface SessionState {
  readonly phase: ChartPhase;
  /** Whether the newest bar there is is in view. */
  readonly atNow: boolean;
  /** The bar under the crosshair, wherever the pointer is; `null`: none. */
  readonly pointed: EpochMs | null;
}

export type SessionServices = Pick<
  Services,
  'link' | 'screen' | 'travel' | 'ticker' | 'clock' | 'openChart' | 'crosshair' | 'ownTrades'
>;

/** How much of a bar may be out of view while the chart still counts as being at now. */
const NEARLY = 0.5;

/** One chart from its opening to its removal: the canvas, its data, the shared crosshair, the marks, its size. */
export class ChartSession {
  /** Its chart is gone; nothing may be asked of it. */
  stopped = false;
  readonly state: StoreApi<SessionState> = createStore<SessionState>(() => ({
    phase: FIRST_PHASE,
    atNow: true,
    pointed: null,
  }));
  readonly chart: PriceChart;
  readonly feed: ChartFeed;
  readonly #pane: string;
  readonly #services: SessionServices;
  readonly #trades: ChartTrades;
  readonly #marks: MarkKeeper;
  readonly #onBars = new Set<() => void>();
  readonly #onPaint = new Set<() => void>();
  readonly #undo: Cancel[];
  #token: Token | null = null;

  constructor(pane: string, container: HTMLElement, services: SessionServices) {
    const { link, screen, travel, ticker, clock, crosshair, openChart } = services;
    this.#pane = pane;
    this.#services = services;
    this.chart = openChart(container, readChartColors(container.ownerDocument.documentElement));
    this.feed = new ChartFeed({
      link,
      screen,
      clock,
      now: () => ticker.now(),
      // On the screen of the past nothing is shown that came later.
      until: () => (screen === travel.screen ? travel.state.getState().at : null),
      chart: this.chart,
      onPhase: phase => {
        this.state.setState({ phase });
        this.#look(this.chart.span());
      },
      onBars: () => this.#barsChanged(),
    });
    this.#trades = new ChartTrades({ link, live: services.ownTrades, clock });
    this.#marks = new MarkKeeper({
      trades: this.#trades.store,
      clock,
      chart: this.chart,
      shown: () => ({ token: this.#token, window: this.feed.window }),
      onMarks: () => this.#tellBars(),
    });
    this.chart.onSpan(span => this.#look(span));
    this.chart.onPoint(at => this.#point(at));
    this.chart.onPaint(() => {
      for (const listener of this.#onPaint) listener();
    });
    const observer = new ResizeObserver(entries => {
      const size = entries.at(-1)?.contentRect;
      if (size !== undefined) this.#resize(size.width, size.height);
    });
    observer.observe(container);
    this.#undo = [
      crosshair.follow(pane, pointed => this.#follow(pointed)),
      () => crosshair.move(pane, null),
      () => observer.disconnect(),
      () => this.#marks.stop(),
      () => this.#trades.stop(),
      onRegion(() => {
        this.chart.rewrite();
        this.#barsChanged();
      }),
      () => this.feed.stop(),
      () => this.chart.remove(),
    ];
  }

  /** The bar the legend writes: the one pointed at, else the newest. */
  get legendBar(): Bar | undefined {
    const { pointed } = this.state.getState();
    const { window } = this.feed;
    return (pointed === null ? undefined : window.at(pointed)) ?? window.last;
  }

  /** Own trades in the bar pointed at, in words; empty while nothing is pointed at. */
  get legendTrades(): string {
    const { pointed } = this.state.getState();
    return pointed === null ? '' : this.#marks.wordsAt(pointed);
  }

  show(token: Token | null, interval: Interval): void {
    this.#token = token;
    this.feed.show(token, interval);
    this.#marks.touch();
  }

  /** Calls `listener` when bars, marks or the crosshair changed, and at once. Returns its undo. */
  onBars(listener: () => void): Cancel {
    this.#onBars.add(listener);
    listener();
    return () => this.#onBars.delete(listener);
  }

  /** Calls `listener` after each painting of the bars, and at once: heights may have changed. Returns its undo. */
  onPaint(listener: () => void): Cancel {
    this.#onPaint.add(listener);
    listener();
    return () => this.#onPaint.delete(listener);
  }

  /** Moves the crosshair by `bars` from where it is, or from the newest bar in view; the keyboard's pointer. */
  step(bars: number): void {
    const { window } = this.feed;
    const { pointed } = this.state.getState();
    const span = this.chart.span();
    const end = Math.min(window.bars.length - 1, Math.floor(span?.to ?? Infinity));
    const from = pointed === null ? end + (bars < 0 ? 1 : 0) : window.placeOf(pointed);
    const place = Math.max(0, Math.min(window.bars.length - 1, from + bars));
    const bar = window.bars[place];
    if (bar === undefined) return;
    if (span !== null && (place < span.from || place > span.to)) {
      const shift = place < span.from ? place - span.from - 1 : place - span.to + 1;
      this.chart.setSpan({ from: span.from + shift, to: span.to + shift });
    }
    const at = { time: bar.time, level: Number(bar.close) };
    this.chart.point(at);
    this.#point(at);
  }

  /** Takes the keyboard's crosshair away. */
  unpoint(): void {
    this.chart.unpoint();
    this.#point(null);
  }

  stop(): void {
    this.stopped = true;
    for (const undo of this.#undo) undo();
    this.#onBars.clear();
    this.#onPaint.clear();
  }

  #look(span: BarSpan | null): void {
    if (span === null) return;
    const { phase, atNow } = this.state.getState();
    const here = phase.attached && span.to >= this.feed.window.bars.length - 1 - NEARLY;
    if (here !== atNow) this.state.setState({ atNow: here });
    this.feed.look(span);
  }

  #barsChanged(): void {
    const { generation } = this.#services.screen.getState();
    const { attached } = this.state.getState().phase;
    this.#trades.look({ token: this.#token, window: this.feed.window, attached, generation });
    this.#marks.touch();
    this.#tellBars();
  }

  #setPointed(pointed: EpochMs | null): void {
    if (pointed !== this.state.getState().pointed) this.state.setState({ pointed });
    this.#tellBars();
  }

  /** What the legend says may have changed. */
  #tellBars(): void {
    for (const listener of this.#onBars) listener();
  }

  /** The pointer, or the keyboard, is over this chart: the others follow. */
  #point(at: PointedAt | null): void {
    const token = this.#token;
    this.#setPointed(at?.time ?? null);
    const length = INTERVAL_MS[this.feed.window.interval];
    const pointed = at === null || token === null ? null : { token, ...at, until: at.time + length };
    this.#services.crosshair.move(this.#pane, pointed);
  }

  /** The pointer is over another chart: the bar of the same time is pointed at, if there is one. */
  #follow(pointed: Pointed | null): void {
    const bar = pointed === null ? undefined : this.#barAround(pointed);
    // Out of view there is nothing to point at: the library would put the crosshair on the edge.
    if (pointed === null || bar === undefined || !this.#inView(bar)) this.chart.unpoint();
    else this.chart.point({ time: bar.time, level: pointed.token === this.#token ? pointed.level : null });
    this.#setPointed(bar?.time ?? null);
  }

  #inView({ time }: Bar): boolean {
    const span = this.chart.span();
    const place = this.feed.window.placeOf(time);
    return span !== null && place >= span.from && place <= span.to;
  }

  /** The bar `time` falls into; of shorter bars than the pointer's, the first that lies in its bar. */
  #barAround({ time, until }: Pointed): Bar | undefined {
    const { window } = this.feed;
    const place = window.placeOf(time);
    const bar = window.bars[place];
    if (bar !== undefined && time < bar.time + INTERVAL_MS[window.interval]) return bar;
    const next = window.bars[place + 1];
    return next !== undefined && next.time < until ? next : undefined;
  }

  #resize(width: number, height: number): void {
    const visible = width > 0 && height > 0;
    if (visible) this.chart.resize(width, height);
    this.feed.setVisible(visible);
  }
}
