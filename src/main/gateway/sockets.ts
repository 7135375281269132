import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { fastifyCookie } from '@fastify/cookie';
import { Counter, Gauge } from 'prom-client';
import { WebSocketServer } from 'ws';
import type { Clock } from '../engine/clock.ts';
import type { Engine } from '../engine/engine.ts';
import type { Logger } from '../engine/logger.ts';
import type { Access, Refusal } from './access.ts';
import { serveSocket, type ClientLimits, type SocketClient } from './socket-client.ts';

/** The largest frame a client may send; commands are far smaller. */
export const MAX_INBOUND_BYTES = 64 * 1024;
/** How often a client must show that it is still there. */
const HEARTBEAT_MS = 15_000;
/** How long a client may take to say goodbye before it is cut. */
const GOODBYE_MS = 500;

/** The gateway's `/ws`. */
export interface Sockets {
  close(): Promise<void>;
}

/** Takes the upgrades of `server` to `/ws`: strangers are refused before a socket exists. */
export function openSockets(deps: {
  server: Server;
  access: Access;
  engine: Engine;
  log: Logger;
  clock: Clock;
  limits: ClientLimits;
}): Sockets {
  const { server, access, engine, log, clock, limits } = deps;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_INBOUND_BYTES,
    perMessageDeflate: false,
  });
  const clients = new Set<SocketClient>();
  const registers = [engine.metrics.registry];
  const connected = new Gauge({
    name: 'tenhertz_gateway_clients',
    help: 'Open sockets of the gateway',
    registers,
  });
  const cuts = new Counter({
    name: 'tenhertz_gateway_clients_cut_total',
    help: 'Clients cut because they did not read or did not answer',
    labelNames: ['reason'],
    registers,
  });

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', error => log.debug({ err: error }, 'socket ended before its upgrade'));
    const refusal = refuse(request, access);
    if (refusal !== undefined) {
      socket.end(refusalText(refusal));
      return;
    }
    sockets.handleUpgrade(request, socket, head, opened => {
      const client = serveSocket(opened, { engine, log, limits, onCut: reason => cuts.inc({ reason }) });
      clients.add(client);
      connected.set(clients.size);
      opened.on('close', () => {
        clients.delete(client);
        connected.set(clients.size);
      });
    });
  };
  server.on('upgrade', upgrade);
  const stopBeats = clock.every(HEARTBEAT_MS, () => {
    for (const client of clients) client.beat();
  });

  return {
    async close() {
      stopBeats();
      server.off('upgrade', upgrade);
      const closed = new Promise<void>(resolve => sockets.close(() => resolve()));
      for (const client of clients) client.close();
      const stopWaiting = clock.after(GOODBYE_MS, () => {
        for (const socket of sockets.clients) socket.terminate();
      });
      await closed;
      stopWaiting();
    },
  };
}

function refuse(request: IncomingMessage, access: Access): Refusal | undefined {
  const stranger = access.refuseStranger(request.headers, true);
  if (stranger !== undefined) return stranger;
  const cookies = fastifyCookie.parse(request.headers.cookie ?? '');
  const locked = access.refuseWithoutToken(request.headers, cookies);
  if (locked !== undefined) return locked;
  const path = (request.url ?? '').split('?', 1)[0];
  return path === '/ws' ? undefined : { status: 404, code: 'NOT_FOUND', message: 'The socket is at /ws.' };
}

function refusalText({ status, code, message }: Refusal): string {
  const body = JSON.stringify({ error: { code, message } });
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'connection: close',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}
