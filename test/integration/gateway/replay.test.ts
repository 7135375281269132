import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/main/engine/clock.ts';
import { TenhertzError } from '../../../src/main/engine/errors.ts';
import { createReplay, replayText } from '../../../src/main/engine/events/replay.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import { testPool } from '../../support/redis-pool.ts';
import { startTestRedis, until, type TestRedis } from '../../support/redis-server.ts';
import { ask, startTestGateway, type Answer, type TestGateway } from './gateway-process.ts';

let server: TestRedis;
let pool: RedisPool;
let test: TestGateway;
beforeAll(async () => {
  server = await startTestRedis();
  ({ pool } = testPool({ path: server.socketPath }));
  await pool.ready(5_000);
  test = await startTestGateway();
});
afterAll(async () => {
  await test.stop();
  await pool.close();
  await server.stop();
});
/** Pieces taken from the engine, and replays that have ended. */
let pieces = 0;
let ended = 0;
beforeEach(async () => {
  await pool.shared().flushall();
  const replay = createReplay({ pool, clock: systemClock });
  pieces = 0;
  ended = 0;
  test.engine.replay = async function* (query, options) {
    try {
      for await (const piece of replayText(replay, query, options)) {
        pieces += 1;
        yield piece;
      }
    } finally {
      ended += 1;
    }
  };
});

const headers = (): Record<string, string> => ({ authorization: `Bearer ${test.gateway.token}` });
const get = (parameters: string): Promise<Answer> =>
  ask(test.gateway.port, `/replay?${parameters}`, headers());

/** A request whose answer is read by hand. */
async function open(parameters: string): Promise<IncomingMessage> {
  const path = `/replay?${parameters}`;
  const sent = request({
    agent: false,
    host: '127.0.0.1',
    port: test.gateway.port,
    path,
    headers: headers(),
  });
  sent.on('error', () => undefined).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return answer.on('error', () => undefined);
}

async function fill(count: number, text = 'x'): Promise<void> {
  const pipeline = pool.shared().pipeline();
  for (let n = 1; n <= count; n += 1)
    pipeline.xadd('stream:trade-events', `${n}-0`, 'sequence_number', n, 'data', JSON.stringify(text));
  await pipeline.exec();
}

