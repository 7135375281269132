import { randomUUID } from 'node:crypto';
import type { EpochMs } from '../../../shared/contract.ts';
import type { Clock } from '../clock.ts';
import { messageOf, type TenhertzError } from '../errors.ts';
import type { Metrics } from '../health/metrics.ts';
import { LimitedLog, type Logger } from '../logger.ts';
import { backOffMs } from '../redis/back-off.ts';
import { member } from './decode.ts';
import { checkData, type DataOf } from './event-types.ts';
import type { Routed } from './event.ts';
import { checkEvent } from './new-event.ts';
import type { Publisher } from './publisher.ts';
import { policyOf, type RouterPolicy } from './router-policy.ts';
import { away, busy, refused, routerClosed } from './router-errors.ts';
import { Lanes, type Item } from './router-lanes.ts';
import { sendBatch } from './router-send.ts';

/** An event to publish; its channel is given beside it. */
export interface OutgoingEvent<T extends string = string> {
  type: T;
  source: string;
  data: DataOf<T>;
  /** UUID; made when left out. */
  eventId?: string;
  /** When it happened; now when left out. */
  timestamp?: EpochMs;
}

export interface RouterDeps {
  publisher: Pick<Publisher, 'publish' | 'publishMany'>;
  clock: Clock;
  metrics: Metrics;
  log: Logger;
  /** Before the defaults: price channels drop their oldest price, all others wait. */
  policies?: readonly RouterPolicy[];
  /** Events handed to Redis and not answered; 1,000 by default. */
  maxInFlight?: number;
  /** Events accepted and not handed over yet; 10,000 by default. */
  maxQueued?: number;
  /** Events of one channel that go out together; 250 by default. */
  maxBatch?: number;
  /** For the jitter of the back-off; `Math.random` by default. */
  random?: () => number;
  /** The error of an event that was sent and never answered, from `item.trouble`; `REDIS_DOWN` by default. */
  away?: (item: Item) => TenhertzError;
  /** Told the numbers whenever they change; the gauges of the router by default. */
  measured?: (stats: RouterStats) => void;
}

/** Events by where they are: handed over and not answered, queued, and waiting for room in the queue. */
export interface RouterStats {
  inFlight: number;
  queued: number;
  waiting: number;
}

/** The way of events to their streams: checked, in order per channel, bounded, with a policy at the limit (R4). */
export interface Router {
  /**
   * Publishes one event. Resolves when it is in its stream, or was dropped by its policy. The same `eventId` within 10
   * minutes adds nothing and answers the first result. Events of one channel are written in the order of the calls.
   *
   * Rejects with `BAD_EVENT` (facts: `field`), `PUBLISH_FAILED` when Redis refused it, `ROUTER_REFUSED` at the limit of a
   * channel that refuses, `ROUTER_BUSY` when there was no room in time, `REDIS_DOWN` when Redis was away too long (or at
   * once where the policy is `refuse`), `ROUTER_CLOSED`. After `REDIS_DOWN` the event may have been written all the
   * same; publishing it again with the same `eventId` is safe.
   */
  publish: <T extends string>(channel: string, event: OutgoingEvent<T>) => Promise<Routed>;
  stats: () => RouterStats;
  /** Rejects whatever was not handed to Redis yet; nothing is accepted afterwards. */
  close: () => void;
}

/** Shows a router's numbers in its gauges. */
export function showStats(metrics: Metrics, { inFlight, queued, waiting }: RouterStats): void {
  metrics.routerInFlight.set(inFlight);
  metrics.routerQueued.set(queued);
  metrics.routerWaiting.set(waiting);
}

const BACK_OFF = { baseMs: 50, capMs: 1_000 };

