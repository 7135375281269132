import type { StoreApi } from 'zustand/vanilla';
import type { Bar, EpochMs, Interval, MarketMode, Token } from '../../shared/contract.ts';
import type { Link } from '../bridge/link.ts';
import { changedBars } from '../state/merge-bars.ts';
import type { ScreenState } from '../state/screen-state.ts';
import type { Clock } from '../time/clock.ts';
import type { BarWindow } from './bar-window.ts';
import type { BarSpan } from './chart-port.ts';
import { DrawnBars, type BarCanvas } from './drawn-bars.ts';
import { HistoryPages, PAGE_BARS, type Reach } from './history-pages.ts';
import { newestBars } from './newest-bars.ts';
import { IDLE, PageLoader, type LoadState } from './page-loader.ts';

const NO_BARS: readonly Bar[] = [];

/** What the chart's frame shows around it. */
export interface ChartPhase extends Reach {
  /** `loading` until the engine answered, `empty` when there is no bar yet. */
  phase: 'loading' | 'empty' | 'drawn';
  /** Whether history is on its way, and why it could not be had. */
  load: LoadState;
}

/** The frame of a chart that nobody has answered yet. */
export const FIRST_PHASE: ChartPhase = {
  phase: 'loading',
  attached: true,
  complete: false,
  load: IDLE,
};

export interface ChartFeedDeps {
  link: Pick<Link, 'invoke'>;
  screen: StoreApi<ScreenState>;
  clock: Clock;
  /** Engine time now. */
  now: () => EpochMs;
  /** In time travel the moment that is shown; `null`: now. */
  until: () => EpochMs | null;
  chart: BarCanvas;
  onPhase: (phase: ChartPhase) => void;
  /** Bars changed (for the legend). */
  onBars: () => void;
}

/**
 * The chart's data path. Loads the newest bars of one token at one interval and lays the live seconds over them with single
 * updates; the past follows in pages as the trader scrolls (see `HistoryPages`). Everything is set anew only for another
 * token, another interval or a new snapshot.
 */
export class ChartFeed {
  readonly #deps: ChartFeedDeps;
  readonly #loader: PageLoader;
  readonly #drawn: DrawnBars;
  readonly #pages: HistoryPages;
  readonly #unsubscribe: () => void;
  #token: Token | null = null;
  /** Whether the bars of what is shown have been asked for and answered; until then nothing is laid over them. */
  #loaded = false;
  #mode: MarketMode | null = null;
  #seconds: readonly Bar[] = NO_BARS;
  #phase = FIRST_PHASE;

