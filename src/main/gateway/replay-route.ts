import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../engine/clock.ts';
import type { Engine } from '../engine/engine.ts';
import { TenhertzError } from '../engine/errors.ts';
import { readReplayQuery, type ReplayParameters } from '../engine/events/replay-query.ts';
import type { Logger } from '../engine/logger.ts';

const PARAMETERS = ['channel', 'since', 'until', 'speed'] as const;

/**
 * `GET /replay?channel=X&since=T[&until=T][&speed=N]`: NDJSON, one event a line, streamed no faster than the client reads
 * and ended when it goes. What can be wrong is found before the first line: 400 for a bad parameter, 503 while Redis is
 * away. Redis lost in the middle cuts the answer short, so that it never looks complete. Entries that cannot be read are
 * left out, counted in `tenhertz_events_refused_total` and logged.
 */
export function addReplayRoute(
  app: FastifyInstance,
  deps: { engine: Engine; log: Logger; clock: Clock },
): void {
  const { engine, log, clock } = deps;
  app.get('/replay', { exposeHeadRoute: false }, async (request, reply) => {
    const query = readReplayQuery(readParameters(request.query), clock.now());
    const { channel } = query;
    const gone = new AbortController();
    let refused = 0;
    const lines = engine.replay(query, {
      signal: gone.signal,
      onRefused(_entryId, reason) {
        refused += 1;
        engine.metrics.eventsRefused.inc({ channel, reason });
      },
    });
    reply.raw.once('close', () => gone.abort());
    const first = await lines.next();
    const body = Readable.from(continued(first, lines), { objectMode: false, highWaterMark: 65_536 });
    body.once('close', () => {
      if (refused > 0) log.warn({ channel, refused }, 'A replay left out entries that cannot be read');
    });
    return reply.type('application/x-ndjson').header('cache-control', 'no-store').send(body);
  });
}

/** The lines, with the one that was asked for already in front. */
async function* continued(
  first: IteratorResult<string, unknown>,
  lines: AsyncGenerator<string>,
): AsyncGenerator<string> {
  if (first.done === true) return;
  try {
    yield first.value;
    yield* lines;
  } finally {
    await lines.return(undefined);
  }
}

function readParameters(query: unknown): ReplayParameters {
  const found: ReplayParameters = {};
  const given = new Map(Object.entries(query as Record<string, unknown>));
  for (const name of PARAMETERS) {
    const value = given.get(name);
    if (value === undefined) continue;
    if (typeof value !== 'string')
      throw new TenhertzError('BAD_PARAMETER', `Give "${name}" once.`, { exitCode: 2 });
    // In an address the plus of a time zone stands for a space.
    found[name] = value.replace(/ (\d{2}:\d{2})$/, '+$1');
    given.delete(name);
  }
  const [unknown] = given.keys();
  if (unknown !== undefined)
    throw new TenhertzError('BAD_PARAMETER', `There is no parameter "${unknown.slice(0, 64)}".`, {
      exitCode: 2,
    });
  return found;
}
