import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { createWsConnection, type WsConnection } from '../../../src/main/engine/sources/ws-connection.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { until } from '../../support/redis-server.ts';
import { startWsServer } from '../../support/venues/ws-venue.ts';

let undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
  undo = [];
});

function connect(url: string, more: Partial<Parameters<typeof createWsConnection>[0]> = {}) {
  const clock = new ManualClock();
  const onOpen = vi.fn();
  const onText = vi.fn();
  const onBadFrame = vi.fn();
  const connection = createWsConnection({ url, clock, onOpen, onText, onBadFrame, random: () => 0, ...more });
  undo.push(() => connection.stop());
  connection.start();
  return { clock, connection, onOpen, onText, onBadFrame };
}
const phase = (connection: WsConnection, wanted: string) =>
  until(
    () => connection.status().phase === wanted,
    5_000,
    () => JSON.stringify(connection.status()),
  );
async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  undo.push(() => new Promise(done => server.close(done)));
  return (server.address() as AddressInfo).port;
}
const serve = async (onText = () => undefined) => {
  const server = await startWsServer({ onConnect: () => undefined, onText });
  undo.push(() => server.stop());
  return server;
};

test('a server that is not there is tried again after 250 ms, 500 ms … up to the cap', async () => {
  const { clock, connection } = connect('ws://127.0.0.1:1');
  const waits: number[] = [];
  for (let attempt = 1; attempt <= 7; attempt += 1) {
    await until(() => connection.status().attempt === attempt, 5_000, `no attempt ${attempt}`);
    await phase(connection, 'waiting');
    const wait = (connection.status().nextAttemptAt ?? 0) - clock.now();
    waits.push(wait);
    await clock.advance(wait);
  }
  expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  expect(connection.status()).toMatchObject({
    trouble: 'down',
    message: expect.stringContaining('ECONNREFUSED') as string,
  });
});

test('a server that accepts and never answers the handshake is given up after 10 s', async () => {
  const sockets: { destroy(): void }[] = [];
  const port = await listen(createServer(socket => void sockets.push(socket)));
  const { clock, connection } = connect(`ws://127.0.0.1:${port}`);
  await until(() => sockets.length === 1, 5_000, 'not connected');
  await clock.advance(9_999);
  expect(connection.status().phase).toBe('connecting');
  await clock.advance(1);
  await phase(connection, 'waiting');
  expect(connection.status().message).toBe('no answer within 10 s');
  for (const socket of sockets) socket.destroy();
});

test.each([
  [403, 'refused'],
  [451, 'refused'],
  [429, 'rate-limited'],
  [502, 'down'],
])('HTTP %d instead of a feed is %s', async (code, trouble) => {
  const server = createHttpServer();
  server.on('upgrade', (_request, socket) => socket.end(`HTTP/1.1 ${code} No\r\nConnection: close\r\n\r\n`));
  const port = await listen(server);
  const { connection } = connect(`ws://127.0.0.1:${port}`);
  await phase(connection, 'waiting');
  expect(connection.status()).toMatchObject({
    trouble,
    message: expect.stringContaining(String(code)) as string,
  });
});

test('an address that is none is a failed attempt, not a crash', async () => {
  const { connection } = connect('ws://');
  await phase(connection, 'waiting');
  expect(connection.status().trouble).toBe('down');
});

test('a connection that held 10 s starts the back-off anew, a shorter one does not', async () => {
  const server = await serve();
  const { clock, connection, onOpen } = connect(server.url);
  await phase(connection, 'open');
  server.closeClients();
  await phase(connection, 'waiting');
  await clock.advance(250);
  await phase(connection, 'open');
  expect(connection.status()).toMatchObject({ attempt: 1, message: null });
  for (let second = 0; second < 10; second += 1) {
    await clock.advance(1_000);
    server.inject('{}');
    await new Promise(done => setTimeout(done, 5));
  }
  await until(() => connection.status().attempt === 0, 5_000, 'the attempts were not forgotten');
  expect(onOpen).toHaveBeenCalledTimes(2);
});

test('silence of 5 s on an open connection ends it', async () => {
  const server = await serve();
  const { clock, connection, onText } = connect(server.url);
  await phase(connection, 'open');
  await clock.advance(4_000);
  server.inject('hello');
  await until(() => onText.mock.calls.length === 1, 5_000, 'no frame');
  await clock.advance(4_900);
  expect(connection.status().phase).toBe('open');
  await clock.advance(100);
  await phase(connection, 'waiting');
  expect(connection.status().message).toBe('nothing heard for 5 s');
});

test('binary, oversized and garbled frames never become text', async () => {
  const server = await serve();
  const { connection, clock, onText, onBadFrame } = connect(server.url);
  await phase(connection, 'open');
  server.inject(Buffer.from('{}'));
  await until(() => onBadFrame.mock.calls.length === 1, 5_000, 'the binary frame was not noticed');
  expect(onBadFrame).toHaveBeenLastCalledWith('malformed', 'a binary frame');
  expect(connection.status().phase).toBe('open');
  server.inject('x'.repeat(10 * 1024 * 1024));
  await phase(connection, 'waiting');
  expect(onBadFrame).toHaveBeenLastCalledWith('too-large', expect.stringContaining('1048576'));
  await clock.advance(250);
  await phase(connection, 'open');
  expect(onText).not.toHaveBeenCalled();
});

test('a peer that breaks the protocol is noticed as such', async () => {
  const { createHash } = await import('node:crypto');
  const server = createHttpServer();
  const sockets: { destroy(): void }[] = [];
  server.on('upgrade', (request, socket) => {
    sockets.push(socket);
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    // A text frame of two bytes that are not UTF-8.
    socket.write(Buffer.from([0x81, 0x02, 0xc3, 0x28]));
  });
  const port = await listen(server);
  const { connection, onBadFrame } = connect(`ws://127.0.0.1:${port}`);
  await phase(connection, 'waiting');
  expect(onBadFrame).toHaveBeenCalledWith('malformed', expect.stringContaining('UTF-8'));
  for (const socket of sockets) socket.destroy();
});

test('stopping leaves no timer, no connection, and no further attempt', async () => {
  const server = await serve();
  const open = connect(server.url);
  await phase(open.connection, 'open');
  open.connection.send('hello');
  await until(() => server.received.length === 1, 5_000, 'not sent');
  await open.connection.stop();
  open.connection.send('nobody hears this');
  await open.connection.stop();
  await until(() => server.clients() === 0, 5_000, 'still connected');
  expect(open.clock.pending).toBe(0);
  await open.clock.advance(60_000);
  expect([open.clock.pending, server.connections(), server.received.length]).toEqual([0, 1, 1]);
  const waiting = connect('ws://127.0.0.1:1');
  await phase(waiting.connection, 'waiting');
  await waiting.connection.stop();
  expect(waiting.clock.pending).toBe(0);
  const connecting = connect(server.url);
  await connecting.connection.stop();
  expect(connecting.connection.status().phase).toBe('off');
});
