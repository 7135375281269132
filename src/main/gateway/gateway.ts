import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fastify } from 'fastify';
import type { Clock } from '../engine/clock.ts';
import type { Engine } from '../engine/engine.ts';
import { messageOf, TenhertzError } from '../engine/errors.ts';
import type { Logger } from '../engine/logger.ts';
import { Access, newToken } from './access.ts';
import { addRoutes, answerError } from './routes.ts';
import { CLIENT_LIMITS, type ClientLimits } from './socket-client.ts';
import { openSockets } from './sockets.ts';

/** What the gateway is made of. */
export interface GatewayDeps {
  engine: Engine;
  log: Logger;
  clock: Clock;
  /** The built renderer (`out/renderer`). */
  rendererDir: string;
  /** A loopback address; see {@link checkHost}. */
  host: string;
  /** 0: any free port. */
  port: number;
  limits?: ClientLimits;
}

/** The engine over HTTP and WebSocket, on this machine only. */
export interface Gateway {
  readonly port: number;
  /** `http://127.0.0.1:4711/?token=…`: opens the monitor and keeps the token in a cookie. */
  readonly url: string;
  readonly token: string;
  /** Says goodbye to every client and frees the port; takes at most a second. */
  close(): Promise<void>;
}

/** Listening where other machines can reach it needs TLS and a password, which the gateway does not have yet. */
export function checkHost(host: string): void {
  if (['127.0.0.1', 'localhost', '::1', '[::1]'].includes(host)) return;
  throw new TenhertzError(
    'HOST_NOT_LOOPBACK',
    `--host ${host}: listening for other machines needs TLS and a password, which is not there yet. ` +
      'Use 127.0.0.1, and a tunnel (ssh -L) to reach it from elsewhere.',
    { exitCode: 3, facts: { host } },
  );
}

/**
 * Listens on `host`:`port` and serves the monitor. Throws `HOST_NOT_LOOPBACK`, `PORT_UNAVAILABLE` (exit code 3) or
 * `RENDERER_MISSING` (exit code 4).
 */
export async function startGateway(deps: GatewayDeps): Promise<Gateway> {
  const { engine, log, clock, rendererDir } = deps;
  checkHost(deps.host);
  if (!existsSync(join(rendererDir, 'index.html'))) {
    throw new TenhertzError('RENDERER_MISSING', 'The monitor is not built yet: run `npm run build`.', {
      exitCode: 4,
    });
  }
  // `localhost` would be two listeners, of which only one takes upgrades.
  const host = deps.host.includes(':') ? '::1' : '127.0.0.1';
  const token = newToken();
  let access = new Access(token, deps.port);
  const app = fastify({ forceCloseConnections: true, bodyLimit: 1024, frameworkErrors: answerError(log) });
  await addRoutes(app, { engine, log, clock, rendererDir, access: () => access });
  try {
    await app.listen({ host, port: deps.port });
  } catch (error) {
    await app.close();
    throw new TenhertzError(
      'PORT_UNAVAILABLE',
      `Cannot listen on ${host}:${deps.port}: ${messageOf(error)}.`,
      {
        exitCode: 3,
        facts: { host, port: deps.port },
        cause: error,
      },
    );
  }
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : deps.port;
  access = new Access(token, port);
  const limits = deps.limits ?? CLIENT_LIMITS;
  const sockets = openSockets({ server: app.server, access, engine, log, clock, limits });
  const name = host === '::1' ? '[::1]' : host;
  return {
    port,
    token,
    url: `http://${name}:${port}/?token=${token}`,
    async close() {
      await sockets.close();
      await app.close();
    },
  };
}
