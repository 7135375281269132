import type { Commands, FeedEvent, MarketMode, Token } from '../../shared/contract.ts';
import { marketOf } from '../../shared/freshness.ts';
import { createCandleKeeper } from './candle-keeper.ts';
import { createChartHistory, type ChartHistory } from './chart-history.ts';
import { sleep, type Clock } from './clock.ts';
import { messageOf } from './errors.ts';
import { readPattern } from './events/channel-pattern.ts';
import { feedEventOf, type StreamEvent } from './events/event.ts';
import type { SearchElsewhere } from './events/gap-search.ts';
import { createReplay, type Replay } from './events/replay.ts';
import type { Projections } from './feed/projections.ts';
import { createCandleCache } from './ledger/candle-cache.ts';
import { createCandleRows } from './ledger/candle-rows.ts';
import { createCandleStore } from './ledger/candle-store.ts';
import { readColdStart } from './ledger/cold-start.ts';
import type { LedgerDatabase } from './ledger/database.ts';
import { createJoinedReplay } from './ledger/joined-replay.ts';
import { ownTrades } from './ledger/own-trades.ts';
import { pastTrades } from './ledger/past-trades.ts';
import { createLedgerSearch } from './ledger/search-ledger.ts';
import { LimitedLog, type Logger } from './logger.ts';
import type { Market } from './market.ts';
import type { RedisPool } from './redis/pool.ts';

/** What a desk knows of the time before it started, from Redis and, where there is one, the ledger. */
export interface DeskPast {
  readonly replay: Replay;
  /** `undefined` without a ledger. */
  readonly searchElsewhere: SearchElsewhere | undefined;
  readonly history: ChartHistory;
  /** See `chart.trades` of the contract. */
  trades(args: Commands['chart.trades']['args']): Promise<FeedEvent[]>;
  /**
   * Brings back last prices, positions, tape and bars, before the streams tell more; what cannot be had soon follows when it
   * can. Then bars are stored as they close. `know` makes the ids of what was applied known to the subscription.
   */
  open(into: {
    apply: (events: StreamEvent[]) => void;
    know: (events: StreamEvent[]) => void;
  }): Promise<void>;
  /** Brings back the bars of tokens that were added, or of all when the market has changed. */
  seed(tokens: readonly Token[]): Promise<void>;
  /** Takes the bars that have changed, before they are forgotten. */
  collect(): void;
  /** Stores what is there. */
  close(): Promise<void>;
}

/** How long the start waits for the past; it follows later then. */
const WITHIN_MS = 3_000;
const STORE_WITHIN_MS = 1_000;

/** Makes the past described at {@link DeskPast}. Nothing is read before {@link DeskPast.open}. */
export function createDeskPast(deps: {
  database: LedgerDatabase | undefined;
  pool: RedisPool;
  clock: Clock;
  log: Logger;
  projections: Projections;
  market: Market;
  tokens: () => readonly Token[];
  /** What the desk follows. */
  patterns: readonly string[];
  belongs: (event: StreamEvent) => boolean;
  /** Windows are to start anew, because the past has changed under them. */
  refresh: () => void;
}): DeskPast {
  const { database, pool, clock, log, projections, market, tokens } = deps;
  const { candles } = projections;
  const store = createCandleStore({
    cache: createCandleCache({ pool, clock, tokens: () => tokens().length }),
    rows: database === undefined ? undefined : createCandleRows(database),
    log: new LimitedLog(log, clock),
  });
  const mode = (): MarketMode => market.mode();
  const keeper = createCandleKeeper({
    ...{ candles, store, clock, market: mode },
    marketOf(token) {
      const price = projections.price(token);
      return price === undefined ? undefined : marketOf(price.source);
    },
  });
  // What another market left is not shown; other programs' trades and statuses are welcome in any.
  const belongs = (event: StreamEvent): boolean => {
    const kind = marketOf(event.source);
    return deps.belongs(event) && (kind === 'live' || market.accepts(kind));
  };
  const patterns = deps.patterns.map(readPattern);
  const isFollowed = (channel: string): boolean => patterns.some(pattern => pattern.matches(channel));
  let isClosed = false;
  let stopLooking = (): void => undefined;

  /** Whether the ledger was asked. What is newer than its answer stays; old events do not come after new ones. */
  const readLedger = async ({ apply, know }: Parameters<DeskPast['open']>[0]): Promise<boolean> => {
    if (database?.status().state !== 'up') return database === undefined;
    const { newest, events } = await readColdStart({ database, pool, patterns: deps.patterns, belongs });
    const fresh = projections.events.head === 0 ? [...newest, ...events] : newest;
    const known = fresh.filter(event => event.type !== 'price_update' || isNews(event));
    know(known);
    apply(known);
    void bookTrades(database).catch(told);
    return true;
  };
  /** Positions are kept from all trades there were, not from the end of a stream; it takes its time, in pieces. */
  const bookTrades = async (ledger: LedgerDatabase): Promise<void> => {
    for await (const event of pastTrades(ledger, isFollowed)) {
      if (isClosed) return;
      if (belongs(event)) projections.books.add(event);
    }
  };
  const isNews = ({ data }: StreamEvent): boolean => {
    const token = (data as { token?: unknown } | null)?.token;
    return typeof token !== 'string' || projections.price(token) === undefined;
  };
  const told = (error: unknown): false => {
    log.warn({ reason: messageOf(error) }, 'The past could not be read; it follows when it can');
    return false;
  };

  return {
    replay:
      database === undefined ? createReplay({ pool, clock }) : createJoinedReplay({ database, pool, clock }),
    searchElsewhere: database === undefined ? undefined : createLedgerSearch(database),
    async trades(args) {
      if (database === undefined) return [];
      return (await ownTrades(database, args, isFollowed)).filter(belongs).map(feedEventOf);
    },
    history: createChartHistory({ candles, store, clock, market: mode }),
    async open(into) {
      let isLate = false;
      const read = async (): Promise<boolean> => {
        const wasRead = await readLedger(into).catch(told);
        const wasSeeded = await keeper.seed(tokens()).catch(told);
        if (isLate && (wasRead || wasSeeded)) deps.refresh();
        return wasRead;
      };
      const first = read();
      const done = await Promise.race([first, sleep(clock, WITHIN_MS).then(() => undefined)]);
      isLate = true;
      if (done !== true && database !== undefined) {
        stopLooking = database.onChange(({ state }) => {
          if (state !== 'up') return;
          void first.then(read).then(wasRead => {
            if (wasRead) stopLooking();
          });
        });
      }
      keeper.start();
    },
    async seed(names) {
      if (await keeper.seed(names).catch(told)) deps.refresh();
    },
    collect: () => keeper.collect(),
    async close() {
      isClosed = true;
      stopLooking();
      await Promise.race([keeper.stop(), sleep(clock, STORE_WITHIN_MS)]);
    },
  };
}
