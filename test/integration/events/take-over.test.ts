import type { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { forgetDesks, seeDesk } from '../../../src/main/engine/events/forget-desks.ts';
import { searchGap } from '../../../src/main/engine/events/heal-gaps.ts';
import { SequenceWatch } from '../../../src/main/engine/events/sequence-watch.ts';
import { takeOver } from '../../../src/main/engine/events/take-over.ts';
import { until, type TestRedis } from '../../support/redis-server.ts';
import { pendingOf, startDesk, useDesks } from './desk.ts';

const STREAM = 'stream:trade-events';
const GROUP = 'desk:test';
let server: TestRedis;
let client: Redis;
const desk = useDesks(scene => ({ client, server } = scene));
const add = async (from: number, to: number): Promise<string[]> => {
  const ids: string[] = [];
  for (let number = from; number <= to; number += 1)
    ids.push((await client.xadd(STREAM, '*', 'event_id', `n-${number}`, 'data', '1')) ?? '');
  return ids;
};
const groupNames = async (): Promise<string[]> =>
  ((await client.xinfo('GROUPS', STREAM)) as unknown[][]).map(group => String(group[1])).sort();

describe('entries of a dead consumer', () => {
  it('are taken over when they have waited too long, deleted ones let go and counted', async () => {
    await client.xgroup('CREATE', STREAM, GROUP, '$', 'MKSTREAM');
    const ids = await add(1, 150);
    await client.xreadgroup('GROUP', GROUP, 'dead', 'COUNT', 150, 'STREAMS', STREAM, '>');
    await client.xdel(STREAM, ids[0] ?? '', ids[70] ?? '', ids[149] ?? '');
    const { following, has, channel, subscription } = desk({ takeOverAfterMs: 300, tailCount: 0 });
    await following();
    expect(await pendingOf(client)).toBe(150);
    await has(147);
    await until(async () => (await pendingOf(client)) === 0, 6_000, 'entries stay pending');
    expect(channel()).toMatchObject({ applied: 147, duplicates: 0, trimmedUnread: 3 });
    expect(subscription.status().refused).toBe(0);
  });

  it('are not taken from a consumer that is merely busy', async () => {
    await client.xgroup('CREATE', STREAM, GROUP, '$', 'MKSTREAM');
    await add(1, 3);
    await client.xreadgroup('GROUP', GROUP, 'busy', 'COUNT', 3, 'STREAMS', STREAM, '>');
    const { following, channel } = desk({ takeOverAfterMs: 60_000, tailCount: 0 });
    await following();
    await until(() => channel()?.pending === 3, 4_000, 'not measured');
    await new Promise(resolve => setTimeout(resolve, 1_500));
    expect(await pendingOf(client)).toBe(3);
  });

  it('that are poison become dead letters once', async () => {
    await client.xgroup('CREATE', STREAM, GROUP, '$', 'MKSTREAM');
    await client.xadd(STREAM, '*', 'data', '{');
    await client.xreadgroup('GROUP', GROUP, 'dead', 'COUNT', 3, 'STREAMS', STREAM, '>');
    const { following, channel } = desk({ takeOverAfterMs: 300 });
    await following();
    await until(() => channel()?.dead === 1, 6_000, 'no dead letter');
    expect(await client.xlen('dead:{stream:trade-events}')).toBe(1);
    expect(await pendingOf(client)).toBe(0);
  });

  it('come back to the work of two consumers that share a group without overlap, when one of them ends', async () => {
    const one = desk({ consumer: 'one', takeOverAfterMs: 500 });
    const two = startDesk({ path: server.socketPath }, { consumer: 'two', takeOverAfterMs: 500 });
    await Promise.all([one.following(), two.following()]);
    for (let round = 0; round < 20; round += 1) await add(round * 20 + 1, round * 20 + 20);
    await until(() => one.ids().length + two.ids().length >= 400, 5_000, 'not all was applied');
    await client.xgroup('CREATECONSUMER', STREAM, GROUP, 'three');
    await two.stop();
    const held = client.multi();
    for (let number = 401; number <= 420; number += 1)
      held.xadd(STREAM, '*', 'event_id', `n-${number}`, 'data', '1');
    held.xreadgroup('GROUP', GROUP, 'two', 'COUNT', 10, 'STREAMS', STREAM, '>');
    await held.exec();
    const all = (): string[] => [...one.ids(), ...two.ids()];
    await until(
      () => all().length >= 420,
      6_000,
      () => `${all().length} of 420`,
    );
    expect(new Set(all()).size).toBe(420);
    expect(all()).toHaveLength(420);
    await until(async () => (await pendingOf(client)) === 0, 3_000, 'entries stay pending');
  });
});

describe('upkeep of a stream that has just vanished', () => {
  const about = { group: GROUP, consumer: 'main', idleMs: 0 };
  const gap = new SequenceWatch();
  gap.next(1, false, { entryId: '1-0', previousId: '0-0', now: 0 });
  gap.next(3, false, { entryId: '3-0', previousId: '1-0', now: 0 });

  it('takes nothing over, removes nothing, and says that it cannot be searched', async () => {
    expect(await takeOver(client, ['gone'], about)).toEqual([]);
    expect(await takeOver(client, [], about)).toEqual([]);
    expect(await forgetDesks(client, ['gone'], { own: GROUP, now: 0, afterMs: 0 })).toBe(0);
    const [open] = gap.open;
    if (open === undefined) throw new Error('no gap');
    await expect(searchGap(client, 'gone', open, about)).rejects.toThrow('no such key');
    await seeDesk(client, 'bench', 1);
    expect(await client.exists('desks')).toBe(0);
  });

  it('reads the holes that an old server leaves for deleted entries', async () => {
    const pipeline = {
      xautoclaim: () => pipeline,
      exec: () => Promise.resolve([[null, ['0-0', [null, ['1-0', ['data', '1']]]]]]),
    };
    const old = { pipeline: () => pipeline } as unknown as Redis;
    expect(await takeOver(old, ['a'], about)).toEqual([
      { channel: 'a', entries: [['1-0', ['data', '1']]], deleted: 0 },
    ]);
  });
});

describe('groups of desks that are gone', () => {
  it('are removed after a time, and no others', async () => {
    await add(1, 3);
    for (const group of ['desk:gone', 'desk:unknown', 'bots', 'desk:alive', 'desk:busy'])
      await client.xgroup('CREATE', STREAM, group, '0');
    await client.hset('desks', { 'desk:gone': Date.now() - 10_000, 'desk:alive': Date.now() + 60_000 });
    const { following } = desk({ forgetDesksAfterMs: 1_200 });
    const busy = setInterval(() => {
      void client.xreadgroup('GROUP', 'desk:busy', 'c', 'COUNT', 1, 'STREAMS', STREAM, '>');
    }, 100);
    await following();
    await until(async () => !(await groupNames()).includes('desk:gone'), 3_000, 'it is still there');
    expect(await groupNames()).toContain('desk:unknown');
    await until(async () => !(await groupNames()).includes('desk:unknown'), 4_000, 'it is still there');
    expect(await groupNames()).toEqual(['bots', 'desk:alive', 'desk:busy', 'desk:test']);
    clearInterval(busy);
    const seen = Number(await client.hget('desks', 'desk:test'));
    expect(Math.abs(Date.now() - seen)).toBeLessThan(5_000);
    expect(await client.ttl('desks')).toBe(-1);
  });

  it('are made anew when their desk comes back, and nothing is lost', async () => {
    const { following, has, ids } = desk();
    await following();
    await add(1, 3);
    await has(3);
    await client.xgroup('DESTROY', STREAM, GROUP);
    await add(4, 6);
    await has(6);
    expect(ids()).toEqual(['n-1', 'n-2', 'n-3', 'n-4', 'n-5', 'n-6']);
  });
});
