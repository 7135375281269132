import { barStart } from '../../../src/shared/bars.ts';
import type {
  Bar,
  Batch,
  Commands,
  EpochMs,
  FeedEvent,
  Interval,
  MarketMode,
  TenhertzBridge,
} from '../../../src/shared/contract.ts';
import { FakeAlerts } from './alerts.ts';
import { answerDesk } from './desk.ts';
import { barsBefore } from './history.ts';
import { barAt, priceAt, type Market } from './market.ts';
import { answerMoments } from './moments.ts';
import { poolsAt } from './pools.ts';
import type { FakeEngineLog, Scene } from './scene.ts';
import { FakeSettings } from './settings.ts';
import { statusAt } from './statuses.ts';
import { FakeStreams } from './streams.ts';
import { positionEvents, statusEvents, tradeEvent } from './trading.ts';
import { FakeWatchlist } from './watch.ts';

const MODES: Partial<Record<Scene['kind'], MarketMode>> = { simulated: 'simulated', recorded: 'recorded' };

/** Trades of the spike, and how many of them a batch takes (as the engine's own limit). */
const SPIKE = 50_000;
const SPIKE_BATCH = 1_000;

/** Questions for bars that fail in the scene without history: the sparklines', the chart's, and its first try again. */
const HISTORY_FAILURES = 3;

/** Plays `window.scene` through `window.tenhertz`: ten batches a second, one unconfirmed at most, like the engine. */
class FakeEngine {
  readonly log: FakeEngineLog = {
    confirmed: [],
    used: [],
    sent: 0,
    trades: 0,
    history: [],
    spikeDoneAt: null,
    calls: [],
    refusals: {},
    fire: delivery => void this.#alerts.fire(delivery),
    alertTrouble: problem => this.#alerts.trouble(problem),
    begin: () => {
      this.#waits = false;
    },
  };
  readonly #scene: Scene;
  readonly #startedAt = Date.now();
  readonly #streams = new FakeStreams(Date.now());
  readonly #alerts = new FakeAlerts();
  readonly #settings = new FakeSettings();
  readonly #watch: FakeWatchlist;
  readonly #listeners = new Set<(batch: Batch) => void>();
  #mode: MarketMode;
  #troubleAt: EpochMs | null = null;
  #unconfirmed = 0;
  #snapshotNext = false;
  #missed = 0;
  #waits: boolean;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#watch = new FakeWatchlist(scene.kind);
    this.#mode = MODES[scene.kind] ?? 'live';
    this.#waits = scene.kind === 'late';
    setInterval(() => this.#tick(), 100);
  }

