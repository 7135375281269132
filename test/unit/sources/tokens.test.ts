import { expect, test } from 'vitest';
import known from '../../fixtures/tokens.json';
import { DEFAULT_TOKENS, resolveTokens } from '../../../src/main/engine/sources/tokens.ts';

test('without a choice the watchlist is the five tokens of the requirements', () => {
  expect(resolveTokens().map(({ token }) => token)).toEqual(['SOL', 'USDC', 'BONK', 'JitoSOL', 'RAY']);
  expect(DEFAULT_TOKENS).toEqual(['SOL', 'USDC', 'BONK', 'JitoSOL', 'RAY']);
});

test('mints, decimals and products are those of the fixtures', () => {
  for (const resolved of resolveTokens()) {
    const expected = Object.entries(known).find(([symbol]) => symbol === resolved.token)?.[1];
    expect(resolved).toMatchObject({ mint: expected?.mint, decimals: expected?.decimals });
    expect(resolved.products.kraken).toBe(expected?.kraken);
    expect(resolved.products.coinbase ?? null).toBe(expected?.coinbase);
  }
});

test('a symbol may be written in any case and comes out in its canonical spelling', () => {
  expect(resolveTokens(['jitosol', 'SOL', ' bonk ']).map(({ token }) => token)).toEqual([
    'JitoSOL',
    'SOL',
    'BONK',
  ]);
});

test('a mint stands for its symbol, and repetitions are dropped', () => {
  const mint = known.RAY.mint;
  expect(resolveTokens([mint, 'ray', 'RAY']).map(({ token }) => token)).toEqual(['RAY']);
});

test.each([
  ['coinbase:SKL-USD', 'coinbase:SKL-USD', { coinbase: 'SKL-USD' }],
  ['Coinbase:skl-usd', 'coinbase:SKL-USD', { coinbase: 'SKL-USD' }],
  ['kraken:SOL/USD', 'kraken:SOL/USD', { kraken: 'SOL/USD' }],
  ['kraken:AAPLx/USD', 'kraken:AAPLx/USD', { kraken: 'AAPLx/USD' }],
  ['binance:nknusdt', 'binance:NKNUSDT', { binance: 'NKNUSDT' }],
  ['okx:BTC-USD-220527', 'okx:BTC-USD-220527', { okx: 'BTC-USD-220527' }],
])('%s is the product of one venue', (written, token, products) => {
  expect(resolveTokens([written])).toEqual([{ token, mint: null, decimals: null, products }]);
});

test.each(['NOPE', '', ':', 'nyse:AAPL', 'coinbase:', 'coinbase:SKL/USD', 'kraken:SOLUSD', 'sol usd'])(
  'the unknown token "%s" is refused by name with what is accepted',
  written => {
    expect(() => resolveTokens(['SOL', written])).toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_TOKEN',
        exitCode: 3,
        message: expect.stringMatching(new RegExp(`"${written}".*JitoSOL.*mint.*coinbase:SKL-USD`)) as string,
      }),
    );
  },
);
