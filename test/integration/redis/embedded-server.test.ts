import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/main/engine/clock.ts';
import { silentLogger, type Logger } from '../../../src/main/engine/logger.ts';
import { connect } from '../../../src/main/engine/redis/connection.ts';
import { createEmbeddedRedis, type EmbeddedRedis } from '../../../src/main/engine/redis/embedded-server.ts';
import type { RedisPool } from '../../../src/main/engine/redis/pool.ts';
import { testPool } from '../../support/redis-pool.ts';
import { alive, processesOf } from '../../support/processes.ts';
import { until } from '../../support/redis-server.ts';

let root: string;
let dir: string;
let server: EmbeddedRedis;
let pool: RedisPool | undefined;

const make = (
  at: string,
  more: { binary?: string; env?: NodeJS.ProcessEnv; log?: Logger } = {},
): EmbeddedRedis => createEmbeddedRedis({ dir: at, clock: systemClock, log: silentLogger, ...more });

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'th-embedded-'));
  dir = join(root, 'redis "quoted" dir');
  server = make(dir);
});
afterEach(async () => {
  await pool?.close();
  pool = undefined;
  await server.stop();
  expect(await processesOf(root)).toEqual([]);
  await rm(root, { recursive: true, force: true });
});

describe('the embedded Redis', () => {
  it('listens on a private unix socket only, with both kinds of persistence and bounded memory', async () => {
    const { options, address } = await server.start();
    expect(options).toEqual({ path: join(dir, 'redis.sock') });
    expect(address).toBe(`unix://${join(dir, 'redis.sock')}`);
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    expect((await stat(join(dir, 'redis.sock'))).mode & 0o777).toBe(0o700);
    const client = connect(options);
    const setting = async (name: string) => (await client.config('GET', name))[1];
    expect(await setting('port')).toBe('0');
    expect(await setting('appendonly')).toBe('yes');
    expect(await setting('appendfsync')).toBe('everysec');
    expect(await setting('save')).not.toBe('');
    expect(await setting('maxmemory')).toBe(String(128 * 2 ** 20));
    expect(await setting('maxmemory-policy')).toBe('volatile-lru');
    expect(await client.info('server')).toContain(`process_id:${server.pid}`);
    client.disconnect();
  });

  it('keeps its data over a stop and a start, and leaves nothing running', async () => {
    const { options } = await server.start();
    const client = connect(options);
    await client.set('kept', 'yes');
    client.disconnect();
    const pid = server.pid ?? 0;
    await server.stop();
    expect(alive(pid)).toBe(false);
    expect(await readdir(dir)).not.toContain('redis.sock');
    await server.stop();
    await server.start();
    const again = connect(options);
    expect(await again.get('kept')).toBe('yes');
    again.disconnect();
  });

  it('is started again by itself when it is killed, on the same data, and the pool goes on', async () => {
    const { options } = await server.start();
    let restarts = 0;
    const stop = server.onRestart(() => (restarts += 1));
    pool = testPool(options, { kind: 'embedded' }).pool;
    await pool.ready(2_000);
    await pool.shared().set('kept', 'yes');
    await pool
      .shared()
      .call('WAITAOF', 1, 0, 2_000)
      .catch(() => undefined);
    await new Promise(done => setTimeout(done, 1_200));
    const first = server.pid ?? 0;
    process.kill(first, 'SIGKILL');
    await until(() => restarts === 1, 5_000, 'it was not started again');
    stop();
    await pool.ready(5_000);
    expect(server.pid).not.toBe(first);
    await until(() => pool?.status().state === 'up', 5_000, 'up again');
    expect(await pool.shared().get('kept')).toBe('yes');
  });

  it('is tried again until it comes back, when its restarts fail at first', async () => {
    const wrapper = join(root, 'wrapper');
    await writeFile(wrapper, `#!/bin/sh\n[ -e "${root}/broken" ] && exit 1\nexec redis-server "$@"\n`);
    await chmod(wrapper, 0o755);
    const warnings: unknown[] = [];
    const log = { ...silentLogger, warn: (facts: unknown) => warnings.push(facts) } as Logger;
    server = make(dir, { binary: wrapper, log });
    const { options } = await server.start();
    let restarts = 0;
    server.onRestart(() => (restarts += 1));
    await writeFile(join(root, 'broken'), '');
    process.kill(server.pid ?? 0, 'SIGKILL');
    await until(() => warnings.length >= 4, 5_000, 'no further attempts');
    expect(server.pid).toBeUndefined();
    expect(warnings[0]).toMatchObject({ how: 'exit code 137' });
    await rm(join(root, 'broken'));
    await until(() => restarts === 1, 8_000, 'it did not come back');
    const client = connect(options);
    expect(await client.ping()).toBe('PONG');
    client.disconnect();
  });

  it('takes the place of a server whose supervisor was killed', async () => {
    await server.start();
    const orphan = server.pid ?? 0;
    const supervisor = Number((await readFile(`/proc/${orphan}/stat`, 'utf8')).split(') ')[1]?.split(' ')[1]);
    let restarted = false;
    server.onRestart(() => (restarted = true));
    process.kill(supervisor, 'SIGKILL');
    await until(() => restarted, 8_000, 'it was not started again');
    expect(server.pid).not.toBe(orphan);
    await until(() => !alive(orphan), 1_000, 'the orphan is still there');
  });

  it('stops within its time even when it does not react', async () => {
    await server.start();
    const pid = server.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    const began = Date.now();
    await server.stop();
    expect(Date.now() - began).toBeLessThan(4_500);
    await until(() => !alive(pid), 1_000, 'it is still there');
  });

  it('uses a short private directory for its socket where the path is too long', async () => {
    server = make(join(root, 'x'.repeat(100)));
    const { options } = await server.start();
    const place = join(options.path ?? '', '..');
    expect(place.startsWith(tmpdir())).toBe(true);
    expect((await stat(place)).mode & 0o777).toBe(0o700);
    const client = connect(options);
    expect(await client.ping()).toBe('PONG');
    client.disconnect();
    await server.stop();
    await rm(place, { recursive: true });
  });

  it('may be stopped before it was started, and while it starts', async () => {
    await server.stop();
    const starting = server.start().catch((error: unknown) => error);
    await server.stop();
    await starting;
  });
});

describe('a start that fails', () => {
  it('says that there is no binary, or that the one named is none', async () => {
    server = make(dir, { env: { PATH: root } });
    await expect(server.start()).rejects.toMatchObject({ code: 'REDIS_BINARY_MISSING', exitCode: 4 });
    server = make(dir, { binary: join(root, 'none') });
    await expect(server.start()).rejects.toMatchObject({ code: 'REDIS_BINARY_MISSING' });
  });

  it('repeats what the server last said', async () => {
    const broken = join(root, 'broken-server');
    await writeFile(broken, '#!/bin/sh\necho "Bad file format reading the append only file" >&2\nexit 7\n');
    await chmod(broken, 0o755);
    server = make(dir, { binary: broken });
    const started = server.start();
    await expect(started).rejects.toMatchObject({ code: 'EMBEDDED_REDIS_FAILED', exitCode: 1 });
    await expect(started).rejects.toThrow(/exit code 7.*Bad file format/);
  });

  it('refuses a directory that others can enter', async () => {
    await mkdir(dir, { mode: 0o755 });
    await chmod(dir, 0o755);
    await expect(server.start()).rejects.toMatchObject({ code: 'DIR_NOT_PRIVATE' });
  });
});
