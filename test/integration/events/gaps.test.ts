import type { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { until } from '../../support/redis-server.ts';
import { type Desk, useDesks } from './desk.ts';

let client: Redis;
const desk = useDesks(scene => ({ client } = scene));
const add = (number: number): Promise<string | null> =>
  client.xadd(
    'stream:trade-events',
    '*',
    ...['event_id', `n-${number}`, 'sequence_number', String(number), 'data', '1'],
  );

describe('a gap in the sequence', () => {
  it('is shown as open, and healed when the missing entries come late', async () => {
    const { following, has, channel, metrics, subscription } = desk();
    await following();
    for (const number of [1, 2, 5]) await add(number);
    await has(3);
    expect(subscription.status()).toMatchObject({
      gaps: 1,
      gapsSeen: [
        { channel: 'trade-events', epoch: 1, from: 3, to: 4, state: 'open', closedAt: null, missing: 2 },
      ],
    });
    expect(channel()?.gaps).toEqual({ open: 1, healed: 0, lost: 0 });
    await add(4);
    await add(3);
    await has(5);
    expect(subscription.status().gapsSeen).toMatchObject([
      { state: 'healed', missing: 0, closedAt: expect.any(Number) as number },
    ]);
    expect(channel()?.gaps).toEqual({ open: 0, healed: 1, lost: 0 });
    expect((await metrics.gapsClosed.get()).values).toMatchObject([
      { labels: { state: 'healed' }, value: 1 },
    ]);
    expect(subscription.status().duplicates).toBe(0);
  });

  it('is healed from the stream when the group was moved past entries', async () => {
    const { following, has, ids, channel } = desk();
    await following();
    await add(1);
    await has(1);
    const transaction = client.multi();
    for (const number of [2, 3])
      transaction.xadd(
        'stream:trade-events',
        '*',
        ...['event_id', `n-${number}`, 'sequence_number', String(number), 'data', '1'],
      );
    transaction.xgroup('SETID', 'stream:trade-events', 'desk:test', '$');
    await transaction.exec();
    await add(4);
    await has(4);
    expect(ids()).toEqual(['n-1', 'n-4', 'n-2', 'n-3']);
    expect(channel()?.gaps).toEqual({ open: 0, healed: 1, lost: 0 });
  });

  it('is declared lost with its range when its entries are nowhere, and healed if they come after all', async () => {
    const { following, has, channel, metrics, subscription } = desk({ gapAfterMs: 800 });
    await following();
    await add(1);
    const transaction = client.multi();
    for (const number of [2, 3, 4])
      transaction.xadd('stream:trade-events', `9999999999999-${number}`, 'sequence_number', String(number));
    transaction.xdel('stream:trade-events', '9999999999999-2', '9999999999999-3');
    await transaction.exec();
    await has(2);
    expect(channel()?.gaps.open).toBe(1);
    await until(() => channel()?.gaps.lost === 1, 4_000, 'it is not declared lost');
    expect(subscription.status().gapsSeen).toMatchObject([{ from: 2, to: 3, missing: 2, state: 'lost' }]);
    expect((await metrics.gapsClosed.get()).values).toMatchObject([{ labels: { state: 'lost' }, value: 1 }]);
    for (const number of [2, 3])
      await client.xadd('stream:trade-events', '*', 'sequence_number', String(number), 'data', '1');
    await has(4);
    expect(channel()?.gaps).toEqual({ open: 0, healed: 1, lost: 0 });
  });

  it('is no gap when the numbers start anew: that is a new epoch', async () => {
    const { following, has, channel, subscription } = desk();
    await following();
    for (const number of [1, 2, 3]) await add(number);
    for (const number of [1, 2])
      await client.xadd('stream:trade-events', '*', 'sequence_number', String(number), 'data', '1');
    await has(5);
    expect(channel()).toMatchObject({ epoch: 2, gaps: { open: 0, healed: 0, lost: 0 } });
    expect(subscription.status().gapsSeen).toEqual([]);
  });

  it('is not healed twice while another consumer of the group is given the entries', async () => {
    const first = desk({ consumer: 'one', tailCount: 0 });
    await first.following();
    const second = desk({ consumer: 'two', tailCount: 0 });
    await second.following();
    for (let number = 1; number <= 200; number += 1) await add(number);
    const both = (): string[] => [...first.ids(), ...second.ids()];
    await until(
      () => both().length >= 200,
      5_000,
      () => `only ${both().length} were applied`,
    );
    const closed = (one: Desk): boolean => one.channel()?.gaps.open === 0;
    await until(() => closed(first) && closed(second), 6_000, 'gaps stay open');
    expect(new Set(both()).size).toBe(200);
    expect(both()).toHaveLength(200);
    expect(first.ids().length).toBeGreaterThan(0);
    expect(second.ids().length).toBeGreaterThan(0);
    expect([first.channel()?.gaps.lost, second.channel()?.gaps.lost]).toEqual([0, 0]);
  });
});
