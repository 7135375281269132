import type { EpochMs, SourceStatus } from '../../../shared/contract.ts';
import type { Cancel } from '../clock.ts';
import { messageOf } from '../errors.ts';
import { LimitedLog } from '../logger.ts';
import { backoffMs } from './backoff.ts';
import type { ObservedPool, PoolAnswer, PoolFacts, PoolSource } from './pool-source.ts';
import type { RaydiumPool } from './raydium-answer.ts';
import { BREAK_MS, RaydiumCaller, type Asked, type RaydiumOptions } from './raydium-call.ts';
import type { WatchedPool } from './watched-pools.ts';

export const RAYDIUM_URL = 'https://api-v3.raydium.io';
/** Raydium publishes no limit and caches its answers; asked about twice a minute. */
export const CADENCE_MS = 30_000;
/** An answer vouches for a little longer than until the next is due. */
const VALID_MS = 1.5 * CADENCE_MS;
/** A pair that has no pool is asked about again after this. */
const NO_POOL_MS = 600_000;
const BACKOFF = { baseMs: 5_000, capMs: 60_000 } as const;

interface Known {
  facts: PoolFacts | null;
  address: string | null;
  state: ObservedPool | null;
  problem: string | null;
  /** A pair without a pool is not asked about before this. */
  askPairAt: EpochMs;
}

type Trouble = Pick<SourceStatus, 'state'> & { message: string; nextAttemptAt: EpochMs };

/**
 * Pool states from Raydium's API v3: one call for all pools whose address is known, and once for each pair the question which of its
 * pools holds the most. https://docs.raydium.io (paths as in `raydium-sdk-V2`, `src/api/url.ts`)
 */
