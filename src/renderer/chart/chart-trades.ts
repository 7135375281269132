import { createStore, type StoreApi } from 'zustand/vanilla';
import { INTERVAL_MS } from '../../shared/bars.ts';
import type { EpochMs, Token } from '../../shared/contract.ts';
import type { Link } from '../bridge/link.ts';
import { tradeOf } from '../state/trade.ts';
import type { Cancel, Clock } from '../time/clock.ts';
import type { BarWindow } from './bar-window.ts';
import { withTrades, type Fill, type OwnTrades } from './own-trades.ts';

/** The most own trades a chart asks for; the newest of its stretch. */
export const MOST_TRADES = 500;

/** After a question that failed, the next one waits this long. */
const AGAIN_MS = 5_000;

/** What a chart shows: a stretch of bars of a token. */
export interface Stretch {
  token: Token | null;
  window: BarWindow;
  /** Whether its end is now. */
  attached: boolean;
  /** Rises when the tape begins anew, which may have lost trades in between. */
  generation: number;
}

/**
 * The own trades of one chart: those of the tape, and before them those the ledger remembers, asked for as far as bars are held. So
 * marks are there after a restart and when scrolling back.
 */
export class ChartTrades {
  /** Own trades of the token shown, oldest first. */
  readonly store: StoreApi<OwnTrades>;
  readonly #link: Pick<Link, 'invoke'>;
  readonly #live: StoreApi<OwnTrades>;
  readonly #clock: Clock;
  readonly #unsubscribe: Cancel;
  #asked: { token: Token; since: EpochMs; until: EpochMs; generation: number } | null = null;
  #past: readonly Fill[] = [];
  #quietUntil = 0;

  constructor(deps: { link: Pick<Link, 'invoke'>; live: StoreApi<OwnTrades>; clock: Clock }) {
    this.#link = deps.link;
    this.#live = deps.live;
    this.#clock = deps.clock;
    this.store = createStore<OwnTrades>(() => deps.live.getState());
    this.#unsubscribe = deps.live.subscribe(() => this.#join());
  }

  /** The bars may have changed: asks for the trades of a stretch that is not known yet. */
  look({ token, window, attached, generation }: Stretch): void {
    const { first, last, interval } = window;
    if (token === null || first === undefined || last === undefined) return;
    const since = first.time;
    const until = attached ? Number.MAX_SAFE_INTEGER : last.time + INTERVAL_MS[interval];
    const known = this.#asked;
    const same = known?.token === token && known.generation === generation;
    if (same && known.since <= since && known.until >= until) return;
    if (known?.token !== token) {
      this.#past = [];
      this.#join();
    } else if (this.#clock.now() < this.#quietUntil) return;
    const asked = { token, since, until, generation };
    this.#asked = asked;
    this.#link
      .invoke('chart.trades', { token, since, until, limit: MOST_TRADES })
      .then(events => {
        if (this.#asked !== asked) return;
        this.#past = withTrades(new Map(), events.map(tradeOf)).get(token) ?? [];
        this.#join();
      })
      .catch(() => {
        if (this.#asked !== asked) return;
        // What is known stays; a later look asks again.
        this.#asked = { ...asked, until: -1 };
        this.#quietUntil = this.#clock.now() + AGAIN_MS;
      });
  }

  stop(): void {
    this.#asked = null;
    this.#unsubscribe();
  }

  #join(): void {
    const live = this.#live.getState();
    const token = this.#asked?.token;
    if (token === undefined || this.#past.length === 0) this.store.setState(live, true);
    else this.store.setState(new Map([[token, joinFills(this.#past, live.get(token) ?? [])]]), true);
  }
}

/**
 * The fills of the ledger up to where those of the tape begin, and then these. Of a second that both know, the side with more trades
 * is the whole one: the tape may begin in its middle, and the ledger was asked before its end.
 */
export function joinFills(past: readonly Fill[], live: readonly Fill[]): readonly Fill[] {
  const begins = live[0]?.time ?? Infinity;
  const bySecond = new Map<string, Fill>();
  for (const fill of [...past.filter(({ time }) => time <= begins), ...live]) {
    const key = `${fill.time} ${fill.side}`;
    const other = bySecond.get(key);
    if (other === undefined || fill.count > other.count) bySecond.set(key, fill);
  }
  return [...bySecond.values()].toSorted((a, b) => a.time - b.time);
}
