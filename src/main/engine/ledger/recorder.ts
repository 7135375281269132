import type { LedgerWork } from '../../../shared/contract.ts';
import { sleep, type Cancel, type Clock } from '../clock.ts';
import type { StreamEvent } from '../events/event.ts';
import type { Metrics } from '../health/metrics.ts';
import { LimitedLog, type Logger } from '../logger.ts';
import { backOffMs } from '../redis/back-off.ts';
import type { RedisPool } from '../redis/pool.ts';
import type { ModeOf } from './channel-modes.ts';
import type { LedgerDatabase } from './database.ts';
import { RecordBacklog } from './record-backlog.ts';
import { recordRow, rowSize, type RecordRow } from './record-row.ts';
import { RecordWriter } from './record-writer.ts';

export interface RecorderDeps {
  database: LedgerDatabase;
  pool: RedisPool;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  modeOf: ModeOf;
  /** Events kept in memory while they wait; beyond it they are read from their streams later. 20,000 by default. */
  maxEvents?: number;
  /** Bytes of them, about; 32 MB by default. */
  maxBytes?: number;
  /** For the jitter of the back-off; `Math.random` by default. */
  random?: () => number;
}

/**
 * Records what a desk reads from the streams (R7.2, mode confirm), in batches, whatever becomes of the ledger meanwhile: what waits is
 * kept in memory, and beyond a limit read from the streams once the ledger is back.
 */
export interface Recorder {
  /** Takes events as the subscription applies them. Never blocks and never throws. */
  add(events: readonly StreamEvent[], phase?: 'snapshot' | 'live'): void;
  stats(): Pick<LedgerWork, 'unconfirmed' | 'confirmFailures' | 'lost' | 'confirmMs'>;
  /** The number seen last in each channel: where its counter has to stand, whatever Redis remembers. */
  highest(): ReadonlyMap<string, number>;
  /** Resolves when everything is recorded, or after `withinMs`. */
  flush(withinMs: number): Promise<void>;
  /** What is not recorded then is found in the streams at the next start. */
  stop(): void;
}

const EVERY_MS = 100;
const PER_BATCH = 1_000;
const BATCH_BYTES = 4_000_000;
const BACK_OFF = { baseMs: 100, capMs: 5_000 };
/** Channels whose highest number is remembered. */
const MOST_CHANNELS = 10_000;

/** Makes the recorder described at {@link Recorder}. It holds no timer while nothing waits. */
export function createRecorder(deps: RecorderDeps): Recorder {
  const { database, clock, metrics, modeOf } = deps;
  const maxEvents = deps.maxEvents ?? 20_000;
  const maxBytes = deps.maxBytes ?? 32_000_000;
  const random = deps.random ?? Math.random;
  const log = new LimitedLog(deps.log, clock);
  const writer = new RecordWriter({ database, clock, log, metrics });
  const backlog = new RecordBacklog(deps.pool, count => writer.gone(count, 'trimmed'));
  const isStrict = (channel: string): boolean => modeOf(channel) === 'strict';
  const highest = new Map<string, number>();
  let waiting: RecordRow[] = [];
  let bytes = 0;
  let underWay = 0;
  let attempt = 0;
  let cancel: Cancel | undefined;
  let working: Promise<void> | undefined;
  let stopped = false;
  const isStopped = (): boolean => stopped;

  const unconfirmed = (): number => waiting.length + underWay + backlog.size;
  const measure = (): void => metrics.ledgerUnconfirmed.set(unconfirmed());
  const owes = (): boolean => waiting.length > 0 || !backlog.isEmpty || writer.owesLatest;

  const take = (event: StreamEvent): void => {
    if (modeOf(event.channel) === 'off') return;
    if (backlog.covers(event)) {
      backlog.forget(event);
      return;
    }
    const row = recordRow(event, isStrict(event.channel));
    waiting.push(row);
    bytes += rowSize(row);
    if (waiting.length <= maxEvents && bytes <= maxBytes) return;
    log.warn(
      'full',
      { events: waiting.length },
      'Too much waits to be recorded; it is read from the streams later',
    );
    for (const kept of waiting.splice(0)) backlog.forget(kept);
    bytes = 0;
  };

  const later = (ms: number): void => {
    if (stopped) return;
    cancel ??= clock.after(ms, () => {
      cancel = undefined;
      void work();
    });
  };
  const now = (): void => {
    cancel?.();
    cancel = undefined;
    void work();
  };

  const work = (): Promise<void> => {
    working ??= run().finally(() => {
      working = undefined;
      measure();
      // What came meanwhile has its turn.
      if (attempt === 0 && owes()) later(EVERY_MS);
    });
    return working;
  };

  const run = async (): Promise<void> => {
    try {
      while (!isStopped() && waiting.length > 0) await recordNext();
      while (!isStopped() && !backlog.isEmpty) {
        await backlog.step(PER_BATCH, isStrict, rows => writer.record(rows));
        while (!isStopped() && waiting.length >= PER_BATCH) await recordNext();
      }
      if (!isStopped()) await writer.noteLatest();
      attempt = 0;
    } catch (error) {
      if (isStopped()) return;
      writer.failed(error);
      later(backOffMs(attempt, { ...BACK_OFF, random }));
      attempt += 1;
    }
  };

  const recordNext = async (): Promise<void> => {
    let size = 0;
    let count = 0;
    for (const row of waiting) {
      if (count >= PER_BATCH || size > BATCH_BYTES) break;
      size += rowSize(row);
      count += 1;
    }
    const batch = waiting.slice(0, count);
    waiting = waiting.slice(count);
    bytes -= size;
    underWay = count;
    try {
      await writer.record(batch);
    } catch (error) {
      // Before everything that came meanwhile; or to the streams, where that has gone.
      if (backlog.isEmpty) {
        waiting = [...batch, ...waiting];
        bytes += size;
      } else for (const row of batch) backlog.forget(row);
      throw error;
    } finally {
      underWay = 0;
    }
  };

  const forgetChange = database.onChange(({ state }) => {
    if (state === 'up' && owes()) now();
  });

  return {
    add(events, phase = 'live') {
      if (stopped) return;
      for (const event of events) {
        const { channel, sequence } = event;
        if (phase === 'live') writer.liveFrom = Math.min(writer.liveFrom, event.entryTime);
        if (sequence !== null && (highest.size < MOST_CHANNELS || highest.has(channel)))
          highest.set(channel, sequence);
        take(event);
      }
      if (waiting.length >= PER_BATCH && attempt === 0) now();
      else if (working === undefined) later(EVERY_MS);
      measure();
    },
    stats: () => ({
      unconfirmed: unconfirmed(),
      confirmFailures: writer.failures,
      lost: writer.lost,
      confirmMs: writer.confirmMs,
    }),
    highest: () => highest,
    async flush(withinMs) {
      let over = false;
      const end = sleep(clock, withinMs).then(() => {
        over = true;
      });
      const isOver = (): boolean => over || stopped;
      // What is being written now is not counted any more once only newest prices are left of it.
      const isBusy = (): boolean => unconfirmed() > 0 || working !== undefined;
      while (!isOver() && isBusy()) {
        await Promise.race([work(), end]);
        if (attempt > 0) await Promise.race([sleep(clock, EVERY_MS), end]);
      }
      if (!isOver()) await Promise.race([writer.noteLatest(true).catch(() => undefined), end]);
    },
    stop() {
      stopped = true;
      cancel?.();
      forgetChange();
    },
  };
}
