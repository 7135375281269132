import { readFileSync } from 'node:fs';
import { Decimal } from 'decimal.js';
import { describe, expect, it } from 'vitest';
import { decodePool, encodePool } from '../../../src/main/engine/cache/cached-pool.ts';
import { readRaydium } from '../../../src/main/engine/sources/raydium-answer.ts';
import { createSimulatedPools } from '../../../src/main/engine/sources/simulated-pools.ts';
import { DEFAULT_POOLS, resolvePools } from '../../../src/main/engine/sources/watched-pools.ts';
import mints from '../../fixtures/tokens.json';
import { ManualClock } from '../../support/manual-clock.ts';
import { poolJson } from '../../support/venues/raydium-server.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`../../fixtures/raydium_${name}`, import.meta.url), 'utf8');

describe('an answer of Raydium', () => {
  it('is read digit by digit, with our name of the token', () => {
    expect(readRaydium(fixture('pools_info_ids.200.json'))).toEqual({
      kind: 'pools',
      pools: [
        {
          kind: 'pool',
          facts: {
            address: '3ucNos4NbumPLZNWztqGHNFFgkHeRMBQAVemeeomsUxv',
            tokenA: 'SOL',
            tokenB: 'USDC',
            feeRate: '0.0004',
            concentrated: true,
          },
          mints: [mints.SOL.mint, mints.USDC.mint],
          state: {
            liquidity: '10449192.31',
            reserveA: '101628.554746141',
            reserveB: '2635818.643424',
            volume24h: '149559270.7089016',
            price: '76.8814',
          },
        },
      ],
    });
  });

  it('leaves out a pool Raydium does not know', () => {
    expect(readRaydium(fixture('pools_info_ids.unknown-pool.200.json'))).toEqual({
      kind: 'pools',
      pools: [],
    });
  });

  it('says that Raydium failed, and why', () => {
    expect(readRaydium(fixture('error.json'))).toEqual({ kind: 'failed', message: 'REQ_ERROR' });
    expect(readRaydium('{"success":false}')).toEqual({ kind: 'failed', message: 'no reason given' });
  });

  it.each(['', '<html>', '[]', '{"success":true}', '{"success":true,"data":7}'])('is none: %s', body => {
    expect(readRaydium(body)).toEqual({ kind: 'malformed' });
  });

  it.each([
    ['"mintAmountA":716528.167', '"mintAmountA":-1', 'reserveA'],
    ['"tvl":4070000.5', '"tvl":1e30', 'liquidity'],
    ['"price":0.018781', '"price":0', 'price'],
    ['"feeRate":0.0025', '"feeRate":1', 'feeRate'],
    ['"volume":3880000.25', '"volume":"lots"', 'volume24h'],
    ['"tvl":4070000.5', '"tvl":null', 'tvl'],
  ])('refuses a pool with %s changed to %s', (right, wrong, named) => {
    const pool = poolJson({ id: 'p', mintA: mints.RAY.mint, mintB: mints.SOL.mint }).replace(right, wrong);
    const answer = readRaydium(`{"success":true,"data":[${pool}]}`);
    expect(answer).toMatchObject({ kind: 'pools', pools: [{ kind: 'refused', address: 'p' }] });
    expect(JSON.stringify(answer)).toContain(named);
  });

  it('refuses what is no pool at all, and names a token it does not know by its mint', () => {
    expect(readRaydium('{"success":true,"data":[7]}')).toMatchObject({
      pools: [{ kind: 'refused', address: null }],
    });
    const odd = poolJson({ id: 'p', mintA: 'AAAABBBB', mintB: 'CCCCDDDD' });
    expect(readRaydium(`{"success":true,"data":{"data":[${odd}]}}`)).toMatchObject({
      pools: [{ facts: { tokenA: 'X', tokenB: 'CCCC…', concentrated: false } }],
    });
  });
});

