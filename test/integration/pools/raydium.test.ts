import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPoolCache } from '../../../src/main/engine/cache/pool-cache.ts';
import { createMetrics } from '../../../src/main/engine/health/metrics.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { createRaydiumSource } from '../../../src/main/engine/sources/raydium.ts';
import { resolvePools } from '../../../src/main/engine/sources/watched-pools.ts';
import { createPoolKeeper } from '../../../src/main/engine/updater/pool-keeper.ts';
import mints from '../../fixtures/tokens.json';
import { ManualClock } from '../../support/manual-clock.ts';
import { testPool } from '../../support/redis-pool.ts';
import { startTestRedis, until, type TestRedis } from '../../support/redis-server.ts';
import { poolJson, startRaydiumVenue } from '../../support/venues/raydium-server.ts';

const SOL_USDC = '3ucNos4NbumPLZNWztqGHNFFgkHeRMBQAVemeeomsUxv';
const RAY_SOL = 'RAYSoL1111111111111111111111111111111111111';
const undo: (() => Promise<unknown>)[] = [];
let redis: TestRedis;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});
afterAll(() => redis.stop());

/** A source on time moved by hand, its venue, and a keeper with a cache in a real Redis. */
async function setUp(
  before: (venue: Awaited<ReturnType<typeof startRaydiumVenue>>) => void = () => undefined,
) {
  const clock = new ManualClock();
  const venue = await startRaydiumVenue();
  undo.push(() => venue.stop());
  venue.pools.set(SOL_USDC, poolJson({ id: SOL_USDC, mintA: mints.SOL.mint, mintB: mints.USDC.mint }));
  venue.pools.set(RAY_SOL, poolJson({ id: RAY_SOL, mintA: mints.RAY.mint, mintB: mints.SOL.mint }));
  venue.pairs.set([mints.RAY.mint, mints.SOL.mint].toSorted().join(','), RAY_SOL);
  before(venue);
  const metrics = createMetrics();
  const options = { clock, log: silentLogger, metrics };
  const source = createRaydiumSource({
    ...options,
    baseUrl: `${venue.url}/`,
    watched: resolvePools(['SOL/USDC', 'RAY/SOL']),
    random: () => 0,
    breakMs: 1_000,
  });
  const { pool } = testPool({ path: redis.socketPath });
  await pool.ready(5_000);
  undo.push(() => pool.close());
  const cache = createPoolCache({ pool, clock, metrics });
  const keeper = createPoolKeeper({ ...options, source: () => source, cache: () => cache, everyMs: 1_000 });
  undo.push(
    () => source.stop(),
    () => keeper.stop(),
  );
  source.start();
  const state = (wanted: string) =>
    until(
      () => source.status().state === wanted,
      5_000,
      () => JSON.stringify(source.status()),
    );
  const vouching = (count: number) =>
    until(() => source.status().vouching === count, 5_000, 'not vouched for');
  return { clock, venue, source, keeper, cache, pool, state, vouching };
}

