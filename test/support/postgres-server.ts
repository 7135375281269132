import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { findPostgres } from '../../src/main/engine/ledger/postgres-binaries.ts';
import { canReach, serverUser, type SystemUser } from '../../src/main/engine/ledger/server-user.ts';
import { until } from './redis-server.ts';

/** Which PostgreSQL: the one the program embeds, or Debian's. The ledger's suites run against both. */
export type PostgresKind = 'embedded' | 'debian';

/** A real PostgreSQL of one test file: its own cluster, a unix socket and a loopback port, nothing shared. */
export interface TestPostgres {
  readonly kind: PostgresKind;
  /** `postgres://tenhertz:secret@127.0.0.1:PORT/tenhertz`, as `--postgres` takes it. */
  readonly url: string;
  readonly port: number;
  /** The postmaster. */
  readonly pid: number;
  /** kill -9 of the postmaster, as a crash would; its backends end by themselves. */
  kill(): Promise<void>;
  /** Stops it at once and cleanly, keeps the data. */
  halt(): Promise<void>;
  /** Starts it again on the same data and port. */
  restart(): Promise<void>;
  /** Makes another empty database in the same cluster; answers its URL. */
  createDatabase(name: string): Promise<string>;
  /** Stops it and removes its directory. */
  stop(): Promise<void>;
}

/** Debian's programs: where `npm test` unpacked them, or where the package puts them. */
const DEBIAN = dirname(process.env['TENHERTZ_TEST_POSTGRES'] ?? '/usr/lib/postgresql/15/bin/postgres');
const exec = promisify(execFile);

/** The kinds that are there on this machine; what is missing is told once on stderr, so that nothing is skipped silently. */
export const postgresKinds: readonly PostgresKind[] = ((): PostgresKind[] => {
  if (existsSync(join(DEBIAN, 'postgres'))) return ['embedded', 'debian'];
  process.stderr.write(
    `PostgreSQL 15 is not in ${DEBIAN}: the ledger's suite runs on the embedded one only.\n`,
  );
  return ['embedded'];
})();

/** Starts a PostgreSQL and waits until it answers. Durable (fsync on) unless `fast`. */
export async function startTestPostgres(
  kind: PostgresKind = 'embedded',
  options: { fast?: boolean; settings?: Record<string, string> } = {},
): Promise<TestPostgres> {
  const as = await serverUser();
  const dir = await mkdtemp(join(tmpdir(), 'th-pg-'));
  const bin = kind === 'debian' ? await debianBin(as, dir) : dirname((await findPostgres(as)).postgres);
  if (as !== undefined) await chown(dir, as.uid, as.gid);
  await chmod(dir, 0o700);
  const data = join(dir, 'data');
  const password = join(dir, 'password');
  await exec('sh', ['-c', `umask 077; echo secret > '${password}'`], { ...as });
  await exec(
    join(bin, 'initdb'),
    [
      '-D',
      data,
      '-U',
      'tenhertz',
      '-A',
      'scram-sha-256',
      `--pwfile=${password}`,
      '--no-sync',
      '-E',
      'UTF8',
      '--locale=C',
    ],
    { ...as, cwd: dir },
  );
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: dir,
    port: String(port),
    max_connections: '60',
    shared_buffers: '64MB',
    ...(options.fast === true ? { fsync: 'off', synchronous_commit: 'off' } : {}),
    ...options.settings,
  };
  const args = ['-D', data, ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])];
  const admin = `postgres://tenhertz:secret@127.0.0.1:${port}/postgres`;
  let child: ChildProcess;
  const over = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const launch = async (): Promise<void> => {
    const begin = (): void => {
      child = spawn(join(bin, 'postgres'), args, { ...as, cwd: dir, stdio: 'ignore' });
    };
    begin();
    const up = async (): Promise<boolean> => {
      // It refuses to start while a backend of a killed one still holds its memory.
      if (over()) begin();
      return answers(admin);
    };
    await until(up, 60_000, `postgres did not answer on port ${port}`).catch(async (error: unknown) => {
      await end('SIGQUIT');
      throw error;
    });
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (over()) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  await launch();
  const createDatabase = async (name: string): Promise<string> => {
    const client = new pg.Client({ connectionString: admin });
    await client.connect();
    await client.query(`CREATE DATABASE "${name}"`);
    await client.end();
    return `postgres://tenhertz:secret@127.0.0.1:${port}/${name}`;
  };
  return {
    kind,
    url: await createDatabase('tenhertz'),
    port,
    get pid() {
      return child.pid ?? -1;
    },
    kill: () => end('SIGKILL'),
    halt: () => end('SIGINT'),
    async restart() {
      await end('SIGINT');
      await launch();
    },
    createDatabase,
    async stop() {
      await end('SIGQUIT');
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Debian's programs where `user` can run them: unpacked below a home that nobody else enters they are copied. */
async function debianBin(user: SystemUser | undefined, dir: string): Promise<string> {
  if (user === undefined || (await canReach(user, DEBIAN))) return DEBIAN;
  const copy = join(dir, 'programs');
  await cp(DEBIAN, copy, { recursive: true });
  return copy;
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}
