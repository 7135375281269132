import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const SUB_MS_BUCKETS = [0.0001, 0.00025, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.1, 0.5, 2];

/**
 * Every instrument of the program, by the names of the outside interface (prefix `tenhertz_`). One object per engine, so
 * that two engines in one process (tests) never mix their numbers. With them come prom-client's own of the process (CPU,
 * memory, event loop, garbage collection), by their usual names; nothing of these keeps the process alive or has to be stopped.
 */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter<L>({ name: `tenhertz_${name}`, help, labelNames: [...labelNames], registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Gauge<L>({ name: `tenhertz_${name}`, help, labelNames: [...labelNames], registers });
  const histogram = <L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[] = [],
    buckets = SUB_MS_BUCKETS,
  ) => new Histogram<L>({ name: `tenhertz_${name}`, help, labelNames: [...labelNames], buckets, registers });

  return {
    registry,
    cacheReads: counter('cache_reads_total', 'Cache reads by what they found', ['cache', 'result']),
    cacheSlowReads: counter('cache_slow_reads_total', 'Cache reads that took longer than 1 ms', ['cache']),
    cacheReadSeconds: histogram('cache_read_seconds', 'Time of a cache read', ['cache', 'layer']),
    cacheWriteSeconds: histogram('cache_write_seconds', 'Time of a cache write', ['cache']),
    eventsPublished: counter('events_published_total', 'Events written to a stream', ['channel']),
    eventsDropped: counter('events_dropped_total', 'Events not published, by reason', ['channel', 'reason']),
    routerInFlight: gauge('router_in_flight', 'Events handed to Redis and not answered yet'),
    routerQueued: gauge('router_queued', 'Events accepted by the router and not handed to Redis yet'),
    routerWaiting: gauge('router_waiting', 'Events for which the router has no room'),
    eventsApplied: counter('events_applied_total', 'Events applied to the projections', ['channel']),
    eventsRefused: counter('events_refused_total', 'Entries or messages refused, by reason', [
      'channel',
      'reason',
    ]),
    duplicatesDropped: counter('duplicates_dropped_total', 'Events seen before and dropped', [
      'channel',
      'layer',
    ]),
    sequenceGaps: counter('sequence_gaps_total', 'Gaps noticed in a channel', ['channel']),
    gapsClosed: counter('sequence_gaps_closed_total', 'Gaps that were healed, or declared lost', [
      'channel',
      'state',
    ]),
    trimmedUnread: counter('stream_trimmed_unread_total', 'Entries trimmed before this desk read them', [
      'channel',
    ]),
    streamLength: gauge('stream_length', 'Entries in the stream of a followed channel', ['channel']),
    streamBehind: gauge('stream_behind', 'Entries after the last one given to the group', [
      'channel',
      'group',
    ]),
    streamPending: gauge('stream_pending', 'Entries given to the group and not acknowledged', [
      'channel',
      'group',
    ]),
    deadLetters: counter('dead_letters_total', 'Entries moved to the dead letters', ['channel']),
    streamLagSeconds: gauge('stream_lag_seconds', 'Entry time to applied', ['channel', 'group']),
    batchSeconds: histogram('batch_seconds', 'Time to build one batch'),
    batchEvents: histogram(
      'batch_events',
      'Prices and events in one batch',
      [],
      [0, 1, 5, 10, 50, 100, 500, 1000, 5000],
    ),
    batchesConflated: counter(
      'batches_conflated_total',
      'Ticks a slow window was not sent a batch of its own',
    ),
    poolConnections: gauge('pool_connections', 'Redis connections by what they are doing', ['state']),
    poolReplaced: counter('pool_replaced_total', 'Redis connections replaced because they made no progress'),
    ledgerRecorded: counter(
      'ledger_recorded_total',
      'Events recorded, or found recorded, after their broadcast',
    ),
    ledgerConfirmFailures: counter('ledger_confirm_failures_total', 'Attempts to record events that failed'),
    ledgerLost: counter('ledger_lost_total', 'Events that could not be recorded any more', ['reason']),
    ledgerUnconfirmed: gauge('ledger_unconfirmed', 'Events that wait to be recorded'),
    ledgerOutboxPending: gauge('ledger_outbox_pending', 'Committed events that are not broadcast yet'),
    ledgerUp: gauge('ledger_up', '1 while the ledger takes statements'),
    ledgerReplaced: counter(
      'ledger_replaced_total',
      'Ledger connections replaced because they made no progress',
    ),
    ledgerRemoved: counter('ledger_removed_total', 'Old rows removed from the ledger, by class', ['class']),
    sourceUp: gauge('source_up', '1 while the source vouches for a price', ['source']),
    sourceQuotes: counter('source_quotes_total', 'Quotes by what became of them', ['source', 'result']),
    updaterTicksSkipped: counter(
      'updater_ticks_skipped_total',
      'Ticks skipped because the last was still under way',
    ),
  };
}

/** The program's instruments; see {@link createMetrics}. */
export type Metrics = ReturnType<typeof createMetrics>;
