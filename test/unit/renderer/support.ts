import type {
  Bar,
  Batch,
  ChannelStatus,
  EventName,
  Events,
  FeedEvent,
  PriceView,
  SourceStatus,
  StatusView,
} from '../../../src/shared/contract.ts';
import type { Link } from '../../../src/renderer/bridge/link.ts';

/** Noon of some day; every test's engine time starts here. */
export const NOON = Date.UTC(2026, 10, 21, 12);

export function priceOf(over: Partial<PriceView> = {}): PriceView {
  const token = over.token ?? 'SOL';
  const timestamp = over.timestamp ?? NOON;
  return {
    token,
    price: '151.2348',
    source: 'kraken',
    timestamp,
    validUntil: timestamp + 2_000,
    publishedAt: timestamp,
    sourceTime: null,
    dayOpen: '146.23',
    dayOpenAt: Date.UTC(2026, 10, 21),
    eventId: `${token}-${over.price ?? '151.2348'}-${timestamp}`,
    sequence: 1,
    ...over,
  };
}

export function barOf(time: number, close: string, over: Partial<Bar> = {}): Bar {
  return { time, open: close, high: close, low: close, close, volume: null, ...over };
}

export function eventOf(eventId: string, over: Partial<FeedEvent> = {}): FeedEvent {
  return {
    eventId,
    channel: 'trade-events',
    type: 'trade_executed',
    source: 'bot',
    timestamp: NOON,
    sequence: 1,
    data: {},
    ...over,
  };
}

export function tradeEventOf(eventId: string, data: object = {}, over: Partial<FeedEvent> = {}): FeedEvent {
  return eventOf(eventId, {
    data: { id: eventId, action: 'buy', token_pair: 'SOL/USDC', amount: '2', price: '151.5', ...data },
    ...over,
  });
}

export function positionEventOf(token: string, data: object = {}, over: Partial<FeedEvent> = {}): FeedEvent {
  return eventOf(`position-${token}`, {
    channel: 'positions:user_0001',
    type: 'position_update',
    data: { token, amount: '10', pnl: '5.5', ...data },
    ...over,
  });
}

export function channelOf(over: Partial<ChannelStatus> = {}): ChannelStatus {
  return {
    channel: 'price-updates',
    via: ['price-updates'],
    applied: 1_000,
    duplicates: 2,
    refused: 0,
    dead: 0,
    lagMs: 8,
    lastAppliedAt: NOON,
    behind: 0,
    pending: 0,
    oldestPendingMs: null,
    trimmedUnread: 0,
    epoch: 1,
    gaps: { open: 0, healed: 0, lost: 0 },
    ...over,
  };
}

export function sourceOf(over: Partial<SourceStatus> = {}): SourceStatus {
  return {
    name: 'kraken',
    state: 'live',
    message: null,
    since: NOON - 60_000,
    lastHeardAt: NOON,
    nextAttemptAt: null,
    attempt: 1,
    vouching: 5,
    asked: 5,
    refusedProducts: [],
    accepted: 100,
    refused: 0,
    ...over,
  };
}

export function statusOf(over: Partial<StatusView> = {}): StatusView {
  return {
    at: NOON,
    mode: 'live',
    tokens: ['SOL', 'BONK'],
    redis: {
      state: 'up',
      kind: 'embedded',
      address: 'redis.sock',
      since: NOON - 60_000,
      latencyMs: 0.3,
      message: null,
    },
    ledger: {
      state: 'up',
      kind: 'embedded',
      address: '',
      since: NOON - 60_000,
      latencyMs: null,
      message: null,
      outbox: 0,
      unconfirmed: 0,
      confirmFailures: 0,
      lost: 0,
      confirmMs: null,
    },
    sources: [sourceOf()],
    poolSource: null,
    updater: { state: 'running', everyMs: 500, lastTickAt: NOON, message: null },
    subscription: {
      state: 'following',
      group: 'desk:1',
      patterns: ['price-updates'],
      channels: [channelOf()],
      gapsSeen: [],
      lagMs: 8,
      lastAppliedAt: NOON,
      applied: 1_000,
      duplicates: 2,
      gaps: 0,
      refused: 0,
    },
    feed: { clients: 1, batchesPerSecond: 10, eventsPerSecond: 10, queued: 0 },
    ...over,
  };
}

export function batchOf(over: Partial<Batch> = {}): Batch {
  return {
    seq: 1,
    kind: 'update',
    at: NOON,
    prices: [],
    bars: [],
    events: [],
    positions: [],
    status: null,
    alerts: null,
    deliveries: [],
    books: [],
    pools: null,
    missed: 0,
    ...over,
  };
}

export function snapshotOf(over: Partial<Batch> = {}): Batch {
  return batchOf({ kind: 'snapshot', status: statusOf(), ...over });
}

/** What commands answer that a test says nothing of; all others answer `null`. */
const OTHERWISE: Readonly<Record<string, unknown>> = {
  'desk.write': { version: '1', newest: null },
  'chart.trades': [],
};

/** A link whose engine is the test. */
export class TestLink implements Link {
  readonly calls: { command: string; args: unknown }[] = [];
  /** Answers by command; a function gets the arguments, may throw, may return a promise. */
  readonly answers: Record<string, (args: never) => unknown> = {};
  closed = false;
  readonly #listeners = new Set<(batch: Batch) => void>();
  readonly #onConnect = new Set<() => void>();

  invoke(command: string, args: unknown): Promise<never> {
    this.calls.push({ command, args });
    const otherwise = OTHERWISE[command] ?? null;
    return Promise.resolve().then(() => (this.answers[command]?.(args as never) ?? otherwise) as never);
  }

  on<E extends EventName>(_event: E, listener: (payload: Events[E]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onConnect(listener: () => void): () => void {
    this.#onConnect.add(listener);
    listener();
    return () => this.#onConnect.delete(listener);
  }

  close(): void {
    this.closed = true;
  }

  /** The engine sends a batch. */
  send(batch: Batch): void {
    for (const listener of this.#listeners) listener(batch);
  }

  /** The line was made anew. */
  reconnect(): void {
    for (const listener of this.#onConnect) listener();
  }

  /** How often a command was given. */
  count(command: string): number {
    return this.calls.filter(call => call.command === command).length;
  }
}
