import type { RedisStatus } from '../../../shared/contract.ts';
import type { Clock } from '../clock.ts';
import type { TenhertzError } from '../errors.ts';
import type { Metrics } from '../health/metrics.ts';
import type { Logger } from '../logger.ts';
import { awakeUntil } from './awake.ts';
import type { BackOff } from './back-off.ts';
import { openConnection, redisDown, type Connection } from './connection.ts';
import { createLatency } from './latency.ts';
import { createLeases, poolClosed } from './leases.ts';
import type { RedisPool } from './pool.ts';
import type { RedisConnectionOptions } from './settings.ts';
import { LOOK_EVERY_MS, createSharedSlot } from './shared-slot.ts';

export interface RedisPoolDeps {
  options: RedisConnectionOptions;
  kind: RedisStatus['kind'];
  /** For people; never holds a password. */
  address: string;
  clock: Clock;
  log: Logger;
  metrics: Pick<Metrics, 'poolConnections' | 'poolReplaced'>;
  /** Sockets in total, shared ones included. Default 20 (R1.1). */
  cap?: number;
  /** How many of them are shared. Default 2. */
  shared?: number;
  /** How long a lease waits. Default 2000 ms (R1.2). */
  acquireTimeoutMs?: number;
  /** Connecting, logging in and the first answer together. Default 3000 ms. */
  connectTimeoutMs?: number;
  /** Between attempts: 50 ms doubling up to 2 s, half of it random. */
  backOff?: BackOff;
}

/** How long a resting connection may take to answer before it is lent. */
const CHECK_TIMEOUT_MS = 500;

/** Makes the pool described at {@link RedisPool}. It starts connecting at once and goes on until it is closed. */
export function createRedisPool(deps: RedisPoolDeps): RedisPool {
  const { clock, log, metrics, address, kind } = deps;
  const cap = deps.cap ?? 20;
  const sharedCount = deps.shared ?? 2;
  if (sharedCount < 1 || cap <= sharedCount) {
    throw new RangeError(
      `A pool needs a shared connection and room for a lease; got cap ${cap}, shared ${sharedCount}`,
    );
  }
  const backOff = deps.backOff ?? { baseMs: 50, capMs: 2_000, random: Math.random };
  const latency = createLatency(clock);
  const listeners = new Set<(status: RedisStatus) => void>();
  let state: RedisStatus['state'] = 'connecting';
  let since = clock.now();
  let closed = false;

  const open = (use: 'shared' | 'lease'): Connection =>
    openConnection({
      options: deps.options,
      name: `tenhertz:${use}`,
      clock,
      connectTimeoutMs: deps.connectTimeoutMs ?? 3_000,
    });
  const replaced = (use: string, reason: string): void => {
    metrics.poolReplaced.inc();
    log.warn({ use, reason }, 'A Redis connection made no progress and is replaced');
  };

  const troubles = () => slots.flatMap(slot => (slot.trouble === undefined ? [] : [slot.trouble]));
  const isUp = (): boolean => slots.some(slot => slot.client !== undefined);
  const down = (reason?: string): TenhertzError =>
    redisDown(reason ?? troubles()[0]?.reason ?? 'it has not answered yet', address);
  const message = (): string | null => {
    if (state === 'up') return null;
    const trouble = troubles().find(one => one.failed) ?? troubles()[0];
    if (trouble === undefined) return `Connecting to Redis at ${address}.`;
    const waitMs = (trouble.nextAttemptAt ?? 0) - clock.now();
    const next = waitMs > 0 ? `trying again in ${(waitMs / 1_000).toFixed(1)} s` : 'trying again now';
    const what = trouble.failed
      ? `Redis at ${address} cannot be used`
      : `The connection to Redis at ${address} was lost`;
    return `${what}: ${trouble.reason}; ${next}.`;
  };
  const status = (): RedisStatus => ({
    state,
    kind,
    address,
    since,
    latencyMs: latency.median(),
    message: closed ? 'The connections to Redis were closed.' : message(),
  });

  const count = (): void => {
    const { leased, idle, opening } = leases.counts();
    const healthy = slots.filter(slot => slot.client !== undefined).length;
    metrics.poolConnections.set({ state: 'shared' }, healthy);
    metrics.poolConnections.set({ state: 'leased' }, leased);
    metrics.poolConnections.set({ state: 'idle' }, idle);
    metrics.poolConnections.set({ state: 'connecting' }, opening + (closed ? 0 : slots.length - healthy));
  };
  const changed = (): void => {
    const now = isUp() ? 'up' : closed || troubles().some(one => one.failed) ? 'down' : 'connecting';
    if (now !== state) {
      state = now;
      since = clock.now();
      log.info({ state, address }, message() ?? 'Redis answers');
      for (const listener of [...listeners]) listener(status());
      if (now === 'up') leases.pump();
    }
    count();
  };

  const slots = Array.from({ length: sharedCount }, () =>
    createSharedSlot({
      open: () => open('shared'),
      clock,
      backOff,
      onChange: () => changed(),
      onReady: client => latency.follow(client),
      onWedged: () => replaced('shared', 'no reply while commands waited'),
    }),
  );
  const leases = createLeases({
    open: () => open('lease'),
    clock,
    backOff,
    cap,
    room: cap - sharedCount,
    acquireTimeoutMs: deps.acquireTimeoutMs ?? 2_000,
    checkTimeoutMs: CHECK_TIMEOUT_MS,
    isUp,
    down,
    onChange: () => count(),
    onReplaced: replaced,
  });
  const stopLooking = clock.every(LOOK_EVERY_MS, () => slots.forEach(slot => slot.look()));

  const pool: RedisPool = {
    shared() {
      // The one with the fewest commands waiting; the first of equals, so a quiet program stays on one connection.
      let best: ReturnType<RedisPool['shared']> | undefined;
      for (const { client } of slots) {
        if (client === undefined) continue;
        if (best === undefined || client.commandQueue.length < best.commandQueue.length) best = client;
      }
      if (best === undefined) throw closed ? poolClosed() : down();
      return best;
    },
    lease: name => leases.lease(name),
    status,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ready(timeoutMs) {
      if (isUp()) return Promise.resolve();
      const answered = new Promise<void>((resolve, reject) => {
        const finish = (settle: () => void): void => {
          stop();
          cancel();
          settle();
        };
        const stop = pool.onChange(({ state: now }) => {
          if (now === 'up') finish(resolve);
        });
        const cancel = clock.after(timeoutMs, () => finish(() => reject(down())));
      });
      return awakeUntil(answered);
    },
    async close() {
      closed = true;
      stopLooking();
      await Promise.all([...slots.map(slot => slot.close()), leases.close()]);
      changed();
    },
  };
  return pool;
}
