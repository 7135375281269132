import type { Token } from '../../../shared/contract.ts';
import { TenhertzError } from '../errors.ts';

/** A token with everything the sources need to ask for it. */
export interface ResolvedToken {
  /** The canonical spelling: how the token is shown, stored and published. */
  readonly token: Token;
  /** Solana mint, for Jupiter; `null` for a `venue:product`. */
  readonly mint: string | null;
  /** Decimals of the mint's smallest unit; `null` where there is no mint. */
  readonly decimals: number | null;
  /** The product's name at each venue that lists it. */
  readonly products: Readonly<Partial<Record<ProductVenue, string>>>;
}

/** Venues whose products can be named as `venue:product`. Binance and OKX only occur in recordings so far. */
export const PRODUCT_VENUES = ['coinbase', 'kraken', 'binance', 'okx'] as const;
export type ProductVenue = (typeof PRODUCT_VENUES)[number];

/**
 * The tokens known by symbol. Mints and decimals are those of the tokens' own documents; the listings are confirmed by
 * each venue when it is asked (a product it does not know is refused by name). Coinbase treats USDC as US dollars.
 */
const KNOWN: readonly ResolvedToken[] = [
  {
    token: 'SOL',
    mint: 'So11111111111111111111111111111111111111112',
    decimals: 9,
    products: { kraken: 'SOL/USD', coinbase: 'SOL-USD' },
  },
  {
    token: 'USDC',
    mint: 'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v',
    decimals: 6,
    products: { kraken: 'USDC/USD' },
  },
  {
    token: 'BONK',
    mint: 'DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263',
    decimals: 5,
    products: { kraken: 'BONK/USD', coinbase: 'BONK-USD' },
  },
  {
    token: 'JitoSOL',
    mint: 'J1toso1uCk3RLmjorhTtrVwY9HJ7X8V9yYac6Y7kGCPn',
    decimals: 9,
    products: { kraken: 'JITOSOL/USD', coinbase: 'JITOSOL-USD' },
  },
  {
    token: 'RAY',
    mint: '4k3Dyjzvzp8eMZWUXbBCjEvwSkkk59S5iCNLY3QrkX6R',
    decimals: 6,
    products: { kraken: 'RAY/USD', coinbase: 'RAY-USD' },
  },
];

/** The watchlist when nobody chose one (R2.6). */
export const DEFAULT_TOKENS: readonly Token[] = KNOWN.map(known => known.token);

/** The token known by symbol whose mint this is; `undefined` for any other. */
export function tokenOfMint(mint: string): Token | undefined {
  return KNOWN.find(known => known.mint === mint)?.token;
}

/** What a product may look like at each venue; `example` goes into the message of a refusal. */
const PRODUCT_SHAPES: Record<ProductVenue, { pattern: RegExp; example: string }> = {
  coinbase: { pattern: /^[A-Z0-9]{1,24}-[A-Z0-9]{1,24}$/i, example: 'coinbase:SKL-USD' },
  kraken: { pattern: /^[A-Z0-9.]{1,24}\/[A-Z0-9.]{1,24}$/i, example: 'kraken:SOL/USD' },
  binance: { pattern: /^[A-Z0-9]{2,32}$/i, example: 'binance:SOLUSDT' },
  okx: { pattern: /^[A-Z0-9]{1,24}(-[A-Z0-9]{1,24}){1,4}$/i, example: 'okx:SOL-USDT' },
};

/**
 * Resolves what a person wrote: a symbol (any case), the mint of one, or `venue:product`. Repetitions are dropped, the order
 * is kept. Throws `UNKNOWN_TOKEN` (exit code 3) naming the token and what is accepted.
 */
export function resolveTokens(names: readonly string[] = DEFAULT_TOKENS): ResolvedToken[] {
  const resolved = new Map<Token, ResolvedToken>();
  for (const name of names) {
    const token = resolveOne(name.trim());
    if (!resolved.has(token.token)) resolved.set(token.token, token);
  }
  return [...resolved.values()];
}

function resolveOne(name: string): ResolvedToken {
  const known = KNOWN.find(
    candidate => candidate.mint === name || candidate.token.toLowerCase() === name.toLowerCase(),
  );
  if (known !== undefined) return known;
  const colon = name.indexOf(':');
  const venue = PRODUCT_VENUES.find(
    candidate => candidate === name.slice(0, Math.max(colon, 0)).toLowerCase(),
  );
  if (venue === undefined) throw unknownToken(name);
  const product = name.slice(colon + 1);
  const shape = PRODUCT_SHAPES[venue];
  if (!shape.pattern.test(product))
    throw unknownToken(name, `a ${venue} product looks like ${shape.example}`);
  return productToken(venue, product);
}

/**
 * The token of one venue's product. A product written all in lower case is meant in capitals; mixed case is left alone,
 * because Kraken lists products such as `AAPLx/USD`.
 */
export function productToken(venue: ProductVenue, product: string): ResolvedToken {
  const canonical = product === product.toLowerCase() ? product.toUpperCase() : product;
  return {
    token: `${venue}:${canonical}`,
    mint: null,
    decimals: null,
    products: { [venue]: canonical },
  };
}

function unknownToken(name: string, hint?: string): TenhertzError {
  const accepted = `a symbol (${DEFAULT_TOKENS.join(', ')}), the mint of one, or venue:product such as coinbase:SKL-USD or kraken:SOL/USD`;
  return new TenhertzError(
    'UNKNOWN_TOKEN',
    `Unknown token "${name.slice(0, 80)}"${hint === undefined ? '' : `: ${hint}`}. Accepted: ${accepted}.`,
    { exitCode: 3, facts: { token: name } },
  );
}
