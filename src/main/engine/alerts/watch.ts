import type { MarketMode } from '../../../shared/contract.ts';
import { marketOf } from '../../../shared/freshness.ts';
import { pairOf } from '../../../shared/pair.ts';
import { fillOf } from '../../../shared/positions.ts';
import type { StreamEvent } from '../events/event.ts';
import { priceOf } from '../events/price-event.ts';
import { HeldRules } from './held-rules.ts';
import type { Changes } from './kept-state.ts';
import { Exact, numOf } from './number.ts';
import { PriceRules } from './price-rules.ts';
import { firstSide, type Cause, type Findings, type Watched } from './watched.ts';
import { MoveRules, VolumeRules } from './window-rules.ts';
import type { KeptPart } from './windows.ts';

/**
 * Looks at every event for the rules that it can concern, which are found by token: what an event costs does not grow with the number
 * of rules about other tokens.
 */
export class Watch {
  readonly held: HeldRules;
  readonly #found: Findings;
  readonly #prices = new Map<string, PriceRules>();
  readonly #moves = new Map<string, Map<number, MoveRules>>();
  readonly #volumes = new Map<string, Map<number, VolumeRules>>();
  readonly #markets = new Map<string, MarketMode>();
  readonly #changedWindows = new Map<string, KeptPart[] | null>();
  #changedMarkets = new Set<string>();
  /** Windows read from disk, until the rules that need them are there. */
  readonly #kept = new Map<string, KeptPart[]>();

  constructor(found: Findings) {
    this.#found = found;
    this.held = new HeldRules(found);
  }