describe('the pools to watch', () => {
  it('are the main ones of the default tokens when nobody chose', () => {
    expect(resolvePools().map(({ name }) => name)).toEqual(DEFAULT_POOLS);
    expect(resolvePools()[0]?.address).toBe('3ucNos4NbumPLZNWztqGHNFFgkHeRMBQAVemeeomsUxv');
  });

  it('may be named by pair in any case, by mint, or by address, each once', () => {
    const address = '3ucNos4NbumPLZNWztqGHNFFgkHeRMBQAVemeeomsUxv';
    const named = resolvePools(['ray/sol', `${mints.RAY.mint}/SOL`, address, 'sol/usdc']);
    expect(named.map(({ name, address }) => [name, address])).toEqual([
      ['RAY/SOL', null],
      ['SOL/USDC', address],
    ]);
  });

  it.each(['SOL', 'SOL/SOL', 'SOL/NOPE', 'SOL/USDC/RAY', 'SOL/kraken:RAY/USD', ''])(
    'refuses %s by name',
    name => {
      expect(() => resolvePools([name])).toThrow(
        expect.objectContaining({ code: 'UNKNOWN_POOL', exitCode: 3 }),
      );
    },
  );

  it('are fifty at most', () => {
    const many = Array.from(
      { length: 51 },
      (_, index) =>
        `${'1'.repeat(32)}${'ABCDEFGHJK'.charAt(index % 10)}${'23456789'.charAt(Math.floor(index / 10))}`,
    );
    expect(() => resolvePools(many)).toThrow(expect.objectContaining({ code: 'TOO_MANY_POOLS' }));
  });
});

describe('a cached pool', () => {
  const pool = {
    address: 'p',
    liquidity: '1.5',
    reserveA: '2',
    reserveB: '0',
    volume24h: '7',
    timestamp: 1_000,
  };

  it('is written with exactly the names of the interface, and read back', () => {
    const text = encodePool(pool);
    expect(JSON.parse(text)).toEqual({
      pool_address: 'p',
      liquidity: '1.5',
      reserve_a: '2',
      reserve_b: '0',
      volume_24h: '7',
      timestamp: '1970-01-01T00:00:01.000Z',
    });
    expect(decodePool('p', text)).toEqual(pool);
  });

  it('may be another program’s, with JSON numbers and epoch milliseconds', () => {
    const text =
      '{"pool_address":"p","liquidity":1e21,"reserve_a":2.5,"reserve_b":"3","volume_24h":0,"timestamp":5}';
    expect(decodePool('p', text)).toEqual({
      ...{
        address: 'p',
        liquidity: '1000000000000000000000',
        reserveA: '2.5',
        reserveB: '3',
        volume24h: '0',
      },
      timestamp: 5,
    });
  });

  it.each([
    ['no JSON', '{', 'it is not JSON'],
    ['no object', '7', 'it is not a JSON object'],
    ['another pool', '{"pool_address":"q"}', 'pool_address'],
    ['no time', '{"pool_address":"p"}', 'timestamp'],
    ['a negative amount', '{"pool_address":"p","timestamp":1,"liquidity":-1}', 'liquidity'],
    ['an amount that is none', '{"pool_address":"p","timestamp":1,"liquidity":"NaN"}', 'liquidity'],
  ])('is refused in words: %s', (_, text, words) => {
    expect(decodePool('p', text)).toContain(words);
  });

  it.each([{ address: '' }, { reserveB: '-1' }, { liquidity: '1e9' }, { timestamp: -1 }])(
    'is not written with %o',
    over => {
      expect(() => encodePool({ ...pool, ...over })).toThrow(expect.objectContaining({ code: 'BAD_POOL' }));
    },
  );
});

describe('the simulated pools', () => {
  const set = (names?: string[]) => {
    const clock = new ManualClock();
    const prices = new Map(
      [
        ['SOL', '150'],
        ['RAY', '3'],
      ].map(([token = '', price = '']) => [token, new Decimal(price)]),
    );
    const source = createSimulatedPools({
      watched: resolvePools(names),
      price: token => prices.get(token),
      clock,
    });
    source.start();
    source.start();
    return { clock, prices, source };
  };

  it('are in balance at the simulated prices and never under a real address', async () => {
    const { clock, prices, source } = set(['SOL/USDC', 'RAY/SOL']);
    const [sol] = source.pools();
    expect(sol?.facts?.address).toBe('simulated:SOL-USDC');
    expect(sol?.watched.address).toBeNull();
    expect(
      new Decimal(sol?.state?.reserveA ?? 0)
        .times(150)
        .div(sol?.state?.reserveB ?? 1)
        .toFixed(6),
    ).toBe('1.000000');
    prices.set('SOL', new Decimal(300));
    await clock.advance(10_000);
    expect(source.pools()[0]?.state?.price).toBe('300');
    expect(source.status()).toMatchObject({ state: 'live', vouching: 2, asked: 2 });
    await source.stop();
    expect(source.status()).toMatchObject({ state: 'off', vouching: 0 });
  });

  it('say why there is none', () => {
    const { source } = set(['BONK/SOL', '3ucNos4NbumPLZNWztqGHNFFgkHeRMBQAVemeeomsUxw']);
    expect(source.pools().map(({ problem }) => problem)).toEqual([
      'The simulated market prices BONK only while it is in the watchlist.',
      'The simulated market has pools of pairs only, not by address.',
    ]);
  });
});
