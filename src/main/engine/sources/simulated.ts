import { Decimal } from 'decimal.js';
import type { EpochMs, Token } from '../../../shared/contract.ts';
import type { Clock } from '../clock.ts';
import { SUBSCRIPTION_VALID_MS } from './quote-book.ts';
import { createPaths, STEP_MS, type PricePath } from './simulated-path.ts';
import type { Source } from './source.ts';
import type { ResolvedToken } from './tokens.ts';

/**
 * The simulated market: prices made from a seed, changing every 100 ms, for any token. Its name is exactly `simulated`, which
 * is how every screen and every stored event says that they are not real. {@link Source.history} comes from the same path.
 */
export function createSimulatedSource(options: {
  tokens: readonly ResolvedToken[];
  clock: Clock;
  /** The same seed gives the same market; 1 by default. */
  seed?: number | undefined;
}): Source {
  const { clock, seed = 1 } = options;
  const pathOf = createPaths(seed);
  let paths = new Map<Token, PricePath>(options.tokens.map(({ token }) => [token, pathOf(token)]));
  let startedAt: EpochMs | null = null;
  const createdAt = clock.now();
  const stepOf = (at: EpochMs): EpochMs => Math.floor(at / STEP_MS) * STEP_MS;
  const priceAt = (path: PricePath, at: EpochMs): Decimal => new Decimal(path.at(at).toFixed(path.decimals));

  return {
    name: 'simulated',
    start() {
      startedAt ??= clock.now();
    },
    stop() {
      startedAt = null;
      return Promise.resolve();
    },
    ask(tokens) {
      paths = new Map(tokens.map(({ token }) => [token, paths.get(token) ?? pathOf(token)]));
    },
    observation(token) {
      const path = paths.get(token);
      if (path === undefined || startedAt === null) return undefined;
      const at = stepOf(clock.now());
      const validUntil = at + SUBSCRIPTION_VALID_MS;
      return {
        token,
        price: priceAt(path, at),
        source: 'simulated',
        sourceTime: at,
        vouchedAt: at,
        validUntil,
      };
    },
    history(token, from, to, stepMs) {
      const path = paths.get(token);
      const points: { at: EpochMs; price: Decimal }[] = [];
      if (path === undefined) return points;
      for (let at = Math.ceil(from / stepMs) * stepMs; at < to; at += stepMs) {
        points.push({ at, price: priceAt(path, at) });
      }
      return points;
    },
    status() {
      const running = startedAt !== null;
      return {
        name: 'simulated',
        state: running ? 'live' : 'off',
        message: running ? 'A simulated market: these prices are made up.' : null,
        since: startedAt ?? createdAt,
        lastHeardAt: running ? stepOf(clock.now()) : null,
        nextAttemptAt: null,
        attempt: 0,
        vouching: running ? paths.size : 0,
        asked: paths.size,
        refusedProducts: [],
        accepted: 0,
        refused: 0,
      };
    },
  };
}
