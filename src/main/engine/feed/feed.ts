import type { StatusView } from '../../../shared/contract.ts';
import { NO_NEWS, type AlertNews } from '../alerts/news.ts';
import type { Cancel, Clock } from '../clock.ts';
import type { BatchFrame } from '../engine.ts';
import { messageOf } from '../errors.ts';
import type { Metrics } from '../health/metrics.ts';
import type { Logger } from '../logger.ts';
import {
  buildSnapshot,
  buildUpdate,
  hasNews,
  type BatchContext,
  type BuiltBatch,
  type Cursor,
} from './build-batch.ts';
import type { PoolNews } from '../updater/pool-keeper.ts';
import type { Projections } from './projections.ts';
import { Rate } from './rate.ts';

export interface FeedDeps {
  projections: Projections;
  clock: Clock;
  metrics: Metrics;
  log: Logger;
  /** The truth bar's content; asked for every {@link FeedDeps.statusEveryMs} while a window is there. */
  status: () => StatusView;
  /** The watched pools; none by default. */
  pools?: () => PoolNews;
  /** What is told of alerts; nothing by default. */
  alerts?: AlertNews;
  /** Between ticks, ms; 100 by default (R5.8). */
  everyMs?: number;
  /** Between two statuses, and at most between two batches, ms; 500 by default. */
  statusEveryMs?: number;
  /** Events in one batch; 1,000 by default. */
  maxEventsPerBatch?: number;
  /** Bytes of one batch as JSON; 64 KB by default (larger messages cost more than they carry). */
  maxBatchBytes?: number;
  /** Events a snapshot starts with; 500 by default. */
  snapshotEvents?: number;
  /** How long a window may leave a batch unconfirmed before it is given a fresh snapshot, ms; 10 s by default. */
  patienceMs?: number;
}

/** One window's line to the feed. */
export interface FeedConnection {
  /** Starts the batches, or starts them anew, with a snapshot. */
  follow(): void;
  /** The window has painted batch `seq`. Another number than that of the batch under way is ignored. */
  confirm(seq: number): void;
  /** No more batches. */
  close(): void;
}

/** Sends every window one batch per tick: what happened since its last one (R5.8). */
export interface Feed {
  start(): void;
  stop(): void;
  /** Ticks every `ms` from now on. */
  pace(ms: number): void;
  /** `send` gets at most one unconfirmed batch at a time, once the window follows. A `send` that throws ends the line. */
  connect(send: (frame: BatchFrame) => void): FeedConnection;
  /**
   * Gives every window that follows a snapshot and a new status at once, because what it shows is no longer true; a window
   * with an unconfirmed batch as soon as it has confirmed.
   */
  refresh(): void;
  /** Rates are over the last second; `queued` is the number of events the furthest window is behind. */
  stats(): StatusView['feed'];
}

interface Client {
  send: (frame: BatchFrame) => void;
  /** Where it stands when it has got all that was sent; `undefined` until it follows. */
  cursor: Cursor | undefined;
  /** The batch it has not confirmed yet. */
  unconfirmed: { seq: number; at: number; complete: boolean } | undefined;
  lastSeq: number;
  patienceMs: number;
}

/** A window that never answers is tried less and less often, up to this many times its first patience. */
const MOST_PATIENCE = 16;
const NO_POOLS: PoolNews = { number: 0, views: [] };
/** A generation that never is: a window with it gets a snapshot. */
const NOT_NOW = -1;

/**
 * Makes the feed described at {@link Feed}. A batch is a pure function of the projections and a window's cursor, so windows at
 * the same cursor get the same frame: it is built and written as JSON once per tick, for one window or a thousand.
 */
