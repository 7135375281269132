import type { Batch } from '../../../src/shared/contract.ts';
import {
  createFeed,
  type Feed,
  type FeedConnection,
  type FeedDeps,
} from '../../../src/main/engine/feed/feed.ts';
import { createProjections, type Projections } from '../../../src/main/engine/feed/projections.ts';
import { createMetrics, type Metrics } from '../../../src/main/engine/health/metrics.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { emptyStatus } from './events.ts';

/** A feed on a clock moved by hand. */
export interface Desk {
  clock: ManualClock;
  feed: Feed;
  metrics: Metrics;
  projections: Projections;
}

/** Makes a feed that has started, on empty projections. */
export function desk(options: Partial<FeedDeps> & { maxEvents?: number } = {}): Desk {
  const { maxEvents, ...feedOptions } = options;
  const clock = new ManualClock();
  const metrics = createMetrics();
  const projections = createProjections(maxEvents === undefined ? {} : { maxEvents });
  const feed = createFeed({
    projections,
    clock,
    metrics,
    log: silentLogger,
    status: () => emptyStatus(clock.now()),
    ...feedOptions,
  });
  feed.start();
  return { clock, feed, metrics, projections };
}

/** A window that writes down what it was sent. */
export interface Window {
  batches: Batch[];
  frames: { json: string }[];
  connection: FeedConnection;
  /** Confirms the newest batch. */
  confirm: () => void;
  newest: () => Batch;
}

/** Connects a window that follows. */
export function open(feed: Feed, answer: 'at once' | 'by hand' = 'by hand'): Window {
  const batches: Batch[] = [];
  const frames: { json: string }[] = [];
  const newest = (): Batch => {
    const batch = batches.at(-1);
    if (batch === undefined) throw new Error('no batch yet');
    return batch;
  };
  const connection = feed.connect(frame => {
    frames.push(frame);
    batches.push(frame.batch);
    if (answer === 'at once') void Promise.resolve().then(() => connection.confirm(frame.batch.seq));
  });
  connection.follow();
  return { batches, frames, connection, newest, confirm: () => connection.confirm(newest().seq) };
}

/** Ids of all events, in the order they were sent. */
export const ids = (batches: Batch[]) => batches.flatMap(batch => batch.events.map(event => event.eventId));
