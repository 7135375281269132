import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real `redis-server` of one test file: its own directory, a unix socket, nothing shared. */
export interface TestRedis {
  /** `unix:///…/redis.sock`, as `--redis` takes it. */
  readonly url: string;
  readonly socketPath: string;
  readonly dir: string;
  readonly pid: number;
  /** kill -9, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again on the same directory and socket. */
  restart(): Promise<void>;
  /** Stops it and removes its directory. */
  stop(): Promise<void>;
}

/** Starts a `redis-server` from PATH and waits until it answers. `args` go to its command line. */
export async function startTestRedis(args: string[] = []): Promise<TestRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'th-redis-'));
  const socketPath = join(dir, 'redis.sock');
  const launch = async (): Promise<ChildProcess> => {
    const child = spawn(
      'redis-server',
      [
        '--port',
        '0',
        '--unixsocket',
        socketPath,
        '--dir',
        dir,
        '--save',
        '',
        '--loglevel',
        'warning',
        ...args,
      ],
      { stdio: 'ignore' },
    );
    await until(() => answers(socketPath), 5_000, `redis-server did not answer on ${socketPath}`);
    return child;
  };
  let child = await launch();
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  return {
    url: `unix://${socketPath}`,
    socketPath,
    dir,
    get pid() {
      return child.pid ?? -1;
    },
    kill,
    restart: async () => {
      await kill();
      child = await launch();
    },
    stop: async () => {
      await kill();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Waits until `check` is true, looking every 10 ms; fails with `message` after `timeoutMs`. */
export async function until(
  check: () => boolean | Promise<boolean>,
  timeoutMs: number,
  message: string | (() => string),
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(typeof message === 'string' ? message : message());
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = createConnection(socketPath);
    const done = (value: boolean): void => {
      socket.destroy();
      resolve(value);
    };
    socket.once('error', () => done(false));
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', data => done(data.toString().startsWith('+PONG')));
  });
}
