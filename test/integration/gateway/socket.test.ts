import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { TenhertzError } from '../../../src/main/engine/errors.ts';
import { until } from '../../support/redis-server.ts';
import { CountedFrame } from '../../unit/gateway/fake-engine.ts';
import {
  nextFrame,
  openSocket,
  refusedUpgrade,
  startTestGateway,
  type TestGateway,
} from './gateway-process.ts';

let test: TestGateway;
let open: WebSocket[] = [];
beforeEach(async () => {
  test = await startTestGateway({ limits: { maxBufferedBytes: 1_000_000, maxInFlight: 2 } });
});
afterEach(async () => {
  for (const socket of open) socket.terminate();
  open = [];
  await test.stop();
});

const socket = async (headers: Record<string, string> = {}): Promise<WebSocket> => {
  const made = await openSocket(test.gateway, headers);
  open.push(made);
  return made;
};

describe('opening /ws', () => {
  it('needs the Origin of our own page, always', async () => {
    const { port, token } = test.gateway;
    const authorization = `Bearer ${token}`;
    expect(await refusedUpgrade(port, '/ws', { authorization })).toBe(403);
    expect(await refusedUpgrade(port, '/ws', { authorization, origin: 'http://evil.example' })).toBe(403);
    const origin = `http://127.0.0.1:${port}`;
    expect(await refusedUpgrade(port, '/ws', { authorization, origin, host: 'evil.example' })).toBe(403);
  });

  it('needs the token, and its cookie is one way to bring it', async () => {
    const { port, token } = test.gateway;
    const origin = `http://127.0.0.1:${port}`;
    expect(await refusedUpgrade(port, '/ws', { origin })).toBe(401);
    expect(await refusedUpgrade(port, '/ws', { origin, cookie: `tenhertz_${port}=wrong` })).toBe(401);
    await socket({ authorization: '', cookie: `other=1; tenhertz_${port}=${token}` });
  });

  it('is possible at /ws only', async () => {
    const { port, token } = test.gateway;
    const headers = { origin: `http://127.0.0.1:${port}`, authorization: `Bearer ${token}` };
    expect(await refusedUpgrade(port, '/other', headers)).toBe(404);
    expect(test.engine.connections.size).toBe(0);
  });

  it('survives a client that goes away in the middle', async () => {
    const raw = connect(test.gateway.port, '127.0.0.1');
    raw.write(`GET /ws HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n`);
    raw.resetAndDestroy();
    await socket();
  });
});

