import type { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { until } from '../../support/redis-server.ts';
import { useDesks } from './desk.ts';

let client: Redis;
const desk = useDesks(scene => ({ client } = scene));
const add = (channel: string, id: string): Promise<string | null> =>
  client.xadd(`stream:${channel}`, '*', 'event_id', id, 'data', '1');
const groupsOf = async (channel: string): Promise<number> =>
  ((await client.xinfo('GROUPS', `stream:${channel}`)) as unknown[]).length;

describe('channels of a subscription', () => {
  it('apply 10,000 events of 20 channels once each and in order, however many patterns match', async () => {
    for (let channel = 0; channel < 10; channel += 1) await add(`trades:user_${channel}`, `first-${channel}`);
    const { applied, has, subscription, pool } = desk({
      channels: ['trades:*', 'trades:user_1*', '*:user_1', 'trades:user_3', '*'],
    });
    await until(() => subscription.status().state === 'following', 3_000, 'it does not follow');
    const sent = new Map<string, string[]>();
    for (let round = 0; round < 25; round += 1) {
      const pipeline = client.pipeline();
      for (let channel = 0; channel < 20; channel += 1) {
        const name = `trades:user_${channel}`;
        const ids = sent.get(name) ?? (channel < 10 ? [`first-${channel}`] : []);
        for (let number = 0; number < 20; number += 1) {
          const id = `${channel}-${round}-${number}`;
          ids.push(id);
          pipeline.xadd(`stream:${name}`, '*', 'event_id', id, 'data', '1');
        }
        sent.set(name, ids);
      }
      await pipeline.exec();
    }
    await has(10_010);
    const got = new Map<string, string[]>();
    for (const { channel, eventId } of applied) got.set(channel, [...(got.get(channel) ?? []), eventId]);
    expect(got).toEqual(sent);
    const status = subscription.status();
    expect(status).toMatchObject({ applied: 10_010, duplicates: 0, refused: 0 });
    expect(status.channels).toHaveLength(20);
    expect(status.channels.find(({ channel }) => channel === 'trades:user_1')).toMatchObject({
      via: ['trades:*', 'trades:user_1*', '*:user_1', '*'],
      applied: 501,
    });
    const clients = String(await client.client('LIST'));
    expect(clients.match(/cmd=xreadgroup/g)).toHaveLength(1);
    expect(pool.status().state).toBe('up');
  });

  it('are found within two seconds, with everything since their first entry, among 50,000 other keys', async () => {
    await client.eval("for i = 1, 50000 do redis.call('SET', 'published:' .. i, i) end", 0);
    const { following, phases, ids, subscription } = desk({ channels: ['trades:*', 'prices:*'] });
    await following();
    expect(subscription.status().channels).toEqual([]);
    const at = Date.now();
    const pipeline = client.pipeline();
    for (let number = 0; number < 300; number += 1)
      pipeline.xadd('stream:trades:new', '*', 'event_id', `n-${number}`, 'data', '1');
    await pipeline.exec();
    await until(() => ids().length >= 300, 3_000, 'the new channel was not found');
    expect(Date.now() - at).toBeLessThan(2_000);
    expect(ids()).toEqual(Array.from({ length: 300 }, (_, number) => `n-${number}`));
    expect(phases.get('n-0')).toBe('live');
    expect(await client.exists('stream:prices:new')).toBe(0);
  });

  it('that were trimmed before they were found say how many entries nobody saw', async () => {
    const { following, has, channel } = desk({ channels: ['trades:*'] });
    await following();
    const pipeline = client.multi();
    for (let number = 0; number < 30; number += 1)
      pipeline.xadd('stream:trades:new', 'MAXLEN', '=', 10, '*', 'event_id', `n-${number}`, 'data', '1');
    await pipeline.exec();
    await has(10);
    expect(channel('trades:new')).toMatchObject({ applied: 10, trimmedUnread: 20 });
  });

  it('can vanish, without being made again, and return', async () => {
    for (let number = 0; number < 30; number += 1) await add(`trades:${number}`, `a-${number}`);
    const { following, has, ids, metrics, subscription } = desk({ channels: ['trades:*', 'ui-events'] });
    const gauges = async () => (await metrics.streamLength.get()).values.map(({ labels }) => labels.channel);
    await following();
    await has(30);
    expect(await gauges()).toHaveLength(31);
    const pipeline = client.pipeline();
    for (let number = 0; number < 30; number += 2) pipeline.del(`stream:trades:${number}`);
    await pipeline.exec();
    await until(() => subscription.channels().length === 16, 3_000, 'they were not let go');
    expect(await client.exists('stream:trades:0')).toBe(0);
    expect(subscription.status().state).toBe('following');
    await add('trades:1', 'still-there');
    await has(31);
    await add('trades:0', 'returned-1');
    await add('trades:0', 'returned-2');
    await has(33);
    expect(ids().slice(-3)).toEqual(['still-there', 'returned-1', 'returned-2']);
    await until(async () => !(await gauges()).includes('trades:2'), 5_000, 'its measures stand still');
    await client.del('stream:ui-events');
    await until(async () => (await client.exists('stream:ui-events')) === 1, 3_000, 'it was not made again');
  });

  it('are added and let go while running, within a read, and go on where they stood', async () => {
    await add('orders', 'old');
    const { following, has, ids, phases, subscription } = desk();
    await following();
    subscription.follow('orders');
    subscription.follow('orders');
    subscription.follow('audit:*');
    await add('audit:x', 'x-1');
    await has(2, 1_900);
    expect(phases.get('old')).toBe('snapshot');
    expect(subscription.status().patterns).toEqual(['trade-events', 'orders', 'audit:*']);
    subscription.unfollow('orders');
    await until(() => !subscription.channels().includes('orders'), 1_000, 'it is still read');
    await add('orders', 'meanwhile');
    await add('trade-events', 'other');
    await has(3);
    expect(ids()).not.toContain('meanwhile');
    expect(await groupsOf('orders')).toBe(1);
    subscription.follow('orders');
    await has(4);
    expect(ids().at(-1)).toBe('meanwhile');
    expect(() => subscription.follow('orders:[0-9]')).toThrow(
      expect.objectContaining({ code: 'BAD_PATTERN' }),
    );
    expect(() => subscription.unfollow('')).toThrow(expect.objectContaining({ code: 'BAD_PATTERN' }));
  });

  it('can be none at all, and the first comes later', async () => {
    const { following, has, subscription } = desk({ channels: ['nothing:*'] });
    await following();
    subscription.follow('orders');
    await until(() => subscription.channels().includes('orders'), 1_000, 'it is not followed');
    await add('orders', 'a');
    await has(1);
  });

  it('that are no stream are tried again, and do not hold up the others', async () => {
    await client.set('stream:orders', 'text');
    const { following, has, subscription } = desk({ channels: ['trade-events', 'orders'] });
    await following();
    await add('trade-events', 'a');
    await has(1);
    expect(subscription.channels()).toEqual(['trade-events']);
    await client.del('stream:orders');
    await until(() => subscription.channels().includes('orders'), 4_000, 'it is not tried again');
    await client.set('stream:orders', 'text again');
    await add('trade-events', 'b');
    await has(2);
  });

  it('tell of at most 120 channels: those followed by name and the busiest', async () => {
    const pipeline = client.pipeline();
    for (let number = 0; number < 200; number += 1)
      pipeline.xadd(`stream:trades:${number}`, '*', 'event_id', `${number}`, 'data', '1');
    await pipeline.exec();
    const { following, has, subscription } = desk({ channels: ['trades:*', 'zzz'] });
    await following();
    await has(200);
    await new Promise(resolve => setTimeout(resolve, 5));
    await add('trades:77', 'busy');
    await has(201);
    const shown = subscription.status().channels.map(({ channel }) => channel);
    expect(shown).toHaveLength(120);
    expect(shown.slice(0, 2)).toEqual(['zzz', 'trades:77']);
    expect(subscription.channels()).toHaveLength(201);
  });
});
