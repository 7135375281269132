import type { StatusView, Token } from '../../shared/contract.ts';
import { marketOf } from '../../shared/freshness.ts';
import { runCommand, type CommandHandlers } from './commands.ts';
import { openAlerts } from './desk-alerts.ts';
import { openDeskDocuments } from './desk/desk-documents.ts';
import type { Engine, EngineConnection, EngineDeps } from './engine.ts';
import { TenhertzError } from './errors.ts';
import { member } from './events/decode.ts';
import type { StreamEvent } from './events/event.ts';
import { replayText } from './events/replay.ts';
import { createFeed, type FeedConnection } from './feed/feed.ts';
import { createProjections } from './feed/projections.ts';
import { createMetrics } from './health/metrics.ts';
import { notYet } from './health/not-yet.ts';
import { readStatus } from './health/status.ts';
import { openMarket } from './market.ts';
import { pastPrices } from './past-prices.ts';
import { createPools } from './pools.ts';
import { openSettings } from './open-settings.ts';
import { startRunning, type Running } from './running.ts';
import { seedHistory } from './seed-history.ts';

/**
 * The composition root: makes the rooms, ties them together, and answers the screen's commands. Nothing connects, listens
 * or is written before {@link Engine.start}. Throws `UNKNOWN_TOKEN`, `BAD_SOURCE` and the like (exit code 3).
 */
