import type { Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import type { Metrics } from '../health/metrics.ts';
import { LimitedLog, type Logger } from '../logger.ts';
import type { RedisPool } from '../redis/pool.ts';
import type { BringUp } from './bring-up.ts';
import type { LedgerDatabase } from './database.ts';
import type { Marks } from './mark.ts';

/** Broadcasts what is committed and was not broadcast: by other programs, or before a crash (R7.3). */
export interface OutboxRelay {
  start(): void;
  /** Committed events that were not broadcast when it looked last, at most 5,000. */
  pending(): number;
  stop(): Promise<void>;
}

const EVERY_MS = 500;
/** What is younger is on its way by whoever committed it. */
const PATIENCE = '250 milliseconds';
const MOST = 5_000;

/** Makes the relay. It looks twice a second, and at once when Redis or the ledger come back. */
export function createOutboxRelay(deps: {
  database: Pick<LedgerDatabase, 'query' | 'onChange' | 'status'>;
  pool: RedisPool;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  marks: Marks;
  bringUp: BringUp;
}): OutboxRelay {
  const { database, pool, clock, metrics, marks } = deps;
  const log = new LimitedLog(deps.log, clock);
  const undo: (() => void)[] = [];
  let pending = 0;
  let looking: Promise<void> | undefined;
  let stopped = false;
  const isStopped = (): boolean => stopped;

  const look = async (): Promise<void> => {
    try {
      const { rows } = await database.query<{ channel: string; event_id: string }>({
        name: 'tenhertz-outbox',
        text: `SELECT channel, event_id FROM event_log WHERE published_at IS NULL
               AND received_at < clock_timestamp() - interval '${PATIENCE}' LIMIT ${MOST}`,
      });
      const left = rows.filter(row => !marks.has(row.event_id));
      const channels = new Set(left.map(row => row.channel));
      pending = left.length;
      metrics.ledgerOutboxPending.set(pending);
      for (const channel of channels) {
        if (isStopped()) return;
        const done = await relay(channel);
        pending -= left.filter(row => row.channel === channel && done.has(row.event_id)).length;
        metrics.ledgerOutboxPending.set(pending);
      }
    } catch (error) {
      log.warn('relay', { reason: messageOf(error) }, 'The ledger cannot be asked what is to be broadcast');
    }
  };

  /** What stands in the stream now; one channel's trouble does not hold back the others. */
  const relay = async (channel: string): Promise<ReadonlyMap<string, unknown>> => {
    try {
      return await deps.bringUp(channel);
    } catch (error) {
      log.warn(
        `relay ${channel}`,
        { channel, reason: messageOf(error) },
        'Committed events wait to be broadcast',
      );
      return new Map();
    }
  };

  const tick = (): void => {
    // Neither is asked while it is known to be away; the numbers stay as they were.
    if (stopped || database.status().state !== 'up' || pool.status().state !== 'up') return;
    looking ??= look().finally(() => (looking = undefined));
  };

  return {
    start() {
      undo.push(clock.every(EVERY_MS, tick), pool.onChange(tick), database.onChange(tick));
      tick();
    },
    pending: () => pending,
    async stop() {
      stopped = true;
      for (const step of undo.splice(0)) step();
      await looking;
    },
  };
}