/** Makes the router described at {@link Router}. It holds no connection and no timer while nothing waits. */
export function createRouter(deps: RouterDeps): Router {
  const { publisher, clock, metrics } = deps;
  const maxInFlight = deps.maxInFlight ?? 1_000;
  const maxQueued = deps.maxQueued ?? 10_000;
  const maxBatch = deps.maxBatch ?? 250;
  const policyFor = policyOf(deps.policies ?? []);
  const limited = new LimitedLog(deps.log, clock);
  const lanes = new Lanes();
  /** Callers for whose events there is no room, first come first served. */
  const waiting = new Set<Item>();
  let inFlight = 0;
  let failures = 0;
  let cancelPause: (() => void) | undefined;
  let pumping = false;
  let closed = false;

  const awayError = deps.away ?? away;
  const stats = (): RouterStats => ({ inFlight, queued: lanes.queued, waiting: waiting.size });
  const measured = deps.measured ?? (now => showStats(metrics, now));
  const measure = (): void => measured(stats());
  const dropped = (channel: string, reason: string): void => metrics.eventsDropped.inc({ channel, reason });

  /** Rejects an item that is in no queue any more. */
  const expire = (item: Item): void => {
    dropped(item.event.channel, 'timeout');
    item.reject(item.sent ? awayError(item) : busy(item));
  };

  const admit = (): void => {
    for (const item of waiting) {
      if (lanes.queued >= maxQueued) return;
      waiting.delete(item);
      item.cancel?.();
      lanes.push(item);
    }
  };

  const accept = (item: Item): void => {
    const { channel } = item.event;
    if (lanes.queued >= maxQueued) {
      if (item.policy.atLimit === 'refuse') {
        dropped(channel, 'refused');
        item.reject(refused(item, maxQueued));
        return;
      }
      if (item.policy.atLimit === 'drop-oldest-price') makeRoom(item);
    }
    waiting.add(item);
    admit();
    if (waiting.has(item)) {
      item.cancel = clock.after(item.policy.timeoutMs, () => {
        waiting.delete(item);
        expire(item);
        measure();
      });
    }
    schedule();
  };

  /** Drops the oldest price of the same token that was not sent yet, queued or still waiting for room. */
  const makeRoom = ({ event, token }: Item): void => {
    if (token === undefined) return;
    const same = (other: Item): boolean =>
      other.token === token && other.event.channel === event.channel && !other.sent;
    const oldest = lanes.take(event.channel, same) ?? [...waiting].find(same);
    if (oldest === undefined) return;
    waiting.delete(oldest);
    oldest.cancel?.();
    dropped(event.channel, 'oldest-price');
    oldest.resolve({ eventId: oldest.event.eventId, dropped: true });
  };

  /** Everything published in one turn goes out together. */
  const schedule = (): void => {
    measure();
    if (pumping) return;
    pumping = true;
    queueMicrotask(() => {
      pumping = false;
      pump();
    });
  };

  const pump = (): void => {
    if (cancelPause !== undefined) return;
    while (inFlight < maxInFlight) {
      const items = lanes.next(Math.min(maxBatch, maxInFlight - inFlight));
      if (items === undefined) break;
      inFlight += items.length;
      admit();
      void send(items);
    }
    measure();
  };

  const send = async (items: readonly Item[]): Promise<void> => {
    const { channel } = items[0]?.event ?? { channel: '' };
    const { unanswered, trouble } = await sendBatch(publisher, items);
    inFlight -= items.length;
    const again: Item[] = [];
    for (const item of unanswered) {
      item.sent = true;
      item.trouble = trouble;
      if (closed) item.reject(routerClosed());
      else if (item.policy.atLimit === 'refuse') {
        const error = awayError(item);
        dropped(channel, error.code.toLowerCase().replaceAll('_', '-'));
        item.reject(error);
      } else again.push(item);
    }
    lanes.done(channel, again);
    if (unanswered.length === 0) failures = 0;
    else if (!closed) pause(trouble);
    schedule();
  };

  /** What takes the events is away: nothing is sent for a moment, and whoever has waited too long is told. */
  const pause = (trouble: unknown): void => {
    limited.warn('router', { reason: messageOf(trouble) }, 'Events wait to be published');
    cancelPause ??= clock.after(
      backOffMs(failures, { ...BACK_OFF, random: deps.random ?? Math.random }),
      () => {
        cancelPause = undefined;
        lanes.remove(item => item.deadline <= clock.monotonic()).forEach(expire);
        admit();
        schedule();
      },
    );
    failures += 1;
  };

  return {
    async publish(channel, { type, source, data, eventId = randomUUID(), timestamp }) {
      if (closed) throw routerClosed();
      const at = timestamp ?? clock.now();
      const event = { channel, type, source, eventId, timestamp: at, data: checkData(type, data, at) };
      checkEvent(event);
      const policy = policyFor(channel);
      const token = type === 'price_update' ? String(member(event.data, 'token')) : undefined;
      return new Promise((resolve, reject) => {
        accept({
          event,
          token,
          policy,
          deadline: clock.monotonic() + policy.timeoutMs,
          sent: false,
          trouble: undefined,
          cancel: undefined,
          resolve,
          reject,
        });
      });
    },
    stats,
    close() {
      closed = true;
      cancelPause?.();
      for (const item of [...lanes.remove(() => true), ...waiting]) {
        item.cancel?.();
        item.reject(routerClosed());
      }
      waiting.clear();
      measure();
    },
  };
}
