import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ReplayLine } from '../../../src/shared/replay.ts';
import { openDataDir } from '../../../src/main/engine/config/data-dir.ts';
import { processesOf } from '../../support/processes.ts';
import { startTestRedis, until, type TestRedis } from '../../support/redis-server.ts';
import { makeHost } from '../../unit/cli/fake-host.ts';

let server: TestRedis;
let client: Redis;
let host: ReturnType<typeof makeHost>;
beforeAll(async () => {
  server = await startTestRedis();
  client = new Redis({ path: server.socketPath });
});
afterAll(async () => {
  client.disconnect();
  await server.stop();
});
beforeEach(async () => {
  await client.flushall();
  host = makeHost();
});
afterEach(() => host.remove());

/** One command on the test's server: its exit code and what it wrote. */
async function on(
  argv: string[],
  input: string[] = [],
): Promise<{ code: number; lines: unknown[]; text: string; err: string }> {
  const { process } = host;
  process.out = '';
  process.err = '';
  process.stdin = Readable.from(input);
  const code = await host.run(...argv, '--redis', server.url, '--log-level', 'silent');
  expect(process.eventNames()).toEqual([]);
  const text = process.out;
  const lines = text.startsWith('{')
    ? text
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line) as unknown)
    : [];
  return { code, lines, text, err: process.err };
}

const TRADE = { id: 't1', action: 'buy', token_pair: 'SOL/USDC', amount: 2, price: 1e-7 };
const publishTrade = (...more: string[]) =>
  on([
    'publish',
    '--channel',
    'trade-events',
    '--type',
    'trade_executed',
    '--data',
    JSON.stringify(TRADE),
    ...more,
  ]);

describe('tenhertz publish', () => {
  it('publishes one event and prints where it is', async () => {
    const { code, lines } = await publishTrade('--source', 'bot');
    expect(code).toBe(0);
    const [[id, fields] = ['', []]] = await client.xrange('stream:trade-events', '-', '+');
    expect(lines).toEqual([{ event_id: fields[1], sequence_number: 1, id }]);
    expect(fields.slice(2, 6)).toEqual(['event_type', 'trade_executed', 'source', 'bot']);
    expect(JSON.parse(fields[11] ?? '')).toMatchObject({
      amount: '2',
      price: '0.0000001',
      timestamp: fields[7],
    });
  });

  it('says when the id was published before', async () => {
    const eventId = randomUUID();
    const [first] = (await publishTrade('--event-id', eventId)).lines;
    expect((await publishTrade('--event-id', eventId)).lines).toEqual([
      { ...(first as object), duplicate: true },
    ]);
    expect(await client.xlen('stream:trade-events')).toBe(1);
  });

  it('refuses an event that cannot be one: exit code 2, and its field', async () => {
    const argv = [
      'publish',
      '--channel',
      'price-updates',
      '--type',
      'price_update',
      '--data',
      '{"token":"SOL"}',
    ];
    expect(await on(argv)).toMatchObject({
      code: 2,
      err: expect.stringContaining('data.price must be') as string,
    });
    expect((await publishTrade('--event-id', 'seven')).code).toBe(2);
    await client.set('stream:trade-events', 'text');
    expect(await publishTrade()).toMatchObject({
      code: 1,
      err: expect.stringContaining('is a stream') as string,
    });
  });

  it('publishes lines in order; bad ones are told with their number, the good ones go through: exit code 1', async () => {
    const input = [
      '{"data":{"n":1}}\n{"data"',
      ':{"n":2},"channel":"other"}\n\nnot json\n{"data":{},"type":"price_update"}\n',
      '{"data":{"n":3},"channel":"no channel"}\n{"data":{"n":4}}',
    ];
    const { code, lines, err } = await on(
      ['publish', '--stdin', '--channel', 'ui-events', '--type', 'note'],
      input,
    );
    expect(code).toBe(1);
    expect(lines).toMatchObject([{ sequence_number: 1 }, { sequence_number: 1 }, { sequence_number: 2 }]);
    expect(err.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^tenhertz: line 4: it is not JSON/),
      expect.stringMatching(/^tenhertz: line 5: This price_update cannot be published: data\.token/),
      expect.stringMatching(/^tenhertz: line 6: .*channel is "no channel"/),
      'tenhertz: 3 lines were not published; all others were.',
    ]);
  });

  it('with nothing to read has nothing to do', async () => {
    expect(await on(['publish', '--stdin'])).toMatchObject({ code: 0, text: '', err: '' });
  });

  it('answers each line as it comes', async () => {
    const input = new Readable({ read: () => undefined });
    host.process.stdin = input;
    const ended = host.run('publish', '--stdin', '--channel', 'x', '--type', 't', '--redis', server.url);
    for (let n = 1; n <= 3; n += 1) {
      input.push('{"data":1}\n');
      await until(() => host.process.out.split('\n').length === n + 1, 2_000, 'no answer');
    }
    input.push(null);
    expect(await ended).toBe(0);
  });
});

