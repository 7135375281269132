/**
 * The watchlist as a screen changes it; part of the contract (`contract.ts`).
 *
 * Refusals: `UNKNOWN_TOKEN` (neither a known symbol nor mint nor a product as its venue writes it), `ALREADY_THERE`, `TOO_MANY`,
 * `NOT_THERE` (a token to remove that is not watched), `LAST_TOKEN` (a watchlist is never empty).
 */

/** How many tokens a watchlist holds at most. */
export const MAX_TOKENS = 1_000;

/** The watchlist after a change. */
export interface TokensChange {
  /** In order. */
  tokens: string[];
  /** `true`: the next start begins with this list. `false`: it holds until the program ends; `note` says why. */
  kept: boolean;
  note: string | null;
}

/** What a name that was typed stands for. */
export interface TokenCheck {
  /** The canonical spelling under which it would be watched. */
  token: string;
  /** The mint it is on chain; `null` for a venue's product. */
  mint: string | null;
  /** Names of the sources in use that can price it; of none, its row stays empty until another source is chosen. */
  sources: string[];
}

/** The windows over which a change is told, ms. */
export const PAST_WINDOWS = { m1: 60_000, m5: 300_000, h1: 3_600_000, h24: 86_400_000 } as const;

/** What a token cost at the beginning of each window; `null`: not known. */
export type PastPrices = Record<keyof typeof PAST_WINDOWS, string | null>;

/** Commands that look at the watchlist or change it. Changes apply at once, without a restart. */
export interface TokenCommands {
  /** What `name` (symbol, mint or `venue:product`) stands for, without changing anything. Refused as `tokens.add` would be. */
  'tokens.check': { args: { name: string }; result: TokenCheck };
  /** Adds to the end. */
  'tokens.add': { args: { name: string }; result: TokensChange };
  'tokens.remove': { args: { token: string }; result: TokensChange };
  /**
   * Puts the tokens into this order. One that is left out keeps its place behind them, one that is not watched (any more) is
   * passed over: two windows may change the list at once.
   */
  'tokens.order': { args: { tokens: string[] }; result: TokensChange };
  /** What the tokens cost one minute, five minutes, an hour and a day ago. */
  'tokens.past': { args: { tokens: string[] }; result: Record<string, PastPrices> };
}