describe('commands', () => {
  it('are answered under their id', async () => {
    test.engine.answer = (command, args) => ({ command, args });
    const page = await socket();
    page.send(JSON.stringify({ id: 7, command: 'app.info', args: {} }));
    expect(await nextFrame(page)).toEqual({ id: 7, result: { command: 'app.info', args: {} } });
  });

  it('without a result answer null', async () => {
    test.engine.answer = () => undefined;
    const page = await socket();
    page.send(JSON.stringify({ id: 1, command: 'feed.follow', args: {} }));
    expect(await nextFrame(page)).toEqual({ id: 1, result: null });
  });

  it('that are refused answer with the code, and an unexpected error does not show its inside', async () => {
    const page = await socket();
    test.engine.answer = () => Promise.reject(new TenhertzError('BAD_ARGUMENTS', 'seq must be a number'));
    page.send(JSON.stringify({ id: 1, command: 'feed.confirm', args: {} }));
    expect(await nextFrame(page)).toEqual({
      id: 1,
      error: { code: 'BAD_ARGUMENTS', message: 'seq must be a number' },
    });
    test.engine.answer = () => Promise.reject(new Error('a secret inside'));
    page.send(JSON.stringify({ id: 2, command: 'feed.confirm', args: {} }));
    const answer = await nextFrame(page);
    expect(answer).toMatchObject({ id: 2, error: { code: 'INTERNAL' } });
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  it('beyond the limit under way are refused as busy', async () => {
    const waiting: (() => void)[] = [];
    test.engine.answer = () => new Promise<null>(resolve => waiting.push(() => resolve(null)));
    const page = await socket();
    for (const id of [1, 2, 3]) page.send(JSON.stringify({ id, command: 'app.info', args: {} }));
    expect(await nextFrame(page)).toMatchObject({ id: 3, error: { code: 'BUSY' } });
    for (const finish of waiting) finish();
    expect(await nextFrame(page)).toMatchObject({ id: 1, result: null });
  });

  it.each([
    'no json',
    '[]',
    '{"id":-1,"command":"x","args":{}}',
    '{"id":1,"command":"x","args":{},"more":1}',
    '{"id":1}',
  ])('that are no request end the connection: %s', async text => {
    const page = await socket();
    page.send(text);
    const [code] = (await once(page, 'close')) as [number];
    expect(code).toBe(1008);
    expect(test.engine.asked).toEqual([]);
  });

  it('as bytes end the connection', async () => {
    const page = await socket();
    page.send(Buffer.from('{"id":1,"command":"app.info","args":{}}'));
    expect(((await once(page, 'close')) as [number])[0]).toBe(1008);
  });

  it('larger than 64 KB end the connection', async () => {
    const page = await socket();
    page.send(JSON.stringify({ id: 1, command: 'app.info', args: { text: 'x'.repeat(65_536) } }));
    expect(((await once(page, 'close')) as [number])[0]).toBe(1009);
    await until(() => test.engine.connections.size === 0, 1_000, 'the engine kept the connection');
  });
});

describe('batches', () => {
  it('reach every client and are serialised once for all of them', async () => {
    const pages = [await socket(), await socket(), await socket()];
    const frame = new CountedFrame(5);
    const received = pages.map(nextFrame);
    test.engine.broadcast(frame);
    for (const got of await Promise.all(received))
      expect(got).toEqual({ event: 'feed.batch', payload: frame.batch });
    expect(frame.serialised).toBe(1);
  });

  it('end with the client', async () => {
    const page = await socket();
    expect(test.engine.connections.size).toBe(1);
    page.close();
    await until(() => test.engine.connections.size === 0, 1_000, 'the engine kept the connection');
  });

  it('cut a client that reads nothing, and no other', async () => {
    const slow = await socket();
    const quick = await socket();
    slow.pause();
    test.engine.answer = () => 'x'.repeat(400_000);
    let received = 0;
    quick.on('message', () => (received += 1));
    // The slow page asks and never reads: the kernel takes some megabytes, then they pile up with us.
    await until(
      async () => {
        slow.send(JSON.stringify({ id: 1, command: 'app.info', args: {} }));
        test.engine.broadcast(new CountedFrame(received));
        await new Promise(resolve => setTimeout(resolve, 1));
        return test.engine.connections.size === 1;
      },
      10_000,
      'the slow client was not cut',
    );
    expect(received).toBeGreaterThan(10);
    expect(quick.readyState).toBe(quick.OPEN);
    expect(await test.engine.metrics.registry.metrics()).toContain(
      'gateway_clients_cut_total{reason="buffer"} 1',
    );
  });
});

describe('a client', () => {
  it('that does not answer pings is cut after two heartbeats, one that answers stays', async () => {
    const silent = await socket();
    const awake = await socket();
    silent.pause();
    const pinged = once(awake, 'ping');
    await test.clock.advance(15_000);
    await pinged;
    // The pong is on its way back; an answer to a later command shows that it has arrived.
    awake.send(JSON.stringify({ id: 1, command: 'app.info', args: {} }));
    await nextFrame(awake);
    await test.clock.advance(15_000);
    await until(() => test.engine.connections.size === 1, 1_000, 'the silent client was not cut');
    expect(awake.readyState).toBe(awake.OPEN);
    expect(await test.engine.metrics.registry.metrics()).toContain(
      'gateway_clients_cut_total{reason="silent"} 1',
    );
  });

  it('is told when the program stops', async () => {
    const page = await socket();
    const closed = once(page, 'close');
    await test.stop();
    expect(((await closed) as [number])[0]).toBe(1001);
    test = await startTestGateway();
  });

  it('that ignores the goodbye is cut all the same', async () => {
    const page = await socket();
    page.pause();
    await test.stop();
    expect(test.clock.pending).toBe(0);
    test = await startTestGateway();
  });
});
