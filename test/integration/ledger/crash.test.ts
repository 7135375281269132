import { copyFile, cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/main/engine/clock.ts';
import { channelModes } from '../../../src/main/engine/ledger/channel-modes.ts';
import { createOutboxRelay, type OutboxRelay } from '../../../src/main/engine/ledger/outbox-relay.ts';
import { createCounters } from '../../../src/main/engine/ledger/raise-counters.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { openTestLedger, type TestLedger } from '../../support/ledger.ts';
import type { NodeChild, NodeScript } from '../../support/node-child.ts';
import { postgresKinds, startTestPostgres, type TestPostgres } from '../../support/postgres-server.ts';
import { startTestRedis, until, type TestRedis } from '../../support/redis-server.ts';
import { crashScript } from './crash-process.ts';
import { inLedger, inStream, strictParts, type StrictParts } from './strict-parts.ts';

const CHANNEL = 'trade-events';
/** The event at which something is killed. */
const AT = 6;
const LAST = 10;

let script: NodeScript;
beforeAll(async () => {
  script = await crashScript();
}, 120_000);
afterAll(() => script.remove());

describe.each(postgresKinds)('strict publishing with the %s PostgreSQL', { timeout: 120_000 }, kind => {
  let server: TestPostgres;
  let redis: TestRedis;
  let ledger: TestLedger;
  let child: NodeChild;
  const undo: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    server = await startTestPostgres(kind);
  }, 120_000);
  afterAll(() => server.stop());
  beforeEach(async () => {
    redis = await startTestRedis(['--appendonly', 'yes', '--appendfsync', 'everysec']);
    ledger = await openTestLedger(server);
  });
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
    await ledger.close();
    await redis.stop();
  });

  const start = async (first: number, at: number, point: string): Promise<NodeChild> => {
    const started = script.run([
      redis.socketPath,
      ledger.url,
      CHANNEL,
      String(first),
      String(LAST),
      String(at),
      point,
    ]);
    // One that outlives its test would keep the test runner from ending.
    undo.push(() => started.kill());
    expect(await started.line()).toBe('ready');
    return started;
  };
  const linesUntil = async (from: NodeChild, last: string): Promise<string[]> => {
    const lines: string[] = [];
    while (lines.at(-1) !== last) lines.push(await from.line());
    return lines;
  };
  /** What starts with the app: the counters, then the relay. */
  const recover = async (): Promise<StrictParts & { relay: OutboxRelay }> => {
    await ledger.ready(30_000);
    const parts = await strictParts(redis.socketPath, ledger);
    const deps = {
      ...parts,
      database: ledger,
      clock: systemClock,
      log: silentLogger,
      modeOf: channelModes(),
    };
    await createCounters({ ...deps, highest: () => new Map() }).raise();
    const relay = createOutboxRelay(deps);
    relay.start();
    undo.push(async () => {
      await relay.stop();
      await parts.stop();
    });
    return { ...parts, relay };
  };
  /** Every committed event once and in order, none beside them, and the ledger knows where each stands. */
  const agree = async (parts: StrictParts, count: number): Promise<void> => {
    const all = Array.from({ length: count }, (_, n) => `${n + 1} ${n + 1}`);
    const places = async (): Promise<[ledger: unknown[], stream: unknown[]]> => {
      const { rows } = await ledger.query<{ stream_id: string }>({
        text: 'SELECT stream_id FROM event_log WHERE channel = $1 ORDER BY position_ms, position_seq',
        values: [CHANNEL],
      });
      const entries = await parts.pool.shared().xrange(`stream:${CHANNEL}`, '-', '+');
      return [rows.map(row => row.stream_id), entries.map(([entryId]) => entryId)];
    };
    await until(
      async () => {
        const [rows, stream] = await places();
        return stream.length >= count && JSON.stringify(rows) === JSON.stringify(stream);
      },
      30_000,
      'they do not agree',
    ).catch(() => undefined);
    expect(await inStream(parts.pool, CHANNEL)).toEqual(all);
    expect(await inLedger(ledger, CHANNEL)).toEqual(all.map(line => `${line}+`));
    const [rows, stream] = await places();
    expect(rows).toEqual(stream);
  };
  /** A second session that makes the commit of an event wait, so that the kill comes in the middle of its transaction. */
  const holdCommit = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: ledger.url });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('BEGIN');
    await client.query('SELECT FROM channel WHERE channel = $1 FOR UPDATE', [CHANNEL]);
    return client;
  };
  const waits = (): Promise<void> =>
    until(
      async () => {
        const { rows } = await ledger.query({
          text: `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%tenhertz_commit%' AND pid <> pg_backend_pid()`,
        });
        return rows.length > 0;
      },
      30_000,
      'no commit waits',
    );
  /** Brings the process to the point at event {@link AT}; answers what lets it go on. */
  const reach = async (point: string): Promise<() => Promise<void>> => {
    if (point !== 'before the commit') {
      child = await start(1, AT, point);
      await linesUntil(child, 'stands');
      return () => Promise.resolve();
    }
    child = await start(1, AT, 'before the transaction');
    await linesUntil(child, 'stands');
    await child.kill();
    const blocker = await holdCommit();
    child = await start(AT, 0, '');
    await waits();
    return () => blocker.end();
  };
  const POINTS = [
    'before the transaction',
    'before the commit',
    'between commit and publish',
    'between publish and mark',
  ];

  it.each(POINTS)('an app killed %s loses nothing and repeats nothing', async point => {
    const release = await reach(point);
    await child.kill();
    await release();
    const parts = await recover();
    // An event whose transaction had not ended is seen by nobody.
    const committed = (await inLedger(ledger, CHANNEL)).length;
    if (point === 'before the transaction') expect(committed).toBe(AT - 1);
    if (point.startsWith('between')) expect(committed).toBe(AT);
    await agree(parts, (await inLedger(ledger, CHANNEL)).length);
    // The next app publishes all of them, as somebody would who does not know how far the last one came.
    child = await start(1, 0, '');
    await linesUntil(child, 'done');
    await agree(parts, LAST);
  });

  it.each(POINTS)('a PostgreSQL killed %s loses nothing and repeats nothing', async point => {
    const release = await reach(point);
    await server.kill();
    await release().catch(() => undefined);
    await server.restart();
    if (point === 'before the commit') {
      // The process lives and goes on by itself.
      await linesUntil(child, 'done');
    } else await child.kill();
    const parts = await recover();
    await agree(parts, (await inLedger(ledger, CHANNEL)).length);
    if (point !== 'before the commit') {
      child = await start(1, 0, '');
      await linesUntil(child, 'done');
    }
    await agree(parts, LAST);
  });

  it.each(POINTS)('a Redis killed %s loses nothing and repeats nothing', async point => {
    const release = await reach(point);
    await redis.kill();
    await release();
    if (point !== 'before the commit') await child.kill();
    await redis.restart();
    if (point === 'before the commit') await linesUntil(child, 'done');
    const parts = await recover();
    await agree(parts, (await inLedger(ledger, CHANNEL)).length);
    child = await start(1, 0, '');
    await linesUntil(child, 'done');
    await agree(parts, LAST);
  });

  it.each(['between commit and publish', 'between publish and mark', 'after the mark'])(
    'a Redis that lost its last second, killed %s, is given again what it lost, in order',
    async point => {
      child = await start(1, 3, 'between publish and mark');
      await linesUntil(child, 'stands');
      await child.kill();
      // The append-only files as they are now are all that will be left.
      const saved = join(redis.dir, 'saved');
      await cp(join(redis.dir, 'appendonlydir'), saved, { recursive: true });
      child = await start(1, point === 'after the mark' ? 0 : AT, point);
      await linesUntil(child, point === 'after the mark' ? 'done' : 'stands');
      if (point === 'after the mark')
        await until(
          async () => (await inLedger(ledger, CHANNEL)).filter(line => line.endsWith('+')).length === LAST,
          30_000,
          'not marked',
        );
      await redis.kill();
      await child.kill();
      await rm(join(redis.dir, 'appendonlydir'), { recursive: true });
      await cp(saved, join(redis.dir, 'appendonlydir'), { recursive: true });
      await redis.restart();
      const parts = await recover();
      await agree(parts, point === 'after the mark' ? LAST : AT);
      child = await start(1, 0, '');
      await linesUntil(child, 'done');
      await agree(parts, LAST);
    },
  );

  it('a Redis that comes back from an older snapshot is given again what it lost', async () => {
    await redis.stop();
    redis = await startTestRedis(['--dbfilename', 'dump.rdb']);
    child = await start(1, AT, 'between publish and mark');
    await linesUntil(child, 'stands');
    await child.kill();
    const parts = await recover();
    await parts.pool.shared().call('SAVE');
    await copyFile(join(redis.dir, 'dump.rdb'), join(redis.dir, 'older.rdb'));
    child = await start(1, 0, '');
    await linesUntil(child, 'done');
    await agree(parts, LAST);
    await redis.kill();
    await copyFile(join(redis.dir, 'older.rdb'), join(redis.dir, 'dump.rdb'));
    await redis.restart();
    await agree(await recover(), LAST);
  });
});