  get bridge(): TenhertzBridge {
    return {
      invoke: (command: string, args: object) =>
        Promise.resolve().then(() => this.#answer(command, args as Record<string, unknown>) as never),
      on: (_event: string, listener: (payload: Batch) => void) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    };
  }

  #tick(): void {
    const { kind, troubleAfter } = this.#scene;
    const following = this.#snapshotNext || this.log.sent > 0;
    if (kind === 'loading' || this.#waits || !following || this.#unconfirmed > 0) return;
    const now = Date.now();
    if (this.log.sent >= troubleAfter) this.#troubleAt ??= now;
    if (kind === 'engine-gone' && this.#troubleAt !== null) return;
    if (kind === 'still' && this.log.sent > 0) return;
    if (kind === 'missed' && this.log.sent === troubleAfter) {
      this.#snapshotNext = true;
      this.#missed = 1_204;
    }
    this.log.sent += 1;
    const moving = this.#moving();
    const events = this.#events(now);
    const batch: Batch = {
      seq: this.log.sent,
      kind: this.#snapshotNext ? 'snapshot' : 'update',
      at: now,
      prices: moving.map(market => this.#price(market, now)),
      bars: moving
        .slice(0, 5)
        .map(market => ({ token: market.token, ...barAt(market, barStart(now, '1s'), now) })),
      events,
      positions:
        this.#snapshotNext && kind !== 'empty' && kind !== 'kept' ? positionEvents(0, now - 1_000) : [],
      status: this.#snapshotNext || this.log.sent % 5 === 0 ? this.#status(now) : null,
      alerts: this.#alerts.view(this.#snapshotNext),
      deliveries: this.#alerts.deliveries(),
      books: kind === 'kept' ? this.#watch.book(events) : [],
      pools: poolsAt({
        now,
        kind,
        mode: this.#mode,
        sent: this.log.sent,
        snapshot: this.#snapshotNext,
        troubleAt: this.#troubleAt,
      }),
      missed: this.#missed,
    };
    this.#missed = 0;
    this.#snapshotNext = false;
    this.#unconfirmed = batch.seq;
    for (const listener of this.#listeners) listener(batch);
  }

  /** Everything that is not conflated: sixty trades to begin with, then a few a second. */
  #events(now: EpochMs): FeedEvent[] {
    const { kind } = this.#scene;
    const quiet = kind === 'redis-gone' && this.#troubleAt !== null;
    if (kind === 'empty' || quiet) return [];
    const sent = this.log.sent;
    const spiking = kind === 'spike' && this.#troubleAt !== null && this.log.trades < SPIKE;
    const count = this.#snapshotNext ? 60 : spiking ? SPIKE_BATCH : sent % 3 === 0 ? 1 + (sent % 2) : 0;
    const trades = Array.from({ length: count }, (_, index) => {
      const age = this.#snapshotNext ? (count - index) * 640 : (count - 1 - index) * 10;
      return tradeEvent(this.log.trades + index + 1, now - age);
    });
    this.log.trades += count;
    if (spiking && this.log.trades >= SPIKE) this.log.spikeDoneAt = now;
    const positions = sent % 20 === 0 && kind !== 'kept' ? positionEvents(sent, now).slice(0, 1) : [];
    return [...trades, ...positions, ...(this.#snapshotNext ? statusEvents(now) : [])];
  }

  /** The tokens whose price is published with this batch: each twice a second, all of them in a snapshot. */
  #moving(): readonly Market[] {
    const { kind } = this.#scene;
    const quiet = (kind === 'stale' || kind === 'redis-gone') && this.#troubleAt !== null;
    if (kind === 'empty' || quiet || this.#hasNoSource) return [];
    return this.#snapshotNext
      ? this.#watch.markets
      : this.#watch.markets.filter((_, index) => kind === 'many' || (this.log.sent + index) % 5 === 0);
  }

  get #hasNoSource(): boolean {
    return this.#scene.kind === 'no-sources' && this.#mode === 'live';
  }

  #price(market: Market, now: EpochMs): Batch['prices'][number] {
    const names = { live: market.source, recorded: 'recorded:coinbase', simulated: 'simulated' };
    return {
      token: market.token,
      price: priceAt(market, now),
      source: names[this.#mode],
      timestamp: now - 40,
      validUntil: now + 2_000,
      publishedAt: now,
      sourceTime: null,
      dayOpen: market.open,
      dayOpenAt: Math.floor(now / 86_400_000) * 86_400_000 + 400,
      eventId: `event-${this.log.sent}-${market.token}`,
      sequence: this.log.sent,
    };
  }

  #status(now: EpochMs): Batch['status'] {
    return statusAt({
      now,
      startedAt: this.#startedAt,
      troubleAt: this.#troubleAt,
      kind: this.#scene.kind,
      mode: this.#mode,
      sent: this.log.sent,
      patterns: this.#streams.patterns,
      tokens: this.#watch.tokens,
      queued: this.#scene.kind === 'spike' && this.#troubleAt !== null ? SPIKE - this.log.trades : 0,
    });
  }

  #answer(command: string, args: Record<string, unknown>): unknown {
    if (command !== 'feed.confirm') this.log.calls.push({ command, args });
    const refusal = this.log.refusals[command];
    if (refusal !== undefined) throw new Error(refusal);
    if (command === 'feed.follow') {
      this.#snapshotNext = true;
      this.#unconfirmed = 0;
    } else if (command === 'feed.confirm') {
      const seq = Number(args['seq']);
      this.log.confirmed.push(seq);
      if (seq >= this.#unconfirmed) this.#unconfirmed = 0;
      // As the engine does: a window that is behind gets the next batch as soon as it has confirmed.
      const behind = this.#scene.kind === 'spike' && this.#troubleAt !== null && this.log.trades < SPIKE;
      if (behind) queueMicrotask(() => this.#tick());
    } else if (command === 'sources.use') {
      this.#mode = args['market'] === 'simulated' ? 'simulated' : 'live';
      this.log.used.push(this.#mode);
    } else if (command === 'app.info') {
      return { name: 'Tenhertz', version: '0.1.0', host: 'gateway', startedAt: this.#startedAt };
    } else if (command === 'chart.bars') {
      const { tokens, interval, limit } = args as { tokens: string[]; interval: Interval; limit: number };
      return Object.fromEntries(
        tokens.map(token => [token, this.#bars(token, interval, Infinity, Math.min(limit, 400)).bars]),
      );
    } else if (command === 'chart.history') {
      const { token, interval, before, limit } = args as Commands['chart.history']['args'];
      return this.#bars(token, interval, before, Math.min(limit, 400));
    }
    // What this engine invents has no past beyond the tape.
    if (command === 'chart.trades') return [];
    if (/^desk\./.test(command)) return answerDesk(command, args, this.#scene);
    if (command.startsWith('alerts.')) return this.#alerts.answer(command, args);
    if (command.startsWith('settings.'))
      return this.#settings.answer(command, args, this.#scene.kind === 'history-gone');
    if (command.startsWith('moment.')) return answerMoments(command, args);
    if (command.startsWith('tokens.')) return this.#watch.answer(command, args);
    if (/^(channels|streams|dead)\./.test(command)) return this.#streams.answer(command, args);
    return null;
  }

  #bars(
    token: string,
    interval: Interval,
    before: EpochMs,
    limit: number,
  ): { bars: Bar[]; complete: boolean } {
    this.log.history.push(before);
    if (this.#scene.kind === 'history-gone' && this.log.history.length <= HISTORY_FAILURES)
      throw new Error('The ledger is not there.');
    if (this.#hasNoSource || this.#scene.kind === 'empty') return { bars: [], complete: true };
    return barsBefore(token, interval, Math.min(before, Date.now() + 1), limit);
  }
}

const engine = new FakeEngine(window.scene);
Object.assign(window, { tenhertz: engine.bridge, fakeEngine: engine.log });
