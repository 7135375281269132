import type {
  ChannelStatus,
  EpochMs,
  GapView,
  MarketMode,
  SourceStatus,
  StatusView,
} from '../../../src/shared/contract.ts';
import { poolSourceAt } from './pools.ts';
import type { Scene } from './scene.ts';

/** What a status depends on. */
export interface Moment {
  now: EpochMs;
  startedAt: EpochMs;
  /** When the scene's trouble began; `null` before. */
  troubleAt: EpochMs | null;
  kind: Scene['kind'];
  mode: MarketMode;
  sent: number;
  /** What the desk follows. */
  patterns: readonly string[];
  queued: number;
  /** The watchlist. */
  tokens: string[];
}

/** The truth bar's content in the scene. */
export function statusAt(moment: Moment): StatusView {
  const { now, startedAt, troubleAt, kind, mode, sent } = moment;
  const goneAt = kind === 'redis-gone' ? troubleAt : null;
  const gone = goneAt !== null;
  return {
    at: now,
    mode,
    tokens: moment.tokens,
    redis: {
      state: gone ? 'down' : 'up',
      kind: 'embedded',
      address: 'redis.sock',
      since: goneAt ?? startedAt - 3_600_000,
      latencyMs: gone ? null : 0.2 + wobble(sent, 3) / 10,
      message: gone
        ? 'The embedded Redis ended (signal SIGKILL). It is being started again, attempt 2 in 0.8 s.'
        : null,
    },
    ledger: {
      state: 'up',
      kind: 'embedded',
      address: '',
      since: startedAt - 3_600_000,
      latencyMs: null,
      message: null,
      outbox: 0,
      unconfirmed: 0,
      confirmFailures: 0,
      lost: 0,
      confirmMs: null,
    },
    sources: sourcesAt(moment),
    poolSource: poolSourceAt(moment),
    updater: { state: gone ? 'waiting' : 'running', everyMs: 500, lastTickAt: now - 220, message: null },
    subscription: {
      state: gone ? 'waiting' : 'following',
      group: 'desk:4f1c9a20',
      patterns: [...moment.patterns],
      channels: channelsAt(moment),
      gapsSeen: gapsAt(moment),
      lagMs: 4 + wobble(sent, 6),
      lastAppliedAt: goneAt ?? now - 60,
      applied: 128_400 + sent,
      duplicates: 12,
      gaps: 1,
      refused: 0,
    },
    feed: { clients: 1, batchesPerSecond: 10, eventsPerSecond: 9 + wobble(sent, 3), queued: moment.queued },
  };
}

function channelsAt({ now, sent, kind }: Moment): ChannelStatus[] {
  if (kind === 'empty') return [channel('price-updates', 0, { lagMs: null, lastAppliedAt: null })];
  return [
    channel('price-updates', 128_400 + sent, {
      lagMs: 4 + wobble(sent, 6),
      lastAppliedAt: now - 60,
      duplicates: 8,
    }),
    channel('trade-events', 4_180 + sent, {
      lagMs: 3 + wobble(sent, 5),
      lastAppliedAt: now - 180,
      duplicates: 3,
    }),
    channel('trades:user_0001', 4_210, {
      via: ['trades:*'],
      lagMs: 6,
      lastAppliedAt: now - 400,
      duplicates: 1,
      refused: 2,
      dead: 2,
      gaps: { open: 0, healed: 1, lost: 0 },
    }),
    channel('trades:user_0002', 632, {
      via: ['trades:*'],
      lagMs: 142,
      lastAppliedAt: now - 800,
      behind: 38,
      pending: 12,
      oldestPendingMs: 1_240,
    }),
    channel('positions:user_0001', 408, { via: ['positions:*'], lagMs: 5, lastAppliedAt: now - 2_100 }),
    channel('positions:user_0002', 111, { via: ['positions:*'], lagMs: 5, lastAppliedAt: now - 130_000 }),
    channel('system:events', 77, { lagMs: 7, lastAppliedAt: now - 4_000 }),
  ];
}

function channel(name: string, applied: number, over: Partial<ChannelStatus>): ChannelStatus {
  return {
    channel: name,
    via: [name],
    applied,
    duplicates: 0,
    refused: 0,
    dead: 0,
    lagMs: null,
    lastAppliedAt: null,
    behind: 0,
    pending: 0,
    oldestPendingMs: null,
    trimmedUnread: 0,
    epoch: 1,
    gaps: { open: 0, healed: 0, lost: 0 },
    ...over,
  };
}

function gapsAt({ startedAt, kind }: Moment): GapView[] {
  if (kind === 'empty') return [];
  return [
    {
      channel: 'trades:user_0001',
      epoch: 1,
      from: 4_182,
      to: 4_190,
      noticedAt: startedAt - 4_000,
      state: kind === 'redis-gone' ? 'lost' : 'healed',
      closedAt: startedAt - 3_000,
      missing: kind === 'redis-gone' ? 9 : 0,
      healedFrom: kind === 'redis-gone' ? null : 'ledger',
    },
  ];
}

function sourcesAt({ now, startedAt, troubleAt, kind, mode, sent }: Moment): SourceStatus[] {
  const source = (name: string, over: Partial<SourceStatus> = {}): SourceStatus => ({
    name,
    state: 'live',
    message: null,
    since: startedAt - 3_600_000,
    lastHeardAt: now - 20 * wobble(sent, 9),
    nextAttemptAt: null,
    attempt: 1,
    vouching: 5,
    asked: 5,
    refusedProducts: [],
    accepted: 18_204 + sent * 3,
    refused: 0,
    ...over,
  });
  if (mode === 'simulated') return [source('simulated')];
  if (mode === 'recorded') return [source('recorded:coinbase')];
  if (kind === 'no-sources') {
    const down = (name: string, attempt: number, waits: number): SourceStatus =>
      source(name, {
        state: 'down',
        vouching: 0,
        accepted: 0,
        lastHeardAt: null,
        since: startedAt - 41_000,
        message: 'This machine cannot look up the name of the venue',
        attempt,
        nextAttemptAt: now + waits,
      });
    return [down('jupiter', 6, 12_000), down('kraken', 4, 4_000), down('coinbase', 4, 7_000)];
  }
  if (kind === 'stale' && troubleAt !== null) {
    const quiet = { vouching: 0, lastHeardAt: troubleAt };
    return [
      source('jupiter', { ...quiet, state: 'rate-limited', nextAttemptAt: troubleAt + 15_000, refused: 3 }),
      source('kraken', { ...quiet, state: 'silent', nextAttemptAt: troubleAt + 9_000 }),
      source('coinbase', { ...quiet, state: 'connecting', attempt: 3 }),
    ];
  }
  return [
    source('jupiter', { accepted: 4_310 }),
    source('kraken', { vouching: 3 }),
    source('coinbase', { vouching: 2, refusedProducts: ['JITOSOL-USD'] }),
    source('pyth', {
      state: 'off',
      message: 'No key: set PYTH_API_KEY to use it',
      vouching: 0,
      asked: 0,
      accepted: 0,
      lastHeardAt: null,
    }),
  ];
}

/** A number from 0 to `most` that looks uneven and is the same in every run. */
function wobble(step: number, most: number): number {
  return ((step * 7919) >> 3) % (most + 1);
}
