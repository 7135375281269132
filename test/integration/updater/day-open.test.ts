import { Decimal } from 'decimal.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TenhertzError } from '../../../src/main/engine/errors.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import { createDayOpens } from '../../../src/main/engine/updater/day-open.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { testPool } from '../../support/redis-pool.ts';
import { startTestRedis, until, type TestRedis } from '../../support/redis-server.ts';

let redis: TestRedis;
let pool: RedisPool;
beforeAll(async () => {
  redis = await startTestRedis();
  ({ pool } = testPool({ path: redis.socketPath }));
  await pool.ready(5_000);
});
afterAll(async () => {
  await pool.close();
  await redis.stop();
});

test('at midnight UTC a new day begins', async () => {
  const clock = new ManualClock(Date.UTC(2026, 10, 21, 23, 59, 59));
  const opens = createDayOpens({ pool, clock, log: silentLogger });
  const open = (price: string) =>
    opens.of('SOL', 'kraken', () => ({ price: new Decimal(price), at: clock.now() }));
  await until(() => open('151') !== null, 5_000, 'not kept');
  expect(open('152')?.price.toFixed()).toBe('151');
  await clock.advance(1_000);
  expect(open('153')).toBeNull();
  await until(() => open('154') !== null, 5_000, 'the new day was not kept');
  expect(open('155')).toEqual({ price: new Decimal('153'), at: Date.UTC(2026, 10, 22) });
});

test('while Redis is away the answer is null, and it is asked again after 5 s', async () => {
  const clock = new ManualClock(Date.UTC(2026, 10, 23));
  let away = true;
  let asked = 0;
  const shared: RedisPool['shared'] = () => {
    asked += 1;
    if (away) throw new TenhertzError('REDIS_DOWN', 'Redis cannot be reached.');
    return pool.shared();
  };
  const opens = createDayOpens({ pool: { shared }, clock, log: silentLogger });
  const open = () => opens.of('RAY', 'kraken', () => ({ price: new Decimal(2), at: clock.now() }));
  expect(open()).toBeNull();
  await clock.advance(4_999);
  expect([open(), asked]).toEqual([null, 1]);
  away = false;
  await clock.advance(1);
  expect(open()).toBeNull();
  await until(() => open() !== null, 5_000, 'not kept');
  expect(asked).toBe(2);
});

test.each(['not JSON', '{"price":"-1","at":1}', '{"price":1.5,"at":1}', '{}'])(
  'what lies in the key and is no price (%s) is never taken for one',
  async value => {
    const clock = new ManualClock(Date.UTC(2026, 10, 24));
    const key = 'day-open:BAD:2026-11-24';
    await pool.shared().set(key, value);
    const opens = createDayOpens({ pool, clock, log: silentLogger });
    const open = () => opens.of('BAD', 'kraken', () => ({ price: new Decimal(2), at: clock.now() }));
    expect(open()).toBeNull();
    await new Promise(done => setTimeout(done, 50));
    expect(open()).toBeNull();
    expect(await pool.shared().get(key)).toBe(value);
  },
);

test('a key of the wrong type is refused by Redis and told, not thrown', async () => {
  const clock = new ManualClock(Date.UTC(2026, 10, 25));
  await pool.shared().lpush('day-open:LIST:2026-11-25', 'x');
  const opens = createDayOpens({ pool, clock, log: silentLogger });
  const open = () => opens.of('LIST', 'kraken', () => ({ price: new Decimal(2), at: clock.now() }));
  expect(open()).toBeNull();
  await new Promise(done => setTimeout(done, 50));
  expect(open()).toBeNull();
});