export function createEngine(deps: EngineDeps): Engine {
  const { settings, clock, log } = deps;
  const metrics = createMetrics();
  const startedAt = clock.now();
  const projections = createProjections();
  const seed = (tokens: readonly Token[]): void =>
    seedHistory(market.sources(), tokens, clock.now(), projections.candles);
  const onAdded = (tokens: readonly Token[]): void => {
    seed(tokens);
    void running?.past.seed(tokens);
  };
  const opened = openMarket({ settings, clock, log, metrics, onAdded });
  const { market, watchlist } = opened;
  const desk = openDeskDocuments(deps.dataDir);
  const pools = createPools({ settings, clock, log, metrics, market });
  let running: Running | undefined;

  const apply = (events: StreamEvent[], phase: 'snapshot' | 'live'): void => {
    const ours = events.filter(event => belongs(event));
    projections.apply(ours, phase);
    for (const event of ours) alerts.take(event, phase);
    alerts.settle();
  };
  // A stream may still hold what another market left there: it is told apart by its source and never mixed in. Only prices
  // of other programs for tokens we do not price ourselves are welcome in any market.
  const belongs = ({ type, source, data }: StreamEvent): boolean => {
    if (type !== 'price_update') return true;
    const kind = marketOf(source);
    return (
      market.accepts(kind) || (kind === 'live' && !watchlist.tokens().includes(String(member(data, 'token'))))
    );
  };

  const status = (): StatusView =>
    readStatus({
      clock,
      mode: () => market.mode(),
      tokens: () => [...watchlist.tokens()],
      sources: () => market.statuses(),
      poolSource: () => pools.status(),
      unbooked: () => projections.books.unbooked,
      feed: () => feed.stats(),
      redis: () => running?.redis() ?? notYet.redis(startedAt, settings),
      ledger: () => running?.ledger() ?? notYet.ledger(startedAt, settings),
      updater: () => running?.updater() ?? notYet.updater(settings),
      subscription: () => running?.subscription() ?? notYet.subscription(),
    });
  const alerts = openAlerts({
    ...{ clock, log, projections },
    sources: () => market.statuses(),
    lagMs: () => running?.subscription().lagMs ?? null,
  });
  const feed = createFeed({
    ...{ projections, clock, metrics, log, status },
    alerts: alerts.news,
    pools: () => pools.news(),
    everyMs: settings.batchEveryMs,
  });

  const open = (): Running => {
    if (running === undefined)
      throw new TenhertzError('NOT_STARTED', 'The engine is still starting; ask again in a moment.');
    return running;
  };
  /** After the sources are others: what they said is no longer true. */
  const anew = async (): Promise<void> => {
    running?.past.collect();
    projections.forgetPrices();
    seed(watchlist.tokens());
    feed.refresh();
    await running?.past.seed(watchlist.tokens());
  };
  const settingsDesk = openSettings({
    ...{ settings, log, feed, watchlist, pools, anew },
    changeMarket: next => opened.change(next),
    running: () => running,
  });
  const handlersFor = (line: FeedConnection): CommandHandlers => ({
    'app.info': () => ({ name: 'Tenhertz', version: deps.version, host: deps.host, startedAt }),
    'feed.follow': () => {
      line.follow();
      return null;
    },
    'feed.confirm': ({ seq }) => {
      line.confirm(seq);
      return null;
    },
    'chart.bars': ({ tokens: asked, interval, limit }) =>
      Object.fromEntries(asked.map(token => [token, projections.candles.bars(token, interval, limit)])),
    'chart.history': args => open().past.history(args),
    'chart.trades': args => open().past.trades(args),
    'sources.use': async ({ market: choice }) => {
      if (await market.use(choice)) {
        await anew();
      }
      return null;
    },
    'tokens.check': ({ name }) => watchlist.check(name),
    'tokens.add': ({ name }) => watchlist.add(name),
    'tokens.remove': ({ token }) => watchlist.remove(token),
    'tokens.order': ({ tokens }) => watchlist.order(tokens),
    'tokens.past': ({ tokens }) => pastPrices(projections.candles, tokens, clock.now()),
    'channels.follow': ({ pattern }) => {
      open().channels.follow(pattern);
      return null;
    },
    'channels.unfollow': ({ pattern }) => {
      open().channels.unfollow(pattern);
      return null;
    },
    'streams.list': () => open().streams.list(),
    'streams.entries': ({ channel, before, limit }) => open().streams.entries(channel, before, limit),
    'moment.range': () => open().moments.range(),
    'moment.density': async ({ since, until, buckets }) => ({
      counts: await open().moments.density(since, until, buckets),
    }),
    'moment.read': ({ at }) => open().moments.read(at),
    'moment.play': ({ since, until, stepMs }) => open().moments.play(since, until, stepMs),
    'dead.list': ({ channel, limit }) => open().dead.list(channel, limit),
    'dead.requeue': async ({ channel, ids }) => ({ count: await open().dead.requeue(channel, ids) }),
    'dead.drop': async ({ channel, ids }) => ({ count: await open().dead.drop(channel, ids) }),
    ...alerts.handlers,
    'settings.read': () => settingsDesk.read(),
    'settings.check': ({ changes }) => settingsDesk.check(changes),
    'settings.write': ({ changes }) => settingsDesk.write(changes),
    'desk.read': ({ name }) => desk.read(name),
    'desk.write': ({ name, value, version }) => desk.write(name, value, version),
  });

  return {
    metrics,
    status,
    async start(where) {
      seed(watchlist.tokens());
      feed.start();
      running = await startRunning({
        ...deps,
        settings: settingsDesk.inUse(),
        metrics,
        market,
        pools,
        tokens: () => watchlist.tokens(),
        apply,
        alerts,
        price: token => projections.price(token),
        belongs,
        status,
        projections,
        refresh() {
          projections.renew();
          feed.refresh();
        },
        url: where?.url ?? null,
      });
    },
    async stop() {
      feed.stop();
      await Promise.all([market.stop(), running?.stop(), pools.stop()]);
    },
    onDelivery: listener => alerts.onDelivery(listener),
    replay: (query, options) => replayText(open().replay, query, options),
    connect(send): EngineConnection {
      const line = feed.connect(send);
      const handlers = handlersFor(line);
      return {
        invoke: (command: string, args: unknown) => runCommand(handlers, command, args) as Promise<never>,
        close: () => line.close(),
      };
    },
  };
}
