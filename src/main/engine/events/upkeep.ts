import type { Redis } from 'ioredis';
import type { Cancel, Clock } from '../clock.ts';
import { messageOf, TenhertzError } from '../errors.ts';
import type { Metrics } from '../health/metrics.ts';
import type { LimitedLog } from '../logger.ts';
import type { RedisPool } from '../redis/pool.ts';
import type { Applier } from './applier.ts';
import type { ChannelFinder } from './channel-finder.ts';
import type { ChannelStates } from './channel-state.ts';
import { keys } from '../redis/keys.ts';
import { forgetDesks, seeDesk } from './forget-desks.ts';
import type { Graveyard } from './graveyard.ts';
import { createGapSearch, type SearchElsewhere } from './gap-search.ts';
import type { Intake } from './intake.ts';
import { acknowledge, type Reader } from './reader.ts';
import { takeOver } from './take-over.ts';

export interface UpkeepDeps {
  pool: RedisPool;
  group: string;
  consumer: string;
  clock: Clock;
  log: LimitedLog;
  metrics: Metrics;
  finder: ChannelFinder;
  reader: Reader;
  states: ChannelStates;
  intake: Intake;
  applier: Applier;
  graveyard: Graveyard;
  measure: (client: Redis, channels: readonly string[]) => Promise<void>;
  takeOverAfterMs: number;
  gapAfterMs: number;
  searchElsewhere?: SearchElsewhere | undefined;
  forgetDesksAfterMs: number;
}

/** New streams are looked for this often: with the way to the first read, within 2 s (R5.4). */
const FIND_MS = 1_000;
/** Steps of 500 keys each time: at most some 4 % of the server's time, 100,000 keys a second. */
export const FIND_STEPS = 200;
const MEASURE_MS = 2_000;
/** Channels measured each time, taking turns. */
const MEASURE_TOGETHER = 250;
const GAPS_MS = 500;
const RETRY_MS = 1_000;
const SEE_DESK_MS = 60_000;
/** Errands waiting for the reader; more would only hold memory. */
const MOST_ERRANDS = 50;

/**
 * Everything that is done beside reading, on the pool's shared connections, each in small steps and on its own beat: finding
 * channels, measuring, taking over, looking for gaps, dead letters that were refused, groups of desks that are gone.
 * Returns its undo, which resolves when nothing is under way.
 */
export function startUpkeep(deps: UpkeepDeps): () => Promise<void> {
  const { clock, log, pool, reader, states, group, consumer } = deps;
  const cancels: Cancel[] = [];
  const underWay = new Set<Promise<void>>();
  const repeat = (name: string, everyMs: number, work: (client: Redis) => Promise<void>): void => {
    let busy = false;
    const once = async (): Promise<void> => {
      try {
        await work(pool.shared());
      } catch (error) {
        if (error instanceof TenhertzError && error.code === 'REDIS_DOWN') return;
        log.warn(`upkeep ${name}`, { reason: messageOf(error) }, `Upkeep of the streams failed: ${name}`);
      }
    };
    cancels.push(
      clock.every(everyMs, () => {
        if (busy) return;
        busy = true;
        const run = once().finally(() => {
          busy = false;
          underWay.delete(run);
        });
        underWay.add(run);
      }),
    );
  };

  repeat('find', FIND_MS, () => deps.finder.look(run => run(pool.shared()), FIND_STEPS));

  let turn = 0;
  repeat('measure', MEASURE_MS, async client => {
    const channels = reader.channels;
    const now = new Set(channels);
    states.prune(now);
    for (const { labels } of (await deps.metrics.streamLength.get()).values) {
      const channel = String(labels.channel);
      if (!now.has(channel)) forgetMeasures(deps.metrics, channel, group);
    }
    if (turn >= channels.length) turn = 0;
    const some = channels.slice(turn, turn + MEASURE_TOGETHER);
    turn += MEASURE_TOGETHER;
    await deps.measure(client, some);
  });

  const idleMs = deps.takeOverAfterMs;
  repeat('take over', Math.min(5_000, Math.max(250, idleMs / 4)), async client => {
    if (reader.errands.length >= MOST_ERRANDS) return;
    const channels = reader.channels.filter(channel => states.of(channel).othersPending);
    for (const { channel, entries, deleted } of await takeOver(client, channels, {
      group,
      consumer,
      idleMs,
    })) {
      if (deleted > 0) deps.intake.trimmed(channel, deleted);
      if (entries.length === 0) continue;
      reader.errands.push(async guarded => {
        const done = await deps.applier.settle(guarded, [[keys.stream(channel), entries]], 'again');
        if (done.length > 0) await guarded(own => acknowledge(own, group, done));
      });
    }
  });

  repeat('gaps', GAPS_MS, createGapSearch({ ...deps, idleMs, mostErrands: MOST_ERRANDS }));

  repeat('dead letters', RETRY_MS, client => deps.graveyard.retry(client));
  repeat('desk', Math.min(SEE_DESK_MS, deps.forgetDesksAfterMs / 4), client =>
    seeDesk(client, group, clock.now()),
  );
  repeat('forget desks', Math.min(600_000, deps.forgetDesksAfterMs / 4), async client => {
    const afterMs = deps.forgetDesksAfterMs;
    await forgetDesks(client, reader.channels, { own: group, now: clock.now(), afterMs });
  });

  return async () => {
    for (const cancel of cancels) cancel();
    await Promise.all(underWay);
  };
}

/** Gauges of a channel that is no longer followed would stand still for ever. */
function forgetMeasures(metrics: Metrics, channel: string, group: string): void {
  metrics.streamLength.remove({ channel });
  metrics.streamLagSeconds.remove({ channel, group });
  metrics.streamBehind.remove({ channel, group });
  metrics.streamPending.remove({ channel, group });
}
