import type { ChainableCommander } from 'ioredis';
import { messageOf, TenhertzError } from '../errors.ts';
import type { NewEvent } from '../events/event.ts';
import type { Outcome, Reply } from '../events/publish-call.ts';
import type { Clock } from '../clock.ts';
import type { Metrics } from '../health/metrics.ts';
import type { RedisPool } from '../redis/pool.ts';
import type { DecimalString, EpochMs, Token } from '../../../shared/contract.ts';
import type { Observation } from '../sources/source.ts';
import type { DayOpen } from './day-open.ts';

/** The channel every price goes out on. */
export const PRICE_CHANNEL = 'price-updates';

/** A chosen price on its way out. */
export interface PricedToken {
  observation: Observation;
  dayOpen: DayOpen | null;
}

/** Writes one tick's prices. */
export interface PriceWriter {
  /**
   * Cache and stream, all prices in one round trip: a SET each, and one call that publishes them (R8.1). Rejects with `REDIS_DOWN` or
   * `PRICES_NOT_WRITTEN` (facts: `{failed, of}`); what could be written stays written.
   */
  write(prices: readonly PricedToken[]): Promise<void>;
}

/** The part of the price cache the writer uses. */
export interface AppendsPrices {
  appendSets(
    pipeline: ChainableCommander,
    prices: readonly { token: Token; price: DecimalString; timestamp: EpochMs; source: string }[],
  ): void;
}

/** The part of the publisher the writer uses. */
export interface AppendsEvents {
  appendMany(
    pipeline: ChainableCommander,
    events: readonly NewEvent[],
  ): { read(replies: readonly Reply[]): Outcome[] };
}

export function createPriceWriter(deps: {
  pool: Pick<RedisPool, 'shared'>;
  cache: AppendsPrices;
  publisher: AppendsEvents;
  clock: Clock;
  metrics: Pick<Metrics, 'cacheWriteSeconds'>;
}): PriceWriter {
  const { pool, cache, publisher, clock } = deps;
  const seconds = deps.metrics.cacheWriteSeconds.labels('price');
  return {
    async write(prices) {
      if (prices.length === 0) return;
      const pipeline = pool.shared().pipeline();
      cache.appendSets(
        pipeline,
        prices.map(({ observation: { token, price, vouchedAt, source } }) => ({
          token,
          price: price.toFixed(),
          timestamp: vouchedAt,
          source,
        })),
      );
      const sets = pipeline.length;
      const appended = publisher.appendMany(pipeline, prices.map(priceEvent));
      const startedAt = clock.monotonic();
      const replies = (await pipeline.exec()) ?? [];
      seconds.observe((clock.monotonic() - startedAt) / 1_000);

      const refused = replies.slice(0, sets).map(([error]) => error);
      const problems = [...refused, ...appended.read(replies)].filter(one => one instanceof Error);
      if (problems.length === 0) return;
      throw new TenhertzError(
        'PRICES_NOT_WRITTEN',
        `Redis did not take every price: ${messageOf(problems[0])}`,
        {
          facts: { failed: problems.length, of: sets + prices.length },
        },
      );
    },
  };
}

/** The event of a price. Prices are plain decimal strings and times RFC 3339 in UTC; what is not known is `null`. */
function priceEvent({ observation, dayOpen }: PricedToken): NewEvent {
  const { token, price, source, vouchedAt, validUntil, sourceTime } = observation;
  return {
    channel: PRICE_CHANNEL,
    type: 'price_update',
    source,
    data: {
      token,
      price: price.toFixed(),
      timestamp: rfc3339(vouchedAt),
      valid_until: rfc3339(validUntil),
      source_time: rfc3339(sourceTime),
      day_open: dayOpen?.price.toFixed() ?? null,
      day_open_at: rfc3339(dayOpen?.at ?? null),
    },
  };
}

function rfc3339(at: EpochMs | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
