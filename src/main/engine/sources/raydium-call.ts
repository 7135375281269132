import { BrokenCircuitError, circuitBreaker, ConsecutiveBreaker, handleWhen, CircuitState } from 'cockatiel';
import type { EpochMs } from '../../../shared/contract.ts';
import type { Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import type { Metrics } from '../health/metrics.ts';
import type { Logger } from '../logger.ts';
import { pollHttp } from './http-poll.ts';
import { readRaydium, type RaydiumPool } from './raydium-answer.ts';
import type { WatchedPool } from './watched-pools.ts';

/** What became of one question. */
export type Asked =
  | { kind: 'pools'; pools: RaydiumPool[] }
  /** `resetAt`: when a call is free again, if Raydium said so. */
  | { kind: 'rate-limited'; resetAt: EpochMs | null }
  | { kind: 'refused'; status: number }
  | { kind: 'failed'; message: string }
  /** The circuit is open: nothing was asked. */
  | { kind: 'broken' };

/** After so many failures in a row Raydium is left alone for {@link BREAK_MS}. */
export const FAILURES_TO_BREAK = 4;
export const BREAK_MS = 120_000;

export interface RaydiumOptions {
  /** The host, without a path. */
  baseUrl: string;
  watched: readonly WatchedPool[];
  clock: Clock;
  log: Logger;
  metrics: Pick<Metrics, 'sourceQuotes'>;
  fetch?: typeof fetch | undefined;
  /** For the jitter of waits; 0 (included) to 1 (excluded). */
  random?: (() => number) | undefined;
  /** How long the circuit stays open, ms of the machine's clock; {@link BREAK_MS} by default. */
  breakMs?: number | undefined;
}

/** Counts against the circuit; 429 and refusals are answers of a venue that is well. */
class Failure extends Error {}

/**
 * Asks Raydium's API v3, each call within a time limit and all of them behind one circuit breaker. Does not reject for anything
 * the network or the server does.
 */
export class RaydiumCaller {
  readonly #options: { baseUrl: string; clock: Clock; fetch: typeof fetch };
  readonly #breaker;
  #abort = new AbortController();

  constructor(options: {
    baseUrl: string;
    clock: Clock;
    fetch?: typeof fetch | undefined;
    breakMs?: number | undefined;
  }) {
    this.#options = { ...options, fetch: options.fetch ?? fetch };
    // The breaker keeps its own time: the machine's.
    this.#breaker = circuitBreaker(
      handleWhen(error => error instanceof Failure),
      { halfOpenAfter: options.breakMs ?? BREAK_MS, breaker: new ConsecutiveBreaker(FAILURES_TO_BREAK) },
    );
  }

  get isBroken(): boolean {
    return this.#breaker.state === CircuitState.Open;
  }

  /** @param path below the host, with its query */
  async ask(path: string): Promise<Asked> {
    this.#abort = new AbortController();
    const { baseUrl, clock } = this.#options;
    try {
      return await this.#breaker.execute(async (): Promise<Asked> => {
        const url = `${baseUrl.replace(/\/+$/, '')}${path}`;
        const poll = await pollHttp({ url, clock, abort: this.#abort, fetch: this.#options.fetch });
        if (poll.kind === 'failed') throw new Failure(poll.message);
        if (poll.kind !== 'answered') return poll;
        const answer = readRaydium(poll.body);
        if (answer.kind === 'failed')
          throw new Failure(`it says that it failed: ${answer.message.slice(0, 120)}`);
        if (answer.kind === 'malformed') throw new Failure('it answered something that is no list of pools');
        return answer;
      });
    } catch (error) {
      return error instanceof BrokenCircuitError
        ? { kind: 'broken' }
        : { kind: 'failed', message: messageOf(error) };
    }
  }

  /** Ends the call under way. */
  abort(): void {
    this.#abort.abort();
  }
}
