import { resolve } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createMetrics } from '../../../src/main/engine/health/metrics.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { createSources, parseSources } from '../../../src/main/engine/sources/source-list.ts';
import { resolveTokens } from '../../../src/main/engine/sources/tokens.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const recording = resolve('test/recordings/coinbase-exchange-2021-04-17.ndjson');
const deps = (tokens = resolveTokens()) => ({
  tokens,
  clock: new ManualClock(),
  log: silentLogger,
  metrics: createMetrics(),
});

test('auto is Jupiter, Kraken and Coinbase side by side', () => {
  expect(parseSources('auto').map(spec => spec.kind)).toEqual(['jupiter', 'kraken', 'coinbase']);
});

test('a list is read in order, without repetitions', () => {
  expect(parseSources('Kraken, recorded:a/b c.ndjson,auto,simulated')).toEqual([
    { kind: 'kraken' },
    { kind: 'recorded', file: 'a/b c.ndjson' },
    { kind: 'jupiter' },
    { kind: 'coinbase' },
    { kind: 'simulated' },
  ]);
});

test.each(['binance', 'pyth', 'kraken,Pyth'])('%s is said to be not available yet', text => {
  expect(() => parseSources(text)).toThrow(
    expect.objectContaining({
      code: 'SOURCE_NOT_AVAILABLE_YET',
      exitCode: 3,
      message: expect.stringMatching(/not available yet.*kraken/) as string,
    }),
  );
});

test.each(['', 'nasdaq', 'kraken,', 'recorded', 'recorded:'])(
  '"%s" is refused with what is accepted',
  text => {
    expect(() => parseSources(text)).toThrow(
      expect.objectContaining({
        code: 'BAD_SOURCE',
        exitCode: 3,
        message: expect.stringContaining('recorded:FILE') as string,
      }),
    );
  },
);

test('sources carry the names that are shown and published, and connect to nothing before they start', () => {
  const made = createSources(parseSources(`auto,simulated,recorded:${recording}`), deps());
  expect(made.map(source => source.name)).toEqual([
    'jupiter',
    'kraken',
    'coinbase',
    'simulated',
    'recorded:coinbase',
  ]);
  expect(made.map(source => source.status().state)).toEqual(['off', 'off', 'off', 'off', 'off']);
  expect(made.map(source => source.status().asked)).toEqual([5, 5, 4, 5, 4]);
});

test('a recording that is not there is refused with its name', () => {
  expect(() => createSources(parseSources('recorded:/nowhere/x.ndjson'), deps())).toThrow(
    expect.objectContaining({
      code: 'RECORDING_NOT_READ',
      exitCode: 3,
      message: expect.stringContaining('/nowhere/x') as string,
    }),
  );
});

test('a token that no chosen source can price is logged', () => {
  const warn = vi.fn();
  const log = { ...silentLogger, warn } as unknown as typeof silentLogger;
  createSources(parseSources('coinbase'), { ...deps(), log });
  expect(warn).toHaveBeenCalledOnce();
  expect(warn.mock.calls[0]?.[0]).toMatchObject({ token: 'USDC' });
  createSources(parseSources('jupiter'), { ...deps(resolveTokens(['coinbase:SKL-USD'])), log });
  expect(warn).toHaveBeenCalledTimes(2);
});