  constructor(deps: ChartFeedDeps) {
    this.#deps = deps;
    this.#loader = new PageLoader(deps.clock, load => this.#tell({ load }));
    this.#drawn = new DrawnBars(deps.chart, deps.onBars);
    const phase = (): ChartPhase => this.#phase;
    this.#pages = new HistoryPages({
      drawn: this.#drawn,
      get reach() {
        return phase();
      },
      now: deps.now,
      engaged: () => this.#loader.engaged || !this.#loaded,
      before: (time, got) => {
        const { token, interval } = this.#shown;
        const args = { token, interval, before: time, limit: PAGE_BARS };
        this.#loader.ask(() => deps.link.invoke('chart.history', args), got);
      },
      newest: (limit, got) => this.#newest(limit, got),
      setReach: reach => this.#tell(reach),
      attach: () => this.#attach([...this.window.bars]),
      reload: () => this.#load(false),
    });
    this.#unsubscribe = deps.screen.subscribe((state, previous) => {
      if (state.generation !== previous.generation) this.#loadAgain();
      else if (this.#loaded && this.#phase.attached) this.#follow(state);
    });
  }

  /** The bars as they are held: ordered, bounded, changing in place. */
  get window(): BarWindow {
    return this.#drawn.window;
  }

  /** Shows `token` at `interval`; nothing happens when it is shown already. */
  show(token: Token | null, interval: Interval): void {
    const blank = token !== this.#token;
    if (!blank && interval === this.window.interval) return;
    this.#token = token;
    this.#loaded = false;
    this.#drawn.begin(interval, blank);
    this.#loader.cancel();
    this.#tell({ attached: true, complete: false, load: IDLE, ...(blank ? { phase: 'loading' } : {}) });
    this.#load(false);
  }

  /** The trader looks at this stretch of bars; more is loaded where it comes near an end. */
  look(span: BarSpan): void {
    this.#pages.look(span);
  }

  /** Brings `time` into the middle of the view, loading that part of the past if it is not held. */
  goTo(time: EpochMs): void {
    if (this.#loaded) this.#pages.goTo(time);
  }

  /** The newest bars, loaded again when the stretch held does not reach them. */
  goToNow(): void {
    this.goTo(Infinity);
  }

  /** Whether anybody can see the chart. */
  setVisible(visible: boolean): void {
    this.#drawn.setVisible(visible);
  }

  /** Tries again at once what could not be loaded. */
  retry(): void {
    this.#loader.retry();
  }

  stop(): void {
    this.#loader.cancel();
    this.#unsubscribe();
  }

  get #shown(): { token: Token; interval: Interval } {
    return { token: this.#token ?? '', interval: this.window.interval };
  }

  #newest(limit: number, got: (bars: readonly Bar[]) => void, missed?: () => void): void {
    const { token, interval } = this.#shown;
    this.#loader.ask(
      () => newestBars(this.#deps.link, { token, interval, limit, until: this.#deps.until() }),
      got,
      missed,
    );
  }

  /** Loads the newest bars and shows them; with `stay` not to a trader who looks at older ones. */
  #load(stay: boolean): void {
    const state = this.#deps.screen.getState();
    this.#loader.cancel();
    this.#mode = state.status?.mode ?? null;
    if (this.#token === null || state.generation === 0) return;
    let begun = false;
    this.#newest(
      PAGE_BARS,
      past => {
        if (begun || (stay && this.#drawn.scrolledAway)) this.#putUnder(past);
        else this.#begin(past);
      },
      () => {
        if (begun || this.#loaded) return;
        // Without a past the chart begins with what comes live; the past is put under it once it can be had.
        begun = true;
        this.#begin(NO_BARS);
      },
    );
  }

  /** After a snapshot. A stretch that ends in the past has not changed by it; bars of another market go. */
  #loadAgain(): void {
    const sameMarket = this.#deps.screen.getState().status?.mode === this.#mode;
    // A journey back in time: what is held would show what came later.
    const later = (this.window.last?.time ?? 0) > (this.#deps.until() ?? Infinity);
    const keeps = sameMarket && !later && this.#loaded && this.#phase.phase === 'drawn';
    if (keeps && !this.#phase.attached) return;
    if (!sameMarket) this.#loaded = false;
    this.#load(keeps);
  }

  #begin(past: readonly Bar[]): void {
    this.#tell({ complete: false });
    this.#attach(past);
    this.#drawn.set();
  }

  /** Joins `past` with the older bars that are held; what is in view stays. */
  #putUnder(past: readonly Bar[]): void {
    const newest = this.window.last?.time ?? 0;
    const place = this.window.placeOf(newest);
    const begins = past[0]?.time ?? Infinity;
    this.#attach([...this.window.bars.filter(bar => bar.time < begins), ...past]);
    this.#drawn.redraw(this.window.placeOf(newest) - place);
  }

  /**
   * What is held is `past`, up to now. An answer may know of a second that no batch has told yet: it waits for that batch, for
   * until then every other number on the screen is older.
   */
  #attach(past: readonly Bar[]): void {
    const { screen } = this.#deps;
    this.#seconds = this.#secondsOf(screen.getState());
    const told = this.#seconds.at(-1)?.time ?? Infinity;
    this.window.reset(
      past.filter(bar => bar.time <= told),
      this.#seconds,
    );
    this.#loaded = true;
    this.#tell({ phase: this.window.bars.length === 0 ? 'empty' : 'drawn', attached: true });
  }

  #follow(state: ScreenState): void {
    const seconds = this.#secondsOf(state);
    const change = this.window.absorb(changedBars(this.#seconds, seconds));
    this.#seconds = seconds;
    if (this.#phase.phase === 'empty' && change.kind !== 'nothing') {
      this.#tell({ phase: 'drawn' });
      this.#drawn.set();
      return;
    }
    const shift = this.window.trim();
    if (shift !== 0) this.#tell({ complete: false });
    this.#drawn.apply(change, shift);
  }

  #secondsOf(state: ScreenState): readonly Bar[] {
    return (this.#token === null ? undefined : state.bars.get(this.#token)) ?? NO_BARS;
  }

  #tell(change: Partial<ChartPhase>): void {
    this.#phase = { ...this.#phase, ...change };
    this.#deps.onPhase(this.#phase);
  }
}