describe('GET /replay', () => {
  it('gives the events of a channel as NDJSON', async () => {
    await fill(2_500);
    const answer = await get('channel=trade-events&since=100&until=2400');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/x-ndjson');
    expect(answer.headers['cache-control']).toBe('no-store');
    const numbers = answer.body
      .trimEnd()
      .split('\n')
      .map(line => (JSON.parse(line) as { sequence_number: number }).sequence_number);
    expect(numbers).toEqual(Array.from({ length: 2_301 }, (_, n) => n + 100));
  });

  it('of a channel nobody wrote to is empty, not an error', async () => {
    expect(await get('channel=nobody&since=-15m')).toMatchObject({ status: 200, body: '' });
  });

  it('leaves out what cannot be read, and counts it', async () => {
    await pool.shared().xadd('stream:trade-events', '1-0', 'data', '{');
    await pool.shared().xadd('stream:trade-events', '2-0', 'data', '{}');
    expect((await get('channel=trade-events&since=0')).body.trimEnd().split('\n')).toHaveLength(1);
    expect(await test.engine.metrics.registry.metrics()).toContain(
      'tenhertz_events_refused_total{channel="trade-events",reason="data is not JSON"} 1',
    );
  });

  it('understands a time zone with an unescaped plus, and a speed', async () => {
    await fill(3);
    const answer = await get('channel=trade-events&since=1970-01-01T01:00:00.002+01:00&speed=1000');
    expect(answer.body.trimEnd().split('\n')).toHaveLength(2);
  });

  it.each([
    ['', 'BAD_CHANNEL'],
    ['channel=trades:*&since=0', 'BAD_CHANNEL'],
    ['channel=x', 'BAD_TIME'],
    ['channel=x&since=noon', 'BAD_TIME'],
    ['channel=x&since=2&until=1', 'BAD_TIME'],
    ['channel=x&since=0&speed=0', 'BAD_SPEED'],
    ['channel=x&channel=y&since=0', 'BAD_PARAMETER'],
    ['channel=x&since=0&limit=5', 'BAD_PARAMETER'],
  ])('"%s" is a bad parameter: 400 that says what is wrong', async (parameters, code) => {
    const answer = await get(parameters);
    expect(answer.status).toBe(400);
    const { error } = JSON.parse(answer.body) as { error: { code: string; message: string } };
    expect(error.code).toBe(code);
    expect(error.message.length).toBeGreaterThan(10);
    expect(pieces).toBe(0);
  });

  it('wants the token', async () => {
    expect((await ask(test.gateway.port, '/replay?channel=x&since=0')).status).toBe(401);
    const token = await ask(test.gateway.port, `/replay?channel=x&since=0&token=${test.gateway.token}`);
    expect(token).toMatchObject({ status: 302, headers: { location: '/replay?channel=x&since=0' } });
  });

  it('is not answered to HEAD or POST', async () => {
    for (const method of ['HEAD', 'POST'])
      expect((await ask(test.gateway.port, '/replay?channel=x&since=0', headers(), method)).status).toBe(404);
  });

  it('reads no further than the client, and ends when the client goes', async () => {
    await fill(20_000, 'x'.repeat(2_000));
    const answer = await open('channel=trade-events&since=0');
    await once(answer, 'readable');
    await new Promise(resolve => setTimeout(resolve, 300));
    const read = pieces;
    // 40 MB are there; what was read lies in the sockets' buffers.
    expect(read * 32_768).toBeLessThan(15_000_000);
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(pieces).toBe(read);
    expect(ended).toBe(0);
    answer.destroy();
    await until(() => ended === 1, 2_000, 'the replay went on without a client');
  });

  it('ends when the client goes while it waits for its pace', async () => {
    await fill(1);
    await pool.shared().xadd('stream:trade-events', '90000000-0', 'data', '1');
    const answer = await open('channel=trade-events&since=0&speed=1');
    const [first] = (await once(answer, 'data')) as [Buffer];
    expect(first.toString()).toContain('"id":"1-0"');
    expect(ended).toBe(0);
    answer.destroy();
    await until(() => ended === 1, 2_000, 'it waits for nobody');
  });

  it('is cut short when it fails in the middle, so that it never looks complete', async () => {
    test.engine.replay = async function* () {
      yield '{"n":1}\n';
      await new Promise(resolve => setTimeout(resolve, 20));
      throw new TenhertzError('REDIS_DOWN', 'away');
    };
    const answer = await open('channel=x&since=0');
    expect(answer.statusCode).toBe(200);
    answer.resume();
    await new Promise(resolve => answer.once('close', resolve));
    expect(answer.complete).toBe(false);
  });

  it('says what is wrong before its first line, and hides what is unexpected', async () => {
    for (const [error, status, code] of [
      [new TenhertzError('REDIS_DOWN', 'Redis cannot be used.', { exitCode: 4 }), 503, 'REDIS_DOWN'],
      [new TenhertzError('NOT_STARTED', 'Starting.'), 503, 'NOT_STARTED'],
      [new TenhertzError('NOT_A_STREAM', 'stream:x is not a stream.'), 400, 'NOT_A_STREAM'],
      [new Error('secret'), 500, 'INTERNAL'],
    ] as const) {
      test.engine.replay = () => {
        throw error;
      };
      const answer = await get('channel=x&since=0');
      expect(answer.status).toBe(status);
      expect(JSON.parse(answer.body)).toMatchObject({ error: { code } });
      expect(answer.body).not.toContain('secret');
    }
  });
});