describe('tenhertz replay', () => {
  it('prints what was published, which can be published again as it is', async () => {
    for (const pair of ['A', 'B']) await publishTrade('--source', pair);
    const { code, lines, text } = await on(['replay', '--channel', 'trade-events', '--since', '-15m']);
    expect(code).toBe(0);
    expect(lines).toMatchObject([
      {
        event_type: 'trade_executed',
        channel: 'trade-events',
        source: 'A',
        sequence_number: 1,
        data: { id: 't1' },
      },
      { source: 'B', sequence_number: 2 },
    ]);
    const again = await on(['publish', '--stdin'], [text]);
    expect(again).toMatchObject({ code: 0, lines: [{ duplicate: true }, { duplicate: true }] });
    await client.flushall();
    expect((await on(['publish', '--stdin'], [text])).lines).toMatchObject([
      { sequence_number: 1 },
      { sequence_number: 2 },
    ]);
    const ids = (found: unknown[]) => found.map(line => (line as ReplayLine).event_id);
    expect(ids((await on(['replay', '--channel', 'trade-events', '--since', '0'])).lines)).toEqual(
      ids(lines),
    );
  });

  it('of a channel nobody wrote to prints nothing, exit code 0', async () => {
    expect(await on(['replay', '--channel', 'nobody', '--since', '0'])).toMatchObject({
      code: 0,
      text: '',
      err: '',
    });
  });

  it('counts on stderr what cannot be read', async () => {
    await client.xadd('stream:x', '1-0', 'data', '{');
    await client.xadd('stream:x', '2-0', 'data', '{}');
    const one = await on(['replay', '--channel', 'x', '--since', '0']);
    expect(one.lines).toHaveLength(1);
    expect(one.err).toBe('tenhertz: 1 entry cannot be read and was left out (1-0: data is not JSON).\n');
    await client.xadd('stream:x', '3-0', 'data', '{');
    expect((await on(['replay', '--channel', 'x', '--since', '0'])).err).toContain(
      '2 entries cannot be read',
    );
  });

  it('with a speed keeps the pace', async () => {
    for (const id of ['1000-0', '1400-0']) await client.xadd('stream:x', id, 'data', '{}');
    const start = performance.now();
    expect((await on(['replay', '--channel', 'x', '--since', '0', '--speed', '2'])).lines).toHaveLength(2);
    expect(performance.now() - start).toBeGreaterThanOrEqual(195);
  });
});