  /** Begins to look for a rule, or goes on with one that changed in nothing but its words. */
  add(watched: Watched): void {
    const { id, condition } = watched.rule;
    switch (condition.kind) {
      case 'price':
        getOrMake(this.#prices, condition.token, () => new PriceRules()).set(watched);
        break;
      case 'move':
        getOrMake(
          getOrMake(this.#moves, condition.token, newMap<number, MoveRules>),
          condition.windowMs,
          () => {
            const kept = this.#takeKept(`move ${condition.windowMs} ${condition.token}`);
            return new MoveRules(condition.windowMs, kept);
          },
        ).rules.set(id, watched);
        break;
      case 'volume': {
        const token = pairOf(condition.token).base;
        getOrMake(getOrMake(this.#volumes, token, newMap<number, VolumeRules>), condition.windowMs, () => {
          const kept = this.#takeKept(`volume ${condition.windowMs} ${token}`);
          return new VolumeRules(condition.windowMs, kept);
        }).rules.set(id, watched);
        break;
      }
      case 'pnl':
      case 'position':
        this.held.add(watched);
        break;
      default:
    }
  }

  remove(id: string): void {
    for (const [token, rules] of this.#prices) {
      rules.delete(id);
      if (rules.size === 0) this.#prices.delete(token);
    }
    this.#dropWindows('move', this.#moves, id);
    this.#dropWindows('volume', this.#volumes, id);
    this.held.remove(id);
  }

  /** Looks at one event, in the order in which events are applied. Never throws for what it holds. */
  take(event: StreamEvent, past: boolean): void {
    const cause = (value: string): Cause => ({
      eventId: event.eventId,
      happenedAt: event.entryTime,
      past,
      value,
    });
    if (event.type === 'price_update') this.#price(event, cause);
    else if (event.type === 'trade_executed' && this.#volumes.size > 0) this.#trade(event, cause);
    if (event.type === 'trade_executed' || event.type === 'position_update') this.held.take(event, cause);
  }

  restoreWindow(name: string, parts: KeptPart[] | null): void {
    if (parts === null) this.#kept.delete(name);
    else this.#kept.set(name, [...(this.#kept.get(name) ?? []), ...parts]);
  }

  restoreMarket(token: string, market: MarketMode): void {
    this.#markets.set(token, market);
  }

  /** What changed since it was last asked for. */
  changes(): Pick<Changes, 'windows' | 'markets' | 'held'> {
    const changes: Pick<Changes, 'windows' | 'markets' | 'held'> = { ...this.held.changes() };
    if (this.#changedWindows.size > 0) changes.windows = Object.fromEntries(this.#changedWindows);
    if (this.#changedMarkets.size > 0) changes.markets = pick(this.#markets, this.#changedMarkets);
    this.#changedWindows.clear();
    this.#changedMarkets = new Set();
    return changes;
  }

  /** Everything that has to be kept. */
  all(): Pick<Changes, 'windows' | 'markets' | 'held' | 'holds'> {
    const windows: [string, KeptPart[]][] = [];
    for (const [token, some] of this.#moves)
      for (const [ms, { window }] of some) windows.push([`move ${ms} ${token}`, window.parts()]);
    for (const [token, some] of this.#volumes)
      for (const [ms, { window }] of some) windows.push([`volume ${ms} ${token}`, window.parts()]);
    return {
      windows: Object.fromEntries(windows),
      markets: Object.fromEntries(this.#markets),
      ...this.held.all(),
    };
  }

  #price(event: StreamEvent, cause: (value: string) => Cause): void {
    const view = priceOf(event);
    if ('reason' in view) return;
    const { token } = view;
    const [prices, moves] = [this.#prices.get(token), this.#moves.get(token)];
    if (prices === undefined && moves === undefined && !this.held.needs(token)) return;
    const market = marketOf(view.source);
    if (this.#markets.get(token) !== market) this.#newMarket(token, market);
    const price = numOf(view.price);
    prices?.step(price, cause, this.#found);
    for (const [windowMs, rules] of moves ?? []) {
      const changed = rules.step(event.entryTime, price, cause, this.#found);
      this.#keep(`move ${windowMs} ${token}`, changed);
    }
    this.held.mark(token, view.price, cause);
  }

  #trade(event: StreamEvent, cause: (value: string) => Cause): void {
    const fill = fillOf(event.data, event.timestamp);
    if (fill === null) return;
    for (const [windowMs, rules] of this.#volumes.get(fill.base) ?? []) {
      const amount = new Exact(fill.amount).abs();
      const paid = fill.inDollars ? amount.times(fill.price) : new Exact(0);
      const changed = rules.step(event.entryTime, { amount, paid }, cause, this.#found);
      this.#keep(`volume ${windowMs} ${fill.base}`, changed);
    }
  }

  /** From another market on, prices are not compared with those before: going from one to the other crosses nothing. */
  #newMarket(token: string, market: MarketMode): void {
    const known = this.#markets.has(token);
    this.#markets.set(token, market);
    this.#changedMarkets.add(token);
    if (!known) return;
    const begin = (watched: Watched): void => {
      watched.state.side = firstSide(watched.rule);
      this.#found.moved(watched);
    };
    const prices = this.#prices.get(token);
    if (prices !== undefined) {
      for (const watched of prices.all()) {
        begin(watched);
        prices.set(watched);
      }
    }
    for (const [windowMs, rules] of this.#moves.get(token) ?? []) {
      rules.reset();
      this.#changedWindows.set(`move ${windowMs} ${token}`, null);
      for (const watched of rules.rules.values()) begin(watched);
    }
  }

  /** Within one line only the newest of a part is kept, and after a reset nothing from before it. */
  #keep(name: string, part: KeptPart): void {
    const parts = this.#changedWindows.get(name) ?? [];
    if (parts.at(-1)?.[0] === part[0]) parts.pop();
    parts.push(part);
    this.#changedWindows.set(name, parts);
  }

  #takeKept(name: string): KeptPart[] {
    const kept = this.#kept.get(name) ?? [];
    this.#kept.delete(name);
    return kept;
  }

  #dropWindows(
    kind: string,
    all: Map<string, Map<number, { rules: Map<string, Watched> }>>,
    id: string,
  ): void {
    for (const [token, some] of all) {
      for (const [windowMs, { rules }] of some) {
        if (!rules.delete(id) || rules.size > 0) continue;
        some.delete(windowMs);
        this.#changedWindows.set(`${kind} ${windowMs} ${token}`, null);
      }
      if (some.size === 0) all.delete(token);
    }
  }
}

function newMap<K, V>(): Map<K, V> {
  return new Map<K, V>();
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function pick<V>(map: ReadonlyMap<string, V>, keys: Iterable<string>): Record<string, V> {
  const picked: Record<string, V> = {};
  for (const key of keys) {
    const value = map.get(key);
    if (value !== undefined) picked[key] = value;
  }
  return picked;
}
