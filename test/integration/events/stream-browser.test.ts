import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/main/engine/clock.ts';
import { createStreamBrowser } from '../../../src/main/engine/events/stream-browser.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { testPool } from '../../support/redis-pool.ts';
import { startTestRedis, type TestRedis } from '../../support/redis-server.ts';

let server: TestRedis;
let pool: RedisPool;
beforeAll(async () => {
  server = await startTestRedis();
  ({ pool } = testPool({ path: server.socketPath }));
  await pool.ready(5_000);
});
afterAll(async () => {
  await pool.close();
  await server.stop();
});
beforeEach(() => pool.shared().flushall());

const browser = (more: Partial<Parameters<typeof createStreamBrowser>[0]> = {}) =>
  createStreamBrowser({
    pool,
    clock: systemClock,
    group: 'desk:me',
    followed: () => ['trade-events'],
    ...more,
  });

async function fill(channel: string, count: number, from = 1): Promise<void> {
  const pipeline = pool.shared().pipeline();
  for (let n = from; n < from + count; n += 1)
    pipeline.xadd(`stream:${channel}`, `${n}-0`, 'data', String(n));
  await pipeline.exec();
}

describe('the streams on a server', () => {
  it('are listed with their length, times, counter, dead letters and whether they are followed', async () => {
    await fill('trade-events', 3, 1_000);
    await fill('others:x', 1, 5);
    await pool.shared().set('seq:{stream:trade-events}', '7');
    await pool.shared().xadd('dead:{stream:trade-events}', '*', 'reason', 'x');
    await pool.shared().set('stream:text', 'not a stream');
    const before = Date.now();
    const { at, streams, complete } = await browser({
      followed: () => ['trade-events', 'nobody-wrote'],
    }).list();
    expect(at).toBeGreaterThanOrEqual(before);
    expect(complete).toBe(true);
    expect(streams).toEqual([
      {
        channel: 'others:x',
        length: 1,
        firstEntryAt: 5,
        lastEntryAt: 5,
        sequence: null,
        dead: 0,
        followed: false,
        groups: [],
      },
      {
        channel: 'trade-events',
        length: 3,
        firstEntryAt: 1_000,
        lastEntryAt: 1_002,
        sequence: 7,
        dead: 1,
        followed: true,
        groups: [],
      },
    ]);
  });

  it('show each group with its place, counted from the data where the server is wrong', async () => {
    await fill('trade-events', 1_200);
    const client = pool.shared();
    await client.xgroup('CREATE', 'stream:trade-events', 'desk:me', '0');
    await client.xgroup('CREATE', 'stream:trade-events', 'end', '$');
    await client.xreadgroup('GROUP', 'desk:me', 'a', 'COUNT', 100, 'STREAMS', 'stream:trade-events', '>');
    await client.xgroup('CREATE', 'stream:trade-events', 'new', '0');
    await client.xdel('stream:trade-events', '150-0', '151-0');
    const clock = new ManualClock(2_000);
    const { streams } = await browser({ clock }).list();
    expect(streams[0]?.groups).toEqual([
      {
        name: 'desk:me',
        consumers: 1,
        pending: 100,
        oldestPendingMs: 1_999,
        behind: 1_098,
        lastDeliveredAt: 100,
        own: true,
      },
      {
        name: 'end',
        consumers: 0,
        pending: 0,
        oldestPendingMs: null,
        behind: 0,
        lastDeliveredAt: 1_200,
        own: false,
      },
      {
        name: 'new',
        consumers: 0,
        pending: 0,
        oldestPendingMs: null,
        behind: 1_198,
        lastDeliveredAt: null,
        own: false,
      },
    ]);
  });

  it('do not say how far behind a group is when counting would take too long', async () => {
    await fill('trade-events', 1_000);
    await pool.shared().xgroup('CREATE', 'stream:trade-events', 'g', '1-0');
    const behind = async (countGroup: number) =>
      (await browser({ countGroup }).list()).streams[0]?.groups[0]?.behind;
    expect(await behind(999)).toBe(null);
    expect(await behind(1_000)).toBe(999);
    expect((await browser({ countAll: 600 }).list()).streams[0]?.groups[0]?.behind).toBe(null);
  });

  it('are complete only when the search came to its end; what is followed is shown all the same', async () => {
    const pipeline = pool.shared().pipeline();
    for (let n = 0; n < 300; n += 1) pipeline.xadd(`stream:many:${n}`, '*', 'data', '1');
    pipeline.xadd('stream:trade-events', '*', 'data', '1');
    await pipeline.exec();
    const few = await browser({ scan: { keys: 20 } }).list();
    expect(few.complete).toBe(false);
    expect(few.streams.length).toBeLessThanOrEqual(21);
    expect(few.streams.map(({ channel }) => channel)).toContain('trade-events');
    const brief = await browser({ scan: { ms: 0, step: 10 } }).list();
    expect(brief.complete).toBe(false);
    expect((await browser().list()).streams).toHaveLength(301);
  });

  it('are only looked at', async () => {
    await fill('trade-events', 10);
    await pool.shared().xgroup('CREATE', 'stream:trade-events', 'g', '1-0');
    const dump = async () => [
      await pool.shared().dbsize(),
      await pool.shared().xinfo('STREAM', 'stream:trade-events', 'FULL'),
    ];
    const before = JSON.stringify(await dump());
    await browser().list();
    await browser().entries('trade-events', null, 5);
    expect(JSON.stringify(await dump())).toBe(before);
  });
});

describe('the entries of a stream', () => {
  it('come newest first, page by page, exactly as they are stored', async () => {
    await fill('trade-events', 5);
    await pool.shared().xadd('stream:trade-events', '6-0', 'a', '1', 'a', '2', '', '');
    const newest = await browser().entries('trade-events', null, 2);
    expect(newest).toEqual([
      {
        entryId: '6-0',
        at: 6,
        fields: [
          ['a', '1'],
          ['a', '2'],
          ['', ''],
        ],
      },
      { entryId: '5-0', at: 5, fields: [['data', '5']] },
    ]);
    const older = await browser().entries('trade-events', '5-0', 10);
    expect(older.map(({ entryId }) => entryId)).toEqual(['4-0', '3-0', '2-0', '1-0']);
    expect(await browser().entries('nobody-wrote', null, 10)).toEqual([]);
  });

  it('are refused for a key that is no stream', async () => {
    await pool.shared().set('stream:text', 'x');
    await expect(browser().entries('text', null, 1)).rejects.toMatchObject({ code: 'NOT_A_STREAM' });
  });
});
