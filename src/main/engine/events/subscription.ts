import type { SubscriptionStatus } from '../../../shared/contract.ts';
import type { Clock } from '../clock.ts';
import { messageOf, TenhertzError } from '../errors.ts';
import type { Metrics } from '../health/metrics.ts';
import { LimitedLog, type Logger } from '../logger.ts';
import { backOffMs } from '../redis/back-off.ts';
import type { Lease, RedisPool } from '../redis/pool.ts';
import { Applier, type Apply } from './applier.ts';
import { ChannelFinder } from './channel-finder.ts';
import { ChannelStates } from './channel-state.ts';
import type { StreamEvent } from './event.ts';
import { FollowedChannels } from './followed-channels.ts';
import type { SearchElsewhere } from './gap-search.ts';
import { Graveyard } from './graveyard.ts';
import { Intake } from './intake.ts';
import { measureChannels } from './measure-channels.ts';
import { Reader } from './reader.ts';
import { FIND_STEPS, startUpkeep } from './upkeep.ts';

export interface SubscriptionDeps {
  pool: RedisPool;
  /** `desk:<install id>`: every desk sees everything. */
  group: string;
  /**
   * The name in the group. No two processes may use one at the same time; the next process of the same desk uses it again,
   * so that it finds at once what the last one left.
   */
  consumer: string;
  /** Names and patterns such as `trades:*`, to begin with. */
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
  /** Event ids remembered; 200,000 by default, twice what all snapshots hold. */
  remember?: number;
  /** How often an event may fail to be applied before it is a dead letter; 3 by default. */
  attempts?: number;
  /** Entries another consumer of the group leaves for this long are taken over; 60 s by default. */
  takeOverAfterMs?: number;
  /** A gap nobody has filled for this long is declared lost; 10 s by default. */
  gapAfterMs?: number;
  /** Where missing events are looked for that the stream does not have (the ledger); see {@link SearchElsewhere}. */
  searchElsewhere?: SearchElsewhere;
  /** Groups of desks not seen for this long are removed; 7 days by default. */
  forgetDesksAfterMs?: number;
  /** 0 up to 1, for the jitter of the back-off; `Math.random` by default. */
  random?: () => number;
  /** Takes events in stream order, before they are acknowledged; see {@link Apply}. */
  apply: Apply;
}

/** Follows channels through a consumer group, and goes on by itself whatever happens to Redis. */
export interface Subscription {
  start(): void;
  /** Ends after the read under way, at most about a second later. Nothing is applied afterwards. */
  stop(): Promise<void>;
  /**
   * Follows a channel, or every channel of a form such as `trades:*`, from the next read on. Once more changes nothing. It is
   * not remembered beyond the process. Throws `BAD_PATTERN` or `TOO_MANY_PATTERNS`.
   */
  follow(pattern: string): void;
  /** Lets go what only this pattern brought. The group keeps its place, for the next time. Throws `BAD_PATTERN`. */
  unfollow(pattern: string): void;
  /**
   * Makes events known that were applied from elsewhere, at most some thousands: when a stream brings them too, they are not
   * applied again.
   */
  know(events: readonly StreamEvent[]): void;
  /** The channels read from now. */
  channels(): string[];
  status(): SubscriptionStatus;
}

/** Between attempts: 50 ms doubling up to 1 s; the pool has a back-off of its own. */
const BACK_OFF = { baseMs: 50, capMs: 1_000 };
const WEEK_MS = 7 * 86_400_000;
/** Channels a status tells of: the busiest last. It is sent twice a second and has to fit a batch. */
const MOST_SHOWN = 120;

/** Makes the subscription described at {@link Subscription} (R5.1 to R5.9). Throws `BAD_PATTERN`. */
export function createSubscription(deps: SubscriptionDeps): Subscription {
  const { pool, group, consumer, clock, metrics } = deps;
  const random = deps.random ?? Math.random;
  const log = new LimitedLog(deps.log, clock);
  const followed = new FollowedChannels(deps.channels);
  const finder = new ChannelFinder(followed);
  const states = new ChannelStates();
  const intake = new Intake(deps.remember ?? 200_000, { log, metrics, states, clock });
  const graveyard = new Graveyard({ group, clock, log, metrics, states, random });
  const attempts = deps.attempts ?? 3;
  const { apply } = deps;
  const applier = new Applier({ group, clock, log, metrics, intake, states, graveyard, attempts, apply });
  const measure = (client: Parameters<typeof measureChannels>[0], channels: readonly string[]) =>
    measureChannels(client, channels, { group, consumer, clock, metrics, states, intake });

  let state: SubscriptionStatus['state'] = 'starting';
  let attempt = 0;
  let stopped = false;
  const isStopped = (): boolean => stopped;
  let running: Promise<void> | undefined;
  let wake = (): void => undefined;

  const reader = new Reader({
    ...{ group, consumer, clock, log, followed, finder, states, applier, measure, isStopped },
    blockMs: deps.blockMs ?? 100,
    count: deps.count ?? 100,
    tailCount: deps.tailCount ?? 10_000,
    onOpen: () => (state = 'following'),
    onRead: () => (attempt = 0),
  });

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
        await reader.follow(lease);
      } catch (error) {
        log.warn(
          error instanceof TenhertzError ? error.code : messageOf(error),
          { group, reason: messageOf(error) },
          'The subscription was interrupted and goes on by itself',
        );
      } finally {
        lease?.release();
      }
      if (isStopped()) return;
      state = 'waiting';
      await pause(backOffMs(attempt, { ...BACK_OFF, random }));
      attempt += 1;
    }
  };

  return {
    start() {
      if (running !== undefined) return;
      const forget = pool.onChange(status => {
        if (status.state === 'up') wake();
      });
      const endUpkeep = startUpkeep({
        ...{
          pool,
          group,
          consumer,
          clock,
          log,
          metrics,
          finder,
          reader,
          states,
          intake,
          applier,
          graveyard,
          measure,
        },
        takeOverAfterMs: deps.takeOverAfterMs ?? 60_000,
        gapAfterMs: deps.gapAfterMs ?? 10_000,
        searchElsewhere: deps.searchElsewhere,
        forgetDesksAfterMs: deps.forgetDesksAfterMs ?? WEEK_MS,
      });
      running = run().finally(async () => {
        forget();
        await endUpkeep();
      });
    },
    async stop() {
      stopped = true;
      wake();
      await running;
    },
    follow(pattern) {
      if (!followed.follow(pattern)) return;
      finder.restart();
      // At once, not at the next beat; while Redis is away, the next beat will do.
      if (state === 'following') finder.look(run => run(pool.shared()), FIND_STEPS).catch(() => undefined);
    },
    unfollow(pattern) {
      followed.unfollow(pattern);
    },
    know: events => intake.know(events),
    channels: () => reader.channels,
    status: () => ({
      state,
      group,
      patterns: followed.patterns,
      channels: shown().map(channel => states.view(channel, followed.via(channel))),
      gapsSeen: intake.gaps.views,
      gaps: intake.gaps.count,
      ...applier.progress,
      ...intake.counts,
    }),
  };

  /** The channels read from; when there are many, those followed by name and then those that were busy last. */
  function shown(): string[] {
    const channels = reader.channels;
    if (channels.length <= MOST_SHOWN) return channels;
    const rank = (channel: string): number =>
      followed.isNamed(channel) ? Number.MAX_SAFE_INTEGER : (states.of(channel).lastAppliedAt ?? 0);
    return channels.sort((a, b) => rank(b) - rank(a)).slice(0, MOST_SHOWN);
  }
}
