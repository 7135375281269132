import { fastifyCookie } from '@fastify/cookie';
import { fastifyStatic } from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { StatusView } from '../../shared/contract.ts';
import type { Clock } from '../engine/clock.ts';
import type { Engine } from '../engine/engine.ts';
import { TenhertzError } from '../engine/errors.ts';
import type { Logger } from '../engine/logger.ts';
import type { Access, Refusal } from './access.ts';
import { addReplayRoute } from './replay-route.ts';
import { securityHeaders } from './security-headers.ts';

/** What the routes need. `access` is asked for late: it knows the port, which is known only once the server listens. */
export interface RouteDeps {
  engine: Engine;
  log: Logger;
  clock: Clock;
  /** The built renderer. */
  rendererDir: string;
  access(): Access;
}

/** Puts the door, the monitor, `/replay`, `/metrics` and `/healthz` on `app`. */
export async function addRoutes(app: FastifyInstance, deps: RouteDeps): Promise<void> {
  const { engine, log, rendererDir } = deps;
  await app.register(fastifyCookie);
  app.addHook('onRequest', async (request, reply) => {
    const refusal = admit(request, reply, deps.access());
    // A hook that has answered must return the reply, or fastify goes on to the route.
    if (refusal !== undefined) return sendRefusal(reply, refusal);
    return reply.sent ? reply : undefined;
  });
  app.setErrorHandler(answerError(log));
  app.setNotFoundHandler((request, reply) =>
    sendRefusal(reply, {
      status: 404,
      code: 'NOT_FOUND',
      message: `There is nothing at ${pathOf(request.url)}.`,
    }),
  );

  app.get('/healthz', (_request, reply) => {
    const health = healthOf(engine.status());
    return reply.code(health.status === 'ok' ? 200 : 503).send(health);
  });
  app.get('/metrics', async (_request, reply) => {
    const { registry } = engine.metrics;
    return reply.type(registry.contentType).send(await registry.metrics());
  });
  addReplayRoute(app, deps);
  app.get('/ws', (_request, reply) =>
    sendRefusal(reply, { status: 426, code: 'UPGRADE_REQUIRED', message: 'This is a WebSocket.' }),
  );
  await app.register(fastifyStatic, { root: rendererDir, dotfiles: 'ignore', index: 'index.html' });
}

/** Answers whatever was thrown, by a route or by fastify itself, in the shape of every error. */
export function answerError(log: Logger) {
  return (error: unknown, _request: FastifyRequest, reply: FastifyReply): void => {
    const { status, code, message } = describe(error);
    if (status >= 500) log.error({ err: error }, 'request failed');
    void reply.code(status).send({ error: { code, message } });
  };
}

/** Host and Origin, then the token; answers by itself (a redirect) when the token came in the address. */
function admit(request: FastifyRequest, reply: FastifyReply, access: Access): Refusal | undefined {
  const stranger = access.refuseStranger(request.headers, false);
  if (stranger !== undefined) return stranger;
  reply.headers(securityHeaders(request.headers.host ?? ''));
  if (pathOf(request.url) === '/healthz') return undefined;
  const query = new URLSearchParams(request.url.split('?').slice(1).join('?'));
  const tokens = query.getAll('token');
  if (tokens.length > 1) return { status: 400, code: 'BAD_PARAMETER', message: 'Give "token" once.' };
  const [token] = tokens;
  if (token === undefined) return access.refuseWithoutToken(request.headers, request.cookies);
  if (!access.isToken(token)) {
    return {
      status: 401,
      code: 'UNAUTHORIZED',
      message: 'This token is not (or no longer) valid; see the program.',
    };
  }
  query.delete('token');
  const rest = query.size > 0 ? `?${query.toString()}` : '';
  // One slash only: `//name` and `/\name` would lead a browser to another host.
  const path = `/${pathOf(request.url).replace(/^[/\\]+/, '')}`;
  void reply
    .setCookie(access.cookieName, token, { path: '/', httpOnly: true, sameSite: 'strict' })
    .redirect(`${path}${rest}`, 302);
  return undefined;
}

function sendRefusal(reply: FastifyReply, { status, code, message }: Refusal): FastifyReply {
  return reply.code(status).send({ error: { code, message } });
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? url;
}

function describe(error: unknown): { status: number; code: string; message: string } {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  if (error instanceof Error && typeof status === 'number' && status >= 400 && status < 500) {
    return { status, code: 'BAD_REQUEST', message: error.message };
  }
  if (error instanceof TenhertzError) {
    const { code, message } = error;
    if (error.exitCode === 2 || code === 'NOT_A_STREAM') return { status: 400, code, message };
    if (UNAVAILABLE.has(code)) return { status: 503, code, message };
  }
  return { status: 500, code: 'INTERNAL', message: 'Something unexpected went wrong; the log says what.' };
}

/** Nothing is wrong with the request; it can be made again. */
const UNAVAILABLE = new Set(['REDIS_DOWN', 'POOL_CLOSED', 'NOT_STARTED', 'LEDGER_DOWN']);

/**
 * What `/healthz` tells anyone on this machine: states and counts, no addresses. A ledger that is away makes nothing unavailable: the
 * monitor runs on Redis, strict publishers wait or are told, and what was broadcast meanwhile is recorded when it comes back.
 */
function healthOf(status: StatusView) {
  const { state, outbox, unconfirmed, lost } = status.ledger;
  const healthy = status.redis.state === 'up' && status.subscription.state === 'following';
  return {
    status: healthy ? 'ok' : 'unavailable',
    mode: status.mode,
    redis: status.redis.state,
    ledger: { state, outbox, unconfirmed, lost },
    subscription: status.subscription.state,
    updater: status.updater.state,
    lagMs: status.subscription.lagMs,
  };
}
