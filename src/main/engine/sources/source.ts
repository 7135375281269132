import type { Decimal } from 'decimal.js';
import type { EpochMs, SourceStatus, Token } from '../../../shared/contract.ts';
import type { ResolvedToken } from './tokens.ts';

/** What a source says a token costs, and how long it stands behind that. */
export interface Observation {
  token: Token;
  /** In US dollars for symbols; in the product's own quote currency for `venue:product`. Finite and above zero. */
  price: Decimal;
  /** Name of the source, as it is shown and published. */
  source: string;
  /** The venue's time of the price, where it gives one. */
  sourceTime: EpochMs | null;
  /** When the source last vouched: the price was received, or confirmed unchanged (heartbeat). */
  vouchedAt: EpochMs;
  /**
   * When this very price arrived; a confirmation moves `vouchedAt` but not this. Left out where the two are the same.
   * The newest price is chosen by it: it is our own clock, which compares across venues whatever theirs say.
   */
  receivedAt?: EpochMs;
  /** Until when that holds: a live subscription 2 s, a poll 1.5 times its cadence. */
  validUntil: EpochMs;
}

/** One place prices come from. It decodes, checks and keeps the newest observation per token; the updater asks for them. */
export interface Source {
  readonly name: string;
  /** Connects and keeps connected until {@link stop}. Never throws for an unreachable venue: see {@link status}. */
  start(): void;
  /** Closes its connections and timers. */
  stop(): Promise<void>;
  /**
   * Asks for these tokens from now on, in place of the ones asked so far. What it knows of tokens that stay is kept; what it
   * knows of others is withdrawn. Works before {@link start}, while running, and after {@link stop}.
   */
  ask(tokens: readonly ResolvedToken[]): void;
  /** The newest observation, valid or not; `undefined` before the first, or after a failed poll withdrew it. */
  observation(token: Token): Observation | undefined;
  status(): SourceStatus;
  /** Past prices a source can honestly give (the simulated market); oldest first. */
  history?(token: Token, from: EpochMs, to: EpochMs, stepMs: number): { at: EpochMs; price: Decimal }[];
}
