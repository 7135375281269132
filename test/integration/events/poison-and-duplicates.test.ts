import type { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { until, type TestRedis } from '../../support/redis-server.ts';
import { pendingOf, startDesk, useDesks } from './desk.ts';

let server: TestRedis;
let client: Redis;
const desk = useDesks(scene => ({ client, server } = scene));
const add = (fields: Record<string, string>, channel = 'trade-events'): Promise<string | null> =>
  client.xadd(`stream:${channel}`, '*', ...Object.entries(fields).flat());

describe('a subscription', () => {
  it('acknowledges pending entries that were trimmed meanwhile', async () => {
    await client.xgroup('CREATE', 'stream:trade-events', 'desk:test', '$', 'MKSTREAM');
    for (let number = 1; number <= 5; number += 1) await add({ event_id: `n-${number}`, data: '1' });
    await client.xreadgroup('GROUP', 'desk:test', 'main', 'STREAMS', 'stream:trade-events', '>');
    await client.xtrim('stream:trade-events', 'MAXLEN', 2);
    const { following, ids } = desk();
    await following();
    expect(ids()).toEqual(['n-4', 'n-5']);
    expect(await pendingOf(client)).toBe(0);
  });

  it('acknowledges pending entries of a stream that was trimmed to nothing', async () => {
    await client.xgroup('CREATE', 'stream:trade-events', 'desk:test', '$', 'MKSTREAM');
    await add({ data: '1' });
    await client.xreadgroup('GROUP', 'desk:test', 'main', 'STREAMS', 'stream:trade-events', '>');
    await client.xtrim('stream:trade-events', 'MAXLEN', 0);
    const { following, has, ids } = desk();
    await following();
    expect(ids()).toEqual([]);
    expect(await pendingOf(client)).toBe(0);
    await add({ event_id: 'next', data: '1' });
    await has(1);
  });

  it('drops events it has seen, and counts them', async () => {
    await add({ event_id: 'a', data: '1', sequence_number: '1' });
    await add({ event_id: 'a', data: '1', sequence_number: '1' });
    const { following, has, ids, metrics, subscription } = desk();
    await following();
    await add({ event_id: 'a', data: '1', sequence_number: '2' });
    await add({ event_id: 'b', data: '1', sequence_number: '3' });
    await has(2);
    expect(ids()).toEqual(['a', 'b']);
    expect(subscription.status()).toMatchObject({ duplicates: 2, gaps: 0 });
    expect((await metrics.duplicatesDropped.get()).values).toMatchObject([
      { labels: { channel: 'trade-events', layer: 'engine' }, value: 2 },
    ]);
  });

  it('counts a gap in the numbers, and goes on when they start anew', async () => {
    const { following, has, metrics, subscription } = desk();
    await following();
    for (const number of [1, 2, 5, 6, 1, 2]) await add({ data: '1', sequence_number: String(number) });
    await has(6);
    expect(subscription.status()).toMatchObject({ gaps: 1, applied: 6 });
    expect((await metrics.sequenceGaps.get()).values[0]?.value).toBe(1);
  });

  it('moves what it cannot read to the dead letters with the reason and the fields, once, and goes on', async () => {
    await add({ data: '{"price":' });
    await add({ data: '1', event_id: 'good-1' });
    const { following, has, metrics, stop, subscription } = startDesk(
      { path: server.socketPath },
      { channels: ['trade-events', 'price-updates'] },
    );
    await following();
    await add({ data: 'not json', sequence_number: '1' });
    await add({ data: '{"token":"SOL","price":"-3"}' }, 'price-updates');
    await add({ data: '1', event_id: 'good-2', sequence_number: '2' });
    await has(2);
    const dead = (channel: string) => client.xrange(`dead:{stream:${channel}}`, '-', '+');
    await until(async () => (await dead('price-updates')).length === 1, 2_000, 'no dead letter of the price');
    expect(subscription.status()).toMatchObject({ refused: 3, gaps: 0, applied: 2 });
    expect((await metrics.deadLetters.get()).values.map(({ value }) => value)).toEqual([2, 1]);
    const letters = (await dead('trade-events')).map(([, fields]) => fields);
    expect(letters).toHaveLength(2);
    expect(letters[1]).toEqual([
      ...[
        'reason',
        'data is not JSON',
        'count',
        '1',
        'stream',
        'stream:trade-events',
        'entry_id',
        expect.any(String) as string,
      ],
      ...['group', 'desk:test', 'refused_at', expect.stringMatching(/Z$/) as string],
      ...['fields', '["data","not json","sequence_number","1"]'],
    ]);
    expect((await dead('price-updates'))[0]?.[1]).toContain('price is not a decimal above zero');
    await until(async () => (await pendingOf(client)) === 0, 2_000, 'a dead letter stays pending');
    await stop();
    const again = desk({ channels: ['trade-events', 'price-updates'] });
    await again.following();
    expect(await dead('trade-events')).toHaveLength(2);
  });

  it('puts away a poison entry that it was given before a crash', async () => {
    await client.xgroup('CREATE', 'stream:trade-events', 'desk:test', '$', 'MKSTREAM');
    await add({ data: '{' });
    await client.xreadgroup('GROUP', 'desk:test', 'main', 'STREAMS', 'stream:trade-events', '>');
    const { following } = desk();
    await following();
    expect(await client.xlen('dead:{stream:trade-events}')).toBe(1);
    expect(await pendingOf(client)).toBe(0);
  });

  it('acknowledges no poison entry before its dead letter is written, and the stream goes on meanwhile', async () => {
    await client.set('dead:{stream:trade-events}', 'not a stream');
    const { following, has, subscription } = desk();
    await following();
    await add({ data: '{' });
    await add({ data: '1' });
    await add({ data: '[' });
    await has(1);
    await until(async () => (await pendingOf(client)) === 2, 2_000, 'not exactly the poison is pending');
    expect(subscription.status()).toMatchObject({ state: 'following', refused: 2, applied: 1 });
    expect(subscription.status().channels[0]).toMatchObject({ refused: 2, dead: 0 });
    await client.del('dead:{stream:trade-events}');
    await until(
      async () => (await client.xlen('dead:{stream:trade-events}')) === 2,
      6_000,
      'no dead letters',
    );
    await until(async () => (await pendingOf(client)) === 0, 2_000, 'not acknowledged after the letters');
    expect(subscription.status().channels[0]).toMatchObject({ refused: 2, dead: 2 });
  });

  it('puts away events that could not be applied, and the stream goes on', async () => {
    const seen: string[] = [];
    const { following, subscription } = desk({
      apply(events) {
        if (events.some(({ eventId }) => eventId === 'bad')) throw new Error('a fault of ours');
        seen.push(...events.map(({ eventId }) => eventId));
      },
    });
    await following();
    await add({ event_id: 'bad', data: '1' });
    await until(async () => (await client.xlen('dead:{stream:trade-events}')) === 1, 2_000, 'no dead letter');
    await add({ event_id: 'good', data: '1' });
    await until(() => seen.includes('good'), 2_000, 'the stream stopped');
    expect(subscription.status()).toMatchObject({ refused: 1, applied: 1 });
    const letter = (await client.xrange('dead:{stream:trade-events}', '-', '+'))[0]?.[1] ?? [];
    expect(letter).toContain('["event_id","bad","data","1"]');
    expect(letter.slice(0, 4)).toEqual(['reason', 'could not be applied', 'count', '3']);
    await until(async () => (await pendingOf(client)) === 0, 2_000, 'it stays pending');
  });

  it('tries an event three times, alone, before it is a dead letter, and takes it when it is put back', async () => {
    const tries: string[][] = [];
    let faulty = true;
    const { following, subscription } = desk({
      apply(events) {
        tries.push(events.map(({ eventId }) => eventId));
        if (faulty && events.some(({ eventId }) => eventId === 'bad')) throw new Error('a fault of ours');
      },
    });
    await following();
    const transaction = client.multi();
    for (const id of ['a', 'bad', 'b'])
      transaction.xadd('stream:trade-events', '*', 'event_id', id, 'data', '1');
    await transaction.exec();
    await until(async () => (await client.xlen('dead:{stream:trade-events}')) === 1, 2_000, 'no dead letter');
    expect(tries).toEqual([['a', 'bad', 'b'], ['a'], ['bad'], ['bad'], ['bad'], ['b']]);
    faulty = false;
    await add({ event_id: 'bad', data: '1' });
    await until(() => subscription.status().applied === 3, 2_000, 'what was put back is not applied');
    expect(subscription.status()).toMatchObject({ duplicates: 0, refused: 1 });
  });

  it('forgives an event that fails less often than the limit', async () => {
    let left = 2;
    const { following, subscription } = desk({
      apply() {
        left -= 1;
        if (left >= 0) throw new Error('a fault of ours');
      },
    });
    await following();
    await add({ event_id: 'bad', data: '1' });
    await until(() => subscription.status().applied === 1, 2_000, 'it was not tried again');
    expect(subscription.status()).toMatchObject({ refused: 0 });
  });
});
