import type { PriceView, Token } from './contract.ts';

/** Quote currencies that are counted as US dollars one to one. */
export const DOLLARS: ReadonlySet<string> = new Set(['USD', 'USDC', 'USDT']);

/** What a trade's pair is made of. */
export interface Pair {
  /** What was traded: the pair's first part, without a venue. */
  base: Token;
  /** The currency it is priced in as written, in capitals; `null` when the pair names none, which means dollars. */
  quote: string | null;
  /** Whether that currency counts as dollars. */
  inDollars: boolean;
}

/** Takes a pair apart: `SOL/USDC`, `SOL-USDC`, `coinbase:SKL-USD`, or `SOL` alone. */
export function pairOf(written: string): Pair {
  const product = written.slice(written.indexOf(':') + 1);
  const [base = product, quote] = product.split(/[/-]/);
  const currency = quote === undefined || quote === '' ? null : quote.toUpperCase();
  return {
    base: base === '' ? product : base,
    quote: currency,
    inDollars: currency === null || DOLLARS.has(currency),
  };
}

/**
 * The price that marks `token`, which may be a symbol or a pair, in `quote`: its own price where it is watched under that very
 * name, else that of its base in dollars, else that of any venue's product of the same base and currency (`kraken:SOL/EUR`).
 *
 * @param quote the currency, in capitals; `null` for dollars
 */
export function markOf(
  prices: ReadonlyMap<Token, PriceView>,
  token: Token,
  quote: string | null = null,
): PriceView | undefined {
  const {
    base,
    quote: currency,
    inDollars,
  } = pairOf(quote === null ? token : `${pairOf(token).base}/${quote}`);
  const own = quote === null || inDollars ? prices.get(token) : undefined;
  if (own !== undefined) return own;
  const symbol = inDollars ? prices.get(base) : undefined;
  if (symbol !== undefined) return symbol;
  for (const price of prices.values()) {
    if (!price.token.includes(':')) continue;
    const listed = pairOf(price.token);
    const sameCurrency = inDollars ? listed.inDollars : listed.quote === currency;
    if (listed.base === base && listed.quote !== null && sameCurrency) return price;
  }
  return undefined;
}
