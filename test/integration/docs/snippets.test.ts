import { execFile, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/main/engine/clock.ts';
import { decodeEntry } from '../../../src/main/engine/events/decode.ts';
import { createPublisher } from '../../../src/main/engine/events/publisher.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import { testPool } from '../../support/redis-pool.ts';
import { startTestRedis, type TestRedis } from '../../support/redis-server.ts';

const docs = join(import.meta.dirname, '../../../docs');
const snippets = join(docs, 'snippets');
const run = promisify(execFile);

let server: TestRedis;
let pool: RedisPool;
let publisher: ReturnType<typeof createPublisher>;
let dir: string;
beforeAll(async () => {
  server = await startTestRedis();
  const made = testPool({ path: server.socketPath });
  pool = made.pool;
  await pool.ready(5_000);
  publisher = createPublisher({ pool, clock: systemClock, metrics: made.metrics });
  dir = await mkdtemp(join(tmpdir(), 'th-snippets-'));
});
afterAll(async () => {
  await pool.close();
  await server.stop();
  await rm(dir, { recursive: true, force: true });
});
beforeEach(() => pool.shared().flushall());

interface Snippet {
  file: string;
  /** The program it needs, looked for on PATH. */
  needs: string;
  /** Its command line; made once. */
  command: () => Promise<string[]>;
}

const SNIPPETS: Snippet[] = [
  {
    file: 'publish.sh',
    needs: 'redis-cli',
    command: () => Promise.resolve(['sh', join(snippets, 'publish.sh')]),
  },
  {
    file: 'publish.py',
    needs: 'python3',
    command: () => Promise.resolve(['python3', join(snippets, 'publish.py')]),
  },
  {
    file: 'publish.rs',
    needs: 'rustc',
    command: async () => {
      const program = join(dir, 'publish');
      if (!existsSync(program)) await run('rustc', [join(snippets, 'publish.rs'), '-o', program]);
      return [program];
    },
  },
];

/** Whether it can be run, not only found: a `rustc` without a toolchain is on PATH too. */
const runs = (name: string): boolean => spawnSync(name, ['--version']).status === 0;

const DATA =
  '{"id":"t-ü😀 \\"1\\"","action":"buy","token_pair":"SOL/USDC","amount":"2","price":"0.00000304"}';

describe.each(SNIPPETS)('docs/snippets/$file', ({ file, needs, command }) => {
  const there = runs(needs);
  beforeEach(({ skip }) => skip(!there, `there is no ${needs} that runs`));

  const publish = async (...args: string[]): Promise<string> => {
    const [program = '', ...before] = await command();
    const env = { ...process.env, REDIS_SOCKET: server.socketPath };
    return (await run(program, [...before, ...args], { env })).stdout.trim();
  };
  /** The newest entry: the names of its fields, and the event without its times. */
  const newest = async () => {
    const [[id, fields] = ['', []]] = await pool
      .shared()
      .xrevrange('stream:trade-events', '+', '-', 'COUNT', 1);
    const event = decodeEntry('trade-events', id, fields);
    if ('reason' in event) throw new Error(event.reason);
    expect(Math.abs(event.timestamp - event.entryTime)).toBeLessThan(2_000);
    const { channel, eventId, type, source, sequence, data } = event;
    const rest = { channel, eventId, type, source, sequence, data };
    return { id, names: fields.filter((_, index) => index % 2 === 0), rest };
  };

  it('writes the same entry as Tenhertz itself, and takes its numbers from the same counter', async () => {
    const eventId = randomUUID();
    const answer = await publish('trade-events', 'trade_executed', 'bot', DATA, eventId);
    const theirs = await newest();
    expect(answer).toBe(`1 ${theirs.id}`);
    await pool.shared().flushall();
    const data: unknown = JSON.parse(DATA);
    await publisher.publish({
      channel: 'trade-events',
      type: 'trade_executed',
      source: 'bot',
      data,
      eventId,
    });
    const ours = await newest();
    expect({ ...theirs, id: '' }).toEqual({ ...ours, id: '' });
    expect(await publish('trade-events', 'trade_executed', 'bot', DATA, eventId)).toBe(`=1 ${ours.id}`);
    expect(await publish('trade-events', 'trade_executed', 'bot', DATA)).toMatch(/^2 \d+-\d+$/);
    expect((await newest()).rest.eventId).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it('broadcasts it too', async () => {
    const lease = await pool.lease('listener');
    const heard = new Promise<string>(resolve =>
      lease.client.on('message', (_channel, text) => resolve(text)),
    );
    await lease.client.subscribe('trade-events');
    const eventId = randomUUID();
    await publish('trade-events', 'trade_executed', 'bot', DATA, eventId);
    expect(JSON.parse(await heard)).toMatchObject({
      event_id: eventId,
      sequence_number: 1,
      data: JSON.parse(DATA) as unknown,
    });
    lease.discard('it listens');
  });

  it('fails when the server refuses it', async () => {
    await pool.shared().set('stream:trade-events', 'text');
    await expect(publish('trade-events', 'trade_executed', 'bot', DATA)).rejects.toMatchObject({ code: 1 });
    expect(await pool.shared().get('seq:{stream:trade-events}')).toBe('0');
  });

  it('can write the least that consumers accept', async () => {
    const id = await publish('--minimal', 'trade-events', 'trade_executed', DATA);
    const { names, rest } = await newest();
    expect(names).toEqual(['event_type', 'timestamp', 'data']);
    expect(rest).toEqual({
      channel: 'trade-events',
      eventId: `stream:trade-events/${id}`,
      type: 'trade_executed',
      source: 'unknown',
      sequence: null,
      data: JSON.parse(DATA) as unknown,
    });
  });

  it('stands in docs/events.md as it is', async () => {
    const text = await readFile(join(docs, 'events.md'), 'utf8');
    expect(text).toContain((await readFile(join(snippets, file), 'utf8')).trimEnd());
  });
});
