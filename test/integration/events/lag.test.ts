import type { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/main/engine/clock.ts';
import { ChannelStates } from '../../../src/main/engine/events/channel-state.ts';
import { Intake } from '../../../src/main/engine/events/intake.ts';
import { measureChannels } from '../../../src/main/engine/events/measure-channels.ts';
import { LimitedLog, silentLogger } from '../../../src/main/engine/logger.ts';
import { testPool } from '../../support/redis-pool.ts';
import { until, type TestRedis } from '../../support/redis-server.ts';
import { startDesk, useDesks } from './desk.ts';

const STREAM = 'stream:trade-events';
const GROUP = 'desk:test';
let server: TestRedis;
let client: Redis;
const desk = useDesks(scene => ({ client, server } = scene));
const add = async (count: number, ...trim: string[]): Promise<string[]> => {
  const pipeline = client.pipeline();
  for (let number = 0; number < count; number += 1) pipeline.call('XADD', STREAM, ...trim, '*', 'data', '1');
  return ((await pipeline.exec()) ?? []).map(([, id]) => String(id));
};

/** A desk that has followed, applied five entries, and went down. */
const wentDown = async (): Promise<void> => {
  const { following, has, stop } = startDesk({ path: server.socketPath });
  await following();
  await add(5);
  await has(5);
  await stop();
};

describe('lag, from the data', () => {
  it('is nothing when everything is applied, and tells the length of the stream', async () => {
    const { following, has, channel, metrics } = desk();
    await following();
    await add(20);
    await has(20);
    const length = async () => (await metrics.streamLength.get()).values.map(({ value }) => value);
    await until(async () => (await length())[0] === 20, 4_000, 'not measured');
    expect(channel()).toMatchObject({
      applied: 20,
      pending: 0,
      behind: 0,
      oldestPendingMs: null,
      trimmedUnread: 0,
      via: ['trade-events'],
    });
    expect(channel()?.lagMs).toBeLessThan(1_000);
  });

  it('tells exactly how many entries were trimmed while the desk was down, once', async () => {
    await wentDown();
    await add(30_000, 'MAXLEN', '~', '10000');
    const length = await client.xlen(STREAM);
    expect(length).toBeLessThanOrEqual(10_100);
    const back = startDesk({ path: server.socketPath });
    await back.following();
    await back.has(length);
    expect(back.applied).toHaveLength(length);
    expect(back.channel()?.trimmedUnread).toBe(30_000 - length);
    await until(() => back.channel()?.behind === 0, 4_000, 'it stays behind');
    expect(back.channel()?.trimmedUnread).toBe(30_000 - length);
    await back.stop();
    const again = desk();
    await again.following();
    expect(again.channel()).toMatchObject({ trimmedUnread: 0, behind: 0 });
  });

  it('tells exactly how many were trimmed or deleted of several pieces, where the server is wrong', async () => {
    await wentDown();
    const ids = await add(100);
    await client.xdel(STREAM, ...ids.slice(50, 57));
    await client.xtrim(STREAM, 'MAXLEN', 60);
    const { following, has, channel } = desk();
    await following();
    await has(60);
    expect(channel()?.trimmedUnread).toBe(40);
    await until(() => channel()?.behind === 0, 4_000, 'it stays behind');
    const more = await add(3);
    await has(63);
    await client.xdel(STREAM, more[0] ?? '');
    await until(() => channel()?.pending === 0, 4_000, 'not measured');
    await new Promise(resolve => setTimeout(resolve, 2_200));
    expect(channel()).toMatchObject({ behind: 0, trimmedUnread: 40 });
  });

  it('counts what another consumer of the group was given and does not acknowledge, and its age', async () => {
    const { following, has, channel } = desk({ takeOverAfterMs: 3_600_000 });
    await following();
    const ids = await add(10);
    await has(10);
    const transaction = client.multi().xgroup('SETID', STREAM, GROUP, '0');
    transaction.xreadgroup('GROUP', GROUP, 'other', 'COUNT', 4, 'STREAMS', STREAM, '>');
    await transaction.exec();
    await until(
      () => channel()?.pending === 4,
      4_000,
      () => JSON.stringify(channel()),
    );
    expect(channel()?.oldestPendingMs).toBeGreaterThan(0);
    expect(channel()?.oldestPendingMs).toBeLessThanOrEqual(Date.now() - Number(ids[0]?.split('-')[0]));
    expect(channel()).toMatchObject({ applied: 10, duplicates: 0 });
  });

  it('is counted in entries exactly after XDEL and XTRIM, where the number of the server is not', async () => {
    const { pool, metrics } = testPool({ path: server.socketPath });
    await pool.ready(5_000);
    const states = new ChannelStates();
    const log = new LimitedLog(silentLogger, systemClock);
    const intake = new Intake(10, { log, metrics, states, clock: systemClock });
    const measured = async (): Promise<[number | null, number | null, number]> => {
      await measureChannels(pool.shared(), ['trade-events', 'nobody:here'], {
        group: GROUP,
        consumer: 'main',
        clock: systemClock,
        ...{ metrics, states, intake },
      });
      const { behind, pending, trimmedUnread } = states.of('trade-events');
      return [behind, pending, trimmedUnread];
    };
    const read = (count: number) =>
      client.xreadgroup('GROUP', GROUP, 'main', 'COUNT', count, 'NOACK', 'STREAMS', STREAM, '>');
    const ids = await add(100);
    await client.xgroup('CREATE', STREAM, GROUP, ids[9] ?? '0');
    expect(await measured()).toEqual([90, 0, 0]);
    await read(20);
    expect(await measured()).toEqual([70, 0, 0]);
    await client.xdel(STREAM, ...ids.slice(40, 45));
    expect(await measured()).toEqual([65, 0, 5]);
    await client.xtrim(STREAM, 'MAXLEN', 30);
    expect(await measured()).toEqual([30, 0, 40]);
    expect(await measured()).toEqual([30, 0, 40]);
    await read(10);
    await client.xreadgroup('GROUP', GROUP, 'main', 'COUNT', 5, 'STREAMS', STREAM, '>');
    expect(await measured()).toEqual([15, 5, 40]);
    await client.xdel(STREAM, ...ids.slice(0, 20), ids[99] ?? '');
    expect(await measured()).toEqual([14, 5, 41]);
    await client.xtrim(STREAM, 'MAXLEN', 0);
    expect(await measured()).toEqual([0, 5, 55]);
    await add(5_000);
    await client.xgroup('SETID', STREAM, GROUP, '0');
    await measured();
    expect(states.of('trade-events').behind).toBeGreaterThanOrEqual(1_000);
    expect(states.peek('nobody:here')).toBeUndefined();
    await pool.close();
  });

  it('works for entries whose ids are no times, and for a stream that is empty', async () => {
    await client.xadd(STREAM, '1-1', 'data', '1');
    await client.xtrim(STREAM, 'MAXLEN', 0);
    const { following, has, channel } = desk();
    await following();
    await client.xadd(STREAM, '1-2', 'data', '1');
    await has(1);
    await until(() => channel()?.behind === 0, 4_000, 'not measured');
    expect(channel()).toMatchObject({ trimmedUnread: 0, pending: 0 });
  });
});
