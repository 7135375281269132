import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/main/engine/clock.ts';
import { createDeadLetterStore } from '../../../src/main/engine/events/dead-letter-store.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
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

const store = (more: { scan?: { keys: number } } = {}) =>
  createDeadLetterStore({ pool, clock: systemClock, ...more });
const DEAD = 'dead:{stream:trade-events}';
const STREAM = 'stream:trade-events';

/** A letter as the subscription writes it. */
async function letter(id: string, fields: string[] | string, more: string[] = []): Promise<void> {
  const text = typeof fields === 'string' ? fields : JSON.stringify(fields);
  const entry = ['reason', 'data is not JSON', 'stream', STREAM, 'entry_id', `${id.split('-')[0]}-9`];
  await pool.shared().xadd(DEAD, id, ...entry, 'group', 'desk:a', 'fields', text, ...more);
}

describe('dead letters', () => {
  it('are listed newest first, with reason, count and their original fields', async () => {
    await letter('1-0', ['data', '{', 'event_id', 'e1']);
    await letter('2-0', ['a', '1', 'a', '2'], ['count', '3']);
    expect(await store().list('trade-events', 10)).toEqual([
      {
        id: '2-0',
        at: 2,
        reason: 'data is not JSON',
        count: 3,
        entryId: '2-9',
        fields: [
          ['a', '1'],
          ['a', '2'],
        ],
      },
      {
        id: '1-0',
        at: 1,
        reason: 'data is not JSON',
        count: 1,
        entryId: '1-9',
        fields: [
          ['data', '{'],
          ['event_id', 'e1'],
        ],
      },
    ]);
    expect(await store().list('trade-events', 1)).toHaveLength(1);
    expect(await store().list('other', 1)).toEqual([]);
  });

  it('of another program are shown as far as they can be read', async () => {
    await pool.shared().xadd(DEAD, '1-0', 'anything', 'else');
    await letter('2-0', 'not json');
    await letter('3-0', '"text"');
    const letters = await store().list('trade-events', 10);
    expect(letters.map(({ fields }) => fields)).toEqual([[], [], []]);
    expect(letters[2]).toMatchObject({ reason: 'no reason was written', entryId: '', count: 1 });
  });

  it('go back into their stream as they were, and out of the dead letters', async () => {
    const fields = ['event_id', 'e1', 'sequence_number', '7', 'data', '{"ü":"\\u0000"}', 'note', 'ä "q" \n'];
    await letter('1-0', fields);
    await letter('2-0', ['event_id', 'e2', 'data', '{}']);
    expect(await store().requeue('trade-events', ['2-0', '1-0', '99-0'])).toBe(2);
    const entries = await pool.shared().xrange(STREAM, '-', '+');
    expect(entries.map(([, found]) => found)).toEqual([['event_id', 'e2', 'data', '{}'], fields]);
    expect(await pool.shared().xlen(DEAD)).toBe(0);
    expect(await store().requeue('trade-events', ['1-0'])).toBe(0);
    expect(await pool.shared().xlen(STREAM)).toBe(2);
  });

  it('without an event id get the identity they had, so that whoever applied them drops them', async () => {
    await letter('5-0', ['data', '{}']);
    await store().requeue('trade-events', ['5-0']);
    const [[, fields] = ['', []]] = await pool.shared().xrange(STREAM, '-', '+');
    expect(fields).toEqual(['data', '{}', 'event_id', `${STREAM}/5-9`]);
  });

  it('whose fields cannot be read stay where they are', async () => {
    for (const [n, text] of ['not json', '[]', '["odd"]', '5', 'null'].entries())
      await letter(`${n + 1}-0`, text);
    expect(await store().requeue('trade-events', ['1-0', '2-0', '3-0', '4-0', '5-0'])).toBe(0);
    expect(await pool.shared().xlen(DEAD)).toBe(5);
    expect(await pool.shared().exists(STREAM)).toBe(0);
  });

  it('stay when the stream refuses them, and it says how many went before', async () => {
    await pool.shared().set(STREAM, 'text');
    await letter('1-0', ['data', '{}']);
    await expect(store().requeue('trade-events', ['1-0'])).rejects.toMatchObject({
      code: 'REQUEUE_FAILED',
      facts: { moved: 0 },
    });
    await pool.shared().del(STREAM);
    await letter(
      '2-0',
      Array.from({ length: 9_000 }, (_, n) => String(n)),
    );
    await expect(store().requeue('trade-events', ['1-0', '2-0'])).rejects.toMatchObject({
      facts: { moved: 1 },
    });
    expect((await store().list('trade-events', 10)).map(({ id }) => id)).toEqual(['2-0']);
  });

  it('are dropped for good, counted', async () => {
    for (let n = 1; n <= 250; n += 1) await letter(`${n}-0`, ['a', 'b']);
    expect(
      await store().drop(
        'trade-events',
        Array.from({ length: 300 }, (_, n) => `${n + 51}-0`),
      ),
    ).toBe(200);
    expect(await pool.shared().xlen(DEAD)).toBe(50);
    expect(await pool.shared().exists(STREAM)).toBe(0);
  });

  it('are found all, oldest first, without those buried meanwhile', async () => {
    for (let n = 1; n <= 250; n += 1) await letter(`${n}-0`, ['a', 'b']);
    const seen: string[] = [];
    for await (const page of store().ids('trade-events')) {
      seen.push(...page);
      await letter(`${1_000 + seen.length}-0`, ['a', 'b']);
    }
    expect(seen).toEqual(Array.from({ length: 250 }, (_, n) => `${n + 1}-0`));
    for await (const page of store().ids('other')) expect(page).toEqual([]);
  });

  it('tell which channels have any', async () => {
    await letter('1-0', ['a', 'b']);
    await pool.shared().xadd('dead:{stream:prices:btc}', '1-0', 'a', 'b');
    await pool.shared().xadd('dead:{stream:empty}', '1-0', 'a', 'b');
    await pool.shared().xdel('dead:{stream:empty}', '1-0');
    expect(await store().channels()).toEqual({
      channels: [
        { channel: 'prices:btc', count: 1 },
        { channel: 'trade-events', count: 1 },
      ],
      complete: true,
    });
    expect((await store({ scan: { keys: 1 } }).channels()).complete).toBe(false);
  });
});
