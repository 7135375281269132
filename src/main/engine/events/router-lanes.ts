import type { NewEvent, Routed } from './event.ts';
import type { RouterPolicy } from './router-policy.ts';

/** One event on its way. */
export interface Item {
  readonly event: NewEvent & { eventId: string };
  /** Of a price; `undefined` for any other event. */
  readonly token: string | undefined;
  readonly policy: Required<RouterPolicy>;
  /** On the monotonic clock. */
  readonly deadline: number;
  /** It was handed to Redis before, and no answer came. */
  sent: boolean;
  /** Why no answer came. */
  trouble: unknown;
  /** Ends its wait for room. */
  cancel: (() => void) | undefined;
  resolve(result: Routed): void;
  reject(error: Error): void;
}

interface Lane {
  queue: Item[];
  busy: boolean;
}

/** One queue per channel; a channel has at most one batch under way, so its order holds even when one is sent again. */
export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  #queued = 0;

  /** Events in all queues. */
  get queued(): number {
    return this.#queued;
  }

  push(item: Item): void {
    const { channel } = item.event;
    let lane = this.#lanes.get(channel);
    if (lane === undefined) this.#lanes.set(channel, (lane = { queue: [], busy: false }));
    lane.queue.push(item);
    this.#queued += 1;
  }

  /** The next batch of a channel that has none under way, at most `most` events; channels take turns. */
  next(most: number): Item[] | undefined {
    for (const [channel, lane] of this.#lanes) {
      if (lane.busy || lane.queue.length === 0) continue;
      const items = lane.queue.splice(0, most);
      this.#queued -= items.length;
      lane.busy = true;
      this.#lanes.delete(channel);
      this.#lanes.set(channel, lane);
      return items;
    }
    return undefined;
  }

  /** The channel's batch has ended; what is to be sent `again` goes before everything else of it. */
  done(channel: string, again: readonly Item[]): void {
    const lane = this.#lanes.get(channel);
    if (lane === undefined) return;
    lane.busy = false;
    lane.queue.unshift(...again);
    this.#queued += again.length;
    if (lane.queue.length === 0) this.#lanes.delete(channel);
  }

  /** Takes the oldest event out of a channel's queue that fits. */
  take(channel: string, fits: (item: Item) => boolean): Item | undefined {
    const queue = this.#lanes.get(channel)?.queue ?? [];
    const at = queue.findIndex(fits);
    if (at < 0) return undefined;
    this.#queued -= 1;
    return queue.splice(at, 1)[0];
  }

  /** Takes every queued event out that fits. */
  remove(fits: (item: Item) => boolean): Item[] {
    const removed: Item[] = [];
    for (const [channel, lane] of this.#lanes) {
      const kept: Item[] = [];
      for (const item of lane.queue) (fits(item) ? removed : kept).push(item);
      lane.queue = kept;
      if (kept.length === 0 && !lane.busy) this.#lanes.delete(channel);
    }
    this.#queued -= removed.length;
    return removed;
  }
}
