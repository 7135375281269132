import type { SubscriptionStatus } from '../../../shared/contract.ts';
import type { Clock } from '../clock.ts';
import { messageOf, TenhertzError } from '../errors.ts';
import type { Metrics } from '../health/metrics.ts';
import { LimitedLog, type Logger } from '../logger.ts';
import { backOffMs } from '../redis/back-off.ts';
import { raceBlockingRead } from '../redis/blocking-read.ts';
import { keys } from '../redis/keys.ts';
import type { Lease, RedisPool } from '../redis/pool.ts';
import { Applier, type Apply } from './applier.ts';
import { Intake } from './intake.ts';
import { openChannel, type Guarded, type OpenedChannel } from './open-channel.ts';

export interface SubscriptionDeps {
  pool: RedisPool;
  /** `desk:<install id>`: every desk sees everything. */
  group: string;
  consumer: string;
  channels: readonly string[];
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  /** How long one read waits for entries, in ms; 100 by default (R5.1). */
  blockMs?: number;
  /** Entries of each stream per read; 100 by default. */
  count?: number;
  /** How many of the newest entries of each channel the first snapshot takes; 10,000 by default. */
  tailCount?: number;
  /** Event ids remembered; by default 100,000, and at least twice what the snapshots hold. */
  remember?: number;
  /** 0 up to 1, for the jitter of the back-off; `Math.random` by default. */
  random?: () => number;
  /**
   * Takes events in stream order: `snapshot` while catching up, `live` after. Called before they are acknowledged. When it
   * throws, these events go to the dead letters, and the stream goes on.
   */
  apply: Apply;
}

/** Follows channels through a consumer group, and goes on by itself whatever happens to Redis. */
export interface Subscription {
  start(): void;
  /** Ends after the read under way, at most about a second later. Nothing is applied afterwards. */
  stop(): Promise<void>;
  status(): SubscriptionStatus;
}

/** A read that outlives its BLOCK by this much is lost. */
const MARGIN_MS = 1_000;
/** The same for commands that do not block. */
const COMMAND_MS = 1_500;
/** Between attempts: 50 ms doubling up to 1 s; the pool has a back-off of its own. */
const BACK_OFF = { baseMs: 50, capMs: 1_000 };

const UNMEASURED = {
  applied: 0,
  duplicates: 0,
  refused: 0,
  dead: 0,
  lagMs: null,
  lastAppliedAt: null,
  behind: null,
  pending: null,
  oldestPendingMs: null,
  trimmedUnread: 0,
  epoch: 1,
  gaps: { open: 0, healed: 0, lost: 0 },
} as const;

/** Makes the subscription described at {@link Subscription} (R5.1, R5.2, R5.6). */
export function createSubscription(deps: SubscriptionDeps): Subscription {
  const { pool, group, consumer, clock, metrics } = deps;
  const blockMs = deps.blockMs ?? 100;
  const count = deps.count ?? 100;
  const tailCount = deps.tailCount ?? 10_000;
  const limited = new LimitedLog(deps.log, clock);
  const remember = deps.remember ?? Math.max(100_000, 2 * tailCount * deps.channels.length);
  const intake = new Intake(remember, limited, metrics);
  const applier = new Applier({ group, clock, log: deps.log, metrics, intake, apply: deps.apply });

  let state: SubscriptionStatus['state'] = 'starting';
  let channels: string[] = [];
  let attempt = 0;
  let stopped = false;
  const isStopped = (): boolean => stopped;
  let running: Promise<void> | undefined;
  let wake = (): void => undefined;

  const openAll = async (guarded: Guarded): Promise<OpenedChannel[]> => {
    const opened: OpenedChannel[] = [];
    for (const channel of deps.channels) {
      const appliedTo = intake.appliedTo(channel);
      try {
        opened.push(await openChannel(guarded, { channel, group, consumer, tailCount, appliedTo }));
      } catch (error) {
        // One key of another kind, or one the user may not read, must not keep the others from being followed.
        if (!/^(WRONGTYPE|NOPERM)/.test(messageOf(error))) throw error;
        limited.warn(
          `open ${channel}`,
          { channel, reason: messageOf(error) },
          'A channel cannot be followed',
        );
      }
    }
    return opened;
  };

  /** Entries given to this consumer before and never acknowledged (R5.2), to the last. */
  const rereadPending = async (guarded: Guarded, streams: readonly string[]): Promise<void> => {
    for (const stream of streams) {
      for (let after = '0'; !isStopped();) {
        const reply = await guarded(client =>
          client.xreadgroup('GROUP', group, consumer, 'COUNT', count, 'STREAMS', stream, after),
        );
        const last = reply?.[0]?.[1].at(-1)?.[0];
        if (!reply || last === undefined) break;
        await applier.settle(guarded, reply);
        after = last;
      }
    }
  };

  const follow = async (lease: Lease): Promise<void> => {
    const guarded: Guarded = run => raceBlockingRead(lease, clock, COMMAND_MS, run);
    const opened = await openAll(guarded);
    if (opened.length === 0) throw new Error('None of the channels can be followed.');
    await applier.takeSnapshot(guarded, opened, isStopped);
    const streams = opened.map(({ channel }) => keys.stream(channel));
    await rereadPending(guarded, streams);
    channels = opened.map(({ channel }) => channel);
    state = 'following';
    const positions = streams.map(() => '>');
    while (!isStopped()) {
      const reply = await raceBlockingRead(lease, clock, blockMs + MARGIN_MS, client =>
        client.xreadgroup(
          'GROUP',
          group,
          consumer,
          'COUNT',
          count,
          'BLOCK',
          blockMs,
          'STREAMS',
          ...streams,
          ...positions,
        ),
      );
      if (reply && !isStopped()) await applier.settle(guarded, reply);
      attempt = 0;
    }
  };

  const pause = (ms: number): Promise<void> =>
    new Promise(resolve => {
      const cancel = clock.after(ms, resolve);
      wake = () => {
        cancel();
        resolve();
      };
    });

  const run = async (): Promise<void> => {
    while (!isStopped()) {
      let lease: Lease | undefined;
      try {
        lease = await pool.lease('subscription');
        await follow(lease);
      } catch (error) {
        limited.warn(
          error instanceof TenhertzError ? error.code : messageOf(error),
          { group, reason: messageOf(error) },
          'The subscription was interrupted and goes on by itself',
        );
      } finally {
        lease?.release();
      }
      if (isStopped()) return;
      state = 'waiting';
      await pause(backOffMs(attempt, { ...BACK_OFF, random: deps.random ?? Math.random }));
      attempt += 1;
    }
  };

  return {
    start() {
      if (running !== undefined) return;
      const forget = pool.onChange(status => {
        if (status.state === 'up') wake();
      });
      running = run().finally(forget);
    },
    async stop() {
      stopped = true;
      wake();
      await running;
    },
    status: () => ({
      state,
      group,
      patterns: [...deps.channels],
      channels: channels.map(channel => ({ ...UNMEASURED, channel, via: [channel] })),
      gapsSeen: [],
      ...applier.progress,
      ...intake.counts,
    }),
  };
}
