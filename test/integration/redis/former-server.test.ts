import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/main/engine/clock.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import { connect } from '../../../src/main/engine/redis/connection.ts';
import { createEmbeddedRedis, type EmbeddedRedis } from '../../../src/main/engine/redis/embedded-server.ts';
import { nodeScript } from '../../support/node-child.ts';
import { alive, processesOf } from '../../support/processes.ts';
import { until } from '../../support/redis-server.ts';

let root: string;
let dir: string;
let server: EmbeddedRedis;

const make = (at: string): EmbeddedRedis =>
  createEmbeddedRedis({ dir: at, clock: systemClock, log: silentLogger });

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'th-embedded-'));
  dir = join(root, 'redis "quoted" dir');
  server = make(dir);
});
afterEach(async () => {
  await server.stop();
  expect(await processesOf(root)).toEqual([]);
  await rm(root, { recursive: true, force: true });
});

describe('what a former run left', () => {
  it('a server still running is asked to stop, so that it saves what it has', async () => {
    const orphan = await strayServer();
    const client = connect({ path: join(dir, 'redis.sock') });
    await client.set('kept', 'yes');
    client.disconnect();
    const { options } = await server.start();
    await until(() => !alive(orphan), 1_000, 'the orphan is still there');
    const again = connect(options);
    expect(await again.get('kept')).toBe('yes');
    again.disconnect();
  });

  it('a server that hangs is killed by the pid it wrote, once that is surely the one', async () => {
    const orphan = await strayServer();
    process.kill(orphan, 'SIGSTOP');
    await server.start();
    await until(() => !alive(orphan), 1_000, 'the orphan is still there');
  });

  it('a stale socket and pid file are in nobody’s way', async () => {
    await mkdir(dir, { mode: 0o700 });
    await writeFile(join(dir, 'redis.sock'), '');
    await writeFile(join(dir, 'redis.pid'), String(process.pid));
    const { options } = await server.start();
    const client = connect(options);
    expect(await client.ping()).toBe('PONG');
    client.disconnect();
  });

  /** A server on the same socket and files that nobody looks after. */
  async function strayServer(): Promise<number> {
    await mkdir(dir, { mode: 0o700 });
    const files = [
      '--unixsocket',
      join(dir, 'redis.sock'),
      '--pidfile',
      join(dir, 'redis.pid'),
      '--dir',
      dir,
      '--appendonly',
      'yes',
    ];
    const child = spawn('redis-server', ['--port', '0', ...files], { stdio: 'ignore' });
    const client = connect({ path: join(dir, 'redis.sock') });
    await until(() => client.ping().then(Boolean, () => false), 3_000, 'the stray server did not start');
    client.disconnect();
    return child.pid ?? 0;
  }
});

describe('an app killed by -9', () => {
  it('leaves no redis-server, and the next start finds the data', async () => {
    const module = resolve('src/main/engine');
    const script = await nodeScript(`
      import { systemClock } from '${module}/clock.ts';
      import { silentLogger } from '${module}/logger.ts';
      import { connect } from '${module}/redis/connection.ts';
      import { createEmbeddedRedis } from '${module}/redis/embedded-server.ts';
      const server = createEmbeddedRedis({ dir: process.argv[2], clock: systemClock, log: silentLogger });
      const { options } = await server.start();
      await connect(options).set('kept', 'yes');
      console.log(server.pid);
      setInterval(() => {}, 1000);
    `);
    const child = script.run([dir]);
    try {
      const pid = Number(await child.line());
      expect(alive(pid)).toBe(true);
      await child.kill();
      await until(
        async () => !alive(pid) && (await processesOf(root)).length === 0,
        5_000,
        'an orphan was left',
      );
      const { options } = await server.start();
      const client = connect(options);
      expect(await client.get('kept')).toBe('yes');
      client.disconnect();
    } finally {
      await child.kill();
      await script.remove();
    }
  });
});
