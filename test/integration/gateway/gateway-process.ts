import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { request, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { startGateway, type Gateway } from '../../../src/main/gateway/gateway.ts';
import type { ClientLimits } from '../../../src/main/gateway/socket-client.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { FakeEngine } from '../../unit/gateway/fake-engine.ts';

/** A gateway on a free port in front of a fake engine, with a page of one line to serve. */
export interface TestGateway {
  gateway: Gateway;
  engine: FakeEngine;
  clock: ManualClock;
  rendererDir: string;
  stop(): Promise<void>;
}

export async function startTestGateway(
  options: { host?: string; limits?: ClientLimits } = {},
): Promise<TestGateway> {
  const rendererDir = await mkdtemp(join(tmpdir(), 'th-renderer-'));
  await mkdir(join(rendererDir, 'assets'));
  await writeFile(join(rendererDir, 'index.html'), '<!doctype html><title>Tenhertz</title>');
  await writeFile(join(rendererDir, 'assets', 'index.js'), 'export {};');
  const engine = new FakeEngine();
  const clock = new ManualClock();
  const { host = '127.0.0.1', limits } = options;
  const gateway = await startGateway({
    engine,
    log: silentLogger,
    clock,
    rendererDir,
    host,
    port: 0,
    ...(limits ? { limits } : {}),
  });
  return {
    gateway,
    engine,
    clock,
    rendererDir,
    async stop() {
      const closed = gateway.close();
      await clock.advance(1_000);
      await closed;
      await rm(rendererDir, { recursive: true, force: true });
    },
  };
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A plain request, with any Host and Origin (which `fetch` would not send). */
export function ask(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({
      agent: false,
      host: '127.0.0.1',
      port,
      path,
      method,
      headers: { host: `127.0.0.1:${port}`, ...headers },
    });
    sent.on('response', response => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** A socket of our own page: right Origin, right token. */
export async function openSocket(gateway: Gateway, headers: Record<string, string> = {}): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/ws`, {
    headers: {
      origin: `http://127.0.0.1:${gateway.port}`,
      authorization: `Bearer ${gateway.token}`,
      ...headers,
    },
  });
  await once(socket, 'open');
  return socket;
}

/** The status with which an upgrade is refused. */
export function refusedUpgrade(port: number, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
    socket.once('open', () => reject(new Error('the upgrade was accepted')));
    socket.once('error', () => undefined);
    socket.once('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
  });
}

/** The next text frame, parsed. */
export async function nextFrame(socket: WebSocket): Promise<unknown> {
  const [data] = (await once(socket, 'message')) as [Buffer];
  return JSON.parse(data.toString('utf8'));
}