describe('Raydium', () => {
  it('is asked once for the pool of a pair, and then for all pools in one call', async () => {
    const { venue, clock, source, vouching } = await setUp();
    await vouching(2);
    expect(venue.requests).toHaveLength(2);
    expect(venue.requests[1]).toContain('/pools/info/mint?mint1=');
    await clock.advance(30_000);
    await until(() => venue.requests.length === 3, 5_000, 'no call');
    expect(venue.requests[2]).toBe(`/pools/info/ids?ids=${SOL_USDC},${RAY_SOL}`);
    expect(source.pools()[1]).toMatchObject({ facts: { tokenA: 'RAY', tokenB: 'SOL' }, problem: null });
  });

  it('no longer vouches for a pool it does not know any more, and says so', async () => {
    const { venue, clock, source, vouching } = await setUp();
    await vouching(2);
    venue.pools.delete(RAY_SOL);
    await clock.advance(30_000);
    await vouching(1);
    expect(source.pools()[1]).toMatchObject({
      state: null,
      problem: expect.stringContaining('does not know') as string,
    });
  });

  it('says that a pair has no pool, and asks again much later', async () => {
    const { venue, clock, source, vouching } = await setUp(({ pairs }) => pairs.clear());
    await vouching(1);
    await until(() => source.pools()[1]?.problem !== null, 5_000, 'not said');
    expect(source.pools()[1]?.problem).toBe('Raydium has no pool of RAY/SOL.');
    await until(
      () => source.status().lastHeardAt !== null && venue.requests.length === 2,
      5_000,
      'no answer',
    );
    await clock.advance(30_000);
    await until(() => venue.requests.length === 3, 5_000, 'no call');
    expect(venue.requests[2]).toContain('/pools/info/ids');
  });

  it('keeps a state until it is too old when the next one cannot be believed', async () => {
    const { venue, clock, source, vouching } = await setUp();
    await vouching(2);
    const bad = poolJson({ id: RAY_SOL, mintA: mints.RAY.mint, mintB: mints.SOL.mint, tvl: '-7' });
    venue.pools.set(RAY_SOL, bad);
    await clock.advance(30_000);
    await until(() => source.status().refused === 1, 5_000, 'not refused');
    expect(source.pools()[1]).toMatchObject({ state: { liquidity: '4070000.5' } });
    expect(source.pools()[1]?.problem).toContain('was not believed');
    await clock.advance(15_001);
    expect(source.status().vouching).toBe(1);
  });

  it('waits as long as it was told after 429', async () => {
    const { venue, clock, source, state, vouching } = await setUp(one =>
      one.answer({ status: 429, headers: { 'retry-after': '17' } }, 1),
    );
    await state('rate-limited');
    expect(source.status().nextAttemptAt).toBe(clock.now() + 17_000);
    await clock.advance(17_000);
    await vouching(2);
    expect(venue.requests.length).toBeGreaterThan(1);
    await state('live');
  });

  it('is left alone after four failures in a row, and asked again when the circuit may close', async () => {
    const { venue, clock, source, vouching } = await setUp(one =>
      one.answer({ status: 200, body: '{"id":"1","success":false,"msg":"REQ_ERROR"}' }),
    );
    for (let failures = 1; failures <= 4; failures += 1) {
      await until(() => source.status().attempt === failures, 5_000, `${failures} failures`);
      expect(source.status()).toMatchObject({
        state: 'down',
        message: expect.stringContaining('REQ_ERROR') as string,
      });
      if (failures < 4) await clock.advance((source.status().nextAttemptAt ?? 0) - clock.now());
    }
    expect(venue.requests).toHaveLength(4);
    await clock.advance(1_000);
    await until(() => source.status().attempt === 5, 5_000, 'not tried');
    expect(source.status().message).toContain('left alone');
    expect(venue.requests).toHaveLength(4);
    venue.answer(undefined);
    await until(
      async () => {
        await clock.advance(1_000);
        return source.status().state === 'live';
      },
      5_000,
      'the circuit stays open',
    );
    await vouching(2);
  });

  it.each([
    ['refused', { status: 403 }],
    ['down', { status: 500 }],
    ['down', { status: 200, body: '<html>' }],
  ] as const)('is %s when it answers %o', async (wanted, answer) => {
    const { state, source } = await setUp(venue => venue.answer(answer));
    await state(wanted);
    expect(source.pools()[0]?.problem).toBe(source.status().message);
  });

  it('is given up when it does not answer in time', async () => {
    const { clock, venue, state } = await setUp(one => one.answer('hang'));
    await until(() => venue.requests.length === 1, 5_000, 'no call');
    await clock.advance(3_000);
    await state('down');
  });
});

describe('the cache of pools', () => {
  const readRedis = async (
    pool: Awaited<ReturnType<typeof setUp>>['pool'],
    address: string,
  ): Promise<unknown> => JSON.parse((await pool.shared().get(`pool:${address}`)) ?? 'null');

  it('holds every state the source vouches for, with the names of the interface and a life of two seconds', async () => {
    const { keeper, pool, clock, vouching } = await setUp();
    await vouching(2);
    await keeper.tick();
    expect(await readRedis(pool, SOL_USDC)).toEqual({
      pool_address: SOL_USDC,
      liquidity: '4070000.5',
      reserve_a: '716528.167',
      reserve_b: '13457.121',
      volume_24h: '3880000.25',
      timestamp: new Date(clock.now()).toISOString(),
    });
    expect(await pool.shared().pttl(`pool:${RAY_SOL}`)).toBeGreaterThan(1_000);
    expect(keeper.news().views.map(({ name, state }) => [name, state?.source])).toEqual([
      ['SOL/USDC', 'raydium'],
      ['RAY/SOL', 'raydium'],
    ]);
    const { number } = keeper.news();
    await keeper.tick();
    expect(keeper.news().number).toBe(number);
  });

  it('shows the newer entry of another program, leaves it alone, and says when it has gone', async () => {
    const { keeper, pool, clock, vouching } = await setUp();
    await vouching(2);
    const foreign = JSON.stringify({
      ...{ pool_address: SOL_USDC, liquidity: 99, reserve_a: '1', reserve_b: '2', volume_24h: '3' },
      timestamp: clock.now() + 5_000,
    });
    await pool.shared().set(`pool:${SOL_USDC}`, foreign);
    await clock.advance(6_000);
    await keeper.tick();
    expect(await pool.shared().get(`pool:${SOL_USDC}`)).toBe(foreign);
    expect(keeper.news().views[0]).toMatchObject({
      tokenA: 'SOL',
      state: { source: 'cache', liquidity: '99' },
    });
    await pool.shared().del(`pool:${SOL_USDC}`);
    await keeper.tick();
    expect(keeper.news().views[0]?.state?.validUntil).toBe(clock.now());
  });

  it('passes over an entry that is no pool, and writes its own in its place', async () => {
    const { keeper, pool, vouching } = await setUp();
    await vouching(2);
    await pool.shared().set(`pool:${SOL_USDC}`, '{"pool_address":"another"}');
    await keeper.tick();
    expect(await readRedis(pool, SOL_USDC)).toMatchObject({ pool_address: SOL_USDC });
  });
});
