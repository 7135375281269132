import { INTERVAL_MS, barStart } from '../../../src/shared/bars.ts';
import type {
  Bar,
  Batch,
  EpochMs,
  Interval,
  MarketMode,
  TenhertzBridge,
} from '../../../src/shared/contract.ts';
import { MARKETS, barAt, priceAt, type Market } from './market.ts';
import type { FakeEngineLog, Scene } from './scene.ts';
import { statusAt } from './statuses.ts';

const MODES: Partial<Record<Scene['kind'], MarketMode>> = { simulated: 'simulated', recorded: 'recorded' };

/** Plays `window.scene` through `window.tenhertz`: ten batches a second, one unconfirmed at most, like the engine. */
class FakeEngine {
  readonly log: FakeEngineLog = { confirmed: [], used: [], sent: 0 };
  readonly #scene: Scene;
  readonly #startedAt = Date.now();
  readonly #listeners = new Set<(batch: Batch) => void>();
  #mode: MarketMode;
  #troubleAt: EpochMs | null = null;
  #unconfirmed = 0;
  #snapshotNext = false;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#mode = MODES[scene.kind] ?? 'live';
    setInterval(() => this.#tick(), 100);
  }

  get bridge(): TenhertzBridge {
    return {
      invoke: (command: string, args: object) =>
        Promise.resolve(this.#answer(command, args as Record<string, unknown>) as never),
      on: (_event: string, listener: (payload: Batch) => void) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    };
  }

  #tick(): void {
    const { kind, troubleAfter } = this.#scene;
    const following = this.#snapshotNext || this.log.sent > 0;
    if (kind === 'loading' || !following || this.#unconfirmed > 0) return;
    const now = Date.now();
    if (this.log.sent >= troubleAfter) this.#troubleAt ??= now;
    if (kind === 'engine-gone' && this.#troubleAt !== null) return;
    this.log.sent += 1;
    const moving = this.#moving();
    const batch: Batch = {
      seq: this.log.sent,
      kind: this.#snapshotNext ? 'snapshot' : 'update',
      at: now,
      prices: moving.map(market => this.#price(market, now)),
      bars: moving.map(market => ({ token: market.token, ...barAt(market, barStart(now, '1s'), now) })),
      events: [],
      status: this.#snapshotNext || this.log.sent % 5 === 0 ? this.#status(now) : null,
      missed: 0,
    };
    this.#snapshotNext = false;
    this.#unconfirmed = batch.seq;
    for (const listener of this.#listeners) listener(batch);
  }

  /** The tokens whose price is published with this batch: each twice a second, all of them in a snapshot. */
  #moving(): readonly Market[] {
    const { kind } = this.#scene;
    const quiet = (kind === 'stale' || kind === 'redis-gone') && this.#troubleAt !== null;
    if (kind === 'empty' || quiet || this.#hasNoSource) return [];
    return this.#snapshotNext
      ? MARKETS
      : MARKETS.filter((_, index) => (this.log.sent + index) % MARKETS.length === 0);
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
    });
  }

  #answer(command: string, args: Record<string, unknown>): unknown {
    if (command === 'feed.follow') {
      this.#snapshotNext = true;
      this.#unconfirmed = 0;
    } else if (command === 'feed.confirm') {
      const seq = Number(args['seq']);
      this.log.confirmed.push(seq);
      if (seq >= this.#unconfirmed) this.#unconfirmed = 0;
    } else if (command === 'sources.use') {
      this.#mode = args['market'] === 'simulated' ? 'simulated' : 'live';
      this.log.used.push(this.#mode);
    } else if (command === 'app.info') {
      return { name: 'Tenhertz', version: '0.1.0', host: 'gateway', startedAt: this.#startedAt };
    } else if (command === 'chart.bars') {
      const { tokens, interval, limit } = args as { tokens: string[]; interval: Interval; limit: number };
      return Object.fromEntries(
        tokens.map(token => [token, this.#bars(token, interval, Math.min(limit, 400))]),
      );
    }
    return null;
  }

  #bars(token: string, interval: Interval, limit: number): Bar[] {
    const market = MARKETS.find(one => one.token === token);
    if (market === undefined || this.#hasNoSource) return [];
    const length = INTERVAL_MS[interval];
    const now = Date.now();
    const last = barStart(now, interval);
    return Array.from({ length: limit }, (_, index) => last - (limit - 1 - index) * length).map(time =>
      barAt(market, time, Math.min(now, time + length)),
    );
  }
}

const engine = new FakeEngine(window.scene);
Object.assign(window, { tenhertz: engine.bridge, fakeEngine: engine.log });