export function createRaydiumSource(options: RaydiumOptions): PoolSource {
  const { clock, metrics, watched } = options;
  const random = options.random ?? Math.random;
  const log = new LimitedLog(options.log, clock);
  const caller = new RaydiumCaller(options);
  const known = watched.map(({ address }): Known => ({
    facts: null,
    address,
    state: null,
    problem: null,
    askPairAt: 0,
  }));
  const breakMs = options.breakMs ?? BREAK_MS;
  let running = false;
  let since = clock.now();
  let lastHeardAt: EpochMs | null = null;
  let failures = 0;
  let trouble: Trouble | null = null;
  let cancelNext: Cancel = () => undefined;
  let underWay: Promise<void> = Promise.resolve();
  const counts = { accepted: 0, refused: 0 };

  const refuse = (one: Known, name: string, detail: string): void => {
    one.problem = `What Raydium said of this pool was not believed: ${detail}.`;
    counts.refused += 1;
    metrics.sourceQuotes.inc({ source: 'raydium', result: 'malformed' });
    log.warn('refused', { pool: name, detail }, 'raydium: a pool was refused');
  };

  const take = (one: Known, name: string, pool: RaydiumPool): void => {
    if (pool.kind === 'refused') {
      refuse(one, name, pool.detail);
      return;
    }
    const now = clock.now();
    one.facts = pool.facts;
    one.address = pool.facts.address;
    one.state = { ...pool.state, receivedAt: now, validUntil: now + VALID_MS };
    one.problem = null;
    counts.accepted += 1;
    metrics.sourceQuotes.inc({ source: 'raydium', result: 'accepted' });
  };

  const askPair = async ({ name, pair }: WatchedPool, one: Known): Promise<Asked> => {
    // The API wants the two mints in order.
    const [mint1, mint2] = [pair?.a.mint ?? '', pair?.b.mint ?? ''].toSorted();
    const query = `mint1=${mint1}&mint2=${mint2}&poolType=all&poolSortField=liquidity&sortType=desc&pageSize=1&page=1`;
    const asked = await caller.ask(`/pools/info/mint?${query}`);
    if (asked.kind !== 'pools') return asked;
    const [largest] = asked.pools;
    const ofPair = largest?.kind !== 'pool' || largest.mints.toSorted().join(',') === `${mint1},${mint2}`;
    if (largest !== undefined && ofPair) take(one, name, largest);
    else if (largest !== undefined) refuse(one, name, 'it is of other tokens');
    else one.problem = `Raydium has no pool of ${name}.`;
    if (one.address === null) one.askPairAt = clock.now() + NO_POOL_MS;
    return asked;
  };

  const askAddresses = async (list: readonly [WatchedPool, Known][]): Promise<Asked> => {
    const addresses = list.map(([, { address }]) => address ?? '');
    const asked = await caller.ask(`/pools/info/ids?ids=${addresses.join(',')}`);
    if (asked.kind !== 'pools') return asked;
    list.forEach(([{ name }, one], index) => {
      const address = addresses[index];
      const pool = asked.pools.find(
        found => (found.kind === 'pool' ? found.facts : found).address === address,
      );
      if (pool !== undefined) {
        take(one, name, pool);
        return;
      }
      one.state = null;
      one.problem =
        'Raydium does not know this pool. A new one appears there some minutes after it was made.';
    });
    return asked;
  };

  /** Every question of one round, until one of them gets no answer. */
  const round = async (): Promise<Exclude<Asked, { kind: 'pools' }> | null> => {
    const now = clock.now();
    const all = watched.flatMap((pool, index): [WatchedPool, Known][] => {
      const one = known[index];
      return one === undefined ? [] : [[pool, one]];
    });
    const byAddress = all.filter(([, { address }]) => address !== null);
    const byPair = all.filter(([, { address, askPairAt }]) => address === null && askPairAt <= now);
    const questions = [
      ...(byAddress.length === 0 ? [] : [() => askAddresses(byAddress)]),
      ...byPair.map(
        ([pool, one]) =>
          () =>
            askPair(pool, one),
      ),
    ];
    for (const question of questions) {
      const asked = await question();
      if (!running) return null;
      if (asked.kind !== 'pools') return asked;
      lastHeardAt = clock.now();
    }
    return null;
  };

  const wait = (ms: number): void => {
    cancelNext = clock.after(Math.max(1, Math.ceil(ms)), ask);
  };
  const troubled = (state: Trouble['state'], message: string, waitMs: number): void => {
    if (trouble === null) since = clock.now();
    failures += 1;
    trouble = { state, message, nextAttemptAt: clock.now() + waitMs };
    wait(waitMs);
  };
  const ended = (asked: Exclude<Asked, { kind: 'pools' }> | null): void => {
    const backOff = backoffMs(failures + 1, random(), BACKOFF);
    switch (asked?.kind) {
      case undefined:
        if (trouble !== null || failures > 0) since = clock.now();
        failures = 0;
        trouble = null;
        {
          wait(CADENCE_MS);
          return;
        }
      case 'rate-limited': {
        const said = asked.resetAt === null ? backOff : asked.resetAt - clock.now();
        const ms = Math.min(600_000, Math.max(1_000, said));
        troubled('rate-limited', 'Raydium allows no more calls for a moment (429).', ms);
        return;
      }
      case 'refused': {
        troubled('refused', `Raydium refuses to answer (${asked.status}).`, BREAK_MS);
        return;
      }
      case 'broken': {
        troubled('down', 'Raydium failed several times in a row and is left alone for a while.', breakMs);
        return;
      }
      case 'failed': {
        const ms = caller.isBroken ? breakMs : backOff;
        troubled('down', `Raydium cannot be asked: ${asked.message}. It is tried again.`, ms);
        return;
      }
    }
  };

  function ask(): void {
    underWay = round()
      .then(asked => {
        if (running) ended(asked);
      })
      .catch((error: unknown) => {
        if (running) ended({ kind: 'failed', message: messageOf(error) });
      });
  }

  const vouching = (): number =>
    known.filter(({ state }) => state !== null && clock.now() <= state.validUntil).length;

  return {
    name: 'raydium',
    start() {
      if (running || watched.length === 0) return;
      running = true;
      since = clock.now();
      ask();
    },
    async stop() {
      running = false;
      cancelNext();
      caller.abort();
      await underWay;
    },
    pools: () =>
      watched.map((pool, index): PoolAnswer => {
        const { facts = null, state = null, problem = null } = known[index] ?? {};
        return {
          watched: pool,
          facts,
          state,
          problem: problem ?? (state === null ? (trouble?.message ?? null) : null),
        };
      }),
    status(): SourceStatus {
      const base = {
        name: 'raydium',
        since,
        lastHeardAt,
        asked: watched.length,
        refusedProducts: [],
        ...counts,
      };
      const now = {
        ...base,
        vouching: vouching(),
        attempt: failures,
        nextAttemptAt: trouble?.nextAttemptAt ?? null,
      };
      if (!running)
        return { ...now, state: 'off', message: watched.length === 0 ? 'No pools are watched.' : null };
      if (trouble !== null) return { ...now, state: trouble.state, message: trouble.message };
      if (now.vouching > 0) return { ...now, state: 'live', message: null };
      const message = lastHeardAt === null ? null : 'Raydium vouches for none of the pools.';
      return { ...now, state: lastHeardAt === null ? 'connecting' : 'silent', message };
    },
  };
}
