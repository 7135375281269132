import type { PriceView, Token } from '../../shared/contract.ts';

/**
 * How long a source's prices take from the venue's own time to our publishing them, ms: the median over the tokens whose newest price
 * is this source's. `null` where it gives no times. It holds the difference of two clocks and is never below zero.
 */
export function delayOf(source: string, prices: ReadonlyMap<Token, PriceView>): number | null {
  const delays: number[] = [];
  for (const price of prices.values()) {
    if (price.source !== source || price.sourceTime === null) continue;
    delays.push(Math.max(0, price.publishedAt - price.sourceTime));
  }
  delays.sort((a, b) => a - b);
  return delays[Math.floor((delays.length - 1) / 2)] ?? null;
}
