import { join } from 'node:path';
import type { PriceView, StatusView, Token } from '../../shared/contract.ts';
import { OWN_SOURCE } from '../../shared/moments.ts';
import type { Alerts } from './alerts/alerts.ts';
import { createPriceCache } from './cache/price-cache.ts';
import { openDataDir } from './config/data-dir.ts';
import { createDeskPast, type DeskPast } from './desk-past.ts';
import type { Settings } from './config/settings.ts';
import type { EngineDeps } from './engine.ts';
import type { StreamEvent } from './events/event.ts';
import { createPublisher } from './events/publisher.ts';
import type { Router } from './events/router.ts';
import { createDeadLetterStore, type DeadLetterStore } from './events/dead-letter-store.ts';
import type { Replay } from './events/replay.ts';
import { createStreamBrowser, type StreamBrowser } from './events/stream-browser.ts';
import { createSubscription } from './events/subscription.ts';
import type { Projections } from './feed/projections.ts';
import type { Metrics } from './health/metrics.ts';
import { startStatusJournal } from './health/status-journal.ts';
import { startLedgerParts } from './ledger-parts.ts';
import type { Market } from './market.ts';
import type { Pools } from './pools.ts';
import { openLedger } from './ledger/open-ledger.ts';
import { createRetention } from './ledger/retention.ts';
import { createLedgerPast } from './moments/ledger-past.ts';
import { createMoments, type Moments, type MomentsDeps } from './moments/moments.ts';
import { createStreamPast } from './moments/stream-past.ts';
import { createPaperTrader } from './paper/paper-trader.ts';
import { openRedis } from './redis/open-redis.ts';
import { createDayOpens } from './updater/day-open.ts';
import { createPriceWriter } from './updater/price-writer.ts';
import { createUpdater } from './updater/updater.ts';

/** What a desk follows by default (R5.4). */
const CHANNELS = [
  ...['price-updates', 'trade-events', 'position-updates', 'ui-events', 'system:events'],
  ...['trades:*', 'positions:*', 'prices:*'],
];

/** The rooms that need the data directory and Redis, while they run. */
export interface Running {
  redis(): StatusView['redis'];
  ledger(): StatusView['ledger'];
  updater(): StatusView['updater'];
  subscription(): StatusView['subscription'];
  /** What is followed can change while running. */
  channels: { follow(pattern: string): void; unfollow(pattern: string): void };
  streams: StreamBrowser;
  dead: DeadLetterStore;
  replay: Replay;
  past: Pick<DeskPast, 'history' | 'trades' | 'seed' | 'collect'>;
  moments: Moments;
  /** Puts to use what of other settings can be while running: rates, the life of prices, retention. */
  change(next: Settings): void;
  stop(): Promise<void>;
}

/**
 * Takes the data directory, opens Redis, and starts the subscription and then the updater, so that no price is published
 * before somebody follows. When one of them cannot start, what was started is stopped again and the error passed on.
 */
