import type { LedgerWork } from '../../shared/contract.ts';
import { sleep, type Clock } from './clock.ts';
import type { Settings } from './config/settings.ts';
import { messageOf } from './errors.ts';
import type { StreamEvent } from './events/event.ts';
import type { Publisher } from './events/publisher.ts';
import type { RouterPolicy } from './events/router-policy.ts';
import type { Router } from './events/router.ts';
import type { Metrics } from './health/metrics.ts';
import { noLedgerWork } from './health/not-yet.ts';
import { createBringUp } from './ledger/bring-up.ts';
import { channelModes } from './ledger/channel-modes.ts';
import type { LedgerDatabase } from './ledger/database.ts';
import { createLedgeredRouter } from './ledger/ledgered-router.ts';
import { createMarks } from './ledger/mark.ts';
import { createOutboxRelay, type OutboxRelay } from './ledger/outbox-relay.ts';
import { createCounters, type Counters } from './ledger/raise-counters.ts';
import { createRecorder } from './ledger/recorder.ts';
import { createStrictPublisher } from './ledger/strict-publisher.ts';
import type { Logger } from './logger.ts';
import type { RedisPool } from './redis/pool.ts';

/** The ways into the ledger while the engine runs. */
export interface LedgerParts {
  /** The one router of the engine: strict channels through the ledger, all others plainly. */
  readonly router: Router;
  /** Records what the subscription applies. Never throws. */
  record(events: readonly StreamEvent[], phase: 'snapshot' | 'live'): void;
  work(): LedgerWork;
  /** To be called after the last event was applied: what waits is recorded, for at most a second. */
  stop(): Promise<void>;
}

/** How long a start waits for the counters, and a stop for what is still to be written. */
const RAISE_WITHIN_MS = 2_000;
const FLUSH_WITHIN_MS = 1_000;

interface LedgerPartsDeps {
  settings: Settings;
  database: LedgerDatabase;
  pool: RedisPool;
  publisher: Publisher;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  /** See `RouterDeps`. */
  policies?: readonly RouterPolicy[];
}

/**
 * Starts the ways into the ledger, before anything is published: the counters of Redis are raised to the ledger's first, if both are
 * there. Without a database (the ledger is off) everything is published plainly and nothing recorded. Throws `BAD_PATTERN` for a mode
 * in the settings.
 */
export async function startLedgerParts(
  deps: Omit<LedgerPartsDeps, 'database'> & { database: LedgerDatabase | undefined },
): Promise<LedgerParts> {
  const { settings, database, publisher, clock, log } = deps;
  if (database === undefined) {
    const modeOf = channelModes(settings.ledger.modes);
    const router = createLedgeredRouter({ ...deps, modeOf, plain: publisher, strict: undefined });
    return {
      router,
      record: () => undefined,
      work: () => noLedgerWork,
      stop() {
        router.close();
        return Promise.resolve();
      },
    };
  }
  const { counters, relay, ...parts } = makeParts({ ...deps, database });
  const raised = counters.raise().catch((error: unknown) => {
    log.warn({ reason: messageOf(error) }, 'The counters of Redis are compared with the ledger later');
  });
  await Promise.race([raised, sleep(clock, RAISE_WITHIN_MS)]);
  const forgetCounters = counters.watch();
  relay.start();
  return {
    ...parts,
    stop() {
      forgetCounters();
      return parts.stop();
    },
  };
}

/** The same for a command that ends soon: nothing runs by itself. */
export function openLedgerParts(deps: LedgerPartsDeps): LedgerParts {
  return makeParts(deps);
}

function makeParts(deps: LedgerPartsDeps): LedgerParts & { counters: Counters; relay: OutboxRelay } {
  const { settings, database, pool, publisher, clock, log, metrics, policies } = deps;
  const modeOf = channelModes(settings.ledger.modes);
  const marks = createMarks({ database, clock, log });
  const bringUp = createBringUp({ database, pool, metrics, marks });
  const shared = { database, pool, clock, log, metrics, marks, bringUp, modeOf };
  const strict = createStrictPublisher(shared);
  const recorder = createRecorder(shared);
  const relay = createOutboxRelay(shared);
  const router = createLedgeredRouter({
    ...{ plain: publisher, strict, modeOf, clock, metrics, log },
    ...(policies === undefined ? {} : { policies }),
  });
  return {
    router,
    relay,
    counters: createCounters({ ...shared, highest: () => recorder.highest() }),
    record: (events, phase) => recorder.add(events, phase),
    work: () => ({ outbox: relay.pending(), ...recorder.stats() }),
    async stop() {
      router.close();
      strict.stop();
      const written = Promise.all([relay.stop(), marks.flush(), recorder.flush(FLUSH_WITHIN_MS)]);
      await Promise.race([written, sleep(clock, FLUSH_WITHIN_MS)]);
      marks.stop();
      recorder.stop();
    },
  };
}
