import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../../src/main/engine/health/metrics.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { createMarket, openMarket, type Market } from '../../../src/main/engine/market.ts';
import { readSettings } from '../../../src/main/engine/config/settings.ts';
import type { Source } from '../../../src/main/engine/sources/source.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { fakeSource } from '../updater/fake-source.ts';

/** A market of fake sources that writes down what was started and stopped. */
function marketOf(...names: string[]): { market: Market; log: string[] } {
  const clock = new ManualClock();
  const log: string[] = [];
  const make = (name: string): Source => ({
    ...fakeSource(name, clock),
    start: () => log.push(`start ${name}`),
    stop: () => {
      log.push(`stop ${name}`);
      return Promise.resolve();
    },
  });
  const market = createMarket(choice => (choice === 'simulated' ? ['simulated'] : names).map(make));
  return { market, log };
}

describe('the market', () => {
  it('connects nothing before it is started, and stops every source', async () => {
    const { market, log } = marketOf('kraken', 'coinbase');
    expect(log).toEqual([]);
    market.start();
    await market.stop();
    expect(log).toEqual(['start kraken', 'start coinbase', 'stop kraken', 'stop coinbase']);
    expect(market.statuses().map(({ name }) => name)).toEqual(['kraken', 'coinbase']);
  });

  it('starts the new sources and stops the old ones when the trader chooses, once per choice', async () => {
    const { market, log } = marketOf('kraken');
    market.start();
    expect([market.mode(), market.accepts('live'), market.accepts('simulated')]).toEqual([
      'live',
      true,
      false,
    ]);
    expect(await market.use('live')).toBe(false);
    expect(await market.use('simulated')).toBe(true);
    expect(await market.use('simulated')).toBe(false);
    expect([market.mode(), market.accepts('live'), market.accepts('simulated')]).toEqual([
      'simulated',
      false,
      true,
    ]);
    expect(market.sources().map(({ name }) => name)).toEqual(['simulated']);
    expect(await market.use('live')).toBe(true);
    expect(market.mode()).toBe('live');
    expect(log).toEqual(['start kraken', 'start simulated', 'stop kraken', 'start kraken', 'stop simulated']);
  });

  it('says simulated where any source is, else recorded where any is, else live', () => {
    expect(marketOf('kraken', 'simulated').market.mode()).toBe('simulated');
    const { market } = marketOf('recorded:coinbase', 'kraken');
    expect(market.mode()).toBe('recorded');
    expect([market.accepts('recorded'), market.accepts('live'), market.accepts('simulated')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('has nothing to change to when it was started simulated', async () => {
    const { market } = marketOf('simulated');
    expect(await market.use('simulated')).toBe(false);
    expect(await market.use('live')).toBe(false);
  });
});

describe('the market the settings ask for', () => {
  const open = (source: string, tokens?: string): ReturnType<typeof openMarket> => {
    const flags = { dataDir: '/nowhere', source, ...(tokens === undefined ? {} : { tokens }) };
    const clock = new ManualClock();
    return openMarket({
      settings: readSettings({ flags }),
      clock,
      log: silentLogger,
      metrics: createMetrics(),
    });
  };

  it('has the default watchlist, or the one that was written', () => {
    expect(open('simulated').watchlist.tokens()).toEqual(['SOL', 'USDC', 'BONK', 'JitoSOL', 'RAY']);
    expect(open('simulated', 'RAY,SOL').watchlist.tokens()).toEqual(['RAY', 'SOL']);
    expect(open('simulated').market.mode()).toBe('simulated');
  });

  it('has the products of a recording, unless a list was written', () => {
    const file = 'recorded:test/recordings/coinbase-exchange-2021-04-17.ndjson';
    const { watchlist, market } = open(file);
    const tokens = watchlist.tokens();
    expect(tokens.length).toBeGreaterThan(0);
    expect(tokens.every(token => token.startsWith('coinbase:'))).toBe(true);
    expect(market.mode()).toBe('recorded');
    expect(open(file, 'SOL').watchlist.tokens()).toEqual(['SOL']);
  });

  it('changes to the simulated market and back', async () => {
    const { market } = open('kraken', 'SOL');
    const [kraken] = market.sources();
    expect(kraken?.name).toBe('kraken');
    expect(await market.use('simulated')).toBe(true);
    expect(market.sources().map(({ name }) => name)).toEqual(['simulated']);
    expect(market.statuses()).toMatchObject([{ name: 'simulated', state: 'live', vouching: 1 }]);
    await market.stop();
  });

  it.each([
    ['BAD_SOURCE', 'nowhere', 'SOL'],
    ['UNKNOWN_TOKEN', 'simulated', 'NO_SUCH_TOKEN_ANYWHERE'],
  ])('throws %s for what it cannot make', (code, source, tokens) => {
    expect(() => open(source, tokens)).toThrow(expect.objectContaining({ code, exitCode: 3 }));
  });
});
