import { Redis } from 'ioredis';
import { sleep, type Clock } from '../clock.ts';
import { TenhertzError, messageOf } from '../errors.ts';
import { backOffMs } from './back-off.ts';
import type { RedisConnectionOptions } from './settings.ts';

/** How often a server that is loading its data is asked again. */
const LOADING_AGAIN_MS = 100;

/**
 * Makes a client for exactly one socket. It never reconnects by itself, queues nothing while it is not connected, and
 * resends nothing: a command is answered or it fails. The pool replaces a client that ended, on its own clock. (A client
 * that reconnects by itself can be parked for ever by `disconnect(false)` between two attempts, and its offline queue
 * hides a dead server.) RESP2 with flat replies, said explicitly because ioredis 6 would choose RESP3.
 */
export function createClient(options: RedisConnectionOptions, connectionName: string): Redis {
  return new Redis({
    ...options,
    connectionName,
    protocol: 2,
    replyMapping: 'legacy',
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    // The pool asks by itself whether the server is loading: INFO may be forbidden to a user with least rights.
    enableReadyCheck: false,
    disableClientInfo: true,
    keepAlive: 10_000,
  });
}

/**
 * A plain client outside the pool, for a command's own short use and as the benchmarks' baseline: it connects by itself,
 * waits for its first connection, reconnects with back-off, and fails a command after one lost connection. The same
 * protocol as the pool's. Errors do not throw: see the commands' own rejections.
 */
export function connect(options: RedisConnectionOptions): Redis {
  const backOff = { baseMs: 50, capMs: 2_000, random: Math.random };
  const client = new Redis({
    ...options,
    connectionName: 'tenhertz:tool',
    protocol: 2,
    replyMapping: 'legacy',
    retryStrategy: times => backOffMs(times - 1, backOff),
    maxRetriesPerRequest: 1,
    connectTimeout: 3_000,
    enableReadyCheck: false,
    disableClientInfo: true,
  });
  client.on('error', () => undefined);
  return client;
}

export interface ConnectionDeps {
  options: RedisConnectionOptions;
  /** Shown in `CLIENT LIST`. */
  name: string;
  clock: Clock;
  /** Time for connecting, logging in and the first answer together. */
  connectTimeoutMs: number;
}

/** One socket from its opening to its end. It opens once and ends once. */
export interface Connection {
  readonly client: Redis;
  readonly state: 'opening' | 'ready' | 'closing' | 'ended';
  /** Resolves when it has answered a command; rejects with `REDIS_DOWN` whose facts hold the `reason` in plain words. */
  readonly ready: Promise<void>;
  /** Called once when the socket is gone, with the reason. */
  onEnd(listener: (reason: string) => void): void;
  /** True when a command is answered within `timeoutMs`. */
  check(timeoutMs: number): Promise<boolean>;
  /** Destroys the socket at once; commands still waiting fail. */
  close(reason: string): void;
}

/** Opens a connection. Nothing throws, and no error event is without a listener. */
export function openConnection({ options, name, clock, connectTimeoutMs }: ConnectionDeps): Connection {
  const client = createClient(options, name);
  const listeners: ((reason: string) => void)[] = [];
  let state: Connection['state'] = 'opening';
  let reason: string | undefined;

  const close = (why: string): void => {
    if (state === 'closing' || state === 'ended') return;
    state = 'closing';
    reason ??= why;
    client.disconnect(false);
    // disconnect() alone would wait 2 s for a peer that no longer answers.
    if (hasStream(client)) client.stream.destroy();
  };
  client.on('error', error => {
    reason ??= inPlainWords(error);
    // ioredis goes on with database 0 when SELECT was refused; that would be the wrong data.
    if (state === 'opening' && isReplyError(error)) close(reason);
  });
  client.on('end', () => {
    state = 'ended';
    const why = reason ?? 'it closed the connection';
    for (const listener of listeners.splice(0)) listener(why);
  });

  const open = async (): Promise<void> => {
    const cancel = clock.after(connectTimeoutMs, () =>
      close(`it did not answer within ${connectTimeoutMs} ms`),
    );
    try {
      await client.connect();
      while (!(await answers(client))) {
        // Said when the time runs out before the data is loaded.
        reason = 'it is still loading its data';
        await sleep(clock, LOADING_AGAIN_MS);
      }
    } catch (error) {
      close(inPlainWords(error));
    } finally {
      cancel();
    }
    if (state !== 'opening') throw redisDown(reason ?? 'it closed the connection');
    reason = undefined;
    state = 'ready';
  };
  const ready = open();
  ready.catch(() => undefined);

  return {
    client,
    get state() {
      return state;
    },
    ready,
    onEnd(listener) {
      if (state === 'ended') listener(reason ?? 'it closed the connection');
      else listeners.push(listener);
    },
    check(timeoutMs) {
      if (state !== 'ready') return Promise.resolve(false);
      return new Promise(resolve => {
        const cancel = clock.after(timeoutMs, () => resolve(false));
        void answers(client)
          .catch(() => false)
          .then(answered => {
            cancel();
            resolve(answered);
          });
      });
    },
    close,
  };
}

/** ioredis declares the stream as always there; it comes with the first attempt to connect. */
function hasStream(client: { stream?: unknown }): boolean {
  return client.stream !== undefined;
}

/** The typed error for "no Redis to talk to". */
export function redisDown(reason: string, address?: string): TenhertzError {
  const what = address === undefined ? 'Redis' : `Redis at ${address}`;
  return new TenhertzError(
    'REDIS_DOWN',
    `${what} cannot be used: ${reason}. Start it, or name another with --redis.`,
    { exitCode: 4, facts: { reason, ...(address === undefined ? {} : { address }) } },
  );
}

/** Whether the server itself refused the command; then the connection is well. */
export function isReplyError(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

/** True once the server takes commands; false while it loads its data. Any other refusal is an answer too (ACL). */
async function answers(client: Redis): Promise<boolean> {
  try {
    await client.ping();
    return true;
  } catch (error) {
    if (!isReplyError(error) || messageOf(error).startsWith('NOAUTH')) throw error;
    return !messageOf(error).startsWith('LOADING');
  }
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ENOENT: 'the socket does not exist',
  EACCES: 'this user may not open the socket',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name could not be looked up',
  ECONNRESET: 'it closed the connection',
  EPIPE: 'it closed the connection',
  ETIMEDOUT: 'it did not answer in time',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
};

/** Says what went wrong, from codes where there are any. Uses messages only: a reply error carries AUTH's arguments. */
function inPlainWords(error: unknown): string {
  const message = messageOf(error);
  if (/^(WRONGPASS|NOAUTH)|invalid password/.test(message)) return 'it refused the user name or password';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const words = WORDS[code];
  if (words !== undefined) return words;
  if (/CERT|SELF_SIGNED|UNABLE_TO_/.test(code)) {
    return `its certificate is not trusted (${code}); name the authority with ?ca=/path in the address`;
  }
  return message === 'Connection is closed.' ? 'it closed the connection' : message;
}
