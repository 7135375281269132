import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ReplayLine } from '../../../src/shared/replay.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { until } from '../../support/redis-server.ts';
import { makeHost } from '../../unit/cli/fake-host.ts';
import { CommandBench } from './command-bench.ts';

let bench: CommandBench;
beforeAll(async () => {
  bench = await CommandBench.start();
});
afterAll(() => bench.stop());
beforeEach(() => bench.reset());

const TRADE = { id: 't1', action: 'buy', token_pair: 'SOL/USDC', amount: 2, price: 1e-7 };
const publishTrade = (...more: string[]) =>
  bench.on([
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
    const [[id, fields] = ['', []]] = await bench.client.xrange('stream:trade-events', '-', '+');
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
    expect(await bench.client.xlen('stream:trade-events')).toBe(1);
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
    expect(await bench.on(argv)).toMatchObject({
      code: 2,
      err: expect.stringContaining('data.price must be') as string,
    });
    expect((await publishTrade('--event-id', 'seven')).code).toBe(2);
    await bench.client.set('stream:trade-events', 'text');
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
    const { code, lines, err } = await bench.on(
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
    expect(await bench.on(['publish', '--stdin'])).toMatchObject({ code: 0, text: '', err: '' });
  });

  it('answers each line as it comes', async () => {
    const input = new Readable({ read: () => undefined });
    bench.host.process.stdin = input;
    const ended = bench.host.run(
      'publish',
      '--stdin',
      '--channel',
      'x',
      '--type',
      't',
      '--redis',
      bench.server.url,
    );
    for (let n = 1; n <= 3; n += 1) {
      input.push('{"data":1}\n');
      await until(() => bench.host.process.out.split('\n').length === n + 1, 2_000, 'no answer');
    }
    input.push(null);
    expect(await ended).toBe(0);
  });
});

describe('tenhertz publish, disturbed', () => {
  const endless = (): Readable => new Readable({ read: () => undefined });
  const answered = (host: CommandBench['host'], lines: number): Promise<void> =>
    until(() => host.process.out.split('\n').length === lines + 1, 5_000, 'no answer');

  it('by a signal, ends with what was published so far', async () => {
    const { host, server } = bench;
    const input = (host.process.stdin = endless());
    const ended = host.run('publish', '--stdin', '--channel', 'x', '--type', 't', '--redis', server.url);
    input.push('{"data":1}\n{"data":2}\n');
    await answered(host, 2);
    host.process.emit('SIGTERM');
    expect(await ended).toBe(1);
    expect(host.process.err).toBe('tenhertz: Interrupted before the end; what was done until then stays.\n');
    expect(host.process.eventNames()).toEqual([]);
  });

  it('by Redis going away for good, says at which line it stopped: exit code 4', async () => {
    const { server } = bench;
    const clock = new ManualClock();
    const host = makeHost({ clock });
    const input = (host.process.stdin = endless());
    const argv = ['publish', '--stdin', '--channel', 'x', '--type', 't', '--redis', server.url];
    const ended = host.run(...argv, '--log-level', 'silent');
    input.push('{"data":1}\n');
    await answered(host, 1);
    await server.kill();
    input.push('{"data":2}\n{"data":3}\n');
    let code: number | undefined;
    void ended.then(given => (code = given));
    await until(async () => (await clock.advance(500), code !== undefined), 10_000, 'it waits for ever');
    await server.restart();
    expect(code).toBe(4);
    expect(host.process.err).toMatch(
      /^tenhertz: Stopped at line 2, which was not published, nor were lines after/,
    );
    host.remove();
  });
});

describe('tenhertz replay', () => {
  it('prints what was published, which can be published again as it is', async () => {
    for (const pair of ['A', 'B']) await publishTrade('--source', pair);
    const { code, lines, text } = await bench.on(['replay', '--channel', 'trade-events', '--since', '-15m']);
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
    const again = await bench.on(['publish', '--stdin'], [text]);
    expect(again).toMatchObject({ code: 0, lines: [{ duplicate: true }, { duplicate: true }] });
    await bench.client.flushall();
    expect((await bench.on(['publish', '--stdin'], [text])).lines).toMatchObject([
      { sequence_number: 1 },
      { sequence_number: 2 },
    ]);
    const ids = (found: unknown[]) => found.map(line => (line as ReplayLine).event_id);
    expect(ids((await bench.on(['replay', '--channel', 'trade-events', '--since', '0'])).lines)).toEqual(
      ids(lines),
    );
  });

  it('of a channel nobody wrote to prints nothing, exit code 0', async () => {
    expect(await bench.on(['replay', '--channel', 'nobody', '--since', '0'])).toMatchObject({
      code: 0,
      text: '',
      err: '',
    });
  });

  it('counts on stderr what cannot be read', async () => {
    await bench.client.xadd('stream:x', '1-0', 'data', '{');
    await bench.client.xadd('stream:x', '2-0', 'data', '{}');
    const one = await bench.on(['replay', '--channel', 'x', '--since', '0']);
    expect(one.lines).toHaveLength(1);
    expect(one.err).toBe('tenhertz: 1 entry cannot be read and was left out (1-0: data is not JSON).\n');
    await bench.client.xadd('stream:x', '3-0', 'data', '{');
    expect((await bench.on(['replay', '--channel', 'x', '--since', '0'])).err).toContain(
      '2 entries cannot be read',
    );
  });

  it('with a speed keeps the pace', async () => {
    for (const id of ['1000-0', '1400-0']) await bench.client.xadd('stream:x', id, 'data', '{}');
    const start = performance.now();
    expect((await bench.on(['replay', '--channel', 'x', '--since', '0', '--speed', '2'])).lines).toHaveLength(
      2,
    );
    expect(performance.now() - start).toBeGreaterThanOrEqual(195);
  });
});
