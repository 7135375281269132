import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { sleep, type Clock } from '../clock.ts';
import { ensurePrivateDir, socketDir } from '../config/data-dir-sockets.ts';
import { TenhertzError, messageOf } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { awakeUntil } from './awake.ts';
import { backOffMs } from './back-off.ts';
import { openConnection } from './connection.ts';
import { findRedisBinary } from './find-binary.ts';
import { stopFormerServer } from './former-server.ts';
import { addressOf, type RedisConnectionOptions } from './settings.ts';
import { supervise, type Supervised } from './supervisor.ts';

export interface EmbeddedRedisDeps {
  /** Its own directory: data, socket, configuration. Made private (mode 700). */
  dir: string;
  /** `redis-server` or `valkey-server`; looked for on PATH when left out. */
  binary?: string | undefined;
  clock: Clock;
  log: Logger;
  /** The environment it is looked for in and runs in; the process' own when left out. */
  env?: NodeJS.ProcessEnv;
}

/** A private Redis that lives and dies with this program (R1.6). */
export interface EmbeddedRedis {
  /**
   * Stops what a former run left, starts the server and resolves when it has loaded its data and answers. Rejects with
   * `REDIS_BINARY_MISSING` (exit code 4), `DIR_NOT_PRIVATE` (3) or `EMBEDDED_REDIS_FAILED` (1).
   */
  start(): Promise<{ options: RedisConnectionOptions; address: string }>;
  /** The server's process now; undefined while there is none. */
  readonly pid: number | undefined;
  /** Called each time a server that ended by itself answers again. Returns its undo. */
  onRestart(listener: () => void): () => void;
  /** Stops it within 4 s, saving its data. Leaves no process, and may be called in any state. */
  stop(): Promise<void>;
}

const SOCKET = 'redis.sock';
/** Loading 128 MB takes a second or two; a slow disk gets its time. */
const START_TIMEOUT_MS = 30_000;
const STOP_GRACE_MS = 3_000;
const RESTART = { baseMs: 100, capMs: 5_000, random: Math.random };
/** A server that ran this long is well: the next restart comes at once again. */
const STEADY_MS = 10_000;
const LINES_KEPT = 20;

/** Makes the embedded Redis; nothing runs before {@link EmbeddedRedis.start}. */
export function createEmbeddedRedis(deps: EmbeddedRedisDeps): EmbeddedRedis {
  const { clock, log, env = process.env } = deps;
  const dir = resolve(deps.dir);
  const sockets = socketDir(dir, SOCKET.length);
  const socketPath = join(sockets, SOCKET);
  const pidFile = join(dir, 'redis.pid');
  const configFile = join(dir, 'redis.conf');
  const options: RedisConnectionOptions = { path: socketPath };
  const listeners = new Set<() => void>();
  let lines: string[] = [];
  let server: Supervised | undefined;
  let stopping = false;
  let failures = 0;
  let cancelRestart = (): void => undefined;
  let launching: Promise<void> = Promise.resolve();

  const launch = async (binary: string): Promise<void> => {
    if (await stopFormerServer(socketPath, pidFile, clock))
      log.warn({ dir }, 'A Redis server of a former run was stopped');
    if (stopping) return;
    lines = [];
    const started = supervise([binary, configFile], {
      title: 'tenhertz-redis',
      cwd: dir,
      // A locale that is not installed would keep the server from starting.
      env: { ...env, LC_ALL: 'C' },
      onLine(line) {
        lines = [...lines.slice(1 - LINES_KEPT), line];
        log.debug({ line }, 'redis-server');
      },
    });
    server = started;
    const since = clock.monotonic();
    let answered = false;
    void started.ended.then(how => {
      if (server === started) server = undefined;
      // The first start reports its failure itself.
      if (stopping || !(answered || failures > 0)) return;
      if (clock.monotonic() - since >= STEADY_MS) failures = 0;
      restartLater(binary, how);
    });
    await answers(started);
    answered = true;
  };

  const restartLater = (binary: string, how: string): void => {
    const delay = backOffMs(failures, RESTART);
    failures += 1;
    log.warn(
      { how, lines: lines.slice(-3), inMs: Math.round(delay) },
      'The embedded Redis ended and is started again',
    );
    cancelRestart = clock.after(delay, () => {
      launching = launch(binary).then(
        () => {
          if (!stopping) for (const listener of [...listeners]) listener();
        },
        (error: unknown) => {
          log.warn({ reason: messageOf(error) }, 'The embedded Redis did not come back yet');
          // One that ended comes back here by its end; one that was never started would not.
          if (server === undefined && !stopping && !(error instanceof ServerEnded))
            restartLater(binary, 'not started');
        },
      );
    });
  };

  /** Resolves when the server has loaded its data and answers; rejects when it ends before. */
  const answers = async (started: Supervised): Promise<void> => {
    let over: string | undefined;
    void started.ended.then(how => (over = how));
    const deadline = clock.monotonic() + START_TIMEOUT_MS;
    for (;;) {
      const connection = openConnection({
        options,
        name: 'tenhertz:start',
        clock,
        connectTimeoutMs: START_TIMEOUT_MS,
      });
      const answered = await connection.ready.then(
        () => true,
        () => false,
      );
      connection.close('it was only asked whether it is there');
      if (answered) return;
      if (over !== undefined) throw new ServerEnded(dir, `it ended (${over})`, lines);
      if (clock.monotonic() > deadline)
        throw new ServerEnded(dir, `no answer in ${START_TIMEOUT_MS / 1_000} s`, lines);
      await sleep(clock, 10);
    }
  };

  return {
    get pid() {
      return server?.pid;
    },
    async start() {
      stopping = false;
      const binary = await findRedisBinary({ setting: deps.binary, env, platform: process.platform });
      await ensurePrivateDir(dir);
      await ensurePrivateDir(sockets);
      await writeFile(configFile, configuration(dir, socketPath, pidFile), { mode: 0o600 });
      launching = launch(binary);
      try {
        await awakeUntil(launching);
      } catch (error) {
        await server?.stop(STOP_GRACE_MS);
        throw error;
      }
      return { options, address: addressOf(options) };
    },
    onRestart(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async stop() {
      stopping = true;
      cancelRestart();
      await server?.stop(STOP_GRACE_MS);
      await launching.catch(() => undefined);
    },
  };
}

class ServerEnded extends TenhertzError {
  constructor(dir: string, how: string, lines: readonly string[]) {
    const said = lines.length === 0 ? '' : ` It last said: ${lines.slice(-3).join(' | ')}`;
    super('EMBEDDED_REDIS_FAILED', `The embedded Redis in ${dir} did not start: ${how}.${said}`, {
      facts: { dir, how, lines },
    });
  }
}

/** redis.conf: no network port, both kinds of persistence, bounded memory that gives up prices before streams. */
function configuration(dir: string, socketPath: string, pidFile: string): string {
  return `# Written by Tenhertz at every start; changes are lost.
port 0
unixsocket ${quote(socketPath)}
unixsocketperm 700
daemonize no
pidfile ${quote(pidFile)}
logfile ""
dir ${quote(dir)}
appendonly yes
appendfsync everysec
save 900 1 300 100 60 10000
maxmemory 128mb
maxmemory-policy volatile-lru
`;
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
