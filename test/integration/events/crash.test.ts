import { fileURLToPath } from 'node:url';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeScript, type NodeChild, type NodeScript } from '../../support/node-child.ts';
import { startTestRedis, until, type TestRedis } from '../../support/redis-server.ts';
import { pendingOf, plainClient } from './desk.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
let server: TestRedis;
let client: Redis;
let script: NodeScript;

beforeAll(async () => {
  server = await startTestRedis();
  client = plainClient(server.socketPath);
  // A desk that says what it applies, and stands still for ever between applying `stop` and acknowledging it.
  script = await nodeScript(`
    import { systemClock } from '${root}src/main/engine/clock.ts';
    import { createSubscription } from '${root}src/main/engine/events/subscription.ts';
    import { silentLogger } from '${root}src/main/engine/logger.ts';
    import { testPool } from '${root}test/support/redis-pool.ts';
    import { writeSync } from 'node:fs';
    const { pool, metrics } = testPool({ path: process.argv[2] });
    createSubscription({
      pool, metrics, group: 'desk:test', consumer: 'main', channels: ['trade-events'], clock: systemClock, log: silentLogger,
      apply(events, phase) {
        for (const { eventId } of events) {
          writeSync(1, phase + ' ' + eventId + '\\n');
          if (phase === 'live' && eventId.startsWith('stop')) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
        }
      },
    }).start();
    setInterval(() => {}, 1_000);
  `);
});
afterAll(async () => {
  await script.remove();
  client.disconnect();
  await server.stop();
});

const add = async (...ids: string[]): Promise<void> => {
  const transaction = client.multi();
  for (const id of ids) transaction.xadd('stream:trade-events', '*', 'event_id', id, 'data', '1');
  await transaction.exec();
};
const lines = async (child: NodeChild, count: number): Promise<string[]> => {
  const read: string[] = [];
  while (read.length < count) read.push(await child.line());
  return read;
};

describe('a desk killed with -9 between applying and acknowledging', () => {
  it('is given nothing twice after its restart, however often it is killed', async () => {
    await add('a', 'b');
    let child = script.run([server.socketPath]);
    expect(await lines(child, 2)).toEqual(['snapshot a', 'snapshot b']);
    await until(
      async () => (await client.exists('stream:trade-events')) === 1 && (await groups()) === 1,
      5_000,
      'no group',
    );
    const known = ['a', 'b'];
    for (let round = 1; round <= 3; round += 1) {
      await add(`c-${round}`, `d-${round}`, `stop-${round}`, `never-${round}`);
      const applied = await lines(child, 3);
      expect(applied).toEqual([`live c-${round}`, `live d-${round}`, `live stop-${round}`]);
      await child.kill();
      expect(await pendingOf(client)).toBeGreaterThan(0);
      known.push(`c-${round}`, `d-${round}`, `stop-${round}`, `never-${round}`);
      child = script.run([server.socketPath]);
      // Everything once, what was not acknowledged included, and nothing after it.
      expect(await lines(child, known.length)).toEqual(known.map(id => `snapshot ${id}`));
      await until(async () => (await pendingOf(client)) === 0, 5_000, 'entries stay pending');
    }
    await add('last');
    expect(await child.line()).toBe('live last');
    await child.kill();
  });
});

async function groups(): Promise<number> {
  return ((await client.xinfo('GROUPS', 'stream:trade-events')) as unknown[]).length;
}
