import type { EpochMs } from '../../../shared/contract.ts';
import type { PoolState, PoolView } from '../../../shared/pools.ts';
import type { CachedPool } from '../cache/cached-pool.ts';
import type { PoolCache } from '../cache/pool-cache.ts';
import type { Cancel, Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import { LimitedLog, type Logger } from '../logger.ts';
import type { ObservedPool, PoolAnswer, PoolSource } from '../sources/pool-source.ts';

/** What windows are told of pools. */
export interface PoolNews {
  /** Rises with every change of {@link views}. */
  readonly number: number;
  readonly views: readonly PoolView[];
}

/** A cached entry of another program counts as vouched for until this long after its own time, while it is in the cache. */
const FOREIGN_VALID_MS = 45_000;

export interface PoolKeeperOptions {
  /** Asked at every tick, so another market takes effect at the next one; `null`: pools of nobody. */
  source: () => PoolSource | null;
  /** Told once Redis is open; without it states go to the screen only. */
  cache: () => PoolCache | undefined;
  /** Between two ticks; must be below the cache's TTL, or every entry expires before it is written again. */
  everyMs: number;
  clock: Clock;
  log: Logger;
}

/** Keeps the shared cache of pools and what the screen says of them (R3). */
export interface PoolKeeper {
  start(): void;
  /** No tick starts afterwards; resolves when the one under way has ended. */
  stop(): Promise<void>;
  /** One tick: reads what others wrote, writes what the source vouches for. Never rejects, and never overlaps itself. */
  tick(): Promise<void>;
  /** Another time between two ticks, from now on; see {@link PoolKeeperOptions.everyMs}. */
  pace(everyMs: number): void;
  news(): PoolNews;
}

/** An entry of another program, and when it had gone from the cache. */
interface Foreign {
  pool: CachedPool;
  goneAt: EpochMs | null;
}

/**
 * Creates the keeper. A state is written again at every tick for as long as the source stands behind it, with the time at which
 * the source was heard; an entry that is newer than ours is another program's, is left alone and is shown.
 */
export function createPoolKeeper(options: PoolKeeperOptions): PoolKeeper {
  const { clock } = options;
  const log = new LimitedLog(options.log, clock);
  const foreign = new Map<string, Foreign>();
  let news: PoolNews = { number: 0, views: [] };
  let shown = '[]';
  let { everyMs } = options;
  let cancel: Cancel | undefined;
  let underWay: Promise<void> | undefined;

  /** The newest entry of another program, as far as the cache says one. */
  const readOthers = async (cache: PoolCache, answers: readonly PoolAnswer[]): Promise<void> => {
    const addresses = answers.flatMap(answer => addressOf(answer) ?? []);
    const reads = await cache.getMany(addresses);
    for (const answer of answers) {
      const address = addressOf(answer);
      const read = address === null ? undefined : reads.get(address);
      if (address === null || read === undefined) continue;
      if (read.state === 'malformed')
        log.warn(
          `malformed:${read.key}`,
          { key: read.key, reason: read.reason },
          'a cached pool cannot be read',
        );
      const before = foreign.get(address);
      if (read.state === 'fresh' && read.value.timestamp > (answer.state?.receivedAt ?? -1))
        foreign.set(address, { pool: read.value, goneAt: null });
      else if (read.state === 'expired' && before !== undefined) before.goneAt ??= clock.now();
    }
  };

  const write = async (cache: PoolCache, answers: readonly PoolAnswer[]): Promise<void> => {
    const now = clock.now();
    const ours = answers.flatMap(({ facts, state }): CachedPool[] => {
      if (facts === null || state === null || now > state.validUntil) return [];
      const other = foreign.get(facts.address);
      if (other !== undefined && other.goneAt === null && other.pool.timestamp > state.receivedAt) return [];
      const { liquidity, reserveA, reserveB, volume24h, receivedAt } = state;
      return [{ address: facts.address, liquidity, reserveA, reserveB, volume24h, timestamp: receivedAt }];
    });
    await cache.setMany(ours);
  };

  const show = (source: string, answers: readonly PoolAnswer[]): void => {
    const views = answers.map((answer): PoolView =>
      viewOf(answer, source, foreign.get(addressOf(answer) ?? '')),
    );
    const text = JSON.stringify(views);
    if (text === shown) return;
    shown = text;
    news = { number: news.number + 1, views };
  };

  const run = async (): Promise<void> => {
    const source = options.source();
    const answers = source?.pools() ?? [];
    const cache = options.cache();
    try {
      if (cache !== undefined && answers.length > 0) {
        await readOthers(cache, answers);
        await write(cache, answers);
      }
    } catch (error) {
      log.warn('write', { reason: messageOf(error) }, 'pools were not written');
    }
    // The trader may have changed the market meanwhile.
    if (source === options.source()) show(source?.name ?? '', answers);
  };

  const tick = async (): Promise<void> => {
    underWay ??= run().finally(() => {
      underWay = undefined;
    });
    await underWay;
  };

  return {
    start() {
      cancel ??= clock.every(everyMs, () => void tick());
      void tick();
    },
    async stop() {
      cancel?.();
      cancel = undefined;
      await underWay;
    },
    tick,
    pace(next) {
      everyMs = next;
      if (cancel === undefined) return;
      cancel();
      cancel = clock.every(everyMs, () => void tick());
    },
    news: () => news,
  };
}

function addressOf({ facts, watched }: PoolAnswer): string | null {
  return facts?.address ?? watched.address;
}

function viewOf(answer: PoolAnswer, source: string, other: Foreign | undefined): PoolView {
  const { watched, facts, problem } = answer;
  const own = answer.state === null ? null : ownState(answer.state, source);
  const newer = other !== undefined && other.pool.timestamp > (own?.timestamp ?? -1) ? other : undefined;
  return {
    name: watched.name,
    address: addressOf(answer),
    tokenA: facts?.tokenA ?? watched.pair?.a.symbol ?? null,
    tokenB: facts?.tokenB ?? watched.pair?.b.symbol ?? null,
    feeRate: facts?.feeRate ?? null,
    concentrated: facts?.concentrated ?? false,
    state: newer === undefined ? own : foreignState(newer),
    problem: newer === undefined ? problem : null,
  };
}

function ownState(state: ObservedPool, source: string): PoolState {
  const { receivedAt, ...rest } = state;
  return { ...rest, source, timestamp: receivedAt };
}

function foreignState({ pool, goneAt }: Foreign): PoolState {
  const { liquidity, reserveA, reserveB, volume24h, timestamp } = pool;
  const validUntil = Math.min(timestamp + FOREIGN_VALID_MS, goneAt ?? Infinity);
  return { liquidity, reserveA, reserveB, volume24h, price: null, source: 'cache', timestamp, validUntil };
}
