import pg from 'pg';
import { sleep, type Clock } from '../clock.ts';
import { messageOf, TenhertzError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { awakeUntil } from '../redis/awake.ts';
import { backOffMs } from '../redis/back-off.ts';
import { supervise, type Supervised } from '../redis/supervisor.ts';
import { stopFormerPostmaster } from './former-postmaster.ts';
import { initCluster } from './init-cluster.ts';
import { isMisconfigured, sqlStateOf } from './ledger-errors.ts';
import { OWNER, ownerLogin, SOCKET_PORT, type ServerHome } from './server-home.ts';
import { serverArguments, serverEnvironment } from './server-arguments.ts';
import type { LedgerConnectionOptions } from './settings.ts';

export interface EmbeddedPostgresDeps {
  home: ServerHome;
  clock: Clock;
  log: Logger;
  /** The environment it runs in; the process' own when left out. */
  env?: NodeJS.ProcessEnv;
}

/** A private PostgreSQL that lives and dies with this program. */
export interface EmbeddedPostgres {
  /** How to connect to it, known before it runs. */
  readonly options: LedgerConnectionOptions;
  /**
   * Stops what a former run left, makes the cluster if there is none, starts the server and resolves when it answers. Rejects with why the
   * first attempt failed (`LEDGER_NOT_STARTED`, `LEDGER_FULL`, `LEDGER_OTHER_VERSION`); attempts go on in the background unless a person has
   * to change something first.
   */
  start(): Promise<void>;
  /** The postmaster now; undefined while there is none. */
  readonly pid: number | undefined;
  /** Why it does not run; undefined while it does, or is starting for the first time. */
  failure(): TenhertzError | undefined;
  /** Called each time it answers again, or at last. Returns its undo. */
  onStart(listener: () => void): () => void;
  /** Stops it within 4 s. Leaves no process, and may be called in any state. */
  stop(): Promise<void>;
}

/** Replaying what was written before a crash takes its time. */
const START_TIMEOUT_MS = 60_000;
const STOP_GRACE_MS = 3_500;
const RESTART = { baseMs: 200, capMs: 10_000, random: Math.random };
/** A server that ran this long is well: the next restart comes at once again. */
const STEADY_MS = 10_000;
const LINES_KEPT = 20;

/** Makes the embedded PostgreSQL; nothing runs before {@link EmbeddedPostgres.start}. */
export function createEmbeddedPostgres(deps: EmbeddedPostgresDeps): EmbeddedPostgres {
  const { home, clock, log } = deps;
  const env = serverEnvironment(deps.env ?? process.env);
  const options: LedgerConnectionOptions = {
    host: home.sockets,
    port: SOCKET_PORT,
    ...ownerLogin(home.passwordFile),
    ssl: false,
  };
  const listeners = new Set<() => void>();
  let lines: string[] = [];
  let server: Supervised | undefined;
  let failure: TenhertzError | undefined;
  let stopping = false;
  let stopped = new AbortController();
  let failures = 0;
  let cancelRestart = (): void => undefined;
  let launching: Promise<void> = Promise.resolve();

  const launch = async (): Promise<void> => {
    if (await stopFormerPostmaster(home.cluster, clock))
      log.warn({ dir: home.dir }, 'A PostgreSQL of a former run was stopped');
    if (await initCluster(home, { env, signal: stopped.signal }))
      log.info({ dir: home.dir }, 'The ledger was made');
    if (stopping) return;
    lines = [];
    const started = supervise([home.binaries.postgres, ...serverArguments(home)], {
      title: `tenhertz-postgres ${home.passwordFile}`,
      // Fast shutdown: TERM would wait for every connection to end by itself.
      ask: 'INT',
      cwd: home.dir,
      env,
      as: home.user,
      onLine(line) {
        lines = [...lines.slice(1 - LINES_KEPT), line];
        log.debug({ line }, 'postgres');
      },
    });
    server = started;
    const since = clock.monotonic();
    let answered = false;
    void started.ended.then(how => {
      if (server === started) server = undefined;
      if (stopping || !answered) return;
      if (clock.monotonic() - since >= STEADY_MS) failures = 0;
      failure = ended(home, how, lines);
      restartLater();
    });
    await answers(started);
    answered = true;
    failure = undefined;
    announce();
  };

  const announce = (): void => {
    if (!stopping) for (const listener of [...listeners]) listener();
  };

  /** One attempt; a failed one is followed by another. */
  const attempt = (): Promise<void> =>
    launch().catch(async (error: unknown) => {
      failure = error instanceof TenhertzError ? error : notStarted(home, error);
      await server?.stop(STOP_GRACE_MS);
      if (!stopping && !isMisconfigured(failure)) restartLater();
      throw failure;
    });

  const restartLater = (): void => {
    const delay = backOffMs(failures, RESTART);
    failures += 1;
    log.warn(
      { reason: failure?.message, inMs: Math.round(delay) },
      'The embedded PostgreSQL is started again',
    );
    cancelRestart = clock.after(delay, () => {
      launching = attempt().catch(() => undefined);
    });
  };

  /** Resolves when the server answers and has its database; rejects when it ends before. */
  const answers = async (started: Supervised): Promise<void> => {
    let over: string | undefined;
    void started.ended.then(how => (over = how));
    const deadline = clock.monotonic() + START_TIMEOUT_MS;
    while (!(await hasDatabase(options))) {
      if (over !== undefined) throw ended(home, over, lines);
      if (clock.monotonic() > deadline)
        throw ended(home, `no answer in ${START_TIMEOUT_MS / 1_000} s`, lines);
      await sleep(clock, 20);
    }
  };

  return {
    options,
    get pid() {
      return server?.pid;
    },
    failure: () => failure,
    async start() {
      stopping = false;
      stopped = new AbortController();
      const first = attempt();
      launching = first.catch(() => undefined);
      await awakeUntil(first);
    },
    onStart(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async stop() {
      stopping = true;
      stopped.abort();
      cancelRestart();
      await server?.stop(STOP_GRACE_MS);
      await launching;
    },
  };
}

/** Makes the database where it is missing. False while the server cannot be asked; any other refusal is an error. */
async function hasDatabase(options: LedgerConnectionOptions): Promise<boolean> {
  const client = new pg.Client({ ...options, database: 'postgres', connectionTimeoutMillis: 3_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [OWNER]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${OWNER}`);
    return true;
  } catch (error) {
    const sqlState = sqlStateOf(error);
    // 57P03: starting up, or going through what a crash left.
    if (sqlState === undefined || sqlState === '57P03') return false;
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function ended(home: ServerHome, how: string, lines: readonly string[]): TenhertzError {
  const said = lines.slice(-3).join(' | ');
  if (/No space left|Disk quota/.test(lines.join('\n'))) {
    return new TenhertzError(
      'LEDGER_FULL',
      `The embedded PostgreSQL does not run because the disk of ${home.dir} is full. Make room there; it is then started by itself.`,
      { exitCode: 4, facts: { dir: home.dir, lines } },
    );
  }
  return notStarted(home, new Error(`it ended (${how})${said === '' ? '' : `; it last said: ${said}`}`));
}

function notStarted(home: ServerHome, cause: unknown): TenhertzError {
  return new TenhertzError(
    'LEDGER_NOT_STARTED',
    `The embedded PostgreSQL in ${home.dir} does not run: ${messageOf(cause)}. It is tried again by itself.`,
    { exitCode: 4, facts: { dir: home.dir, reason: messageOf(cause) }, cause },
  );
}
