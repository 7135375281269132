import type { StatusView } from '../../../shared/contract.ts';
import type { Cancel, Clock } from '../../engine/clock.ts';
import type { StreamEvent } from '../../engine/events/event.ts';
import { createFeed } from '../../engine/feed/feed.ts';
import { createProjections } from '../../engine/feed/projections.ts';
import { notYet } from '../../engine/health/not-yet.ts';
import { latencyOf, type BenchResult } from './measure.ts';
import type { BenchParts } from './parts.ts';

const TOKENS = 100;

/** Building and writing one batch of 100 changed prices, beside JSON.stringify of the same batch. */
export function benchBatch({ log, metrics, sizes }: BenchParts): BenchResult[] {
  const stepped = steppedClock();
  const { clock } = stepped;
  const projections = createProjections();
  const feed = createFeed({ projections, clock, metrics, log, status: () => STATUS, statusEveryMs: 1e9 });
  let seq = 0;
  let size = 0;
  let written: unknown;
  const line = feed.connect(({ batch, json }) => {
    seq = batch.seq;
    size = json.length;
    written = batch;
  });
  feed.start();
  line.follow();
  const ours: number[] = [];
  const raw: number[] = [];
  for (let turn = 0; turn < sizes.batches; turn += 1) {
    line.confirm(seq);
    projections.apply(prices(clock.now(), turn), 'live');
    const from = performance.now();
    stepped.tick();
    const between = performance.now();
    JSON.stringify(written);
    raw.push(performance.now() - between);
    ours.push(between - from);
  }
  feed.stop();
  const [build, write] = [latencyOf(ours), latencyOf(raw)];
  return [
    {
      name: `batch_build_${Math.round(size / 1024)}kb_p50`,
      value: build.p50,
      unit: 'ms',
      baseline: write.p50,
      ratio: build.p50 / write.p50,
    },
  ];
}

/** A clock whose one interval runs when told to. */
function steppedClock(): { clock: Clock; tick(): void } {
  let now = Date.now();
  let run = (): void => undefined;
  const none: Cancel = () => undefined;
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    after: () => none,
    every(_ms, each) {
      run = each;
      return none;
    },
  };
  return {
    clock,
    tick() {
      now += 100;
      run();
    },
  };
}

function prices(at: number, turn: number): StreamEvent[] {
  return Array.from({ length: TOKENS }, (_unused, index) => ({
    channel: 'price-updates',
    entryId: `${at}-${index}`,
    entryTime: at,
    eventId: `${turn}-${index}`,
    type: 'price_update',
    source: 'bench',
    timestamp: at,
    sequence: turn * TOKENS + index + 1,
    data: {
      token: `T${index}`,
      price: `${100 + index}.${1_000 + (turn % 1_000)}`,
      timestamp: new Date(at).toISOString(),
    },
  }));
}

const STATUS: StatusView = {
  at: 0,
  mode: 'simulated',
  tokens: [],
  redis: { state: 'up', kind: 'embedded', address: '', since: 0, latencyMs: null, message: null },
  ledger: {
    state: 'up',
    kind: 'embedded',
    address: '',
    since: 0,
    latencyMs: null,
    message: null,
    outbox: 0,
    unconfirmed: 0,
    confirmFailures: 0,
    lost: 0,
    confirmMs: null,
  },
  sources: [],
  poolSource: null,
  updater: { state: 'running', everyMs: 500, lastTickAt: null, message: null },
  subscription: notYet.subscription(),
  feed: { clients: 1, batchesPerSecond: 10, eventsPerSecond: 0, queued: 0 },
};
