import type { Decimal } from 'decimal.js';
import type { EpochMs, SourceStatus, Token } from '../../../shared/contract.ts';
import type { Clock } from '../clock.ts';
import type { Metrics } from '../health/metrics.ts';
import { LimitedLog, type Logger } from '../logger.ts';
import type { Refusal } from './read-price.ts';
import type { Observation } from './source.ts';

/** How long a live subscription's price holds after it was received or confirmed (see the life of one price). */
export const SUBSCRIPTION_VALID_MS = 2_000;

export interface QuoteBookOptions {
  source: string;
  asked: readonly Token[];
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  /** How long one vouching holds, in ms. */
  validForMs: number;
}

interface Entry {
  price: Decimal;
  sourceTime: EpochMs | null;
  receivedAt: EpochMs;
  vouchedAt: EpochMs;
}

/** The part of a {@link SourceStatus} only the source itself knows. */
export type StatusPart = Pick<SourceStatus, 'state' | 'message'> &
  Partial<Pick<SourceStatus, 'nextAttemptAt' | 'attempt' | 'refusedProducts'>>;

/**
 * What one source knows: the newest price per token and until when the source stands behind it. Counts what is accepted and
 * refused, and logs refusals at most once a minute per reason.
 */
export class QuoteBook {
  readonly #options: QuoteBookOptions;
  readonly #entries = new Map<Token, Entry>();
  readonly #log: LimitedLog;
  #asked: readonly Token[];
  #validForMs: number;
  #accepted = 0;
  #refused = 0;
  #lastHeardAt: EpochMs | null = null;
  #state: { is: SourceStatus['state']; since: EpochMs } | undefined;

  constructor(options: QuoteBookOptions) {
    this.#options = options;
    this.#asked = options.asked;
    this.#validForMs = options.validForMs;
    this.#log = new LimitedLog(options.log, options.clock);
  }

  /** Other tokens are asked of the source from now on; nobody stands behind the ones that are not among them. */
  ask(tokens: readonly Token[], validForMs = this.#validForMs): void {
    this.#asked = tokens;
    this.#validForMs = validForMs;
    const wanted = new Set(tokens);
    for (const token of this.#entries.keys()) if (!wanted.has(token)) this.#entries.delete(token);
  }

  /** Something valid was heard from the venue, a price or not. */
  heard(): void {
    this.#lastHeardAt = this.#options.clock.now();
  }

  /**
   * Takes a price that was just received. One older than what the book has (by the venue's own time) is refused; returns
   * whether it was taken.
   */
  offer(token: Token, price: Decimal, sourceTime: EpochMs | null): boolean {
    const entry = this.#entries.get(token);
    const known = entry?.sourceTime ?? null;
    if (known !== null && sourceTime !== null && sourceTime < known) {
      this.refuse('old', `${token}: the venue's time went back`);
      return false;
    }
    const now = this.#options.clock.now();
    this.#entries.set(token, { price, sourceTime, receivedAt: now, vouchedAt: now });
    this.#accepted += 1;
    this.#options.metrics.sourceQuotes.inc({ source: this.#options.source, result: 'accepted' });
    return true;
  }

  /** The venue confirmed that the token's price is unchanged. */
  confirm(token: Token): void {
    const entry = this.#entries.get(token);
    if (entry !== undefined) entry.vouchedAt = this.#options.clock.now();
  }

  /** Counts and logs something that was not believed. `detail` may hold a little of the venue's own text. */
  refuse(reason: Refusal, detail: string): void {
    const { source, metrics } = this.#options;
    this.#refused += 1;
    metrics.sourceQuotes.inc({ source, result: reason });
    this.#log.warn(
      reason,
      { source, reason, detail: detail.slice(0, 200) },
      `${source}: a quote was refused (${reason})`,
    );
  }

  /** Nobody stands behind this token's price any more; without one: behind any. */
  withdraw(token?: Token): void {
    if (token === undefined) this.#entries.clear();
    else this.#entries.delete(token);
  }

  get lastHeardAt(): EpochMs | null {
    return this.#lastHeardAt;
  }

  observation(token: Token): Observation | undefined {
    const entry = this.#entries.get(token);
    if (entry === undefined) return undefined;
    return {
      token,
      source: this.#options.source,
      ...entry,
      validUntil: entry.vouchedAt + this.#validForMs,
    };
  }

  /** How many tokens the source vouches for now. */
  vouching(): number {
    const oldest = this.#options.clock.now() - this.#validForMs;
    let count = 0;
    for (const entry of this.#entries.values()) if (entry.vouchedAt >= oldest) count += 1;
    return count;
  }

  /** The whole status. `since` is when a change of state was first asked for, which the updater does every tick. */
  status(part: StatusPart): SourceStatus {
    const { source, clock } = this.#options;
    if (this.#state?.is !== part.state) this.#state = { is: part.state, since: clock.now() };
    return {
      name: source,
      since: this.#state.since,
      lastHeardAt: this.#lastHeardAt,
      nextAttemptAt: null,
      attempt: 0,
      refusedProducts: [],
      vouching: this.vouching(),
      asked: this.#asked.length,
      accepted: this.#accepted,
      refused: this.#refused,
      ...part,
    };
  }
}
