import type { Redis } from 'ioredis';
import { afterEach } from 'vitest';
import { systemClock } from '../../../src/main/engine/clock.ts';
import type { StreamEvent } from '../../../src/main/engine/events/event.ts';
import { readEvent } from '../../../src/main/engine/events/read-event.ts';
import { createMetrics, type Metrics } from '../../../src/main/engine/health/metrics.ts';
import { channelModes } from '../../../src/main/engine/ledger/channel-modes.ts';
import {
  createRecorder,
  type Recorder,
  type RecorderDeps,
} from '../../../src/main/engine/ledger/recorder.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import type { TestLedger } from '../../support/ledger.ts';
import type { PostgresKind } from '../../support/postgres-server.ts';
import { id, useStrictParts, type StrictParts, type StrictScene } from './strict-parts.ts';

/** Recorders on the servers of a suite, and what to feed and to ask them. */
export function useRecorders(kind: PostgresKind, ready: (scene: StrictScene & { metrics: Metrics }) => void) {
  let ledger: TestLedger;
  let parts: StrictParts;
  let metrics: Metrics;
  /** One connection, so that entries are in the order they were written. */
  let client: Redis;
  const recorders: Recorder[] = [];
  useStrictParts(kind, scene => {
    ({ ledger, parts } = scene);
    client = parts.pool.shared();
    metrics = createMetrics();
    ready({ ...scene, metrics });
  });
  afterEach(() => {
    for (const recorder of recorders.splice(0)) recorder.stop();
  });

  const recorder = (more: Partial<RecorderDeps> = {}): Recorder => {
    const made = createRecorder({
      database: ledger,
      pool: parts.pool,
      clock: systemClock,
      log: silentLogger,
      metrics,
      modeOf: channelModes([{ pattern: 'quiet', mode: 'off' }]),
      ...more,
    });
    recorders.push(made);
    return made;
  };

  /** Puts an entry into a stream and gives it as a desk would read it. */
  const written = async (channel: string, fields: Record<string, string>, at = '*'): Promise<StreamEvent> => {
    const flat = Object.entries(fields).flat();
    const entryId = (await client.xadd(`stream:${channel}`, at, ...flat)) ?? '';
    const event = readEvent(channel, entryId, flat);
    if ('reason' in event) throw new Error(event.reason);
    return event;
  };
  const price = (
    n: number,
    more: Record<string, string> = {},
    channel = 'price-updates',
  ): Promise<StreamEvent> =>
    written(channel, {
      ...{ event_id: id(n), event_type: 'price_update', source: 'test', timestamp: '2026-11-21T12:00:00.5Z' },
      ...{ sequence_number: String(n), data: `{"token":"SOL","price":"${n}.50"}`, ...more },
    });
  const prices = (from: number, to: number, channel?: string): Promise<StreamEvent[]> =>
    Promise.all(Array.from({ length: to - from + 1 }, (_, index) => price(from + index, {}, channel)));

  /** `<epoch>:<sequence> <number of the event>` in the order of replay. */
  const recorded = async (channel = 'price-updates'): Promise<string[]> => {
    const { rows } = await ledger.query<{ event_id: string; epoch: number; sequence: string | null }>({
      text: `SELECT event_id, epoch, sequence FROM event_log WHERE channel = $1 AND published_at IS NOT NULL
             AND confirmed_at IS NOT NULL ORDER BY position_ms, position_seq`,
      values: [channel],
    });
    return rows.map(
      ({ event_id, epoch, sequence }) =>
        `${epoch}:${sequence ?? '-'} ${Number(event_id.slice(24)) || event_id}`,
    );
  };
  const channelRow = async (channel = 'price-updates'): Promise<unknown> =>
    (
      await ledger.query({
        text: 'SELECT epoch, last_sequence FROM channel WHERE channel = $1',
        values: [channel],
      })
    ).rows[0];

  return { recorder, written, price, prices, recorded, channelRow };
}
