import type { StoreApi } from 'zustand/vanilla';
import type { Bar, EpochMs, Interval, Token } from '../../shared/contract.ts';
import { barStart } from '../../shared/bars.ts';
import { axisDecimals, decimalsOf } from '../../shared/price-format.ts';
import type { Link } from '../bridge/link.ts';
import { changedBars } from '../state/merge-bars.ts';
import type { ScreenState } from '../state/screen-state.ts';
import { absorbSeconds, drawnFrom, type Drawn } from './chart-data.ts';
import type { PriceChart } from './price-chart.ts';

/** How many bars a chart asks for. */
export const CHART_BARS = 1_000;

/** What the chart's frame shows around it. */
export interface ChartPhase {
  /** `loading` until the engine answered, `empty` when there is no bar yet. */
  phase: 'loading' | 'empty' | 'drawn';
  /** Why the past is missing; the chart then fills as prices come. */
  message: string | null;
}

export interface ChartFeedDeps {
  link: Link;
  screen: StoreApi<ScreenState>;
  chart: Pick<PriceChart, 'set' | 'update' | 'setDecimals'>;
  onPhase: (phase: ChartPhase) => void;
  /** The last bar changed (for the legend). */
  onBars: () => void;
}

const NO_BARS: readonly Bar[] = [];

/**
 * The chart's data path. Loads the past of one token at one interval, then lays the live seconds over it: everything is
 * set anew only for another token, another interval or a new snapshot; all else is a single update at the end.
 */
export class ChartFeed {
  readonly #deps: ChartFeedDeps;
  readonly #unsubscribe: () => void;
  #token: Token | null = null;
  #interval: Interval = '1s';
  #request = 0;
  #loaded = false;
  #drawn: Drawn = drawnFrom([]);
  #seconds: readonly Bar[] = NO_BARS;
  #decimals = 0;

  constructor(deps: ChartFeedDeps) {
    this.#deps = deps;
    this.#unsubscribe = deps.screen.subscribe((state, previous) => {
      if (state.generation !== previous.generation) this.#load();
      else if (this.#loaded) this.#follow(state);
    });
  }

  /** Bars as drawn, oldest first. */
  get bars(): readonly Bar[] {
    return this.#drawn.bars;
  }

  /** The drawn bar that starts at `time`. */
  barAt(time: EpochMs): Bar | undefined {
    return this.#drawn.bars.findLast(bar => bar.time === time);
  }

  /** Shows `token` at `interval`; nothing happens when it is shown already. */
  show(token: Token | null, interval: Interval): void {
    if (token === this.#token && interval === this.#interval) return;
    if (token !== this.#token) {
      this.#decimals = 0;
      this.#set([], 'loading', null);
    }
    this.#token = token;
    this.#interval = interval;
    this.#load();
  }

  stop(): void {
    this.#request += 1;
    this.#unsubscribe();
  }

  #load(): void {
    const { link, screen } = this.#deps;
    const token = this.#token;
    const interval = this.#interval;
    this.#loaded = false;
    this.#request += 1;
    const mine = this.#request;
    if (token === null || screen.getState().generation === 0) return;
    const done = (past: readonly Bar[], message: string | null): void => {
      if (mine !== this.#request) return;
      this.#loaded = true;
      this.#seconds = screen.getState().bars.get(token) ?? NO_BARS;
      const from = past.at(-1)?.time ?? -Infinity;
      const newer = this.#seconds.filter(second => second.time >= from);
      const known = newer.filter(second => barStart(second.time, interval) === from);
      const { drawn } = absorbSeconds(drawnFrom(past), newer, interval, known);
      this.#drawn = drawn;
      this.#set(drawn.bars, drawn.bars.length === 0 ? 'empty' : 'drawn', message);
    };
    link.invoke('chart.bars', { tokens: [token], interval, limit: CHART_BARS }).then(
      answer => done(answer[token] ?? [], null),
      (error: unknown) => done([], error instanceof Error ? error.message : String(error)),
    );
  }

  #follow(state: ScreenState): void {
    const seconds = (this.#token === null ? undefined : state.bars.get(this.#token)) ?? NO_BARS;
    const changed = changedBars(this.#seconds, seconds);
    const { drawn, step } = absorbSeconds(this.#drawn, changed, this.#interval, this.#seconds);
    this.#seconds = seconds;
    if (step.kind === 'nothing') return;
    const first = this.#drawn.bars.length === 0;
    this.#drawn = drawn;
    if (step.kind === 'set' || first) {
      this.#set(drawn.bars, 'drawn', null);
      return;
    }
    this.#fitDecimals(step.bars);
    this.#deps.chart.update(step.bars);
    this.#deps.onBars();
  }

  #set(bars: readonly Bar[], phase: ChartPhase['phase'], message: string | null): void {
    this.#drawn = { ...this.#drawn, bars };
    this.#fitDecimals(bars);
    this.#deps.chart.set(bars);
    this.#deps.onPhase({ phase, message });
    this.#deps.onBars();
  }

  /** The scale's decimals only grow while a token is shown, so that the axis does not jump. */
  #fitDecimals(bars: readonly Bar[]): void {
    const last = bars.at(-1);
    if (last === undefined) return;
    const seen = bars.reduce((most, bar) => Math.max(most, decimalsOf(bar.close), decimalsOf(bar.open)), 0);
    const decimals = Math.max(this.#decimals, axisDecimals(last.close, seen));
    if (decimals === this.#decimals) return;
    this.#decimals = decimals;
    this.#deps.chart.setDecimals(decimals);
  }
}