describe('tenhertz dead', () => {
  const bury = async (count: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let n = 1; n <= count; n += 1) {
      const fields = JSON.stringify(['event_id', `e${n}`, 'data', '{']);
      const entry = [
        'reason',
        'data is not \u001b[31mJSON',
        'count',
        '2',
        'entry_id',
        `${n}-0`,
        'fields',
        fields,
      ];
      ids.push((await client.xadd('dead:{stream:trade-events}', '*', ...entry)) ?? '');
    }
    return ids;
  };

  it('tells the channels, and the letters of one, newest first', async () => {
    expect((await on(['dead'])).text).toBe('There are no dead letters.\n');
    expect((await on(['dead', '--channel', 'trade-events'])).text).toBe(
      '"trade-events" has no dead letters.\n',
    );
    const [first = '', second = ''] = await bury(2);
    expect((await on(['dead'])).text).toBe('trade-events  2\n');
    expect((await on(['dead', '--json'])).lines).toEqual([
      { channels: [{ channel: 'trade-events', count: 2 }], complete: true },
    ]);
    const { text } = await on(['dead', '--channel', 'trade-events']);
    expect(text.split('\n').map(line => line.split(' ')[0])).toEqual([second, first, '']);
    expect(text).toContain(
      'data is not ?[31mJSON, tried 2 times; entry 1-0  [["event_id","e1"],["data","{"]]',
    );
    expect((await on(['dead', '--channel', 'trade-events', '--json'])).lines).toMatchObject([
      {
        channel: 'trade-events',
        letters: [{ id: second }, { id: first, count: 2, entryId: '1-0' }],
        more: false,
      },
    ]);
  });

  it('shows a hundred, or all', async () => {
    await bury(102);
    const some = await on(['dead', '--channel', 'trade-events']);
    expect(some.text.split('\n')).toHaveLength(102);
    expect(some.text).toContain('--all shows every one');
    expect((await on(['dead', '--channel', 'trade-events', '--all'])).text.split('\n')).toHaveLength(103);
  });

  it('puts letters back, drops them, and says how many there were', async () => {
    const [a = '', b = '', c = ''] = await bury(5);
    const back = await on(['dead', '--channel', 'trade-events', '--requeue', a, '1-0']);
    expect(back).toMatchObject({ code: 0, text: '1 requeued; 1 of the ids given are not there.\n' });
    expect(await client.xrange('stream:trade-events', '-', '+')).toMatchObject([
      [expect.any(String), ['event_id', 'e1', 'data', '{']],
    ]);
    expect((await on(['dead', '--channel', 'trade-events', '--drop', b, c])).text).toBe('2 dropped.\n');
    expect((await on(['dead', '--channel', 'trade-events', '--requeue', '--all', '--json'])).lines).toEqual([
      { channel: 'trade-events', requeued: 2 },
    ]);
    expect(await client.xlen('stream:trade-events')).toBe(3);
    await bury(3);
    expect((await on(['dead', '--channel', 'trade-events', '--drop', '--all'])).text).toBe('3 dropped.\n');
    expect(await client.xlen('dead:{stream:trade-events}')).toBe(0);
  });
});

describe('where the commands find Redis', () => {
  it('with none running they start their own, keep its data, and leave nothing running', async () => {
    const argv = ['--channel', 'x', '--type', 't', '--data', '1'];
    expect(await host.run('publish', ...argv)).toBe(0);
    expect(await host.run('publish', ...argv)).toBe(0);
    host.process.out = '';
    expect(await host.run('replay', '--channel', 'x', '--since', '0')).toBe(0);
    expect(host.process.out.trimEnd().split('\n')).toHaveLength(2);
    expect(host.process.err).toBe('');
    expect(await processesOf(host.rootDir)).toEqual([]);
  });

  it('several at once take turns', async () => {
    const argv = ['publish', '--channel', 'x', '--type', 't', '--data', '1'];
    expect(await Promise.all([host.run(...argv), host.run(...argv), host.run(...argv)])).toEqual([0, 0, 0]);
    const numbers = host.process.out
      .trimEnd()
      .split('\n')
      .map(line => (JSON.parse(line) as ReplayLine).sequence_number);
    expect(numbers.sort()).toEqual([1, 2, 3]);
  });

  it('beside an app they use its Redis, waiting until it says where that is', async () => {
    const dataDir = await openDataDir(host.process.env['TENHERTZ_DATA_DIR'] ?? '');
    const ended = host.run('publish', '--channel', 'x', '--type', 't', '--data', '1');
    await new Promise(resolve => setTimeout(resolve, 150));
    await dataDir.writeRuntime({ url: null, redis: server.url, startedAt: 0 });
    expect(await ended).toBe(0);
    expect(await client.xlen('stream:x')).toBe(1);
    await dataDir.close();
  });

  it('beside an app whose Redis is gone they say so: exit code 4', async () => {
    const dataDir = await openDataDir(host.process.env['TENHERTZ_DATA_DIR'] ?? '');
    await dataDir.writeRuntime({ url: null, redis: 'unix:///nowhere/redis.sock', startedAt: 0 });
    expect(await host.run('dead', '--log-level', 'silent')).toBe(4);
    await dataDir.close();
  });

  it('without a redis-server they say how to get one: exit code 4, and the data directory is free again', async () => {
    host.process.env['TENHERTZ_REDIS_SERVER'] = '/nowhere/redis-server';
    expect(await host.run('dead')).toBe(4);
    delete host.process.env['TENHERTZ_REDIS_SERVER'];
    expect(await host.run('dead')).toBe(0);
  });

  it('take the server of the environment before all of that', async () => {
    host.process.env['REDIS_URL'] = server.url;
    expect(await host.run('publish', '--channel', 'x', '--type', 't', '--data', '1')).toBe(0);
    expect(await client.xlen('stream:x')).toBe(1);
  });
});