export function createFeed(deps: FeedDeps): Feed {
  const { projections, clock, metrics } = deps;
  const news = deps.alerts ?? NO_NEWS;
  const pools = deps.pools ?? (() => NO_POOLS);
  const statusEveryMs = deps.statusEveryMs ?? 500;
  const patienceMs = deps.patienceMs ?? 10_000;
  const limits = {
    maxEvents: deps.maxEventsPerBatch ?? 1_000,
    maxBytes: deps.maxBatchBytes ?? 64 * 1024,
    snapshotEvents: deps.snapshotEvents ?? 500,
  };
  const clients = new Set<Client>();
  const built = new Map<string, BuiltBatch>();
  const batches = new Rate(clock);
  const events = new Rate(clock, projections.applied);
  let seq = 0;
  let busyTicks = 0;
  let sent = 0;
  let status: { view: StatusView; number: number; at: number } | undefined;
  let everyMs = deps.everyMs ?? 100;
  let cancel: Cancel | undefined;

  const currentStatus = (): { view: StatusView; number: number } => {
    const now = clock.monotonic();
    if (status === undefined || now - status.at >= statusEveryMs) {
      status = { view: deps.status(), number: (status?.number ?? 0) + 1, at: now };
    }
    return status;
  };

  const around = (): Pick<BatchContext, 'statusNumber' | 'pools' | 'news'> => ({
    statusNumber: currentStatus().number,
    pools: pools(),
    news,
  });

  /** The batch for a window at `from`, built anew unless another window at the same place had it in this tick. */
  const batchFor = (client: Client, kind: 'snapshot' | 'update', from: Cursor | undefined): BuiltBatch => {
    const key = `${kind} ${from === undefined ? '' : Object.values(from).join(' ')}`;
    const there = built.get(key);
    if (there !== undefined && there.frame.batch.seq > client.lastSeq) return there;
    seq += 1;
    const context: BatchContext = { seq, at: clock.now(), status: currentStatus().view, ...around() };
    const done = metrics.batchSeconds.startTimer();
    const batch =
      kind === 'update' && from !== undefined
        ? buildUpdate(projections, from, context, limits)
        : buildSnapshot(projections, from, context, limits);
    done();
    metrics.batchEvents.observe(batch.frame.batch.prices.length + batch.frame.batch.events.length);
    built.set(key, batch);
    return batch;
  };

  const send = (client: Client, kind: 'snapshot' | 'update', from: Cursor | undefined): void => {
    const { frame, next, complete } = batchFor(client, kind, from);
    client.cursor = next;
    client.lastSeq = frame.batch.seq;
    client.unconfirmed = { seq: frame.batch.seq, at: clock.monotonic(), complete };
    sent += 1;
    try {
      client.send(frame);
    } catch (error) {
      clients.delete(client);
      deps.log.warn({ reason: messageOf(error) }, 'A window could not be sent its batch and is let go');
    }
  };

  const serve = (client: Client): void => {
    const { cursor, unconfirmed } = client;
    if (cursor === undefined) return;
    if (unconfirmed !== undefined) {
      if (clock.monotonic() - unconfirmed.at >= client.patienceMs) {
        client.patienceMs = Math.min(client.patienceMs * 2, patienceMs * MOST_PATIENCE);
        send(client, 'snapshot', cursor);
      } else if (hasNews(projections, cursor, around())) {
        metrics.batchesConflated.inc();
      }
      return;
    }
    if (cursor.events < projections.events.start || cursor.generation !== projections.generation) {
      send(client, 'snapshot', cursor);
    } else if (hasNews(projections, cursor, around())) send(client, 'update', cursor);
  };

  const tick = (): void => {
    built.clear();
    const before = sent;
    for (const client of [...clients]) serve(client);
    if (sent > before) busyTicks += 1;
    batches.sample(busyTicks);
    events.sample(projections.applied);
  };

  return {
    start() {
      cancel ??= clock.every(everyMs, tick);
    },
    pace(ms) {
      everyMs = ms;
      if (cancel === undefined) return;
      cancel();
      cancel = clock.every(everyMs, tick);
    },
    stop() {
      cancel?.();
      cancel = undefined;
      built.clear();
    },
    connect(sendFrame) {
      const client: Client = {
        send: sendFrame,
        cursor: undefined,
        unconfirmed: undefined,
        lastSeq: 0,
        patienceMs,
      };
      clients.add(client);
      return {
        follow() {
          if (clients.has(client)) send(client, 'snapshot', undefined);
        },
        confirm(confirmed) {
          if (client.unconfirmed?.seq !== confirmed || !clients.has(client)) return;
          const { complete } = client.unconfirmed;
          client.unconfirmed = undefined;
          client.patienceMs = patienceMs;
          // A batch that was full is followed at once: a backlog must not wait for the clock.
          if (!complete) serve(client);
        },
        close() {
          clients.delete(client);
        },
      };
    },
    refresh() {
      if (status !== undefined) status.at = -Infinity;
      built.clear();
      for (const client of [...clients]) {
        if (client.cursor === undefined) continue;
        client.cursor = { ...client.cursor, generation: NOT_NOW };
        serve(client);
      }
    },
    stats() {
      const { head } = projections.events;
      let queued = 0;
      for (const { cursor } of clients) {
        if (cursor !== undefined) queued = Math.max(queued, head - cursor.events);
      }
      return {
        clients: clients.size,
        batchesPerSecond: batches.perSecond(),
        eventsPerSecond: events.perSecond(),
        queued,
      };
    },
  };
}
