import type { AlertDelivery, Batch, StatusView } from '../../../src/shared/contract.ts';
import type { BatchFrame, Engine, EngineConnection } from '../../../src/main/engine/engine.ts';
import { createMetrics } from '../../../src/main/engine/health/metrics.ts';

const NOW = Date.UTC(2026, 10, 21, 12);

/** A status in which everything works; `change` says what does not. */
export function statusView(change: Partial<StatusView> = {}): StatusView {
  return {
    at: NOW,
    mode: 'live',
    tokens: ['SOL'],
    redis: {
      state: 'up',
      kind: 'embedded',
      address: 'unix:///tmp/redis.sock',
      since: NOW,
      latencyMs: 0.2,
      message: null,
    },
    ledger: {
      state: 'up',
      kind: 'embedded',
      address: 'postgres:///tenhertz?host=/tmp',
      since: NOW,
      latencyMs: null,
      message: null,
      outbox: 0,
      unconfirmed: 0,
      confirmFailures: 0,
      lost: 0,
      confirmMs: null,
    },
    sources: [sourceStatus('kraken')],
    poolSource: null,
    updater: { state: 'running', everyMs: 500, lastTickAt: NOW, message: null },
    subscription: {
      state: 'following',
      group: 'desk:test',
      patterns: [],
      channels: [],
      gapsSeen: [],
      lagMs: 3,
      lastAppliedAt: NOW,
      applied: 1,
      duplicates: 0,
      gaps: 0,
      refused: 0,
    },
    feed: { clients: 1, batchesPerSecond: 10, eventsPerSecond: 10, queued: 0 },
    ...change,
  };
}

/** A source that vouches for one token. */
export function sourceStatus(name: string): StatusView['sources'][number] {
  return {
    name,
    state: 'live',
    message: null,
    since: NOW,
    lastHeardAt: NOW,
    nextAttemptAt: null,
    attempt: 0,
    vouching: 1,
    asked: 1,
    refusedProducts: [],
    accepted: 1,
    refused: 0,
  };
}

/** A batch with nothing in it. */
export function emptyBatch(seq: number): Batch {
  return {
    seq,
    kind: 'snapshot',
    at: NOW,
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
  };
}

/** A frame that counts how often it was serialised. */
export class CountedFrame implements BatchFrame {
  serialised = 0;
  readonly batch: Batch;

  constructor(seq: number) {
    this.batch = emptyBatch(seq);
  }

  get json(): string {
    this.serialised += 1;
    return JSON.stringify(this.batch);
  }
}

/** Stands in for the engine where only the host is looked at: commands are answered by `answer`. */
export class FakeEngine implements Engine {
  /** Makes an alert fire. */
  deliver: (delivery: AlertDelivery) => void = () => {};
  readonly metrics = createMetrics();
  readonly connections = new Set<(frame: BatchFrame) => void>();
  readonly asked: { command: string; args: unknown }[] = [];
  view: StatusView = statusView();
  started = 0;
  stopped = 0;
  answer: (command: string, args: unknown) => unknown = () => null;
  onStart: () => Promise<void> = () => Promise.resolve();
  onStop: () => Promise<void> = () => Promise.resolve();

  async start(): Promise<void> {
    this.started += 1;
    await this.onStart();
  }

  async stop(): Promise<void> {
    this.stopped += 1;
    await this.onStop();
  }

  /** What a replay gives; nothing unless a test says so. */
  replay: Engine['replay'] = async function* () {
    // Nobody wrote to any channel.
  };

  connect(send: (frame: BatchFrame) => void): EngineConnection {
    this.connections.add(send);
    return {
      invoke: async (command: string, args: unknown) => {
        this.asked.push({ command, args });
        return (await this.answer(command, args)) as never;
      },
      close: () => void this.connections.delete(send),
    };
  }

  onDelivery(listener: (delivery: AlertDelivery) => void): () => void {
    this.deliver = listener;
    return () => (this.deliver = () => {});
  }

  status(): StatusView {
    return this.view;
  }

  /** Sends `frame` to every connection, as a tick of the feed does. */
  broadcast(frame: BatchFrame): void {
    for (const send of this.connections) send(frame);
  }
}