export async function startRunning(
  deps: EngineDeps & {
    metrics: Metrics;
    market: Market;
    pools: Pick<Pools, 'start' | 'stop'>;
    tokens: () => readonly Token[];
    apply: (events: StreamEvent[], phase: 'snapshot' | 'live') => void;
    /** Opened before the first event, closed after the last. */
    alerts: Pick<Alerts, 'open' | 'close'>;
    projections: Projections;
    /** Every window is to start anew, because the past has changed under it. */
    refresh: () => void;
    /** The price on the screen, for the demo's paper trader. */
    price: (token: Token) => PriceView | undefined;
    /** Where the monitor can be opened, for other commands. */
    url: string | null;
    /** What the screen says, for the desk's own journal. */
    status: () => StatusView;
  } & Pick<MomentsDeps, 'belongs'>,
): Promise<Running> {
  const { settings, clock, log, metrics, market, tokens } = deps;
  let { priceTtlMs } = settings;
  const keep = { ...settings.ledger.retention };
  const undo: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const dataDir = await openDataDir(deps.dataDir);
    undo.push(() => dataDir.close());
    // Both servers start, and in the end stop, side by side.
    const ledger = await openLedger({ settings, dir: join(dataDir.path, 'postgres'), clock, log, metrics });
    const servers = [() => ledger.close()];
    undo.push(async () => {
      await Promise.all(servers.map(close => close()));
    });
    const redis = await openRedis({ settings, dir: join(dataDir.path, 'redis'), clock, log, metrics });
    servers.push(() => redis.close());
    const { pool } = redis;
    await dataDir.writeRuntime({
      url: deps.url,
      redis: redis.address,
      postgres: ledger.address,
      startedAt: clock.now(),
    });
    await ledger.settled();
    if (ledger.database !== undefined) {
      const { database } = ledger;
      const retention = createRetention({ database, keep, clock, log, metrics });
      retention.start();
      undo.push(() => retention.stop());
    }
    const publisher = createPublisher({ pool, clock, metrics });
    const { database } = ledger;
    const records = await startLedgerParts({ settings, database, pool, publisher, clock, log, metrics });
    undo.push(() => records.stop());

    deps.alerts.open(join(dataDir.path, 'alerts'));
    undo.push(() => deps.alerts.close());
    const past = createDeskPast({ ...deps, database, pool, patterns: CHANNELS });
    undo.push(() => past.close());
    const { searchElsewhere } = past;
    const subscription = createSubscription({
      pool,
      group: `desk:${dataDir.installId}`,
      // Unique: the group is this desk's own, and only one process holds the data directory.
      consumer: 'desk',
      channels: CHANNELS,
      clock,
      log,
      metrics,
      apply(events, phase) {
        records.record(events, phase);
        deps.apply(events, phase);
      },
      ...(searchElsewhere === undefined ? {} : { searchElsewhere }),
    });
    await past.open({
      apply: events => deps.apply(events, 'snapshot'),
      know: events => subscription.know(events),
    });
    subscription.start();
    undo.push(() => subscription.stop());

    const updater = createUpdater({
      sources: () => market.sources(),
      tokens,
      everyMs: settings.updateEveryMs,
      clock,
      log,
      metrics,
      writer: createPriceWriter({
        pool,
        cache: createPriceCache({ pool, clock, metrics, ttlMs: () => priceTtlMs }),
        publisher,
        clock,
        metrics,
      }),
      dayOpens: createDayOpens({ pool, clock, log }),
    });
    market.start();
    updater.start();
    undo.push(() => updater.stop());
    deps.pools.start(pool);
    undo.push(() => deps.pools.stop());
    const { publish } = records.router;
    const source = `${OWN_SOURCE}${dataDir.installId.slice(0, 8)}`;
    undo.push(startStatusJournal({ status: deps.status, publish, source, clock, log }));
    if (settings.demo) undo.push(startPaperTrader({ ...deps, router: records.router }));

    return {
      redis: () => pool.status(),
      ledger: () => ({ ...ledger.status(), ...records.work() }),
      updater: () => updater.status(),
      subscription: () => subscription.status(),
      channels: {
        follow: pattern => subscription.follow(pattern),
        unfollow: pattern => subscription.unfollow(pattern),
      },
      streams: createStreamBrowser({
        pool,
        clock,
        group: subscription.status().group,
        followed: () => subscription.channels(),
      }),
      dead: createDeadLetterStore({ pool, clock }),
      replay: past.replay,
      past,
      moments: createMoments({
        streams: createStreamPast({ pool, channels: () => subscription.channels() }),
        ledger: ledger.database === undefined ? undefined : createLedgerPast(ledger.database),
        async barBefore(token, before) {
          const args = { token, interval: '1m', before: Math.max(0, before - 59_999), limit: 1 } as const;
          return (await past.history(args)).bars.at(-1);
        },
        belongs: deps.belongs,
        tokens,
        clock,
      }),
      change(next) {
        ({ priceTtlMs } = next);
        Object.assign(keep, next.ledger.retention);
        if (updater.status().everyMs !== next.updateEveryMs) updater.pace(next.updateEveryMs);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Trades on paper while the market is the simulated one; returns what stops it. */
function startPaperTrader(
  deps: Pick<
    Parameters<typeof startRunning>[0],
    'clock' | 'log' | 'metrics' | 'market' | 'tokens' | 'price'
  > & {
    router: Router;
  },
): () => void {
  const trader = createPaperTrader({
    ...deps,
    price(token) {
      const view = deps.market.mode() === 'simulated' ? deps.price(token) : undefined;
      return view !== undefined && view.validUntil >= deps.clock.now() ? view.price : undefined;
    },
  });
  trader.start();
  return () => trader.stop();
}
